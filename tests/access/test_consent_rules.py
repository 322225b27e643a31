"""Consent to its last word: who decides, what stays closed, codes, birthdays and working days, as tables of cases.

None of these asks a database, so that small faults can be put into the rules and each must be seen (`tests.reliability.mutants`).
"""

from dataclasses import replace
from datetime import date
from unittest.mock import MagicMock, patch
from uuid import UUID

import pytest
from django.db.models import ExpressionWrapper

from ambit.access import keeping_back, rules
from ambit.access.rules import (
    LEFT_OUT,
    NOT_STAFF,
    RESTRICTED,
    SEALED,
    SILENT,
    CannotOpen,
    Decision,
    Door,
    NotShown,
    Relation,
    code_as_kept,
    code_in_groups,
    due_after,
    eighteen_years_before,
    kept_back,
    may_open,
    problems_of_deciding,
)
from ambit.audit.rules import Reader

HERE, THERE = UUID(int=1), UUID(int=2)
PEGGY, ARTHUR = UUID(int=83), UUID(int=84)
IMPLIED, OPT_IN = "implied_with_objection", "explicit_opt_in"
NEVER = Decision(outcome="objected", not_even_in_emergency=True)
AGREED_NEVER = Decision(outcome="agreed", not_even_in_emergency=True)
OBJECTED = Decision(outcome="objected")


# --- the door ---


@pytest.mark.parametrize(
    ("outcome", "objects"),
    [("agreed", False), ("objected", True), ("withdrawn", True), ("", False)],
)
def test_what_counts_as_objection(outcome, objects):
    assert Decision(outcome=outcome).objects is objects


@pytest.mark.parametrize(
    ("decisions", "may"),
    [([], True), ([OBJECTED], True), ([NEVER], False), ([AGREED_NEVER], True), ([AGREED_NEVER, NEVER], False)],
)
@pytest.mark.parametrize(
    "ties", [set(), {Relation.OWN_PRACTICE}, {Relation.SELF}, {Relation.SHOWN}, {Relation.CARE_TEAM}]
)
def test_every_answer_says_whether_an_emergency_may_open(ties, decisions, may):
    assert may_open(ties, decisions, policy=IMPLIED, organisation_id=HERE).emergency_may_open is may


@pytest.mark.parametrize("decisions", [[], [OBJECTED], [NEVER], [AGREED_NEVER]])
@pytest.mark.parametrize(
    "others", [set(), {Relation.CARE_TEAM}, {Relation.EMERGENCY}, {Relation.ON_DUTY, Relation.EMERGENCY}]
)
def test_who_was_shown_the_record_sees_it_whatever_was_decided_about_others(decisions, others):
    answer = may_open({Relation.SHOWN, *others}, decisions, policy=OPT_IN, organisation_id=HERE)
    assert (answer.door, answer.relation, answer.reason) == (Door.OPEN, Relation.SHOWN, Relation.SHOWN.words)


@pytest.mark.parametrize(
    ("ties", "decisions", "policy", "expected"),
    [
        ({Relation.CARE_TEAM, Relation.ON_DUTY}, [], IMPLIED, Relation.CARE_TEAM),
        ({Relation.EMERGENCY, Relation.ON_DUTY}, [], IMPLIED, Relation.ON_DUTY),
        ({Relation.EMERGENCY, Relation.ON_DUTY}, [OBJECTED], IMPLIED, Relation.EMERGENCY),
        ({Relation.EMERGENCY, Relation.ON_DUTY}, [], OPT_IN, Relation.EMERGENCY),
        ({Relation.EMERGENCY}, [], IMPLIED, Relation.EMERGENCY),
        ({Relation.OWN_PRACTICE, Relation.SHOWN}, [], IMPLIED, Relation.OWN_PRACTICE),
        ({Relation.OWN_PRACTICE, Relation.SELF}, [], IMPLIED, Relation.SELF),
    ],
)  # fmt: skip
def test_the_strongest_tie_is_named(ties, decisions, policy, expected):
    answer = may_open(ties, decisions, policy=policy, organisation_id=HERE)
    assert (answer.door, answer.relation, answer.reason) == (Door.OPEN, expected, expected.words)


@pytest.mark.parametrize(
    ("ties", "decisions", "policy", "door"),
    [
        (set(), [OBJECTED], IMPLIED, Door.NO_RELATION),
        ({Relation.EMERGENCY}, [NEVER], IMPLIED, Door.NO_RELATION),
        ({Relation.EMERGENCY, Relation.CARE_TEAM}, [NEVER], IMPLIED, Door.OBJECTED),
        ({Relation.CARE_TEAM}, [], OPT_IN, Door.NO_CONSENT),
    ],
)  # fmt: skip
def test_a_closed_door_says_why(ties, decisions, policy, door):
    answer = may_open(ties, decisions, policy=policy, organisation_id=HERE)
    assert (answer.door, answer.is_open, answer.relation, answer.reason) == (
        door,
        False,
        None,
        rules.REFUSAL_WORDS[door],
    )


@pytest.mark.parametrize("others", [{Relation.CARE_TEAM}, {Relation.OWN_PRACTICE}])
def test_after_death_a_service_still_opens_and_a_proxy_beside_it_adds_nothing(others):
    (other,) = others
    answer = may_open({Relation.PROXY, *others}, [], policy=IMPLIED, died=True)
    assert (answer.door, answer.relation) == (Door.OPEN, other)


def test_every_relation_and_refusal_has_words_of_its_own():
    assert len({one.words for one in Relation}) == len(Relation)
    assert set(rules.REFUSAL_WORDS) == set(Door) - {Door.OPEN}


@pytest.mark.parametrize(
    ("roles", "ability"),
    [
        ({"gp", "palliative_specialist", "hospital_clinician", "operator"}, "seal_items"),
        ({"gp", "palliative_specialist", "hospital_clinician"}, "see_former_names"),
        ({"person"}, "choose_who_sees"),
        ({"person", "proxy"}, "write_own_plan"),
        ({"person", "proxy", "carer"}, "see_own_record"),
        ({"privacy_officer"}, "review_break_glass"),
    ],
)  # fmt: skip
def test_who_may(roles, ability):
    assert {role for role, abilities in rules.ABILITIES.items() if ability in abilities} == roles


def test_who_may_not_merge():
    assert "merge_people" not in rules.ABILITIES["hospital_clinician"]
    assert rules.ABILITIES["hospital_clinician"] - rules.CLINICAL == {"seal_items", "see_former_names", "verify_death"}


# --- who decides ---

ON = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("born_on", "young", "child"),
    [
        (date(2010, 11, 26), True, True),  # 16 tomorrow
        (date(2010, 11, 25), False, True),  # 16 today
        (date(2010, 11, 24), False, True),
        (date(2010, 12, 1), True, True),
        (date(2010, 10, 31), False, True),
        (date(2008, 11, 26), False, True),  # 18 tomorrow
        (date(2008, 11, 25), False, False),  # 18 today
        (date(2008, 12, 1), False, True),
        (date(2008, 10, 31), False, False),
        (None, False, False),
    ],
)  # fmt: skip
@pytest.mark.parametrize("decided_by", ["Mrs Ode", "", "  "])
def test_birthdays_decide_who_decides(born_on, young, child, decided_by):
    """Under 16 a child who understands it decides alone, or who is responsible; from 16 the person; from 18 no parent."""
    for basis, wrong in (
        ("gillick", not young),
        ("person", young),
        ("parental", not child),
        ("attorney", young),
        ("deputy", young),
        ("best_interests", False),
        ("unheard_of", False),
    ):
        found = problems_of_deciding(basis=basis, decided_by=decided_by, born_on=born_on, on=ON)
        nameless = basis not in {"person", "gillick"} and not decided_by.strip()
        expected = {name for name, so in (("basis", wrong), ("decided_by", nameless)) if so}
        assert set(found) == expected
        assert all(words.endswith(".") for words in found.values())


def test_each_problem_says_its_own_way_out():
    said = {
        problems_of_deciding(basis=basis, decided_by="", born_on=born, on=ON)[field]
        for basis, born, field in (
            ("gillick", date(1940, 1, 1), "basis"),
            ("person", date(2020, 1, 1), "basis"),
            ("parental", date(1940, 1, 1), "basis"),
            ("attorney", date(2020, 1, 1), "basis"),
            ("best_interests", date(1940, 1, 1), "decided_by"),
            ("attorney", date(1940, 1, 1), "decided_by"),
        )
    }
    assert len(said) == 6


@pytest.mark.parametrize(
    ("day", "born"),
    [
        (date(2026, 11, 25), date(2008, 11, 25)),
        (date(2026, 1, 1), date(2008, 1, 1)),
        (date(2028, 2, 29), date(2010, 2, 28)),
        (date(2026, 2, 28), date(2008, 2, 28)),
        (date(2026, 3, 1), date(2008, 3, 1)),
    ],
)
def test_eighteen_years_before(day, born):
    """Whoever was born on 29 February 2008 is 18 on 1 March 2026, and not the day before."""
    assert eighteen_years_before(day) == born


@pytest.mark.parametrize(
    ("day", "working_days", "due"),
    [
        (date(2026, 11, 25), 0, date(2026, 11, 25)),
        (date(2026, 11, 25), 1, date(2026, 11, 26)),
        (date(2026, 11, 25), 2, date(2026, 11, 27)),
        (date(2026, 11, 25), 3, date(2026, 11, 30)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 1, date(2026, 11, 30)),
        (date(2026, 11, 29), 1, date(2026, 11, 30)),
    ],
)  # fmt: skip
def test_working_days(day, working_days, due):
    assert due_after(day, working_days) == due


# --- what stays closed ---

EVERYBODY = Decision(outcome="objected", scope="item", item="prognosis")
NOT_HERE = Decision(outcome="withdrawn", scope="item", item="wishes", organisation_id=HERE)


def closed(decisions=(), seals=(), **but):
    return kept_back(
        decisions, seals, **{"lifted": False, "role": "gp", "account_id": 7, "organisation_id": HERE, **but}
    )


def test_several_items_are_kept_back_each_for_its_own_reason():
    seals = [rules.Sealed(item="talks", hides_from="staff"), rules.Sealed(item="wishes", hides_from="proxies")]
    assert closed([EVERYBODY, NOT_HERE], seals) == {"prognosis": RESTRICTED, "wishes": RESTRICTED, "talks": SEALED}
    assert closed([EVERYBODY, NOT_HERE], seals, organisation_id=THERE) == {"prognosis": RESTRICTED, "talks": SEALED}
    assert closed([EVERYBODY], seals, lifted=True, role="carer") == {"wishes": SILENT}


def test_a_seal_that_names_somebody_lets_the_next_seal_stand():
    seals = [
        rules.Sealed(item="talks", hides_from="staff", account_ids=frozenset({7})),
        rules.Sealed(item="wishes", hides_from="staff"),
    ]
    assert closed([], seals) == {"wishes": SEALED}


def test_that_something_is_sealed_is_shown_unless_it_is_hidden():
    """`existence_shown` unless a site says otherwise."""
    assert closed([], [rules.Sealed(item="talks", hides_from="staff")]) == {"talks": SEALED}
    assert closed([], [rules.Sealed(item="talks", hides_from="staff")], existence_shown=False) == {"talks": SILENT}


def test_an_objection_to_the_whole_record_is_no_restriction_of_an_item():
    assert closed([OBJECTED, Decision(outcome="objected", scope="organisation", organisation_id=HERE)]) == {}


def test_what_is_not_shown_says_so_and_not_that_nothing_is_decided():
    told = NotShown("Prognosis", RESTRICTED)
    assert "Prognosis" in str(told)
    assert set(rules.KEPT_BACK_WORDS) == {RESTRICTED, SEALED, SILENT, LEFT_OUT}
    assert "sealed" not in rules.KEPT_BACK_WORDS[SILENT].casefold()
    shut = CannotOpen(PEGGY, may_break_glass=True)
    assert (shut.person_id, shut.may_break_glass, shut.objected) == (PEGGY, True, False)
    assert CannotOpen(PEGGY, may_break_glass=False, objected=True).objected


def test_what_is_never_sealed_and_for_how_long_at_most():
    assert {"cpr", "allergies"} == rules.NEVER_SEALED_FROM_STAFF
    assert rules.SEALED_DAYS_AT_MOST == 366
    assert len(rules.what_a_paramedic_will_not_see()) == 4


# --- codes ---


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("abcd efgh", "ABCDEFGH"),
        ("ABCD-EFGH", "ABCDEFGH"),
        (" 2345\t6789 ", "23456789"),
        ("", ""),
        ("–", ""),
    ],
)
def test_a_code_as_it_is_compared(typed, kept):
    assert code_as_kept(typed) == kept
    if len(kept) == rules.CODE_LENGTH:
        assert code_as_kept(code_in_groups(kept)) == kept


def test_a_code_is_read_aloud_in_groups_of_four():
    assert code_in_groups("ABCDEFGH") == "ABCD EFGH"
    assert (rules.CODE_LENGTH, len(set(rules.CODE_LETTERS))) == (8, 31)
    assert not set("01OIL") & set(rules.CODE_LETTERS) - {"L"}
    assert (rules.WRONG_CODES_AT_MOST, rules.CODES_SHOWN_AT_MOST) == (10, 20)


# --- what the one statement finds ---

READER = Reader(
    account_id=7, name="Ade Cole", role="community_nurse", organisation_id=HERE, organisation_name="Merrowdale",
    abilities=frozenset(),
)  # fmt: skip


def decided(outcome, item, organisation_id=None, *, never=False, whose=PEGGY):
    return (str(whose), "decision", outcome, item, organisation_id and str(organisation_id), "", never)


def sealed(item, hides_from="staff", names="[]|[]", whose=PEGGY):
    return (whose, "seal", hides_from, item, None, names, False)


def tied(what, whose=PEGGY):
    return (whose, what, "", "", None, "", False)


def found(*rows, reader=READER, shown=True):
    return keeping_back.kept_back_in(rows, reader, [PEGGY, ARTHUR], existence_shown=shown)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], {}),
        ([decided("objected", "wishes")], {"wishes": RESTRICTED}),
        ([decided("objected", "wishes", THERE)], {}),
        ([decided("objected", "wishes"), decided("agreed", "wishes", HERE)], {}),
        ([decided("objected", "wishes"), tied("lifted")], {}),
        ([decided("objected", "wishes"), tied("lifted", ARTHUR)], {"wishes": RESTRICTED}),
        ([decided("objected", "wishes"), tied("emergency")], {}),
        # "not even in an emergency" is about the whole record, and the emergency lifts nothing then
        ([decided("objected", "wishes"), decided("objected", "", never=True), tied("emergency")], {"wishes": RESTRICTED}),
        ([decided("objected", "wishes"), decided("agreed", "", never=True), tied("emergency")], {}),
        ([decided("objected", "wishes"), decided("objected", ""), tied("emergency")], {}),
        ([decided("objected", "wishes"), decided("objected", "", never=True), tied("lifted")], {}),
        ([decided("objected", "")], {}),
        ([sealed("talks")], {"talks": SEALED}),
        ([sealed("talks"), tied("lifted"), tied("emergency")], {"talks": SEALED}),
        ([sealed("talks", names='["community_nurse"]|[]')], {}),
        ([sealed("talks", names='["gp"]|[]')], {"talks": SEALED}),
        ([sealed("talks", names="[]|[7]")], {}),
        ([sealed("talks", names="[]|[8]")], {"talks": SEALED}),
        ([sealed("talks", "person")], {}),
    ],
)  # fmt: skip
def test_what_the_rows_keep_back(rows, expected):
    assert found(*rows) == {PEGGY: expected, ARTHUR: {}}


def test_each_person_keeps_back_their_own():
    rows = [
        decided("objected", "wishes"),
        sealed("talks", whose=ARTHUR),
        tied("emergency", ARTHUR),
        decided("objected", "talks", whose=ARTHUR),
    ]
    assert found(*rows) == {PEGGY: {"wishes": RESTRICTED}, ARTHUR: {"talks": SEALED}}
    assert found(*rows, shown=False)[ARTHUR] == {"talks": SILENT}


@pytest.mark.parametrize("role", sorted(NOT_STAFF))
def test_the_person_and_who_acts_for_them_read_what_is_kept_from_services_and_no_seal(role):
    reader = replace(READER, role=role)
    rows = [decided("objected", "wishes"), sealed("talks", "person")]
    assert found(*rows, reader=reader)[PEGGY] == {"talks": SILENT}


def asked(person_ids, rows=(), reader=READER):
    """What is asked of the database, and what is made of its answer."""
    cursor = MagicMock()
    cursor.fetchall.return_value = list(rows)
    with patch.object(keeping_back, "connection") as connection:
        connection.cursor.return_value.__enter__.return_value = cursor
        connection.vendor = "sqlite"
        connection.features.has_native_uuid_field = False
        return keeping_back.kept_back_from(reader, person_ids), cursor.execute.call_args_list


def test_nobody_asked_about_is_no_question():
    assert asked([]) == ({}, [])


@pytest.mark.parametrize("people", [[PEGGY], [PEGGY, ARTHUR]])
def test_one_statement_with_a_value_for_each_place(people):
    answer, asked_of_it = asked(people, [decided("objected", "wishes")])
    assert answer[PEGGY] == {"wishes": RESTRICTED}
    ((statement, values),) = [call.args for call in asked_of_it]
    assert statement.count("%s") == len(values)
    assert statement.count("UNION ALL") == 4


def test_what_is_kept_back_is_refused_in_words():
    with patch.object(keeping_back, "kept_back_from", return_value={PEGGY: {"wishes": SEALED}}):
        assert keeping_back.must_see(READER, PEGGY, "talks", title="Talks") is None
        with pytest.raises(NotShown, match="Wishes"):
            keeping_back.must_see(READER, PEGGY, "wishes", title="Wishes")


def test_a_column_says_whether_anything_is_kept_back():
    assert isinstance(keeping_back.anything_kept_back([PEGGY]), ExpressionWrapper)

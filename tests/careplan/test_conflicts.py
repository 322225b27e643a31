"""What contradicts what: a table of cases, then thousands of sets of documents of which none may hide a contradiction (H5)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ambit.careplan.rules import conflicts, cpr
from ambit.careplan.rules.directives import Directives
from ambit.careplan.rules.document import View
from ambit.careplan.rules.treatments import LIMITED
from tests.careplan.legal import AT, DAY, MADE, assessment, attorney, emergency, escalation, limits, refusal
from tests.careplan.legal import best_interests as best

LATER, EARLIER = MADE + timedelta(days=1), MADE - timedelta(days=1)


def form(reading, *, made=MADE, **more):
    return cpr.Recorded(id=uuid4(), reading=reading, source="made_here", made_on=made, recorded_at=AT, **more)


def found(*documents, forms=(), says=None):
    directives = Directives(tuple(documents))
    standing = cpr.standing([*forms, *directives.cpr_recommendations()])
    return conflicts.conflicts_in(directives, standing, says or {})


def kinds(*documents, **more):
    return [(one.kind, one.about) for one in found(*documents, **more)]


CPR = [("cpr", "CPR")]
AFTER = [("attorney_after", "attorney appointed after the advance decision")]


@pytest.mark.parametrize(
    ("documents", "forms", "expected"),
    [
        ([], [], []),
        ([], [form("attempt")], []),
        ([], [form("attempt"), form("do_not_attempt")], CPR),
        ([], [form("attempt"), form("do_not_attempt", ended="withdrawn")], []),
        ([refusal()], [form("do_not_attempt")], []),
        ([refusal()], [form("attempt")], CPR),
        ([refusal()], [form("modified")], CPR),
        ([refusal()], [], CPR),
        ([refusal()], [form("not_decided")], CPR),
        ([refusal(witnessed="no")], [form("attempt")], CPR),
        ([refusal(form="wish")], [form("attempt")], []),
        ([refusal(ended="withdrawn")], [form("attempt")], []),
        ([refusal(treatments=("dialysis",))], [form("attempt")], []),
        ([emergency(cpr="do_not_attempt")], [form("attempt")], CPR),
        ([emergency(cpr="attempt")], [form("do_not_attempt")], CPR),
        ([emergency(cpr="do_not_attempt")], [form("do_not_attempt")], []),
        ([emergency(cpr="do_not_attempt")], [], []),
        ([emergency(cpr="attempt"), refusal()], [], CPR),
        ([emergency(cpr="attempt", ended="replaced")], [form("do_not_attempt")], []),
        ([refusal(treatments=("dialysis",)), escalation(("dialysis", "yes"))], [], [("treatments", "dialysis")]),
        ([refusal(treatments=("dialysis",)), escalation(("dialysis", "only_if"))], [], [("treatments", "dialysis")]),
        ([refusal(treatments=("dialysis",)), escalation(("dialysis", "no"))], [], []),
        ([refusal(treatments=("dialysis",)), escalation(("dialysis", "ask"))], [], []),
        ([refusal(treatments=("dialysis",)), emergency(limits=limits(("dialysis", "yes")))], [], [("treatments", "dialysis")]),
        ([refusal(treatments=("dialysis", "blood")), escalation(("blood", "yes"), ("dialysis", "yes"))], [],
         [("treatments", "blood transfusion, dialysis")]),
        ([emergency(limits=limits(("blood", "no"))), escalation(("blood", "yes"))], [], [("treatments", "blood transfusion")]),
        ([emergency(limits=limits(("blood", "ask"))), escalation(("blood", "yes"))], [], []),
        ([emergency(limits=limits(("blood", "only_if"))), escalation(("blood", "yes"))], [], []),
        ([emergency(limits=limits(("blood", "no"))), escalation(("hospital", "yes"))], [], []),
        ([refusal(treatments=("dialysis",)), attorney(made_on=LATER)], [], AFTER),
        ([refusal(treatments=("dialysis",)), attorney(made_on=EARLIER)], [], []),
        ([refusal(treatments=("dialysis",)), attorney(made_on=None)], [], AFTER),
        ([refusal(treatments=("dialysis",)), attorney(made_on=LATER, ended="withdrawn")], [], []),
        ([refusal(treatments=("dialysis",)), refusal(treatments=("blood",))], [],
         [("two_current", "2 are current, advance decision (ADRT)")]),
        ([refusal(treatments=("dialysis",)), refusal(form="wish")], [], []),
        ([emergency(), emergency()], [], [("two_current", "2 are current, emergency recommendations")]),
        ([escalation(("blood", "no")), escalation(("blood", "no"))], [], [("two_current", "2 are current, treatment escalation")]),
        ([attorney(), attorney()], [], [("two_current", "2 are current, power of attorney for health")]),
        ([attorney(), attorney(type="lpa_property")], [], []),
        ([attorney(), attorney(type="deputy")], [], []),
        ([attorney(), attorney(ended="withdrawn")], [], []),
    ],
)  # fmt: skip
def test_what_contradicts_what(documents, forms, expected):
    assert kinds(*documents, forms=forms) == expected


@pytest.mark.parametrize(
    ("place", "box", "differs"),
    [
        ("own_home", "no", True), ("own_home", "prescribed", True), ("other_home", "no", True), ("own_home", "yes", False),
        ("own_home", "", False), ("own_home", "not_known", False), ("hospice", "no", False), ("", "no", False),
    ],
)  # fmt: skip
def test_l25_home_without_medicines(place, box, differs):
    says = {"place_of_care": {"place_of_care.death_first": place}, "medicines_at_home": {"medicines_at_home.box": box}}
    several = found(says=says)
    assert [one.kind for one in several] == ["home"] * differs
    assert all(one.is_prompt and one.seen_to == "medicines_at_home" for one in several)


@pytest.mark.parametrize(
    ("place", "night", "expected"),
    [
        ("own_home", "nobody", "Nobody is there."),
        ("other_home", "nobody", "Nobody is there."),
        ("own_home", "some", "Somebody is there in some nights only."),
        ("own_home", "family", None),
        ("own_home", "paid", None),
        ("own_home", "care_home", None),
        ("own_home", "not_known", None),
        ("own_home", "", None),
        ("hospice", "nobody", None),
        ("care_home", "some", None),
        ("undecided", "nobody", None),
        ("", "nobody", None),
    ],
)
def test_l25_home_and_nobody_there_at_night(place, night, expected):
    """What nobody was asked about is not said to be missing, and only home needs somebody of one's own."""
    says = {
        "place_of_care": {"place_of_care.death_first": place},
        "care_package": {"care_package.night": night},
        "medicines_at_home": {"medicines_at_home.box": "yes"},
    }
    several = found(says=says)
    assert [(one.kind, one.sides[1].says) for one in several] == ([("night", expected)] if expected else [])
    for one in several:
        assert (one.is_prompt, one.seen_to, one.in_short) == (
            True,
            "care_package",
            "Wants to die at home, nobody there at night",
        )
        assert one.heading == "Home is where they want to die, and there are nights with nobody there"
        assert not one.concerns_cpr


def test_l25_both_may_be_missing_and_each_is_settled_by_itself():
    says = {
        "place_of_care": {"place_of_care.death_first": "own_home"},
        "care_package": {"care_package.night": "nobody"},
        "medicines_at_home": {"medicines_at_home.box": "no"},
    }
    assert [(one.kind, one.key) for one in found(says=says)] == [("home", "home"), ("night", "night")]


@pytest.mark.parametrize(
    ("place", "age", "blank"),
    [
        ("", 84, True), ("not_asked", 84, True), ("", None, True), ("", 18, True), ("not_asked", 18, True),
        ("", 17, False), ("not_asked", 0, False),
        ("undecided", 84, False), ("declined", 84, False), ("unable", 84, False), ("not_appropriate", 84, False),
        ("own_home", 84, False), ("hospital", 18, False),
    ],
)  # fmt: skip
def test_l21_the_preferred_place_is_blank(place, age, blank):
    assert conflicts.place_is_blank({"place_of_care": {"place_of_care.death_first": place}}, age=age) is blank


@pytest.mark.parametrize(("age", "blank"), [(84, True), (None, True), (17, False)])
def test_l21_nothing_was_ever_written(age, blank):
    assert conflicts.place_is_blank({}, age=age) is blank


@pytest.mark.parametrize(
    ("device", "talk", "forms", "asks"),
    [
        ("active", "", ["do_not_attempt"], True),
        ("active", "not_yet", ["do_not_attempt"], True),
        ("active", "agreed", ["do_not_attempt"], True),
        ("active", "stays", ["do_not_attempt"], False),
        ("active", "", ["attempt"], False),
        ("active", "", ["do_not_attempt", "attempt"], False),  # CPR itself is disagreed about: that comes first
        ("active", "", [], False),
        ("off", "", ["do_not_attempt"], False),
        ("none", "", ["do_not_attempt"], False),
        ("not_known", "", ["do_not_attempt"], False),
        ("", "", ["do_not_attempt"], False),
    ],
)
def test_a_defibrillator_that_is_active_beside_a_decision_not_to_attempt_cpr(device, talk, forms, asks):
    says = {"equipment": {"equipment.defibrillator": device, "equipment.defibrillator_talk": talk}}
    standing = cpr.standing([form(one) for one in forms])
    assert conflicts.defibrillator_to_talk_about(says, standing) is asks
    assert not conflicts.defibrillator_to_talk_about({}, standing)


def test_everything_about_cpr_stands_in_one_place_and_none_is_chosen():
    one, *others = found(
        refusal(), emergency(cpr="attempt", cpr_reason="Her wish", made_on=LATER), forms=[form("do_not_attempt")]
    )
    assert others == []
    assert [side.name for side in one.sides] == ["Emergency recommendations", "Made here", "Written refusal (ADRT)"]
    assert [side.says for side in one.sides] == ["Attempt CPR.", "Do not attempt CPR.", "Refuses CPR."]
    assert one.heading == "3 documents disagree: CPR"
    assert one.concerns_cpr


def test_a_refusal_beside_no_decision_says_that_there_is_none():
    (one,) = found(refusal(witnessed="no"))
    assert one.heading == "CPR is refused in writing, and no CPR decision is recorded"
    assert (one.sides[0].says, one.sides[0].force) == ("Not recorded.", "This is not a decision.")
    assert "not witnessed, so not binding" in one.sides[1].force
    (talked,) = found(refusal(), forms=[form("not_decided", decided_by="Dr Shah")])
    assert (talked.sides[0].says, talked.sides[0].who) == ("Talked about, not decided.", "Dr Shah")


def test_a_decision_that_is_kept_back_is_not_said_to_be_missing():
    kept_back = cpr.Standing(cpr.NOT_RECORDED, (), kept_back=True)
    (one,) = conflicts.conflicts_in(Directives((refusal(),)), kept_back, {})
    assert "ot recorded" not in one.sides[0].says + one.sides[0].force
    assert one.heading == ""


@pytest.mark.parametrize("place", ["own_home", "hospice"])
def test_a_list_of_people_asks_for_every_item_that_is_looked_at(place):
    """Lists ask the database for `READ_OF_SECTIONS` alone: what is not there would silently differ from nothing."""
    looked_at = set()

    class Looking(dict):
        def get(self, name, default=None):
            looked_at.add(name)
            return super().get(name, default if "." in name else Looking())

    says = Looking({"place_of_care": Looking({"place_of_care.death_first": place})})
    conflicts.conflicts_in(Directives((refusal(),)), cpr.standing([form("attempt")]), says)
    conflicts.place_is_blank(says, age=80)
    items = {name for name in looked_at if "." in name}
    assert items == (set(conflicts.READ_OF_SECTIONS) if place == "own_home" else {"place_of_care.death_first"})
    assert looked_at - items <= conflicts.SECTIONS


def test_a_side_says_what_it_weighs_what_it_lacks_and_who_sees_it_otherwise():
    view = View(force="not_binding", reason="She changed her mind", by="Dr Amina Rahman", role="GP", at=AT)
    unseen = refusal(source="transcribed", seen="reported", witnessed="no", views=(view,))
    (one,) = found(unseen, forms=[form("attempt", talked="person", reason="Her wish")])
    assert one.sides[0].force == "Her wish Talked about with the person."
    assert one.sides[1].force == (
        "Recorded as a wish: not witnessed, so not binding for life-sustaining treatment. Reported, incomplete: the document itself"
        " was not seen, no witness seen. Dr Amina Rahman takes a different view: not binding."
    )  # fmt: skip


def test_order_follows_the_day_made():
    older, newer = emergency(made_on=EARLIER, cpr="attempt"), emergency(made_on=LATER)
    two = next(one for one in found(older, newer) if one.kind == "two_current")
    assert [side.of for side in two.sides] == [newer.id, older.id]


def test_the_key_stays_while_the_same_documents_differ():
    one, other = refusal(), form("attempt")
    assert found(one, forms=[other])[0].key == found(one, assessment(), forms=[other])[0].key
    assert found(one, forms=[other])[0].key != found(one, forms=[other, form("do_not_attempt")])[0].key


def test_whom_to_ask():
    assert conflicts.whom_to_ask(Directives()) == "If the person can decide, ask them."
    named = conflicts.whom_to_ask(Directives((attorney(),)), on=DAY)
    assert named == "If the person can decide, ask them. If they cannot, ring Helen Ashworth-Doyle (attorney)."
    unregistered = Directives((attorney(registered_on=None),))
    assert conflicts.whom_to_ask(unregistered) == "If the person can decide, ask them."


def test_what_else_has_to_be_settled():
    record = best(serious="care_home", nobody_to_consult=True)
    several = conflicts.to_settle(Directives((record, attorney(registered_on=None), refusal(witnessed="not_known"))))
    assert [(one.kind, one.words.split(":")[0]) for one in several] == [
        ("imca", "must be asked for"),
        ("advance_decision", "not known whether it binds"),
        ("authority", "not registered"),
    ]
    assert conflicts.to_settle(Directives((refusal(), attorney()))) == ()


# --- any set of documents ---

DAYS = st.sampled_from([None, EARLIER, MADE, LATER, date(2026, 1, 1)])
ENDED = st.sampled_from(["", "", "", "withdrawn", "replaced", "wrong"])
KNOWN = st.sampled_from(["yes", "no", "not_known"])
CODES = st.sampled_from(sorted(LIMITED))
ANSWERS = st.lists(
    st.tuples(CODES, st.sampled_from(["yes", "no", "only_if", "ask"])), max_size=4, unique_by=lambda a: a[0]
)
LAW = st.sampled_from(["EW", "EW", "SCT", "NI"])
refusals = st.builds(
    refusal,
    made_on=DAYS, ended=ENDED, witnessed=KNOWN, signed=st.sampled_from(["person", "directed", "no"]), jurisdiction=LAW,
    treatments=st.lists(st.sampled_from(["cpr", *sorted(LIMITED)]), max_size=4, unique=True).map(tuple),
    form=st.sampled_from(["refusal", "refusal", "wish"]),
)  # fmt: skip
powers = st.builds(
    attorney,
    made_on=DAYS, ended=ENDED, life_sustaining=KNOWN, registered_on=DAYS, jurisdiction=LAW,
    type=st.sampled_from(["lpa_health", "lpa_health", "lpa_property", "guardian"]),
)  # fmt: skip
plans = st.builds(
    emergency,
    made_on=DAYS, ended=ENDED, cpr=st.sampled_from(["", "attempt", "do_not_attempt", "modified"]),
    limits=ANSWERS.map(lambda answers: limits(*answers)),
)  # fmt: skip
escalations = st.builds(lambda answers, **but: escalation(*answers, **but), ANSWERS, made_on=DAYS, ended=ENDED)
forms = st.builds(
    form, st.sampled_from(["attempt", "do_not_attempt", "modified", "not_decided"]), made=DAYS, ended=ENDED
)
sets = st.tuples(st.lists(refusals | powers | plans | escalations, max_size=6), st.lists(forms, max_size=3))


def nothing_is_hidden(documents, told):
    """What must hold of every set of documents, asked of the documents themselves and not of the rules that read them."""
    directives = Directives(tuple(documents))
    standing = cpr.standing([*told, *directives.cpr_recommendations()])
    shown = conflicts.conflicts_in(directives, standing, {})
    live = [one for one in documents if not one.ended]
    readings = {one.reading for one in told if not one.ended} | {one.cpr for one in live if one.kind == "emergency"} - {
        ""
    }
    adrts = [one for one in live if one.kind == "advance_decision" and one.form == "refusal"]
    refused = [one for one in adrts if "cpr" in one.treatments]
    about_cpr = [one for one in shown if one.concerns_cpr]
    said = " ".join(side.says for one in shown for side in one.sides)

    assert "attempt" in readings or standing.reading != "attempt"
    assert "attempt" in readings or "Attempt CPR." not in said
    assert len(about_cpr) <= 1
    if len(readings & {"attempt", "do_not_attempt", "modified"}) > 1 or (
        refused and readings - {"not_decided"} != {"do_not_attempt"}
    ):
        assert about_cpr, (readings, refused)
        assert {one.id for one in refused} <= {side.of for side in about_cpr[0].sides}
    for kind in ("emergency", "escalation"):
        if sum(one.kind == kind for one in live) > 1:
            assert any(one.kind == "two_current" and one.seen_to == kind for one in shown)
    if len(adrts) > 1:
        assert any(one.kind == "two_current" and one.seen_to == "advance_decision" for one in shown)
    for one in adrts:
        for other in live:
            given_ = {limit.treatment for limit in getattr(other, "limits", ()) if limit.answer in ("yes", "only_if")}
            if given_ & set(one.treatments):
                assert any({one.id, other.id} == {side.of for side in c.sides} for c in shown)
            overtakes = other.kind == "authority" and other.type == "lpa_health" and one.made_on and other.made_on
            if overtakes and other.made_on > one.made_on and other.life_sustaining == "yes":
                assert any({one.id, other.id} == {side.of for side in c.sides} for c in shown)
                assert directives.check(one).force != "binding"
    for one in documents:
        check = directives.check(one)
        if one.kind in ("advance_decision", "authority") and one.jurisdiction != "EW":
            assert check.force == "not_computed"
        assert not (
            check.force == "binding"
            and one.kind == "advance_decision"
            and one.witnessed != "yes"
            and "cpr" in one.treatments
        )
    assert {side.of for one in shown for side in one.sides} - {None} <= {one.id for one in live} | {
        one.id for one in told
    }


@settings(max_examples=300, deadline=None)
@given(sets)
def test_no_set_of_documents_hides_a_contradiction(drawn):
    nothing_is_hidden(*drawn)


@pytest.mark.long
@settings(max_examples=10_000, deadline=None)
@given(sets)
def test_none_of_ten_thousand_sets_hides_a_contradiction(drawn):
    nothing_is_hidden(*drawn)

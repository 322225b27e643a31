"""Rules L11 to L23 as tables of cases: attorneys and deputies, capacity, best interests, emergency recommendations; days that cannot be."""

from datetime import date, timedelta

import pytest

from ambit.careplan.rules import attorneys, best_interests, capacity, directives, emergency
from ambit.careplan.rules.document import View
from ambit.careplan.rules.documents import Holder
from tests.careplan.legal import (
    AT,
    BORN,
    DAY,
    MADE,
    assessment,
    attorney,
    gillick,
    referral,
    refusal,
)
from tests.careplan.legal import best_interests as best
from tests.careplan.legal import emergency as plan
from tests.careplan.legal import escalation as limits

ON = DAY


# --- L11 to L13, L22: attorneys and deputies ---


@pytest.mark.parametrize(
    ("but", "force", "label"),
    [
        ({}, "authority", "Authority if the person lacks capacity, life-sustaining treatment included"),
        ({"life_sustaining": "no"}, "authority", "Authority if the person lacks capacity, not for life-sustaining treatment"),
        ({"life_sustaining": "not_known"}, "authority",
         "Authority if the person lacks capacity, whether for life-sustaining treatment is not known"),
        ({"registered_on": None}, "not_binding", "Not registered: cannot be used yet"),
        ({"born_on": date(2010, 1, 1)}, "not_binding", "Gives no authority"),
        ({"born_on": None}, "authority", "Authority if the person lacks capacity, life-sustaining treatment included"),
        ({"type": "lpa_property"}, "not_binding", "For property and money: no say about care"),
        ({"type": "deputy", "life_sustaining": "no", "registered_on": None}, "authority",
         "Authority if the person lacks capacity, not for life-sustaining treatment"),
        ({"type": "deputy", "life_sustaining": "yes", "registered_on": None}, "authority",
         "Authority if the person lacks capacity, not for life-sustaining treatment"),
        ({"type": "deputy", "ends_on": ON - timedelta(days=1)}, "not_binding", "The appointment has ended"),
        ({"type": "deputy", "ends_on": ON}, "authority", "Authority if the person lacks capacity, not for life-sustaining treatment"),
        ({"type": "welfare_attorney"}, "not_computed", "Legal force not computed for Scotland"),
        ({"type": "guardian"}, "not_computed", "Legal force not computed for Scotland"),
        ({"jurisdiction": "NI"}, "not_computed", "Legal force not computed for Northern Ireland"),
    ],
)  # fmt: skip
def test_force_of_an_authority(but, force, label):
    found = directives.check(attorney(**but), [], on=ON)
    assert (found.force, found.label) == (force, label)


@pytest.mark.parametrize(
    ("but", "rule", "state"),
    [
        ({}, "L12", "met"), ({"life_sustaining": "no"}, "L12", "not_met"), ({"life_sustaining": ""}, "L12", "not_known"),
        ({"type": "deputy"}, "L13", "not_met"), ({"type": "deputy", "life_sustaining": "no"}, "L13", "not_met"),
    ],
)  # fmt: skip
def test_l12_and_l13_life_sustaining_treatment(but, rule, state):
    found = attorneys.life_sustaining(attorney(**but))
    assert (found.rule, found.state) == (rule, state)


@pytest.mark.parametrize(
    ("but", "may"),
    [({}, True), ({"life_sustaining": "no"}, False), ({"life_sustaining": ""}, False), ({"type": "deputy"}, False),
     ({"type": "lpa_property"}, False)],
)  # fmt: skip
def test_l12_and_l13_who_may_decide_about_life(but, may):
    assert attorneys.may_decide_about_life(attorney(**but)) is may


def test_l11_says_what_is_met_and_whether_the_person_can_decide():
    found = directives.check(attorney(restrictions="Not blood"), [assessment()], on=ON)
    assert [(one.rule, one.state) for one in found.conditions] == [
        ("L11", "met"), ("L11", "met"), ("L11", "met"), ("L12", "met"), ("L11", "met"),
    ]  # fmt: skip
    assert found.notes == ("Restrictions: Not blood",)
    assert directives.check(attorney(), [], on=ON).conditions[-1].state == "not_now"
    assert directives.check(attorney(), [], on=ON).notes == ()


@pytest.mark.parametrize(
    ("born_on", "state", "evidence"),
    [
        (date(2005, 3, 1), "met", "18 when made"),
        (date(2005, 3, 2), "not_met", "17 when made"),
        (None, "not_known", "The day it was made, or of birth, is not known"),
    ],
)
def test_l11_whoever_gives_the_power_is_eighteen(born_on, state, evidence):
    found = attorneys.donor_of_age(attorney(born_on=born_on))
    assert (found.state, found.evidence) == (state, evidence)


@pytest.mark.parametrize(
    ("ends_on", "on", "state"),
    [
        (ON, ON, "met"),
        (ON - timedelta(days=1), ON, "not_met"),
        (None, ON, "met"),
        (ON - timedelta(days=1), None, "met"),
    ],
)
def test_l11_an_appointment_for_a_time_only(ends_on, on, state):
    assert attorneys.in_time(attorney(type="deputy", ends_on=ends_on), on=on).state == state


@pytest.mark.parametrize(
    ("but", "how"),
    [
        ({"registered_on": None}, "Once it is registered, record the day of registration: write it again and tick what it replaces."),
        ({"born_on": date(2010, 1, 1)}, ""),
        ({"type": "deputy", "ends_on": ON - timedelta(days=1)}, ""),
    ],
)  # fmt: skip
def test_l11_what_to_do_about_a_power_that_cannot_be_used(but, how):
    assert directives.check(attorney(**but), [], on=ON).how == how


@pytest.mark.parametrize(
    ("but", "fields"),
    [
        ({}, set()),
        ({"holders": ()}, {"holders__0__name"}),
        ({"type": "deputy"}, {"life_sustaining"}),
        ({"type": "deputy", "life_sustaining": "no"}, set()),
        ({"registered_on": ON + timedelta(days=1)}, {"registered_on"}),
        ({"registered_on": ON}, set()),
        ({"registered_on": date(2023, 2, 28)}, {"registered_on"}),
        ({"registered_on": date(2023, 3, 1)}, set()),
        ({"ends_on": date(2023, 2, 28)}, {"ends_on"}),
        ({"ends_on": date(2023, 3, 1)}, set()),
        ({"made_on": None}, set()),
        ({"made_on": None, "ends_on": ON}, set()),
        ({"registered_on": None}, set()),
    ],
)
def test_what_cannot_be_so_in_an_authority(but, fields):
    assert set(directives.problems(attorney(**but), name="Peggy Ashworth", role="gp", on=ON)) == fields


@pytest.mark.parametrize(
    ("named", "powers", "missing"),
    [
        (["Helen Ashworth-Doyle"], [attorney()], ()),
        (["helen ashworth-doyle"], [attorney()], ()),
        (["Joe Ashworth"], [attorney()], ("Joe Ashworth",)),
        (["Helen Ashworth-Doyle"], [attorney(ended="withdrawn")], ("Helen Ashworth-Doyle",)),
        (["Joe Ashworth"], [attorney(holders=(Holder(name="Helen"), Holder(name="Joe Ashworth")))], ()),
        ([], [], ()),
    ],
)
def test_l22_an_attorney_named_without_a_document(named, powers, missing):
    assert attorneys.undocumented(named, powers) == missing


# --- L14: capacity; Gillick competence ---


@pytest.mark.parametrize(
    ("words", "is_global"),
    [
        ("all decisions", True), ("Everything", True), ("all", True), ("any decision", True), ("lacks capacity", True),
        ("global", True), ("All medical treatment", True), ("  everything.  ", True), ("capacity", True),
        ("To go to hospital", False), ("All visits by her son", False), ("", False), ("Where to live", False),
    ],
)  # fmt: skip
def test_l14_no_global_capacity(words, is_global):
    assert capacity.is_global(words) is is_global


@pytest.mark.parametrize(
    ("but", "fields"),
    [
        ({}, set()),
        ({"decision": "all decisions"}, {"decision"}),
        ({"decision": "all decisions", "source": "transcribed", "seen": "copy"}, {"decision"}),
        ({"decision": " "}, {"decision"}),
        ({"outcome": ""}, {"outcome"}),
        ({"assessor": ""}, {"assessor"}),
        ({"understand": "yes"}, {"understand"}),
        ({"understand": "yes", "communicate": "no"}, set()),
        ({"understand": "yes", "retain": "no"}, set()),
        ({"understand": "yes", "weigh": "no"}, set()),
        ({"impairment": ""}, {"impairment"}),
        ({"link": " "}, {"link"}),
        ({"support": ""}, {"support"}),
        ({"outcome": "has", "understand": "yes", "impairment": "", "link": "", "support": ""}, set()),
        ({"source": "transcribed", "seen": "copy", "outcome": "", "assessor": "", "link": ""}, set()),
        ({"born_on": MADE.replace(year=MADE.year - 16)}, set()),
        ({"born_on": (MADE + timedelta(days=1)).replace(year=MADE.year - 16)}, {"decision"}),
        ({"born_on": None}, set()),
        ({"source": "transcribed", "seen": "copy", "made_on": None, "born_on": date(2012, 1, 1)}, {"decision"}),
        ({"born_on": date(2008, 6, 13)}, {"decision"}),
    ],
)
def test_l14_what_an_assessment_says(but, fields):
    assert set(directives.problems(assessment(**but), name="x", role="gp", on=ON)) == fields


def test_l14_which_abilities_were_missing():
    assert capacity.unable(assessment(weigh="no")) == ("Understand what bears on the decision", "Weigh it up")


@pytest.mark.parametrize(
    ("but", "fields"),
    [
        ({}, set()),
        ({"born_on": MADE.replace(year=MADE.year - 16)}, {"decision"}),
        ({"born_on": (MADE + timedelta(days=1)).replace(year=MADE.year - 16)}, set()),
        ({"born_on": None}, set()),
        ({"decision": "everything"}, {"decision"}),
        ({"decision": ""}, {"decision"}),
        ({"outcome": ""}, {"outcome"}),
        ({"outcome": "not_competent"}, set()),
        ({"understanding": " "}, {"understanding"}),
        ({"assessor": ""}, {"assessor"}),
        ({"source": "transcribed", "seen": "copy", "outcome": "", "assessor": "", "understanding": ""}, set()),
        ({"source": "transcribed", "seen": "copy", "made_on": None, "born_on": date(1990, 1, 1)}, {"decision"}),
        ({"born_on": date(2009, 1, 1)}, set()),
    ],
)
def test_gillick_competence_is_for_one_decision_under_16(but, fields):
    assert set(directives.problems(gillick(**but), name="x", role="gp", on=ON)) == fields


# --- L15, L16: best interests and advocates ---


@pytest.mark.parametrize(
    "empty", ["decision", "options", "wishes", "consulted", "less_restrictive", "outcome", "decided_by"]
)
def test_l15_what_the_law_asks_to_be_considered(empty):
    assert set(best_interests.problems(best(**{empty: " "}))) == {empty}
    assert best_interests.problems(best(**{empty: "", "source": "transcribed", "seen": "copy"})) == {}


def test_l15_never_moved_by_a_wish_to_bring_about_death():
    assert best_interests.problems(best()) == {}
    assert set(best_interests.problems(best(not_to_bring_about_death=False))) == {"not_to_bring_about_death"}
    assert best_interests.problems(best(consulted="", nobody_to_consult=True)) == {}


@pytest.mark.parametrize(
    ("but", "referrals", "needed"),
    [
        ({"serious": "care_home", "nobody_to_consult": True}, [], True),
        ({"serious": "treatment", "nobody_to_consult": True}, [], True),
        ({"serious": "hospital", "nobody_to_consult": True}, [], True),
        ({"serious": "no", "nobody_to_consult": True}, [], False),
        ({"serious": "care_home", "nobody_to_consult": False}, [], False),
        ({"serious": "care_home", "nobody_to_consult": True}, [{}], False),
        ({"serious": "care_home", "nobody_to_consult": True}, [{"serious": "treatment"}], True),
        ({"serious": "care_home", "nobody_to_consult": True}, [{"ended": "wrong"}], True),
        ({"serious": "care_home", "nobody_to_consult": True, "ended": "wrong"}, [], False),
        ({"serious": "care_home", "nobody_to_consult": True}, [{"state": "urgent", "why_urgent": "Tonight"}], False),
    ],
)
def test_l16_when_an_advocate_must_be_asked_for(but, referrals, needed):
    record = best(**but)
    among = [record, *(referral(**one) for one in referrals)]
    assert bool(best_interests.advocates_needed(among)) is needed


@pytest.mark.parametrize(
    ("but", "fields"),
    [
        ({}, set()), ({"decision": ""}, {"decision"}), ({"serious": "no"}, {"serious"}), ({"serious": ""}, {"serious"}),
        ({"service": ""}, {"service"}), ({"state": "urgent"}, {"why_urgent"}),
        ({"state": "urgent", "why_urgent": "It could not wait", "service": ""}, set()),
        ({"source": "transcribed", "seen": "copy", "decision": "", "service": ""}, set()),
    ],
)  # fmt: skip
def test_l16_what_a_referral_says(but, fields):
    assert set(best_interests.referral_problems(referral(**but))) == fields


# --- L19, L20, L23: emergency recommendations and treatment limits ---

CHILD = {"born_on": date(2012, 1, 1)}


@pytest.mark.parametrize(
    ("but", "role", "fields"),
    [
        ({}, "gp", set()), ({}, "palliative_specialist", set()), ({}, "hospital_clinician", set()),
        ({}, "community_nurse", {""}),
        ({"source": "transcribed", "seen": "copy", "priority": "", "cpr": "", "clinician": ""}, "community_nurse", set()),
        ({"priority": ""}, "gp", {"priority"}),
        ({"cpr": ""}, "gp", {"cpr"}),
        ({"cpr": "not_decided"}, "gp", {"cpr"}),
        ({"cpr": "modified"}, "gp", {"cpr"}),
        ({"cpr": "modified", "involvement": "C", "child_involvement": "C2", **CHILD}, "gp", set()),
        ({"cpr": "modified", "born_on": None}, "gp", {"cpr"}),
        ({"cpr_reason": " "}, "gp", {"cpr_reason"}),
        ({"cpr": "attempt", "cpr_reason": ""}, "gp", set()),
        ({"clinician": ""}, "gp", {"clinician"}),
        ({"comfort_scale": 0}, "gp", set()), ({"comfort_scale": 10}, "gp", set()),
        ({"comfort_scale": 11}, "gp", {"comfort_scale"}), ({"comfort_scale": -1}, "gp", {"comfort_scale"}),
        ({"involvement": ""}, "gp", {"involvement"}),
        ({"has_capacity": "no"}, "gp", {"involvement"}),
        ({"has_capacity": "not_known"}, "gp", {"involvement"}),
        ({"involvement": "B"}, "gp", {"involvement"}),
        ({"involvement": "B", "has_capacity": "no"}, "gp", {"in_what_way"}),
        ({"involvement": "B", "has_capacity": "no", "in_what_way": "Delirium"}, "gp", set()),
        ({"involvement": "C", "child_involvement": "C1"}, "gp", {"involvement"}),
        ({"involvement": "C", "child_involvement": "C1", **CHILD}, "gp", set()),
        ({"involvement": "C", **CHILD}, "gp", {"child_involvement"}),
        ({"involvement": "A", **CHILD}, "gp", {"involvement"}),
        ({"involvement": "D"}, "gp", {"why_not_involved"}),
        ({"involvement": "D", "why_not_involved": "Found alone"}, "gp", set()),
        ({"involvement": "D", "why_not_involved": "Found alone", **CHILD}, "gp", set()),
        ({"cpr": "modified", "involvement": "C", "child_involvement": "C1", "born_on": date(2007, 1, 1)}, "gp", set()),
        ({"cpr": "modified", "involvement": "C", "child_involvement": "C1", "made_on": None, **CHILD}, "gp", {"made_on"}),
        ({"born_on": MADE.replace(year=MADE.year - 18)}, "gp", set()),
        ({"born_on": (MADE + timedelta(days=1)).replace(year=MADE.year - 18)}, "gp", {"involvement"}),
        ({"born_on": MADE.replace(year=MADE.year - 16), "jurisdiction": "SCT"}, "gp", set()),
        ({"born_on": MADE.replace(year=MADE.year - 16), "jurisdiction": "SCT", "cpr": "modified"}, "gp", {"cpr"}),
    ],
)  # fmt: skip
def test_l19_what_emergency_recommendations_say(but, role, fields):
    assert set(directives.problems(plan(**but), name="x", role=role, on=ON)) == fields


@pytest.mark.parametrize(
    ("answers", "but", "role", "fields"),
    [
        ([("dialysis", "no")], {}, "gp", set()),
        ([("dialysis", "no")], {}, "community_nurse", {""}),
        ([], {}, "gp", {"limit__hospital__answer"}),
        ([("dialysis", "no")], {"decided_by": ""}, "gp", {"decided_by"}),
        ([("dialysis", "no")], {"talked": ""}, "gp", {"talked"}),
        ([("dialysis", "no")], {"talked": "harm"}, "gp", {"why_not_talked"}),
        ([("dialysis", "no")], {"talked": "nobody"}, "gp", {"why_not_talked"}),
        ([("dialysis", "no")], {"talked": "harm", "why_not_talked": "Psychosis"}, "gp", set()),
        ([], {"source": "transcribed", "seen": "copy", "decided_by": "", "talked": ""}, "community_nurse", set()),
    ],
)
def test_treatment_limits_made_here(answers, but, role, fields):
    assert set(directives.problems(limits(*answers, **but), name="x", role=role, on=ON)) == fields


def test_l20_a_review_within_three_months():
    assert emergency.review_by(DAY) == date(2027, 2, 20)


# --- days that cannot be; a wish is never refused ---


@pytest.mark.parametrize(
    ("but", "fields"),
    [
        ({}, set()),
        ({"made_on": None}, {"made_on"}),
        ({"made_on": ON + timedelta(days=1)}, {"made_on"}),
        ({"made_on": ON}, set()),
        ({"made_on": BORN - timedelta(days=1)}, {"made_on"}),
        ({"made_on": BORN}, set()),
        ({"born_on": None}, set()),
        ({"review_on": ON}, {"review_on"}),
        ({"review_on": ON + timedelta(days=1)}, set()),
        ({"source": "transcribed", "seen": "copy", "made_on": None}, set()),
        ({"source": "transcribed", "seen": "copy", "made_on": ON + timedelta(days=1)}, {"made_on"}),
        ({"source": "transcribed", "seen": "copy", "review_on": MADE}, {"review_on"}),
        ({"source": "transcribed", "seen": "copy", "review_on": MADE + timedelta(days=1)}, set()),
        ({"source": "transcribed", "seen": "copy", "made_on": None, "review_on": MADE}, set()),
    ],
)
def test_days_that_cannot_be(but, fields):
    assert set(directives.problems(refusal(**but), name="Peggy Ashworth", role="gp", on=ON)) == fields


@pytest.mark.parametrize(
    ("but", "fields"),
    [
        ({"witness": "Peggy Ashworth"}, {"witness"}),
        ({"witness": "Mrs Peggy ASHWORTH"}, {"witness"}),
        ({"witness": "Ashworth"}, set()),
        ({"witness": "", "witnessed": "yes"}, {"witness"}),
        ({"witness": "", "witnessed": "no"}, set()),
        ({"witness": "Peggy Ashworth", "source": "transcribed", "seen": "copy"}, set()),
        ({"witness": "", "source": "transcribed", "seen": "copy"}, set()),
        ({"treatments": ()}, {"treatments"}),
        ({"treatments": (), "form": "wish"}, set()),
        ({"treatments": (), "form": "wish", "other_treatments": "I want everything"}, set()),
        ({"other_treatments": "I want to be given everything"}, {"other_treatments"}),
        ({"other_treatments": "I want to be given everything", "source": "transcribed", "seen": "copy"}, set()),
        ({"treatments": (), "source": "transcribed", "seen": "copy"}, set()),
        ({"in_writing": "no", "signed": "no", "at_risk": "no", "witnessed": "no", "witness": ""}, set()),
    ],
)
def test_a_wish_is_never_refused(but, fields):
    assert set(directives.problems(refusal(**but), name="Margaret Peggy Ashworth", role="gp", on=ON)) == fields


# --- who opens the record by a document (H16) ---

BY = {"reason": "For property only.", "by": "Ruth Tannahill", "role": "GP", "at": AT}


@pytest.mark.parametrize(
    ("but", "why"),
    [
        ({}, ""),
        ({"type": "welfare_poa_sct", "jurisdiction": "SCT"}, ""),
        ({"jurisdiction": "NI"}, ""),
        ({"ended": "withdrawn"}, "It no longer counts: withdrawn"),
        ({"ended": "replaced"}, "It no longer counts: replaced"),
        ({"type": "lpa_property"}, "For property and money: no say about care: A power for property and money gives no authority over health or care"),
        ({"registered_on": None}, "Not registered: cannot be used yet: No registration is recorded. Mental Capacity Act 2005, s.9(2)(b)"),
        ({"views": (View(force="not_binding", **BY),)}, "Ruth Tannahill holds that it is not binding: For property only"),
        ({"views": (View(force="doubtful", **BY),)}, ""),
        ({"views": (View(force="not_binding", **BY), View(force="binding", **BY))}, ""),
        ({"views": (View(force="binding", **BY), View(force="not_binding", **BY))},
         "Ruth Tannahill holds that it is not binding: For property only"),
        ({"registered_on": None, "views": (View(force="binding", **BY),)},
         "Not registered: cannot be used yet: No registration is recorded. Mental Capacity Act 2005, s.9(2)(b)"),
    ],
)  # fmt: skip
def test_who_opens_the_record_by_a_document(but, why):
    power = attorney(**but)
    assert attorneys.why_no_access(power, attorneys.check(power, (), on=ON)) == why


@pytest.mark.parametrize(
    ("name", "is_named"),
    [
        ("Helen Ashworth-Doyle", True),
        ("ashworth-doyle, HELEN", True),
        ("Mrs Helen Mary Ashworth-Doyle", True),
        ("Helen Doyle", True),
        ("Helen", False),
        ("Tom Ashworth", False),
        ("", False),
    ],
)
def test_a_document_names_somebody_whatever_the_order_of_the_words(name, is_named):
    assert (
        attorneys.names(attorney(holders=(Holder(name="Somebody Else"), Holder(name="Helen Ashworth-Doyle"))), name)
        is is_named
    )

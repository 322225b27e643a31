"""Rules L1 to L16 and L19 to L22: a table of cases for each; what fails is named, what is not known is said."""

from datetime import date, timedelta

import pytest

from ambit.careplan.rules import advance_decision, attorneys, best_interests, capacity, directives, emergency
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


# --- L1 to L10: advance decisions ---


@pytest.mark.parametrize(
    ("born", "made", "state", "evidence"),
    [
        (BORN, MADE, "met", "81 on 12 June 2024"),
        (date(2006, 6, 12), MADE, "met", "18 on 12 June 2024"),
        (date(2006, 6, 13), MADE, "not_met", "17 on 12 June 2024"),
        (None, MADE, "not_known", "The day it was made, or of birth, is not known"),
        (BORN, None, "not_known", "The day it was made, or of birth, is not known"),
    ],
)
def test_l1_made_at_18_or_over(born, made, state, evidence):
    found = advance_decision.of_age(refusal(born_on=born, made_on=made))
    assert (found.rule, found.state, found.evidence) == ("L1", state, evidence)


@pytest.mark.parametrize(
    ("but", "assessed", "state", "evidence"),
    [
        ({"capacity": "presumed"}, [], "met", "Presumed; nobody recorded a doubt"),
        ({"capacity": ""}, [], "met", "Presumed; nobody recorded a doubt"),
        ({"capacity": "attested", "attested_by": "Dr Shah"}, [], "met", "Attested by Dr Shah"),
        ({"capacity": "attested"}, [], "met", "Attested"),
        ({"capacity": "doubted", "attested_by": "Her son"}, [], "not_known", "Her son"),
        ({"capacity": "doubted"}, [], "not_known", "A doubt is recorded"),
        ({}, [{"about": "planning"}], "not_met", "Dr Amina Rahman assessed on that day that they could not decide"),
        ({}, [{"about": "planning", "outcome": "has"}], "met", "Presumed; nobody recorded a doubt"),
        ({}, [{"about": "planning", "made_on": MADE + timedelta(days=1)}], "met", "Presumed; nobody recorded a doubt"),
        ({}, [{"about": "place"}], "met", "Presumed; nobody recorded a doubt"),
    ],
)
def test_l2_capacity_when_made(but, assessed, state, evidence):
    found = advance_decision.capable(refusal(**but), [assessment(**one) for one in assessed])
    assert (found.rule, found.state, found.evidence) == ("L2", state, evidence)


@pytest.mark.parametrize(
    ("treatments", "words", "state", "asks"),
    [
        (("cpr",), "", "met", "Names the treatments refused"),
        ((), "Any more chemotherapy", "met", "Names the treatments refused"),
        ((), "", "not_met", "Names the treatments refused"),
        ((), "I want to be given everything", "not_met", "Refuses, and demands nothing"),
        (("cpr",), "She insists on antibiotics", "not_met", "Refuses, and demands nothing"),
        (("cpr",), "I do not want to be given antibiotics", "met", "Names the treatments refused"),
    ],
)
def test_l3_names_treatments_and_demands_none(treatments, words, state, asks):
    found = advance_decision.names_treatments(refusal(treatments=treatments, other_treatments=words))
    assert (found.rule, found.state, found.asks) == ("L3", state, asks)


@pytest.mark.parametrize(
    ("words", "demand"),
    [
        ("I want to be given antibiotics", True), ("Please give oxygen", True), ("Give me fluids", True),
        ("do everything", True), ("wishes to have dialysis", True), ("must be given morphine", True),
        ("No dialysis. I want to receive chemotherapy", True), ("I insist on treatment", True),
        ("I refuse to be given blood", False), ("I do not want to have a tube", False), ("never give me blood", False),
        ("No hospital", False), ("Chemotherapy", False), ("", False),
    ],
)  # fmt: skip
def test_l3_demands_are_told_from_refusals(words, demand):
    assert advance_decision.demands(words) is demand


FORM = ["In writing", "Signed by the person, or as they directed", "Says “even if life is at risk”",
        "Signed by a witness, with the person present"]  # fmt: skip


@pytest.mark.parametrize(
    ("but", "states"),
    [
        ({}, ["met", "met", "met", "met"]),
        ({"in_writing": "no"}, ["not_met", "met", "met", "met"]),
        ({"in_writing": "not_known"}, ["not_known", "met", "met", "met"]),
        ({"signed": "directed"}, ["met", "met", "met", "met"]),
        ({"signed": "no"}, ["met", "not_met", "met", "met"]),
        ({"signed": "not_known"}, ["met", "not_known", "met", "met"]),
        ({"at_risk": "no"}, ["met", "met", "not_met", "met"]),
        ({"at_risk": "not_known"}, ["met", "met", "not_known", "met"]),
        ({"witnessed": "no"}, ["met", "met", "met", "not_met"]),
        ({"witnessed": "not_known"}, ["met", "met", "met", "not_known"]),
        ({"witness_is_maker": True}, ["met", "met", "met", "not_met"]),
    ],
)
def test_l4_form_of_refusing_life_sustaining_treatment(but, states):
    found = advance_decision.in_form(refusal(**but))
    assert [one.asks for one in found] == FORM
    assert [one.state for one in found] == states
    assert {one.rule for one in found} == {"L4"}


@pytest.mark.parametrize(
    ("but", "asked"),
    [
        ({"treatments": ("hospital",)}, False),
        ({"treatments": ("hospital", "dialysis")}, True),
        ({"treatments": ("hospital",), "sustains_life": True}, True),
        ({"treatments": (), "other_treatments": "Chemotherapy"}, False),
    ],
)
def test_l4_is_asked_only_of_life_sustaining_treatment(but, asked):
    assert bool(advance_decision.in_form(refusal(**but))) is asked


@pytest.mark.parametrize(
    ("but", "evidence"),
    [
        ({"seen": "copy", "source": "transcribed"}, "Copy seen by Ruth Tannahill"),
        ({"seen": "original", "source": "transcribed"}, "Original seen by Ruth Tannahill"),
        ({"seen": "reported", "source": "transcribed"}, "Told of, not seen by Ruth Tannahill"),
        ({}, "Written here"),
        ({"in_writing": "no"}, "Spoken only"),
        ({"in_writing": ""}, "Nobody recorded whether it is in writing"),
    ],
)
def test_l4_says_what_was_seen(but, evidence):
    assert advance_decision.in_form(refusal(**but))[0].evidence == evidence


@pytest.mark.parametrize(
    ("but", "evidence"),
    [
        ({}, "Witness Ade Cole"), ({"witness": ""}, "A witness signed"), ({"witnessed": "no"}, "No witness signature"),
        ({"witnessed": ""}, "Nobody recorded a witness"), ({"witness_is_maker": True}, "The witness is the person"),
    ],
)  # fmt: skip
def test_l4_says_who_witnessed(but, evidence):
    assert advance_decision.in_form(refusal(**but))[3].evidence == evidence


@pytest.mark.parametrize(
    ("ended", "state"), [("", "met"), ("replaced", "met"), ("wrong", "met"), ("withdrawn", "not_met")]
)
def test_l5_withdrawn(ended, state):
    found = advance_decision.not_withdrawn(refusal(ended=ended, ended_reason="She said so"))
    assert (found.rule, found.state) == ("L5", state)
    assert (found.evidence == "She said so") is (state == "not_met")


LATER, EARLIER = MADE + timedelta(days=1), MADE - timedelta(days=1)


@pytest.mark.parametrize(
    ("power", "decision", "answer"),
    [
        ({"made_on": LATER}, {}, "yes"),
        ({"made_on": EARLIER}, {}, "no"),
        ({"made_on": MADE}, {}, "not_known"),
        ({"made_on": None}, {}, "not_known"),
        ({"made_on": LATER}, {"made_on": None}, "not_known"),
        ({"made_on": LATER, "life_sustaining": "no"}, {}, "no"),
        ({"made_on": LATER, "life_sustaining": "not_known"}, {}, "not_known"),
        ({"made_on": LATER, "life_sustaining": "no"}, {"treatments": ("hospital",)}, "yes"),
        ({"made_on": LATER, "life_sustaining": "not_known"}, {"treatments": ("hospital",)}, "yes"),
        ({"made_on": LATER, "type": "lpa_property"}, {}, "no"),
        ({"made_on": LATER, "type": "deputy", "life_sustaining": "no"}, {}, "no"),
    ],
)
def test_l6_a_later_attorney_over_the_same_treatment(power, decision, answer):
    assert advance_decision.overtakes(attorney(**power), refusal(**decision)) == answer


@pytest.mark.parametrize(
    ("powers", "state", "says"),
    [
        ([], "met", "No attorney for health is recorded"),
        ([{"made_on": EARLIER}], "met", "Attorney made 11 June 2024, before it"),
        ([{"made_on": LATER, "life_sustaining": "no"}], "met", "The attorney may not decide about these treatments"),
        ([{"made_on": LATER}], "not_met", "Helen Ashworth-Doyle: made 13 June 2024, after it"),
        ([{"made_on": EARLIER}, {"made_on": LATER}], "not_met", "Helen Ashworth-Doyle: made 13 June 2024, after it"),
        ([{"made_on": None}], "not_known", "Helen Ashworth-Doyle: the days, or the authority, are not known"),
        ([{"made_on": LATER, "ended": "withdrawn"}], "met", "No attorney for health is recorded"),
        ([{"made_on": LATER, "type": "lpa_property"}], "met", "No attorney for health is recorded"),
    ],
)
def test_l6_says_which_attorney(powers, state, says):
    found = advance_decision.not_overtaken(refusal(), [attorney(**power) for power in powers])
    assert (found.rule, found.state, found.evidence) == ("L6", state, says)


def view(force):
    return View(force=force, reason="Asked for the mask yesterday", by="Ruth Tannahill", role="Nurse", at=AT)


@pytest.mark.parametrize(
    ("forces", "state"),
    [([], "met"), (["binding"], "met"), (["not_binding"], "met"), (["doubtful"], "not_known"), (["binding", "doubtful"], "not_known")],
)  # fmt: skip
def test_l7_what_speaks_against_it_makes_it_doubtful(forces, state):
    found = advance_decision.consistent(refusal(views=tuple(view(force) for force in forces)))
    assert (found.rule, found.state) == ("L7", state)
    assert ("Asked for the mask" in found.evidence) is (state == "not_known")


@pytest.mark.parametrize(
    ("assessed", "state", "says"),
    [
        ([], "not_now", "Nobody assessed it: ask the person first"),
        ([{"outcome": "lacks"}], "met", "Could not decide on 12 June 2024, Dr Amina Rahman: check again now"),
        ([{"outcome": "has"}], "not_now", "Could decide on 12 June 2024, Dr Amina Rahman: ask the person first"),
        ([{"about": "place"}], "not_now", "Nobody assessed it: ask the person first"),
        ([{"ended": "wrong"}], "not_now", "Nobody assessed it: ask the person first"),
        ([{"outcome": ""}], "not_now", "Nobody assessed it: ask the person first"),
        ([{"outcome": "lacks"}, {"outcome": "has", "made_on": LATER}], "not_now",
         "Could decide on 13 June 2024, Dr Amina Rahman: ask the person first"),
        ([{"outcome": "has"}, {"outcome": "lacks", "made_on": LATER}], "met",
         "Could not decide on 13 June 2024, Dr Amina Rahman: check again now"),
    ],
)  # fmt: skip
def test_l8_the_latest_assessment_for_that_decision(assessed, state, says):
    found = advance_decision.lacks_capacity_now([assessment(**one) for one in assessed], {"cpr", "treatment"})
    assert (found.rule, found.state, found.evidence) == ("L8", state, says)


@pytest.mark.parametrize(
    ("but", "among", "force", "label"),
    [
        ({}, [], "binding", "Binding if the person lacks capacity for the decision"),
        ({"witnessed": "no"}, [], "not_binding",
         "Recorded as a wish: not witnessed, so not binding for life-sustaining treatment"),
        ({"witnessed": "no", "at_risk": "no"}, [], "not_binding",
         "Recorded as a wish: does not say “even if life is at risk”, not witnessed, so not binding for life-sustaining treatment"),
        ({"witnessed": "no", "treatments": ("hospital",)}, [], "binding", "Binding if the person lacks capacity for the decision"),
        ({"born_on": date(2010, 1, 1)}, [], "not_binding", "Recorded as a wish: made before the age of 18, so not binding"),
        ({"treatments": (), "other_treatments": ""}, [], "not_binding", "Recorded as a wish: no treatment is named, so not binding"),
        ({}, [attorney(made_on=LATER)], "not_binding", "Recorded as a wish: an attorney was appointed later, so not binding"),
        ({}, [attorney(made_on=EARLIER)], "binding", "Binding if the person lacks capacity for the decision"),
        ({"witnessed": "not_known"}, [], "not_known", "Not known whether it binds: nobody recorded a witness"),
        ({"views": (view("doubtful"),)}, [], "not_known", "Not known whether it binds: ruth Tannahill: Asked for the mask yesterday"),
        ({"form": "wish"}, [], "not_binding", "Recorded as a wish"),
        ({"jurisdiction": "SCT"}, [], "not_computed", "Legal force not computed for Scotland"),
        ({"jurisdiction": "NI"}, [], "not_computed", "Legal force not computed for Northern Ireland"),
        ({"jurisdiction": "SCT", "form": "wish"}, [], "not_computed", "Legal force not computed for Scotland"),
    ],
)  # fmt: skip
def test_force_of_an_advance_decision(but, among, force, label):
    found = directives.check(refusal(**but), among)
    assert (found.force, found.label) == (force, label)


@pytest.mark.parametrize(
    ("but", "among", "how"),
    [
        ({"witnessed": "no"}, [], "in front of a witness"),
        ({}, [attorney(made_on=LATER)], "Tell the attorney"),
        ({"born_on": date(2010, 1, 1)}, [], "18 or over"),
        ({"treatments": ()}, [], "which treatments they refuse"),
        ({"witnessed": "not_known"}, [], "record what you find"),
        ({"form": "wish"}, [], "record an advance decision with them"),
    ],
)
def test_how_to_make_it_binding(but, among, how):
    assert how in directives.check(refusal(**but), among).how


def test_l9_and_l10_are_said_with_it():
    found = directives.check(refusal(), [])
    assert "before best interests and before an attorney appointed earlier" in found.why
    assert "basic care" in found.notes[0]
    assert "Mental Health Act" in found.notes[1]
    assert [one.rule for one in found.conditions] == ["L1", "L2", "L3", "L4", "L4", "L4", "L4", "L5", "L6", "L7", "L8"]


def test_l7_a_failing_condition_weighs_more_than_an_open_one():
    assert directives.check(refusal(witnessed="no", views=(view("doubtful"),)), []).force == "not_binding"


def test_only_assessments_that_count_are_read():
    ended = assessment(about="planning", ended="wrong")
    assert directives.check(refusal(), [ended]).force == "binding"
    assert directives.check(refusal(), [assessment(about="planning")]).force == "not_binding"


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

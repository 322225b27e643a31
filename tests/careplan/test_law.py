"""Rules L1 to L10 as tables of cases: advance decisions; what fails is named, what is not known is said."""

from datetime import date, timedelta

import pytest

from ambit.careplan.rules import advance_decision, directives
from ambit.careplan.rules.document import View
from tests.careplan.legal import (
    AT,
    BORN,
    DAY,
    MADE,
    assessment,
    attorney,
    refusal,
)

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

"""What documents say of themselves: in one line, how they came here, what they lack, who made them, when they are looked at again."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from ambit.careplan.rules import checks, directives, documents, treatments, wording
from ambit.careplan.rules.directives import KINDS, Directives
from ambit.careplan.rules.document import years
from ambit.careplan.rules.documents import Holder
from tests.careplan.legal import (
    AT,
    COMMON,
    DAY,
    MADE,
    assessment,
    attorney,
    best_interests,
    emergency,
    escalation,
    gillick,
    limits,
    referral,
    refusal,
)

PAPER = {"source": "transcribed", "seen": "copy"}


def donation(**but):
    return documents.DonationDecision(
        **{"id": UUID(int=9), **COMMON, "decision": "yes_some", "which": "Corneas", **but}
    )


def dispute(**but):
    return documents.Dispute(**{"id": UUID(int=8), **COMMON, "about": "A tube.", "views_held": "Her sons", **but})


@pytest.mark.parametrize(
    ("one", "brief"),
    [
        (refusal(), "Refuses CPR, mask ventilation"),
        (refusal(treatments=("hospital",), other_treatments="Chemotherapy."), "Refuses Go to hospital; Chemotherapy"),
        (refusal(treatments=()), "Refuses no treatment named"),
        (refusal(form="wish", treatments=(), other_treatments="Quiet."), "A written wish: Quiet"),
        (attorney(), "Helen Ashworth-Doyle, life-sustaining treatment included"),
        (attorney(life_sustaining="no"), "Helen Ashworth-Doyle, not life-sustaining treatment"),
        (attorney(life_sustaining=""), "Helen Ashworth-Doyle, about life-sustaining treatment not known"),
        (attorney(type="lpa_property"), "Helen Ashworth-Doyle, property and money only"),
        (attorney(type="deputy"), "Helen Ashworth-Doyle, deputy: never life-sustaining treatment"),
        (attorney(holders=()), "nobody named, life-sustaining treatment included"),
        (attorney(holders=(Holder(name="Helen"), Holder(name="Joe"))), "Helen, Joe, life-sustaining treatment included"),
        (assessment(), "Could not decide: To go to hospital for the chest infection"),
        (assessment(outcome="has"), "Could decide: To go to hospital for the chest infection"),
        (assessment(outcome="", decision=""), "No outcome recorded: Another treatment"),
        (gillick(), "Competent: To stop chemotherapy"),
        (gillick(outcome="not_competent"), "Not competent: To stop chemotherapy"),
        (gillick(outcome="", decision=""), "No outcome recorded: Another decision"),
        (best_interests(), "To move: Ferry View"),
        (best_interests(outcome=""), "To move: no outcome recorded"),
        (referral(), "Instructed: To move (Northmarch Voices)"),
        (referral(service=""), "Instructed: To move"),
        (referral(advocate="Ann Lee", state="visited"), "Has met the person or reported: To move (Ann Lee)"),
        (emergency(), "Comfort comes first"),
        (emergency(priority=""), "No priority recorded"),
        (emergency(limits=limits(("blood", "no"))), "Comfort comes first. Blood transfusion: no"),
        (escalation(("blood", "no"), ("dialysis", "ask")), "Blood transfusion: no; Dialysis: ask"),
        (escalation(("blood", "no"), ("dialysis", "no"), ("fluids", "no"), ("operation", "no"), ("hospital", "no")),
         "Blood transfusion: no; Dialysis: no; Fluids by vein or under skin: no; 2 more"),
        (donation(), "Yes, some: Corneas"),
        (donation(decision="nominated", which="", nominated="Helen"), "Somebody nominated decides: Helen"),
        (donation(decision="", which=""), "Nothing said"),
        (dispute(), "A tube. Next: talk again"),
    ],
)  # fmt: skip
def test_in_one_line(one, brief):
    assert one.in_brief == brief


@pytest.mark.parametrize(
    ("one", "report"),
    [
        (refusal(), "Made here"),
        (refusal(**PAPER), "Transcribed from a copy"),
        (attorney(), "Transcribed from the original"),
        (attorney(seen="reported"), "Reported, incomplete: the document itself was not seen"),
        (attorney(made_on=None), "Reported, incomplete: no date seen"),
        (refusal(**PAPER, signed="no"), "Reported, incomplete: no signature seen"),
        (refusal(**PAPER, signed="not_known", witnessed="no"), "Reported, incomplete: no signature seen, no witness seen"),
        (refusal(**PAPER, signed="no", witnessed="no", treatments=("hospital",)), "Reported, incomplete: no signature seen"),
        (refusal(**PAPER, treatments=()), "Reported, incomplete: no treatment named"),
        (refusal(**PAPER, treatments=(), form="wish", signed="no"), "Transcribed from a copy"),
        (refusal(signed="no", witnessed="no"), "Made here"),
        (assessment(**PAPER, outcome=""), "Reported, incomplete: no outcome seen"),
        (assessment(**PAPER), "Transcribed from a copy"),
        (escalation(**PAPER, decided_by=""), "Reported, incomplete: who decided is not known"),
        (escalation(**PAPER), "Transcribed from a copy"),
        (emergency(**PAPER, clinician="", signed="no"), "Reported, incomplete: who recommends is not known, no signature seen"),
        (emergency(**PAPER), "Transcribed from a copy"),
        (donation(**PAPER), "Transcribed from a copy"),
    ],
)  # fmt: skip
def test_how_it_came_here_and_what_it_lacks(one, report):
    assert one.report == report


@pytest.mark.parametrize(
    ("one", "author"),
    [
        (refusal(), "The person"), (attorney(), "Ruth Tannahill"), (assessment(), "Dr Amina Rahman"),
        (assessment(assessor=""), "Ruth Tannahill"), (gillick(), "Dr Sofia Quayle"), (gillick(assessor=""), "Ruth Tannahill"),
        (best_interests(), "Dr Amina Rahman"), (best_interests(decided_by=""), "Ruth Tannahill"),
        (escalation(decided_by_role="GP"), "Dr Amina Rahman, GP"), (escalation(decided_by=""), "Ruth Tannahill"),
        (emergency(clinician_role="GP"), "Dr Amina Rahman, GP"), (emergency(clinician=""), "Ruth Tannahill"),
        (donation(), "The person"), (dispute(), "Ruth Tannahill"), (referral(), "Ruth Tannahill"),
    ],
)  # fmt: skip
def test_who_made_it(one, author):
    assert one.author == author


def test_l20_age_says_review_overdue_and_hides_nothing():
    old = refusal(made_on=date(1999, 1, 1), review_on=DAY - timedelta(days=1))
    assert old.review_overdue(DAY)
    assert not refusal(review_on=DAY).review_overdue(DAY)
    assert not refusal(review_on=None).review_overdue(DAY)
    assert not refusal(review_on=DAY - timedelta(days=1), ended="withdrawn").review_overdue(DAY)
    assert Directives((old,)).refusals() == (old,)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2000, 2, 29), date(2018, 2, 28), 17), (date(2000, 2, 29), date(2018, 3, 1), 18),
        (date(2000, 6, 12), date(2018, 6, 12), 18), (date(2000, 6, 12), date(2018, 6, 11), 17), (None, DAY, None),
        (date(2000, 6, 12), None, None),
    ],
)  # fmt: skip
def test_whole_years(born, on, age):
    assert years(born, on) == age


def test_l24_the_newest_made_comes_first_and_old_ones_are_kept():
    old, new, over = (
        refusal(made_on=MADE),
        refusal(made_on=DAY, recorded_at=AT - timedelta(days=9)),
        refusal(ended="replaced"),
    )
    all_of_them = Directives((old, over, new, attorney(), refusal(form="wish")))
    assert all_of_them.refusals() == (new, old)
    assert all_of_them.ended == (over,)
    assert len(all_of_them.wishes()) == 1
    assert [one.kind for one in all_of_them.of_kind("authority")] == ["authority"]
    assert all_of_them.without({"advance_decision"}).refusals() == ()
    assert len(all_of_them.without({"advance_decision"}).documents) == 1
    undated = refusal(made_on=None)
    assert Directives((undated, old)).refusals() == (old, undated)
    assert [one.holders[0].name for one in all_of_them.attorneys(on=DAY)] == ["Helen Ashworth-Doyle"]


@pytest.mark.parametrize(
    ("one", "force"),
    [
        (emergency(), "recommendation"), (escalation(), "clinical_decision"), (assessment(), ""), (gillick(), ""),
        (best_interests(), ""), (referral(), ""), (donation(), ""), (dispute(), ""),
        (assessment(jurisdiction="SCT"), "not_computed"), (best_interests(jurisdiction="NI"), "not_computed"),
        (referral(jurisdiction="SCT"), "not_computed"), (emergency(jurisdiction="SCT"), "recommendation"),
    ],
)  # fmt: skip
def test_force_of_the_others(one, force):
    assert directives.check(one, []).force == force


def test_what_an_emergency_plan_says_about_cpr_is_read_as_a_form():
    plan = emergency(involvement="B", paper_at="Fridge", review_on=DAY, signed="no", **PAPER)
    (form,) = Directives((plan, emergency(cpr=""), emergency(ended="replaced"))).cpr_recommendations()
    assert (form.reading, form.talked, form.of_emergency_plan, form.decided_by) == (
        "do_not_attempt",
        "close",
        True,
        "Dr Amina Rahman",
    )
    assert (form.paper_at, form.review_on, form.signature_seen, form.made_on) == ("Fridge", DAY, False, MADE)
    assert form.report == "Reported, incomplete: no signature seen"
    (made,) = Directives((emergency(),)).cpr_recommendations()
    assert made.report == "Emergency recommendations"
    assert (made.talked, made.signature_seen) == ("person", True)


@pytest.mark.parametrize(
    ("treated", "words"),
    [((), ""), (("cpr",), "CPR"), (("mask_ventilation", "cpr"), "Mask ventilation, CPR"), (("cpr", "blood"), "CPR, blood transfusion")],
)  # fmt: skip
def test_treatments_as_they_are_said(treated, words):
    assert treatments.named(treated) == words


def test_a_limit_says_its_answer_and_its_words():
    limit = treatments.Limit(treatment="blood", answer="only_if", words="She is bleeding")
    assert (limit.name, limit.in_words) == ("Blood transfusion", "Only if. She is bleeding")
    assert treatments.Limit(treatment="other", answer="no").name == "other"
    assert treatments.Limit(treatment="blood", answer="no").in_words == "No."


def test_a_condition_has_a_symbol_and_words():
    found = {state: checks.Condition("L1", "", state, "", "") for state in checks.SYMBOLS}
    assert [(one.symbol, one.in_words) for one in found.values()] == [
        ("✓", "Met"), ("✕", "Not met"), ("○", "Not now"), ("?", "Not known"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "one",
    [refusal(), attorney(), assessment(), gillick(), best_interests(), referral(), escalation(("blood", "no")), emergency(),
     donation(), dispute()],
    ids=lambda one: one.kind,
)  # fmt: skip
def test_everything_it_says_is_told_line_by_line(one):
    told = dict(wording.lines(one))
    assert told
    assert all(label and words for label, words in told.items())


def test_lines_leave_out_what_is_not_said():
    told = dict(wording.lines(attorney(restrictions="Not blood", paper_at="Safe", note="Seen twice")))
    assert told["Helen Ashworth-Doyle"] == "07700 900418"
    assert told["Registered on"] == "8 May 2023"
    assert (told["Restrictions and wishes in it"], told["Where it is"], told["Note"]) == (
        "Not blood",
        "Safe",
        "Seen twice",
    )
    assert "Ends on" not in told
    assert dict(wording.lines(attorney(holders=(Holder(name="Joe"),))))["Joe"] == "No telephone recorded"
    assert dict(wording.lines(escalation(("blood", "no"))))["Blood transfusion"] == "No."


@pytest.mark.parametrize(
    ("one", "fields"),
    [
        (donation(), set()), (donation(decision=""), {"decision"}), (donation(decision="nominated"), {"nominated"}),
        (donation(decision="nominated", nominated="Helen"), set()), (dispute(), set()), (dispute(about=" "), {"about"}),
        (dispute(views_held=""), {"views_held"}), (best_interests(outcome=""), {"outcome"}), (best_interests(), set()),
        (referral(service=""), {"service"}), (referral(), set()),
    ],
)  # fmt: skip
def test_what_the_others_must_say(one, fields):
    assert set(directives.problems(one, name="x", role="gp", on=DAY)) == fields


def test_a_day_after_today_says_what_to_do():
    tomorrow = DAY + timedelta(days=1)
    here = directives.problems(refusal(made_on=tomorrow), name="x", role="gp", on=DAY)["made_on"]
    paper = directives.problems(refusal(made_on=tomorrow, **PAPER), name="x", role="gp", on=DAY)["made_on"]
    assert paper == f"{here} Leave it empty if none is seen."


def test_which_kinds_are_clinical_of_which_one_is_current_and_which_exist_already():
    assert {kind.id for kind in KINDS.values() if kind.clinical} == {"emergency", "escalation"}
    assert {kind.id for kind in KINDS.values() if kind.one_current} == {
        "advance_decision", "emergency", "escalation", "donation",
    }  # fmt: skip
    assert {kind.id for kind in KINDS.values() if not kind.may_be_made_here} == {"authority"}
    assert all(kind.title == kind.document.title for kind in KINDS.values())


def test_the_latest_ended_comes_first():
    old, new = refusal(ended="wrong", made_on=MADE), refusal(ended="wrong", made_on=DAY)
    assert Directives((old, new)).ended == (new, old)

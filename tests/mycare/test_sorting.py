"""What does not fit together, in plain words: each half only when it was heard of, and nobody chooses (H5, H16)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from ambit.careplan.actions.directives import record_directive
from tests.mycare.test_plan_pages import decide, words

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
REFUSAL = {
    "form": "refusal", "treatments": ["cpr", "dialysis"], "in_writing": "yes", "signed": "person", "at_risk": "yes",
    "witnessed": "yes", "witness": "Ade Cole", "seen": "copy", "made_on": TODAY - timedelta(days=400),
}  # fmt: skip
ATTORNEY = {
    "type": "lpa_health", "holders": [{"name": "Helen"}], "made_on": TODAY - timedelta(days=40),
    "registered_on": TODAY - timedelta(days=20), "seen": "copy", "life_sustaining": "yes",
}  # fmt: skip
SAME = "Ask that the decision of your doctors about CPR says the same."


@pytest.fixture
def first_page(ashworth, own_page):
    return lambda role="person": words(own_page(role).get(reverse("my_plan", args=[ashworth.id])))


@pytest.fixture
def record(reader, ashworth):
    def recorded(kind, said, source="transcribed"):
        return record_directive(
            by=reader("gp"), person=ashworth, kind=kind, source=source, said=said, on=TODAY, key=uuid4()
        )

    return recorded


def escalation(talked):
    said = {
        "limits": [{"treatment": "dialysis", "answer": "yes"}],
        "talked": talked,
        "reason": "Kidneys",
        "made_on": TODAY,
    }
    return said | {"decided_by": "Dr Amina Rahman", "seen": "copy"}


def test_nothing_to_sort_out_is_not_mentioned(first_page):
    assert "to sort out" not in first_page()


def test_a_written_refusal_beside_a_decision_for_cpr(ashworth, reader, record, first_page):
    record("advance_decision", REFUSAL)
    decide(reader("gp"), ashworth, reading="attempt")
    shown = first_page()
    assert "One thing to sort out" in shown
    assert "Your plan says different things about CPR. All of it is still in your plan." in shown
    assert "CPR will be tried." in shown
    assert "Your advance decision refuses CPR." in shown
    assert "Nobody chooses for you." in shown


@pytest.mark.parametrize("reading", ["attempt", "do_not_attempt"])
@pytest.mark.parametrize("role", ["person", "carer"])
def test_a_written_refusal_tells_of_no_decision_that_was_not_talked_about(
    ashworth, reader, record, first_page, reading, role
):
    """The same words, whether nothing is decided, or something that nobody has told them of (H16)."""
    record("advance_decision", REFUSAL)
    before = first_page(role)
    assert SAME in before
    decide(reader("gp"), ashworth, reading=reading, talked="close")
    assert first_page(role).split("Who opened your plan")[0] == before.split("Who opened your plan")[0]


def test_a_refusal_and_a_decision_that_agree_are_nothing_to_sort_out(ashworth, reader, record, first_page):
    record("advance_decision", REFUSAL)
    decide(reader("gp"), ashworth)
    assert "to sort out" not in first_page()


def test_a_treatment_refused_and_given_is_said_when_it_was_talked_about(ashworth, reader, record, first_page):
    record("advance_decision", REFUSAL)
    decide(reader("gp"), ashworth)
    record("escalation", escalation("person"))
    shown = first_page()
    assert "Your plan says different things about this treatment: dialysis." in shown
    assert "Your advance decision: Refuses dialysis." in shown
    assert "What was decided about treatment: Dialysis: Yes." in shown


@pytest.mark.parametrize(("role", "seen"), [("person", False), ("carer", False), ("proxy", True)])
def test_what_was_decided_without_them_is_not_first_heard_of_here(ashworth, reader, record, first_page, role, seen):
    record("advance_decision", REFUSAL)
    decide(reader("gp"), ashworth)
    record("escalation", escalation("close"))
    assert ("about this treatment" in first_page(role)) is seen


def test_an_attorney_after_the_advance_decision_and_two_of_a_kind(ashworth, reader, record, first_page):
    decide(reader("gp"), ashworth)
    record("advance_decision", REFUSAL)
    record("advance_decision", REFUSAL | {"treatments": ["blood"]})
    record("authority", ATTORNEY)
    shown = first_page()
    assert (
        "You wrote an advance decision, and later gave somebody the power to decide about the same treatment." in shown
    )
    assert "Your attorney: Helen may decide." in shown
    assert "There are two papers of the same kind in your plan, and both still count." in shown
    assert "things to sort out" in shown


@pytest.mark.parametrize(
    ("section", "content", "told"),
    [
        ("medicines_at_home", {"box": "no"}, "The medicines that may be needed there are not there yet."),
        ("care_package", {"night": "nobody"}, "There are nights when nobody is with you."),
    ],
)
def test_what_is_missing_at_home(said, first_page, section, content, told):
    said("place_of_care", care_first="own_home", death_first="own_home")
    said(section, **content)
    shown = first_page()
    assert told in shown
    assert "Preference." not in shown


def test_what_is_to_be_sorted_out_is_asked_about_in_its_part(ashworth, record, own_page):
    record("advance_decision", REFUSAL)
    page = own_page("person").get(reverse("my_plan", args=[ashworth.id])).content.decode()
    assert f"{reverse('propose_change', args=[ashworth.id])}?part=cpr" in page

"""Pages of documents with legal force: what is recorded is shown with its force; bad input is answered at its field."""

from dataclasses import fields
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from ambit.access.actions import make_account
from ambit.access.models import Grant
from ambit.access.queries import operator
from ambit.careplan import queries
from ambit.careplan.models import TABLES, Directive
from ambit.careplan.rules.directives import KINDS
from ambit.people.models import Person

TODAY = timezone.localdate()


def day(name, on=TODAY):
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def here(**said):
    return {"key": str(uuid4()), "source": "made_here", "jurisdiction": "EW"} | day("made_on") | said


def on_paper(**said):
    return {"key": str(uuid4()), "source": "transcribed", "seen": "copy", "jurisdiction": "EW"} | said


REFUSAL = {
    "form": "refusal", "treatments": ["cpr", "mask_ventilation"], "capacity": "presumed", "in_writing": "yes",
    "signed": "person", "at_risk": "yes", "witnessed": "yes", "witness": "Ade Cole",
}  # fmt: skip
EMERGENCY = {
    "priority": "comfort", "cpr": "do_not_attempt", "cpr_reason": "Heart failure", "has_capacity": "yes",
    "involvement": "A", "clinician": "Dr Amina Rahman", "comfort_scale": "8", "limit__hospital__answer": "only_if",
    "limit__hospital__words": "a broken bone", "limit__mask_ventilation__answer": "no",
}  # fmt: skip
BEST = {
    "decision": "To move to Ferry View", "options": "Home, Ferry View", "wishes": "Wants company",
    "consulted": "Helen", "less_restrictive": "Night sitters were tried", "outcome": "Ferry View",
    "not_to_bring_about_death": "on", "decided_by": "Dr Amina Rahman", "serious": "care_home",
}  # fmt: skip
EXAMPLES = {
    "advance_decision": REFUSAL,
    "authority": {"type": "lpa_health", "holders__0__name": "Helen Ashworth-Doyle", "life_sustaining": "yes"},
    "emergency": EMERGENCY,
    "escalation": {"limit__dialysis__answer": "no", "decided_by": "Dr Amina Rahman", "talked": "person"},
    "capacity": {"decision": "To go to hospital for the chest infection", "outcome": "has", "assessor": "Dr Amina Rahman"},
    "best_interests": BEST,
    "imca": {"decision": "To move to Ferry View", "serious": "care_home", "state": "instructed", "service": "Northmarch Voices"},
    "donation": {"decision": "yes_all", "on_register": "yes"},
    "dispute": {"about": "Feeding tube", "views_held": "Her sons disagree", "next_step": "mediation"},
}  # fmt: skip


@pytest.fixture
def gp(client_as):
    return client_as("Amina Rahman")


@pytest.fixture
def where(person):
    ashworth = person()
    return lambda name, **more: reverse(name, kwargs={"person_id": ashworth.id} | more)


def record(client, where, kind, said):
    return client.post(where(f"record_{kind}"), said)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_recorded_is_not_a_decision(gp, where, kind):
    assert "is not a decision" in gp.get(where(kind)).text
    assert gp.get(where(f"record_{kind}")).status_code == 200


@pytest.mark.parametrize("kind", EXAMPLES)
def test_recorded_here_it_is_shown_with_its_force(gp, where, kind):
    answer = record(gp, where, kind, (here if kind != "authority" else on_paper)(**EXAMPLES[kind]))
    assert answer.status_code == 302, answer.content.decode()[:3000]
    shown = gp.get(where(kind)).text
    one = Directive.objects.get()
    assert "It no longer counts" in shown
    assert "Dr Amina Rahman" in shown
    assert gp.get(where("plan")).status_code == 200
    ended = gp.post(where("end_directive", directive_id=one.id), {"how": "withdrawn", "reason": "She said so"})
    assert ended.status_code == 302
    again = gp.get(where(kind)).text
    assert "No longer counts" in again
    assert "She said so" in again


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_document_on_paper_is_saved_with_almost_nothing_on_it(gp, where, kind):
    """It is transcribed as it is; what it lacks is said, and it is never refused."""
    least = {"authority": EXAMPLES["authority"], "donation": {"decision": "no"}, "dispute": EXAMPLES["dispute"],
             "advance_decision": {"form": "refusal"}}.get(kind, {})  # fmt: skip
    assert record(gp, where, kind, on_paper(**least)).status_code == 302
    assert "Reported, incomplete: no date seen" in gp.get(where(kind)).text


@pytest.mark.parametrize(
    ("kind", "said", "words"),
    [
        ("advance_decision", here(**REFUSAL) | {"witness": "Margaret Jean Ashworth"}, "somebody else than the person"),
        ("advance_decision", here(form="refusal", other_treatments="I want to be given everything"), "cannot ask for it"),
        ("advance_decision", here(form="refusal"), "Choose at least one treatment"),
        ("advance_decision", here(**REFUSAL) | day("made_on", TODAY + timedelta(days=1)), "must not be after today"),
        ("advance_decision", here(**REFUSAL) | day("review_on", TODAY - timedelta(days=1)), "must be after today"),
        ("authority", on_paper(**EXAMPLES["authority"]) | {"type": "deputy"}, "never refuse life-sustaining"),
        ("authority", on_paper(**EXAMPLES["authority"]) | day("made_on") | day("registered_on", TODAY - timedelta(days=9)), "cannot be registered before"),
        ("authority", on_paper(**EXAMPLES["authority"]) | {"holders__0__email": "helen@example.org"}, "Access follows authority"),
        ("emergency", here(**EMERGENCY) | {"cpr": "modified"}, "Modified CPR is for a child"),
        ("emergency", here(**EMERGENCY) | {"involvement": "B"}, "Make both agree"),
        ("emergency", here(**EMERGENCY) | {"involvement": "C"}, "C is for a child under 18"),
        ("emergency", here(**EMERGENCY) | {"comfort_scale": "11"}, "10 or less"),
        ("capacity", here(decision="All decisions", outcome="has", assessor="Dr Amina Rahman"), "Name one decision"),
        ("gillick", here(decision="To stop chemotherapy", outcome="competent", understanding="All of it", assessor="x"), "children under 16"),
        ("best_interests", here(**BEST) | {"not_to_bring_about_death": ""}, "not moved by a wish"),
        ("dispute", on_paper(about="Feeding tube"), "Write who holds which view"),
        ("escalation", here(decided_by="Dr Amina Rahman", talked="person"), "Answer for at least one treatment"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_at_its_field(gp, where, kind, said, words):
    answer = record(gp, where, kind, said)
    assert answer.status_code == 422
    assert words in answer.text
    assert "nhsuk-error-message" in answer.text
    assert not Directive.objects.exists()


def test_an_unwitnessed_refusal_is_kept_as_a_wish_that_says_why(gp, where):
    record(gp, where, "advance_decision", here(**REFUSAL) | {"witnessed": "no", "witness": ""})
    shown = gp.get(where("advance_decision")).text
    assert "recorded as a wish: not witnessed, so not binding for life-sustaining treatment" in shown
    assert "To make it binding:" in shown
    assert "Why the advance decision is not binding" in gp.get(where("plan")).text


def test_both_views_stay_visible(gp, client_as, where):
    record(gp, where, "advance_decision", here(**REFUSAL))
    one = Directive.objects.get()
    nurse = client_as("Ruth Tannahill")
    address = where("view_differently", directive_id=one.id)
    doubt = {"force": "doubtful", "reason": "Asked for the mask yesterday"}
    Grant.objects.create(
        person_id=one.person_id, kind="shared", organisation=_organisation("ZC1"), from_at=timezone.now()
    )
    assert nurse.post(address, {"force": "binding", "reason": "I think so"}).status_code == 422
    assert nurse.post(address, doubt).status_code == 302
    assert gp.post(address, {"force": "not_binding", "reason": "She changed her mind"}).status_code == 302
    shown = gp.get(where("advance_decision")).text
    assert "not known whether it binds" in shown
    assert "Asked for the mask yesterday" in shown
    assert "She changed her mind" in shown


def _organisation(code):
    from ambit.organisations.models import Organisation

    return Organisation.objects.get(code=code)


def test_an_attorney_opens_the_record_for_as_long_as_the_document_counts(gp, where, person):
    account, _ = make_account(by=operator(), email="helen@example.org", role="proxy", name="Helen")
    said = on_paper(**EXAMPLES["authority"], holders__0__email="helen@example.org") | day("registered_on")
    assert record(gp, where, "authority", said).status_code == 302
    grant = Grant.objects.get(account=account)
    assert (grant.kind, grant.until_at) == ("proxy", None)
    assert "Lasting power of attorney, health and welfare, registered" in grant.basis
    assert (
        "authority if the person lacks capacity, life-sustaining treatment included" in gp.get(where("authority")).text
    )
    one = Directive.objects.get()
    gp.post(where("end_directive", directive_id=one.id), {"how": "withdrawn", "reason": "Revoked"})
    grant.refresh_from_db()
    assert grant.until_at is not None


def test_a_newer_one_replaces_only_what_is_ticked(gp, where, reader):
    record(gp, where, "advance_decision", here(**REFUSAL))
    first = Directive.objects.get()
    record(gp, where, "advance_decision", here(**REFUSAL))
    assert "2 are current" in gp.get(where("advance_decision")).text
    record(
        gp, where, "advance_decision", here(**REFUSAL) | {"replaces": [str(one.id) for one in Directive.objects.all()]}
    )
    plan = queries.current(reader("gp"), first.person_id)
    assert len(plan.directives.refusals()) == 1
    assert [one.ended for one in plan.directives.ended] == ["replaced", "replaced"]


def test_a_form_sent_twice_is_one_document(gp, where):
    said = here(**REFUSAL)
    assert record(gp, where, "advance_decision", said).status_code == 302
    assert record(gp, where, "advance_decision", said).status_code == 302
    assert Directive.objects.count() == 1


def test_only_a_senior_clinician_makes_and_ends_what_is_clinical(gp, client_as, where):
    record(gp, where, "emergency", here(**EMERGENCY))
    one = Directive.objects.get()
    Grant.objects.create(
        person_id=one.person_id, kind="shared", organisation=_organisation("ZC1"), from_at=timezone.now()
    )
    nurse = client_as("Ruth Tannahill")
    assert record(nurse, where, "emergency", here(**EMERGENCY)).status_code == 422
    assert record(nurse, where, "emergency", on_paper(**EMERGENCY)).status_code == 302
    assert (
        nurse.post(where("end_directive", directive_id=one.id), {"how": "withdrawn", "reason": "x"}).status_code == 403
    )


def test_nothing_is_recorded_after_death(gp, where):
    Person.objects.update(died_on=TODAY)
    answer = record(gp, where, "advance_decision", here(**REFUSAL))
    assert answer.status_code == 422
    assert "Their plan is kept" in answer.text


def test_elsewhere_the_force_is_not_computed(gp, where):
    record(gp, where, "advance_decision", here(**REFUSAL) | {"jurisdiction": "SCT"})
    assert "legal force not computed for Scotland" in gp.get(where("advance_decision")).text
    assert "Legal force not computed here" in gp.get(where("plan")).text


def test_every_kind_has_a_table_with_the_columns_that_the_rules_read():
    assert set(TABLES) == set(KINDS)
    common = {field.name for field in Directive._meta.concrete_fields} - {"person", "kind"}
    read_besides = {"born_on", "ended", "ended_at", "ended_by", "ended_reason", "views"}
    for kind, table in TABLES.items():
        stored = {field.name for field in table._meta.concrete_fields} - {"directive"}
        assert stored | common | read_besides == {field.name for field in fields(KINDS[kind].document)}, kind

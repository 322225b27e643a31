"""What a person withdraws is gone from every route at once: the whole record, or one section of it (hazards H6 and H16).

The routes are those that Django resolves, so a page, print, export or list that is written later is walked from its first day.
"""

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from ambit.access import actions
from ambit.access.items import titles
from ambit.access.queries import operator
from ambit.access.routes import routes
from ambit.careplan import registry
from ambit.careplan.models import Attachment, CPRDecision, Recognition, SectionVersion, Verification
from ambit.careplan.rules import CHOICE, LINE, ROWS, TEXT
from ambit.coordination.models import Task, TaskStep
from ambit.outcomes.models import Measure, PhaseStart
from tests.architecture.test_routes import NOT_POSTED, addresses, is_closed_to
from tests.world.foreign import SECRETS, foreign_world

KEPT = "veiledthistle"
# who has which tie: the care team, the care home, the ambulance on duty, a hospital it is shared with
TIED = {
    "palliative_specialist": ("care_team", "ZHS"),
    "care_home_senior": ("residence", "ZCH1"),
    "urgent_clinician": ("", "ZAM"),
    "hospital_clinician": ("shared", "ZH1"),
}
WALKERS = [
    "care_home_senior",
    "urgent_clinician",
    pytest.param("palliative_specialist", marks=pytest.mark.long),
    pytest.param("hospital_clinician", marks=pytest.mark.long),
]
# sections by their own address; the pages of the whole plan show all
SOME = [registry.section("what_matters"), registry.section("allergies")]


@pytest.fixture
def foreign(place):
    """Somebody of another system, in every table, whom each of the readers may see until they object."""
    world = foreign_world()
    for kind, code in TIED.values():
        if kind:
            actions.give_grant(by=operator(), person_id=world.person.id, kind=kind, organisation_id=place[code].id)
        else:
            actions.put_on_duty(by=operator(), organisation=place[code], area=world.practice.part_of)
    for section in registry.plan().sections():
        if not section.decision:
            _write(world.person, section)
    CPRDecision.objects.create(
        person=world.person,
        reading="do_not_attempt",
        source="made_here",
        made_on=timezone.localdate(),
        reason=KEPT,
        decided_by=KEPT,
        recorded_at=timezone.now(),
        recorded_by=KEPT,
        recorded_by_role="gp",
    )
    _words_beside_the_plan(world, place)
    return world


def _words_beside_the_plan(world, place):
    """What is written about somebody outside the sections: tasks, dying and death, what is measured, attached files."""
    person, now, by = world.person, timezone.now(), {"recorded_at": timezone.now(), "recorded_by": KEPT}
    for code in ("ZHS", "ZCH1", "ZAM", "ZH1"):
        task = Task.objects.create(person=person, what=KEPT, owner_organisation=place[code], raised_by="Farah Lund")
        TaskStep.objects.create(task=task, number=1, kind="raised", note=KEPT, at=now, by_name=KEPT, by_role="gp")
    Recognition.objects.create(
        person=person,
        kind="dying",
        at=now,
        judged_by=KEPT,
        causes="considered",
        words=KEPT,
        recorded_by_role="gp",
        **by,
    )
    Verification.objects.create(
        person=person, verified_at=now, verified_by=KEPT, signs=["no_breathing"], words=KEPT, present=KEPT,
        recorded_by_role="gp", **by,
    )  # fmt: skip
    Measure.objects.create(
        person=person, instrument="akps", version="1", respondent="staff", assessed_on=timezone.localdate(),
        answers={"akps": 40}, missing=[], subscales={}, extras=[], problems=[], total=40, recorded_by_role="gp", recorded_by_organisation=KEPT, reason=KEPT, **by,
    )  # fmt: skip
    PhaseStart.objects.create(
        person=person, phase="unstable", began_on=timezone.localdate(), recorded_by_role="gp", reason=KEPT, **by
    )
    Attachment.objects.create(
        person=person, section="what_matters", title=KEPT, name=KEPT, content_type="application/pdf", size=9,
        sha256="0" * 64, recorded_by_role="gp", **by,
    )  # fmt: skip


def _write(person, section):
    said = {item.id: KEPT for item in section.items if item.type in (LINE, TEXT)} | {
        item.id: [{part.id: KEPT for part in item.items if part.type in (LINE, TEXT)}]
        for item in section.items
        if item.type == ROWS
    }
    for item in section.items:
        if item.type == CHOICE:
            ids = [value.id for value in item.values]
            said[item.id] = "some" if "some" in ids else ids[0]
    number = SectionVersion.objects.filter(person=person, section=section.id).count()
    SectionVersion.objects.create(
        person=person, section=section.id, number=number + 1, base=number, content=said, pack="ambit-plan 1",
        author_name="Farah Lund", author_role="gp", saved_at=timezone.now(),
    )  # fmt: skip


def answers(client, foreign, role):
    """Everything that every route open to the role answers this reader about the person, as text, with the address."""
    for route in routes():
        if is_closed_to(role, route):
            continue
        for address in addresses(route, foreign):
            for section in SOME if "<slug:section_id>" in route.address else [None]:
                here = address.replace("/cpr/", f"/{section.id}/", 1) if section else address
                for send in ("get", "post"):
                    if send == "post" and route.name in NOT_POSTED:
                        continue
                    with transaction.atomic():
                        answer = getattr(client, send)(here)
                        transaction.set_rollback(True)
                    body = b"".join(answer) + str(answer.headers).encode()
                    yield f"{send} {here}", body.decode(errors="replace").lower()


@pytest.mark.parametrize("role", WALKERS)
def test_after_withdrawal_no_route_says_who_they_are(role, client_as, foreign):
    client = client_as(role)
    client.get(reverse("live"))
    before = client.get(reverse("plan", args=[foreign.person.id])).content.decode().lower()
    assert SECRETS[0] in before
    assert KEPT in before
    actions.record_objection(
        by=operator(), person_id=foreign.person.id, basis="person", informed_on=timezone.localdate()
    )
    assert [where for where, said in answers(client, foreign, role) if any(s in said for s in (*SECRETS, KEPT))] == []


@pytest.mark.parametrize("role", WALKERS)
def test_after_restricting_every_section_no_route_says_what_stands_there(role, client_as, foreign):
    client = client_as(role)
    client.get(reverse("live"))
    for item in titles():
        actions.record_objection(
            by=operator(),
            person_id=foreign.person.id,
            basis="person",
            informed_on=timezone.localdate(),
            scope="item",
            item=item,
        )
    said = dict(answers(client, foreign, role))
    assert SECRETS[0] in said[f"get {reverse('plan', args=[foreign.person.id])}"]
    assert "not shown" in said[f"get {reverse('plan', args=[foreign.person.id])}"]
    assert [where for where, words in said.items() if KEPT in words] == []

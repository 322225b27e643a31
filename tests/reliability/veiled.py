"""People of whom each has words of their own, and ten readers in as many roles who may see them: added to a site that runs.

Run as a module it adds them; the settings of the site are those of the environment it is run in.
"""

import json
import os
from datetime import date, timedelta
from itertools import islice
from typing import Any
from uuid import uuid4

# role of staff: the kind of its organisation, and the tie it has; without one it is on duty for the practice's system
STAFF = {
    "community_nurse": ("community", "care_team"),
    "palliative_specialist": ("hospice", "care_team"),
    "care_coordinator": ("community", "care_team"),
    "urgent_clinician": ("ambulance", ""),
    "advice_line_nurse": ("out_of_hours", ""),
    "care_home_senior": ("care_home", "residence"),
    "social_worker": ("council", "care_team"),
    "hospital_clinician": ("hospital", "shared"),
    "practice_administrator": ("practice", "shared"),
}
HOLDER, CARER = "gp", "carer"
READERS = (*STAFF, CARER)
# whose tasks hold a word about the person
SEE_TASKS = tuple(role for role in STAFF if role != "urgent_clinician")
BORN = date(1940, 3, 14)
# the parts of a record that each hold a word of their own
PARTS = ("name", "note", "substance", "cpr", "task")
NUMBERS_FROM = 999_800_000
ON_REGISTER_DAYS = 70
INDICATOR = "ind.coord.named"


def word(part: str, number: int) -> str:
    """A word that stands in one part of one person's record, and nowhere else."""
    return f"{part}q{chr(97 + number // 26)}{chr(97 + number % 26)}zq"


def email_of(who: str) -> str:
    return f"{who}@veiled.example"


def fill(*, first: int, people: int, password: str) -> list[dict[str, Any]]:
    """Make so many people whom every reader may see; the readers are made with the first of them."""
    from django.db import transaction
    from django.utils import timezone

    from ambit.access.models import Account
    from ambit.access.queries import reader_named
    from ambit.organisations.models import Organisation

    with transaction.atomic():
        if not Account.objects.filter(email=email_of(HOLDER)).exists():
            _readers(password)
        gp, today = reader_named(email_of(HOLDER)), timezone.localdate()
        places = {one.code: one for one in Organisation.objects.filter(code__startswith="V")}
        return [_somebody(gp, number, places, password, today) for number in range(first, first + people)]


def _code(role: str) -> str:
    return f"V{[HOLDER, *STAFF].index(role):02}"


def _readers(password: str) -> None:
    from django.contrib.auth.hashers import make_password

    from ambit.access import actions as access
    from ambit.access.models import Account
    from ambit.access.queries import operator
    from ambit.organisations.models import Membership, Organisation, Staff

    hashed = make_password(password)
    system = Organisation.objects.create(code="VSYS", name="Veiled system", kind="system")
    for role, (kind, tie) in {HOLDER: ("practice", "practice"), **STAFF}.items():
        place = Organisation.objects.create(
            code=_code(role), name=f"Place of the {role}", kind=kind, part_of=system if role == HOLDER else None
        )
        staff = Staff.objects.create(name=f"Reader {role}", email=email_of(role))
        Membership.objects.create(staff=staff, organisation=place, role=role, from_on=date(2020, 1, 1))
        Account.objects.create(email=staff.email, staff=staff, name=staff.name, password=hashed)
        if not tie:
            access.put_on_duty(by=operator(), area=system, organisation=place)
    Account.objects.create(email=email_of(CARER), role=CARER, name="Reader carer", password=hashed)


def _somebody(gp: Any, number: int, places: dict[str, Any], password: str, today: date) -> dict[str, Any]:
    from ambit.access import actions as access
    from ambit.access.models import Account
    from ambit.access.queries import operator
    from ambit.coordination.actions import raise_task
    from ambit.coordination.queries import Owner
    from ambit.demonstration.rules import nhs_numbers
    from ambit.people import actions as people
    from ambit.people.rules import Identity
    from ambit.register import actions as register

    nhs_number = next(islice(nhs_numbers(NUMBERS_FROM), number, None))
    identity = Identity(
        given_names="Somebody", family_name=word("name", number).capitalize(), born_on=BORN, sex="female",
        nhs_number=nhs_number, practice_id=places[_code(HOLDER)].id,
    )  # fmt: skip
    by, person = operator(), people.admit(by=operator(), identity=identity)
    register.add_to_register(
        by=by, person=person, on=today - timedelta(days=ON_REGISTER_DAYS), found_by="by_hand", stage="months", told=True
    )
    access.record_consent(by=by, person_id=person.id, basis="person", informed_on=today)
    grants = {
        role: access.give_grant(by=by, person_id=person.id, kind=tie, organisation_id=places[_code(role)].id).id
        for role, (_kind, tie) in STAFF.items()
        if tie
    }
    for role in SEE_TASKS:
        place = places[_code(role)]
        owner = Owner(name=place.name, organisation_id=place.id)
        raise_task(by=by, what=f"Ring about {word('task', number)}", owner=owner, person_id=person.id, due_on=today)
    _plan(gp, person, number, today)
    own = Account.objects.create(
        email=email_of(word("own", number)), role="person", person=person, name="The person",
        password=Account.objects.get(email=email_of(CARER)).password,
    )  # fmt: skip
    return {
        "id": str(person.id),
        "number": number,
        "nhs_number": nhs_number,
        "own": own.email,
        "home": str(places[_code("care_home_senior")].id),
        "shared": str(grants["hospital_clinician"]),
        "leave": str(_leave(gp, person)),
    }


def _leave(gp: Any, person: Any) -> Any:
    """The invitation by which the one carer of this site has the person's leave."""
    from ambit.access import actions as access
    from ambit.access.models import Account
    from ambit.access.queries import operator
    from ambit.mycare.models import Invitation

    carer = Account.objects.get(email=email_of(CARER))
    grant = access.give_grant(by=operator(), person_id=person.id, kind=CARER, account_id=carer.pk, basis="Leave")
    return Invitation.objects.create(
        person=person, role=CARER, name=carer.name, basis="leave", evidence="Seen", made_by=gp.name, made_by_role=gp.role,
        made_at=grant.from_at, used_at=grant.from_at, account=carer, grant=grant,
    ).pk  # fmt: skip


def _plan(gp: Any, person: Any, number: int, today: date) -> None:
    from ambit.careplan import actions as careplan
    from ambit.careplan import registry

    says: dict[str, dict[str, Any]] = {
        "need_to_know": {"note": word("note", number), "until_on": (today + timedelta(days=20)).isoformat()},
        "allergies": {"status": "some", "list": [{"substance": word("substance", number), "reaction": "Rash"}]},
    }
    for name, said in says.items():
        content = {f"{name}.{item}": value for item, value in said.items()}
        careplan.save_section(by=gp, person=person, section=registry.section(name), base=0, content=content, on=today)
    form = careplan.CPRForm(
        reading="do_not_attempt", made_on=today, reason=word("cpr", number), talked="person", decided_by=gp.name,
        decided_by_role="GP", review_on=today + timedelta(days=90),
    )  # fmt: skip
    careplan.make_cpr_decision(by=gp, person=person, form=form, replaces=(), on=today, key=uuid4())


def _counted(first: int, somebody: list[dict[str, Any]]) -> None:
    """They stand behind the newest figure of an indicator, which lists people."""
    from django.utils import timezone

    from ambit.access.queries import operator
    from ambit.measures import actions as measures
    from ambit.measures.models import Behind, Snapshot

    measures.take_what_is_missing(by=operator(), on=timezone.localdate())
    Behind.objects.create(
        snapshot=Snapshot.objects.order_by("-month")[0], indicator=INDICATOR, practice=f"V{first:03}",
        counted=[one["id"] for one in somebody], others=[],
    )  # fmt: skip


if __name__ == "__main__":
    import django

    django.setup()
    asked = json.loads(os.environ["AMBIT_VEILED"])
    made = fill(**asked)
    _counted(asked["first"], made)
    print(json.dumps(made))  # read by the parent

"""What is done about organisations, teams, staff and roles: all writing happens here."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.organisations.models import Membership, Organisation, Role, Staff, Team
from ambit.organisations.rules import (
    code_problem,
    dates_problem,
    postcode_problem,
    telephone_problem,
    tidy_code,
    tidy_postcode,
)


def _refuse(problems: Mapping[str, str | None]) -> None:
    found = {field: words for field, words in problems.items() if words}
    if found:
        raise Refused(found)


def _organisation(organisation_id: UUID) -> Organisation:
    organisation = Organisation.objects.select_for_update().filter(pk=organisation_id).first()
    if organisation is None:
        raise Refused("That organisation is not here. Choose one from the list of organisations.")
    return organisation


def _parent(code: str, *, of: Organisation | None = None) -> Organisation | None:
    """The organisation that another is part of; an organisation is never part of itself, however far up."""
    if not code:
        return None
    parent = Organisation.objects.filter(code=tidy_code(code)).first()
    if parent is None:
        raise Refused({"part_of": f"No organisation has the code {code}. Add it first, or leave this empty."})
    above: Organisation | None = parent
    while of and above:
        if above.pk == of.pk:
            raise Refused({"part_of": f"{parent.name} is itself part of {of.name}. Choose another."})
        above = above.part_of
    return parent


@transaction.atomic
def open_organisation(
    *,
    by: Reader,
    code: str,
    name: str,
    kind: str,
    part_of: str = "",
    telephone: str = "",
    address: str = "",
    postcode: str = "",
    opened_on: date | None = None,
    closed_on: date | None = None,
) -> Organisation:
    """Put an organisation into the place's address book; `part_of` is the code of the one above it."""
    by.must("edit_organisations")
    code, postcode, name = tidy_code(code), tidy_postcode(postcode), name.strip()
    problem = code_problem(code)
    if problem is None and (known := Organisation.objects.filter(code=code).first()):
        problem = f"{known.name} already has the code {code}. Edit it, or give another code."
    _refuse({"code": problem} | _checked(name, kind, telephone, postcode, opened_on, closed_on))
    organisation = Organisation.objects.create(
        code=code,
        name=name,
        kind=kind,
        part_of=_parent(part_of),
        telephone=telephone,
        address=address,
        postcode=postcode,
        opened_on=opened_on,
        closed_on=closed_on,
    )
    audit.record(by=by, what="opened an organisation", details={"organisation": code, "name": name})
    return organisation


def _checked(
    name: str, kind: str, telephone: str, postcode: str, opened_on: date | None, closed_on: date | None
) -> dict[str, str | None]:
    return {
        "name": None if name else "Enter the organisation’s name.",
        "kind": None
        if kind in Organisation.Kind.values
        else f"“{kind}” is not a kind of organisation. Write one of: {', '.join(Organisation.Kind.values)}.",
        "telephone": telephone_problem(telephone),
        "postcode": postcode_problem(postcode),
        "closed_on": dates_problem(opened_on, closed_on),
    }


@transaction.atomic
def edit_organisation(
    *,
    by: Reader,
    organisation_id: UUID,
    name: str,
    kind: str,
    part_of: str = "",
    telephone: str = "",
    address: str = "",
    postcode: str = "",
    opened_on: date | None = None,
) -> Organisation:
    """Correct what the address book says; the code never changes, since records elsewhere point to it."""
    by.must("edit_organisations")
    organisation = _organisation(organisation_id)
    postcode, name = tidy_postcode(postcode), name.strip()
    _refuse(_checked(name, kind, telephone, postcode, opened_on, organisation.closed_on))
    new: dict[str, Any] = {
        "name": name,
        "kind": kind,
        "part_of": _parent(part_of, of=organisation),
        "telephone": telephone,
        "address": address,
        "postcode": postcode,
        "opened_on": opened_on,
    }
    changed = sorted(field for field, value in new.items() if getattr(organisation, field) != value)
    if changed:
        for field in changed:
            setattr(organisation, field, new[field])
        organisation.save(update_fields=changed)
        audit.record(
            by=by,
            what="edited an organisation",
            details={"organisation": organisation.code, "changed": changed},
        )
    return organisation


@transaction.atomic
def close_organisation(*, by: Reader, organisation_id: UUID, on: date) -> Organisation:
    """Close an organisation from a day: its teams close and the roles in it end then; nothing is deleted."""
    by.must("edit_organisations")
    organisation = _organisation(organisation_id)
    if organisation.closed_on:
        raise Refused({"on": f"{organisation.name} closed on {organisation.closed_on} already."})
    _refuse({"on": dates_problem(organisation.opened_on, on)})
    parts = list(organisation.parts.filter(closed_on=None).values_list("name", flat=True))
    if parts:
        raise Refused(f"{', '.join(parts)} is still part of it. Close that, or make it part of another, first.")
    future = organisation.memberships.filter(until_on=None, from_on__gt=on)
    if future.exists():
        raise Refused({"on": "Somebody’s role here begins after that day. End that role first, or give a later day."})
    organisation.closed_on = on
    organisation.save(update_fields=["closed_on"])
    organisation.teams.filter(closed_on=None).update(closed_on=on)
    ended = organisation.memberships.filter(until_on=None).update(until_on=on)
    audit.record(
        by=by,
        what="closed an organisation",
        details={"organisation": organisation.code, "on": on.isoformat(), "roles_ended": ended},
    )
    return organisation


@transaction.atomic
def add_team(*, by: Reader, organisation_id: UUID, name: str, telephone: str = "", hours: str = "") -> Team:
    """Add a team to an organisation that is open."""
    by.must("edit_organisations")
    organisation = _organisation(organisation_id)
    name = name.strip()
    problem = None if name else "Enter the team’s name."
    if name and organisation.teams.filter(name__iexact=name).exists():
        problem = f"{organisation.name} already has a team called {name}. Give another name."
    closed = f"{organisation.name} is closed." if organisation.closed_on else None
    _refuse({"name": problem, "telephone": telephone_problem(telephone), "": closed})
    team = Team.objects.create(organisation=organisation, name=name, telephone=telephone, hours=hours)
    audit.record(by=by, what="added a team", details={"organisation": organisation.code, "team": name})
    return team


@transaction.atomic
def edit_team(*, by: Reader, team_id: UUID, telephone: str = "", hours: str = "") -> Team:
    """Correct how and when a team is reached."""
    by.must("edit_organisations")
    team = Team.objects.select_for_update().select_related("organisation").get(pk=team_id)
    _refuse({"telephone": telephone_problem(telephone)})
    team.telephone, team.hours = telephone, hours
    team.save(update_fields=["telephone", "hours"])
    audit.record(by=by, what="edited a team", details={"organisation": team.organisation.code, "team": team.name})
    return team


@transaction.atomic
def add_staff(
    *, by: Reader, email: str, name: str, title: str = "", telephone: str = "", registration: str = ""
) -> Staff:
    """Add somebody who works in the place; they act only once a role is given (`give_membership`)."""
    by.must("edit_organisations")
    email, name = email.strip().lower(), name.strip()
    problem = _email_problem(email)
    if problem is None and (known := Staff.objects.filter(email=email).first()):
        problem = f"{known} already has this address. Give them a role instead, or another address."
    _refuse({"email": problem} | _staff_checked(name, title, telephone, registration))
    staff = Staff.objects.create(email=email, name=name, title=title, telephone=telephone, registration=registration)
    audit.record(by=by, what="added a member of staff", details={"staff": str(staff.pk)})
    return staff


def _staff_checked(name: str, title: str, telephone: str, registration: str) -> dict[str, str | None]:
    return {
        "name": None if name else "Enter the name.",
        "title": "A title has at most 20 characters." if len(title) > 20 else None,
        "telephone": telephone_problem(telephone),
        "registration": "A registration number has at most 30 characters." if len(registration) > 30 else None,
    }


def _email_problem(email: str) -> str | None:
    try:
        validate_email(email)
    except ValidationError:
        return (
            f"“{email}” is not an e-mail address. Write it like name@example.org."
            if email
            else "Enter an e-mail address."
        )
    return None


@transaction.atomic
def edit_staff(
    *, by: Reader, staff_id: UUID, name: str, title: str = "", telephone: str = "", registration: str = ""
) -> Staff:
    """Correct what is known of a member of staff; their address stays, since they sign in with it."""
    by.must("edit_organisations")
    staff = Staff.objects.select_for_update().get(pk=staff_id)
    _refuse(_staff_checked(name, title, telephone, registration))
    staff.name, staff.title, staff.telephone, staff.registration = (
        name.strip(),
        title,
        telephone,
        registration,
    )
    staff.save(update_fields=["name", "title", "telephone", "registration"])
    audit.record(by=by, what="edited a member of staff", details={"staff": str(staff.pk)})
    return staff


@transaction.atomic
def give_membership(
    *,
    by: Reader,
    staff_id: UUID,
    organisation_id: UUID,
    role: str,
    from_on: date,
    team_id: UUID | None = None,
    until_on: date | None = None,
) -> Membership:
    """Give a member of staff a role in an organisation (and team) from a day."""
    by.must("edit_organisations")
    organisation = _organisation(organisation_id)
    team = Team.objects.filter(pk=team_id).first() if team_id else None
    problems: dict[str, str | None] = {
        "role": None if role in Role.values else f"“{role}” is not a role. Write one of: {', '.join(Role.values)}.",
        "until_on": dates_problem(from_on, until_on),
    }
    if organisation.closed_on and (until_on is None or until_on > organisation.closed_on):
        problems[""] = f"{organisation.name} closed on {organisation.closed_on}."
    if team_id and (team is None or team.organisation_id != organisation.pk):
        problems["team_id"] = f"That team is not one of {organisation.name}."
    overlapping = (
        Membership.objects.filter(staff_id=staff_id, organisation=organisation, team=team, role=role)
        .filter(Q(until_on=None) | Q(until_on__gte=from_on))
        .exclude(from_on__gt=until_on or date.max)
    )
    if overlapping.exists():
        problems["role"] = "They already have this role here at that time. End it first, or choose another."
    _refuse(problems)
    membership = Membership.objects.create(
        staff_id=staff_id, organisation=organisation, team=team, role=role, from_on=from_on, until_on=until_on
    )
    audit.record(
        by=by,
        what="gave a role",
        details={
            "staff": str(staff_id),
            "organisation": organisation.code,
            "role": role,
            "from": from_on.isoformat(),
        },
    )
    return membership


@transaction.atomic
def add_staff_in_role(
    *,
    by: Reader,
    organisation_id: UUID,
    email: str,
    name: str,
    role: str,
    from_on: date,
    title: str = "",
    telephone: str = "",
    registration: str = "",
    team_id: UUID | None = None,
) -> Membership:
    """Give a role to the member of staff with this address, adding them first when they are new."""
    by.must("edit_organisations")
    staff = Staff.objects.filter(email=email.strip().lower()).first() or add_staff(
        by=by, email=email, name=name, title=title, telephone=telephone, registration=registration
    )
    return give_membership(
        by=by, staff_id=staff.pk, organisation_id=organisation_id, role=role, from_on=from_on, team_id=team_id
    )


@transaction.atomic
def end_membership(*, by: Reader, membership_id: UUID, on: date) -> Membership:
    """End a role: `on` is its last day."""
    by.must("edit_organisations")
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .filter(pk=membership_id)
        .first()
    )
    if membership is None:
        raise Refused("That role is not here. Open the organisation and choose it there.")
    if membership.until_on:
        raise Refused({"on": f"That role ended on {membership.until_on} already."})
    _refuse({"on": dates_problem(membership.from_on, on)})
    membership.until_on = on
    membership.save(update_fields=["until_on"])
    audit.record(
        by=by,
        what="ended a role",
        details={
            "staff": str(membership.staff_id),
            "organisation": membership.organisation.code,
            "role": membership.role,
            "on": on.isoformat(),
        },
    )
    return membership

"""Copying forward from somebody's records: into the writer's own draft, by their press, with where it comes from."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from ambit.access.queries import Person, Reader
from ambit.audit import actions as audit
from ambit.careplan import queries, rules
from ambit.careplan.actions.living import refuse_after_death
from ambit.careplan.actions.sections import keep_draft
from ambit.careplan.models import SectionDraft
from ambit.careplan.rules import copying
from ambit.design.refusals import Refused


@transaction.atomic
def look_in_record(*, by: Reader, person: Person, section: rules.Section, on: date) -> tuple[copying.Offer, ...]:
    """What may be copied into a section; that somebody looked is in the trail."""
    _, offered = queries.to_copy(by, person, section, on=on)
    audit.record(by=by, what="looked what to copy into the plan", about=person.id, details={"section": section.id})
    return offered


@transaction.atomic
def copy_from_record(
    *, by: Reader, person: Person, section: rules.Section, chosen: Collection[str], on: date
) -> SectionDraft:
    """Put what was chosen into the writer's own draft of a section; it counts as the plan only when they save it."""
    refuse_after_death(person)
    shown, offered = queries.to_copy(by, person, section, on=on)
    taken = [one for one in offered if one.key in chosen]
    if not taken:
        raise Refused({"chosen": "Choose what to copy, or go back to the form."})
    content = copying.copied(section.id, queries.in_form(shown), taken)
    rows = copying.INTO[section.id].rows
    most = section.item(rows).most
    if most and len(content[rows]) > most:
        raise Refused({"chosen": f"There is room for {most} in all. Choose fewer, those that matter most."})
    draft = keep_draft(by=by, person=person, section=section, base=shown.number, content=content)
    audit.record(
        by=by,
        what="copied from a record into a draft",
        about=person.id,
        details={"section": section.id, "rows": len(taken)},
    )
    return draft

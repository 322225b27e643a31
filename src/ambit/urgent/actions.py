"""What is done at the urgent door besides opening: a paper is made, and it is kept that it was."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from ambit.access.queries import Person, Reader, operator
from ambit.audit import actions as audit
from ambit.coordination import actions as coordination
from ambit.coordination.queries import Owner
from ambit.design.refusals import Refused
from ambit.urgent import keys

WRONG = "Something on the urgent page may be wrong"


@transaction.atomic
def print_now(*, by: Reader, person_id: UUID, version: int) -> None:
    """Keep that somebody made the urgent page for paper, and of which version (hazard H7: old copies)."""
    by.must("see_urgent")
    audit.record(by=by, what="made the urgent page for print", about=person_id, details={"version": version})


@transaction.atomic
def write_summaries(*, by: Reader, at: datetime, files: Mapping[str, Sequence[UUID]]) -> None:
    """Keep whose emergency summaries of the moment `at` went into which file, one line for each person and file."""
    by.must("operate")
    for name, people in files.items():
        audit.record_many(by=by, what="wrote an emergency summary", about=people)
        details = {"file": name, "people": len(people), "at": at.isoformat()}
        audit.record(by=by, what="wrote emergency summaries", details=details)


@transaction.atomic
def read_passphrases(*, by: Reader, change: str = "") -> dict[str, str]:
    """The passphrase of each organisation's summaries, after giving a new one to the organisation named, if any."""
    by.must("operate")
    if change and change not in keys.passphrases():
        raise Refused(f"No summaries were written for {change} yet. Write some first: ambit summaries export.")
    audit.record(by=by, what="read the passphrases of the summaries", details={"changed": change})
    if change:
        keys.change_passphrase(change)
    return keys.passphrases()


@transaction.atomic
def report_wrong(*, by: Reader, person: Person, words: str, key: UUID, on: date) -> str:
    """Pass on to the person's practice that something on the urgent page is wrong; says who has it as a task now.

    `key` is the page's own number, so that a form sent twice is one task.
    """
    by.must("see_urgent")
    if not words.strip():
        raise Refused({"words": "Write what is wrong."})
    practice = person.practice
    if practice is None:
        raise Refused("No practice is recorded for this person. Ring whoever looks after them instead.")
    coordination.raise_task(
        by=operator("Ambit"),
        what=WRONG,
        owner=Owner(name=practice.name, organisation_id=practice.id),
        person_id=person.id,
        due_on=on,
        note=f"{by.name}, {by.organisation_name}: {words.strip()}",
        source_event=f"urgent/{key}",
    )
    audit.record(by=by, what="reported something wrong on the urgent page", about=person.id)
    return practice.name

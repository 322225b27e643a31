"""What somebody's records hold that may be copied into a section: looked for when a clinician asks, and not before."""

from collections.abc import Iterator
from datetime import date

from ambit.access.queries import Person, Reader, details_of, must_see
from ambit.audit.rules import NotAllowed
from ambit.careplan import rules
from ambit.careplan.queries.sections import SectionPage, section_page
from ambit.careplan.rules import copying
from ambit.population.queries import coded_records


def may_copy(reader: Reader, person: Person, section: rules.Section) -> bool:
    """Whether this reader may look what can be copied: those of the person's own practice, whose record it is."""
    return (
        section.id in copying.INTO
        and section.may_write(reader.role)
        and reader.may("edit_plan")
        and reader.organisation_id is not None
        and reader.organisation_id == person.practice_id
        and person.died_on is None
    )


def to_copy(
    reader: Reader, person: Person, section: rules.Section, *, on: date
) -> tuple[SectionPage, tuple[copying.Offer, ...]]:
    """The section as this reader last wrote or reads it, and what may be copied into it."""
    if not may_copy(reader, person, section):
        raise NotAllowed(
            "Only the person’s own practice copies from their GP record.",
            what_to_do="Write what you know, or ask the practice.",
        )
    must_see(reader, person.id, section.id, title=section.title)
    shown = section_page(reader, person.id, section)
    return shown, copying.offers(section.id, _said(reader, person, section.id), in_form(shown), on=on)


def in_form(shown: SectionPage) -> dict[str, object]:
    """What the form of the section shows this reader: their draft where it began from what is current, else what is saved."""
    draft = shown.draft
    return dict(draft.content if draft and draft.base == shown.number else shown.content)


def _said(reader: Reader, person: Person, section_id: str) -> Iterator[copying.Said]:
    details = details_of(person)
    if section_id == "people_to_ring":
        for row in details.get("important_people", ()):
            if row["until_on"] is None and row["telephone"]:
                more = (("relation", row["relation"]), ("telephone", row["telephone"]))
                yield copying.Said(
                    kind=copying.CONTACT, words=row["name"], source="the people who matter, recorded here", more=more
                )
        return
    number = next(
        (one["value"] for one in details.get("numbers", ()) if one["is_current"] and one["kind"] == "nhs"), ""
    )
    if not number or person.born_on is None or person.practice is None:
        return
    kinds = copying.INTO[section_id].kinds
    for record in coded_records(
        reader, nhs_number=number, born_on=person.born_on, practice=person.practice.code, kinds=kinds
    ):
        source = f"the GP record ({record.source}), {record.taken_on:%-d %B %Y}"
        for row in record.rows:
            yield copying.Said(kind=row.kind, words=row.text, source=source, since=row.day, ended=row.ended)

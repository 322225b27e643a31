"""Files that belong to a plan: which there are, and their bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ambit.access.queries import Person, Reader, must_see
from ambit.careplan import registry
from ambit.careplan.models import Attachment
from ambit.careplan.queries.authors import named
from ambit.careplan.queries.plan import CurrentPlan
from ambit.files.queries import kept_bytes, safe_name
from ambit.files.rules import KINDS, size_words

FOLDER = "plans"
"""Where the files of plans stand among the uploads."""


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """One file: what it is of, who attached it and when, and whether another has replaced it."""

    id: UUID
    section: str
    section_title: str
    title: str
    kind: str
    size: str
    sha256: str
    who: str
    at: datetime
    is_replaced: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A file to hand out: its bytes as they were given, and as what."""

    content: bytes
    content_type: str
    name: str


def attachments(reader: Reader, person: Person, plan: CurrentPlan) -> tuple[AttachmentRow, ...]:
    """Every file of somebody the reader has opened, the newest first; none of a section that is kept back from them."""
    reader.must("see_plan")
    rows = Attachment.objects.filter(person=person).select_related("replaced_by").order_by("-recorded_at")
    return tuple(_row(row) for row in rows if row.section not in plan.kept_back and row.section not in plan.silent)


def attachment(reader: Reader, person: Person, attachment_id: UUID) -> AttachmentRow | None:
    """One file of somebody the reader has opened; refused when its section is kept back from them."""
    reader.must("see_plan")
    row = Attachment.objects.filter(pk=attachment_id, person=person).select_related("replaced_by").first()
    if row is not None:
        must_see(reader, person.id, row.section, title=_titles().get(row.section, row.section))
    return _row(row) if row else None


def kept_file(reader: Reader, person: Person, attachment_id: UUID) -> Kept | None:
    """The bytes of a file, when they are still those that were given; None when they are gone or changed."""
    shown = attachment(reader, person, attachment_id)
    if shown is None:
        return None
    row = Attachment.objects.get(pk=attachment_id)
    content = kept_bytes(FOLDER, row.sha256, row.content_type)
    return Kept(content, row.content_type, safe_name(row.sha256, row.content_type)) if content is not None else None


def _titles() -> Mapping[str, str]:
    return {section.id: section.title for section in registry.plan().sections()}


def _row(row: Attachment) -> AttachmentRow:
    return AttachmentRow(
        id=row.id,
        section=row.section,
        section_title=_titles().get(row.section, row.section),
        title=row.title,
        kind=KINDS[row.content_type].name,
        size=size_words(row.size),
        sha256=row.sha256,
        who=named(row.recorded_by, row.recorded_by_role, row.recorded_by_organisation),
        at=row.recorded_at,
        is_replaced=hasattr(row, "replaced_by"),
    )

"""Files are attached to a plan, and replaced; their bytes are kept as they came."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Person, Reader, must_see
from ambit.audit import actions as audit
from ambit.audit.rules import NotAllowed
from ambit.careplan import registry
from ambit.careplan.actions.living import refuse_after_death
from ambit.careplan.models import Attachment
from ambit.careplan.queries.attachments import FOLDER
from ambit.design.refusals import Refused
from ambit.files.actions import keep_file


@transaction.atomic
def attach_file(
    *,
    by: Reader,
    person: Person,
    section_id: str,
    title: str,
    name: str,
    chunks: Iterable[bytes],
    size: int,
    replaces: UUID | None = None,
    key: UUID,
) -> Attachment:
    """Keep a file byte for byte with the section it belongs to; `replaces` names the one it follows, which is kept.

    It is read piece by piece, so that a large one never fills the memory. `key` is the page's own number, so that a form
    sent twice is one file.
    """
    by.must("edit_plan")
    refuse_after_death(person)
    section = registry.section(section_id)
    if section is None:
        raise Refused({"section": "Choose what the file belongs to."})
    if not section.may_write(by.role):
        raise NotAllowed(f"Your role may not write “{section.title}”.", what_to_do="Ask a colleague who may.")
    must_see(by, person.id, section_id, title=section.title)
    known = Attachment.objects.filter(pk=key, person=person).first()
    if known:
        return known
    if not title.strip():
        raise Refused({"title": "Write what it is, such as “Signed CPR form, both sides”."})
    former = Attachment.objects.filter(pk=replaces, person=person, replaced_by=None).first() if replaces else None
    if replaces and former is None:
        raise Refused("This file was replaced already since you opened this page. Look again.")
    sha256, content_type = keep_file(chunks, folder=FOLDER, size=size)
    row = Attachment.objects.create(
        id=key,
        person=person,
        section=section_id,
        title=title.strip(),
        name=name,
        content_type=content_type,
        size=size,
        sha256=sha256,
        replaces=former,
        recorded_at=timezone.now(),
        recorded_by=by.name,
        recorded_by_role=by.role,
        recorded_by_organisation=by.organisation_name,
    )
    audit.record(
        by=by,
        what="replaced an attached file" if former else "attached a file",
        about=person.id,
        details={"attachment": str(row.id), "section": section_id, "sha256": sha256},
    )
    return row


def open_file(*, by: Reader, person: Person, attachment_id: UUID) -> None:
    """Record that somebody took a file out."""
    by.must("see_plan")
    audit.record(by=by, what="opened an attached file", about=person.id, details={"attachment": str(attachment_id)})

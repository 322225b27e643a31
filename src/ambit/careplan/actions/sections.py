"""Sections are saved, drafts kept and dropped."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from ambit.access.queries import Person, Reader, must_see
from ambit.audit import actions as audit
from ambit.audit.rules import NotAllowed
from ambit.careplan import queries, registry, rules
from ambit.careplan.actions.conflicts import announce_conflicts
from ambit.careplan.actions.living import refuse_after_birth, refuse_after_death, refuse_childs_part
from ambit.careplan.events import SectionSaved
from ambit.careplan.models import SectionDraft, SectionVersion
from ambit.careplan.rules.conflicts import SECTIONS
from ambit.design.refusals import Refused, Stale
from ambit.events.actions import announce


@transaction.atomic
def save_section(
    *,
    by: Reader,
    person: Person,
    section: rules.Section,
    base: int,
    content: Mapping[str, Any],
    on: date,
) -> SectionVersion:
    """Save a section as the version after `base`; refused when somebody saved since, with both versions.

    The same words sent twice from the same page are one save.
    """
    _must_write(by, section)
    refuse_after_death(person)
    refuse_after_birth(person, section)
    refuse_childs_part(person, section, on=on)
    if section.decision or not section.may_write(by.role):
        raise NotAllowed(f"Your role may not write “{section.title}”.", what_to_do="Ask a colleague who may.")
    must_see(by, person.id, section.id, title=section.title)
    last = SectionVersion.objects.filter(person=person, section=section.id).order_by("-number").first()
    checked = rules.check(section, _with_what_others_write(section, content, last, by=by), on=on)
    if checked.problems:
        raise Refused(checked.problems)
    if not checked.content:
        raise Refused("Nothing is written yet. Write something, or leave without saving.")
    number = last.number if last else 0
    if last and _sent_twice(last, by=by, base=base, content=checked.content):
        return last
    if number != base:
        raise _stale(section, seen=base, last=last, yours=checked.content)
    saved = _version(by=by, person=person, section=section, base=base, content=checked.content)
    SectionDraft.objects.filter(person=person, section=section.id, account_id=by.account_id or 0).delete()
    return saved


@transaction.atomic
def confirm_section(*, by: Reader, person: Person, section: rules.Section, seen: int, on: date) -> SectionVersion:
    """Say that a section was asked about again and is unchanged: a version with the same words, and with their author.

    Refused when somebody saved since, or when the words themselves say that they hold no longer.
    """
    _must_write(by, section)
    refuse_after_death(person)
    if section.decision or not section.may_write(by.role):
        raise NotAllowed(f"Your role may not write “{section.title}”.", what_to_do="Ask a colleague who may.")
    must_see(by, person.id, section.id, title=section.title)
    last = SectionVersion.objects.filter(person=person, section=section.id).order_by("-number").first()
    if (
        last
        and last.how == SectionVersion.How.CONFIRMED
        and last.base == seen
        and last.author_account_id == by.account_id
    ):
        return last
    if last is None or last.number != seen:
        raise Refused("Somebody saved this section since you opened it. Read what it says now.")
    if rules.check(section, last.content, on=on).problems:
        raise Refused("A day in it has passed, or something in it is missing. Write it again with what holds now.")
    was_written = last.how == SectionVersion.How.WRITTEN
    return _version(
        by=by, person=person, section=section, base=seen, content=last.content, how=SectionVersion.How.CONFIRMED,
        words_by_name=last.author_name if was_written else last.words_by_name,
        words_by_role=last.author_role if was_written else last.words_by_role,
        words_by_organisation=last.author_organisation if was_written else last.words_by_organisation,
        words_at=last.saved_at if was_written else last.words_at, source=last.source,
    )  # fmt: skip


@transaction.atomic
def bring_in_section(
    *,
    by: Reader,
    person: Person,
    section: rules.Section,
    content: Mapping[str, Any],
    written_by: str,
    role: str,
    organisation: str,
    written_at: datetime | None,
    source: str,
) -> SectionVersion:
    """Bring in the first version of a section from another system: the words keep their author and day.

    It is a transcription, so it may hold what only others write here; it never replaces what is written here.
    """
    by.must("edit_plan")
    refuse_after_death(person)
    must_see(by, person.id, section.id, title=section.title)
    return _version(
        by=by, person=person, section=section, base=0, content=content, how=SectionVersion.How.IMPORTED,
        words_by_name=written_by, words_by_role=role[:30], words_by_organisation=organisation, words_at=written_at,
        source=source,
    )  # fmt: skip


@transaction.atomic
def keep_draft(
    *, by: Reader, person: Person, section: rules.Section, base: int, content: Mapping[str, Any]
) -> SectionDraft:
    """Keep what somebody wrote without saving it: only they see it, and it never counts as the plan."""
    _must_write(by, section)
    if by.account_id is None:
        raise Refused("Only somebody who signs in keeps a draft.")
    draft, _ = SectionDraft.objects.update_or_create(
        person=person,
        section=section.id,
        account_id=by.account_id,
        defaults={"base": base, "content": dict(content), "kept_at": timezone.now()},
    )
    audit.record(by=by, what="kept a draft", about=person.id, details={"section": section.id})
    return draft


@transaction.atomic
def drop_draft(*, by: Reader, person: Person, section: rules.Section) -> None:
    """Throw the reader's own draft away."""
    _must_write(by, section)
    SectionDraft.objects.filter(person=person, section=section.id, account_id=by.account_id or 0).delete()
    audit.record(by=by, what="dropped a draft", about=person.id, details={"section": section.id})


def _version(
    *, by: Reader, person: Person, section: rules.Section, base: int, content: Mapping[str, Any], **more: Any
) -> SectionVersion:
    """Store the version after `base`; the database refuses it when another took the number meanwhile."""
    pack = registry.pack()
    try:
        with transaction.atomic():
            saved = SectionVersion.objects.create(
                person=person,
                section=section.id,
                number=base + 1,
                base=base,
                content=content,
                pack=f"{pack.id} {pack.version}",
                author_account_id=by.account_id,
                author_name=by.name,
                author_role=by.role,
                author_organisation=by.organisation_name,
                saved_at=timezone.now(),
                **more,
            )
    except IntegrityError:
        last = SectionVersion.objects.filter(person=person, section=section.id).order_by("-number").first()
        raise _stale(section, seen=base, last=last, yours=content) from None
    what = "found a section unchanged" if saved.how == SectionVersion.How.CONFIRMED else "saved a section"
    audit.record(by=by, what=what, about=person.id, details={"section": section.id, "number": saved.number})
    announce(SectionSaved(person_id=person.id, section=section.id, number=saved.number))
    if section.id in SECTIONS:
        announce_conflicts(by=by, person_id=person.id)
    return saved


def _must_write(by: Reader, section: rules.Section) -> None:
    """Staff who may edit the plan; in the sections that are the person's own, also they and who acts for them."""
    if not by.may("edit_plan"):
        by.must("write_own_plan")
        if not section.is_their_own:
            raise NotAllowed(
                f"“{section.title_for_person}” is written by those who care for you.",
                what_to_do="Tell them what should be different.",
            )


def _with_what_others_write(
    section: rules.Section, content: Mapping[str, Any], last: SectionVersion | None, *, by: Reader
) -> Mapping[str, Any]:
    """What was given, and what stands in the items that this role may not write (L23); changing those is refused."""
    before = last.content if last else {}
    others = [item for item in section.items if not section.may_write(by.role, item)]
    for item in others:
        if content.get(item.id) not in (None, "", [], before.get(item.id)):
            raise NotAllowed(f"Your role may not write “{item.label}”.", what_to_do="Ask a colleague who may.")
    return {**content, **{item.id: before[item.id] for item in others if item.id in before}}


def _sent_twice(last: SectionVersion, *, by: Reader, base: int, content: Mapping[str, Any]) -> bool:
    return last.base == base and last.content == content and last.author_account_id == by.account_id


def _stale(section: rules.Section, *, seen: int, last: SectionVersion | None, yours: Mapping[str, Any]) -> Stale:
    saved = queries.fact_of_row(last) if last else None
    return Stale(what=section.title, seen=seen, current=last.number if last else 0, saved=saved, yours=yours)

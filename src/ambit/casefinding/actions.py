"""What is done in case-finding: candidates kept from a search, and answered. Nobody is registered by a search."""

from collections import Counter, defaultdict
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from ambit.access.models import Account
from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.audit.rules import NotAllowed
from ambit.casefinding import rules, search
from ambit.casefinding.events import CandidatesKept
from ambit.casefinding.found import Found, PackUsed, Search
from ambit.casefinding.models import Candidate, CandidateAnswer, Run
from ambit.casefinding.packs import criteria_in_words
from ambit.design.refusals import Refused, Stale
from ambit.events.actions import announce
from ambit.organisations.models import Organisation
from ambit.packs.queries import site_library
from ambit.people import actions as people
from ambit.people.rules import Identity
from ambit.register import actions as register
from ambit.register.models import RegisterEntry
from ambit.register.queries import numbers_on_register

NO_NUMBER = "source_has_none"


@transaction.atomic
def ask_for_run(*, by: Reader, on: date, practice_id: UUID | None = None) -> Run:
    """Note that case-finding is to run; the run itself is background work."""
    by.must("run_case_finding")
    run = Run.objects.create(on=on, practice_id=practice_id, asked_at=timezone.now(), asked_by=by.name)
    audit.record(by=by, what="asked for case-finding", details={"run": str(run.id), "on": on.isoformat()})
    return run


def run_search(*, by: Reader, run: Run) -> Run:
    """Run every case-finding pack that may run here, and keep whom they find as candidates.

    Not one transaction: the search reads for a while, and only what it found is then kept in one.
    """
    by.must("run_case_finding")
    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING)
    try:
        packs = search.packs_that_may_run()
        if not packs:
            raise Refused("No case-finding pack may run here. Sign one off on the page “Packs”.")
        found = search.run(by=by, pack_ids=packs, on=run.on)
        return keep_candidates(by=by, found=found, run=run)
    except Refused as refused:
        fail_run(by=by, run=run, words=str(refused))
        return run
    except Exception:
        fail_run(by=by, run=run, words="The search stopped unexpectedly. Nothing was kept; the log says why.")
        raise


@transaction.atomic
def fail_run(*, by: Reader, run: Run, words: str) -> None:
    """Note why a run came to nothing, in words for whoever asked for it."""
    run.state, run.words, run.finished_at = Run.State.FAILED, words, timezone.now()
    run.save(update_fields=["state", "words", "finished_at"])
    audit.record(by=by, what="case-finding failed", details={"run": str(run.id)})


@transaction.atomic
def keep_candidates(*, by: Reader, found: Search, run: Run) -> Run:
    """Keep whom a search found as candidates of their own practice, with reasons and evidence copied and frozen.

    Held back are those on the register or dead, those whose earlier answer still holds, those already waiting for the same
    reasons, and those whose practice is not known here. `run.practice` takes people whose source names no practice.
    """
    by.must("run_case_finding")
    held_back: Counter[str] = Counter()
    people_found: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for one in found.flagged:
        people_found[one.source, one.person_key].append(one)
    practices = {o.code: o for o in Organisation.objects.filter(kind=Organisation.Kind.PRACTICE)}
    known = numbers_on_register(f.identity.nhs_number for f in found.flagged if f.identity.nhs_number)
    earlier = _earlier(people_found)
    used = {pack.id: pack for pack in found.packs}
    says = criteria_in_words(site_library(), used)
    kept = 0
    for key, several in people_found.items():
        who = several[0].identity
        practice = practices.get(who.practice_code) if who.practice_code else run.practice
        if practice is None:
            held_back["practice not known here"] += 1
            continue
        if who.nhs_number and who.nhs_number in known:
            held_back["on the register or died"] += 1
            continue
        reasons = [_frozen(reason, used) for one in several for reason in one.reasons]
        before = [c for c in earlier[key] if c.practice_id == practice.id]
        why = _held_back(before, reasons=reasons, on=found.on)
        if why:
            held_back[why] += 1
            continue
        for waiting in (c for c in before if c.state in rules.WAITING):
            waiting.state, waiting.version = rules.SUPERSEDED, waiting.version + 1
            waiting.save(update_fields=["state", "version"])
        Candidate.objects.create(
            practice=practice,
            source=key[0],
            person_key=key[1],
            family_name=who.family_name,
            given_names=who.given_names,
            title=who.title,
            born_on=who.born_on,
            sex=who.sex,
            nhs_number=who.nhs_number,
            address=who.address,
            postcode=who.postcode,
            run=run,
            found_on=found.on,
            packs=[_pack(one, used) for one in several],
            reasons=reasons,
            unknown=sorted({says.get((one.pack_id, name), name) for one in several for name in one.unknown}),
            number_of_reasons=len(reasons),
        )
        kept += 1
    run.packs = [asdict(pack) for pack in found.packs]
    run.state, run.finished_at = Run.State.DONE, timezone.now()
    run.searched, run.found, run.kept = found.searched, len(people_found), kept
    run.held_back, run.snapshot = dict(held_back), found.snapshot
    run.save()
    audit.record(
        by=by, what="kept candidates", details={"run": str(run.id), "found": run.found, "kept": kept, **held_back}
    )
    announce(CandidatesKept(run_id=run.id, kept=kept))
    return run


@transaction.atomic
def accept_candidate(
    *, by: Reader, candidate_id: UUID, seen: int, surprise: str, stage: str, reason: str, told: bool, on: date
) -> RegisterEntry:
    """Add the person behind a candidate to the register; `seen` is the version the reader decided on.

    `told` says that the person knows, or will before anything leaves the practice.
    """
    candidate = _to_answer(candidate_id, by=by, seen=seen, yours=f"Add to the register: {reason}")
    problems = rules.problems_of_answer(surprise=surprise)
    if problems:
        raise Refused(problems)
    person = people.admit(
        by=by,
        identity=Identity(
            family_name=candidate.family_name,
            given_names=candidate.given_names,
            title=candidate.title,
            born_on=candidate.born_on,
            birth_precision="exact" if candidate.born_on else "",
            sex=candidate.sex,
            nhs_number=candidate.nhs_number,
            no_number_reason="" if candidate.nhs_number else NO_NUMBER,
            practice_id=candidate.practice_id,
        ),
    )
    if person.practice_id != candidate.practice_id:
        raise Refused(
            "Somebody with this NHS number is on another practice's list. "
            "Settle with that practice where they are registered, then answer again."
        )
    entry = register.add_to_register(
        by=by, person=person, on=on, found_by="case_finding", stage=stage, reason=reason, told=told
    )
    candidate.person = person
    _keep_answer(
        candidate, by=by, answer=rules.ACCEPTED, on=on, surprise=surprise, stage=stage, reason=reason, told=told
    )
    audit.record(by=by, what="accepted a candidate", about=person.id, details={"candidate": str(candidate.id)})
    return entry


@transaction.atomic
def not_now(
    *, by: Reader, candidate_id: UUID, seen: int, surprise: str, recheck_on: date | None, reason: str, on: date
) -> Candidate:
    """Leave somebody for now, to be looked at again from the day given."""
    candidate = _to_answer(candidate_id, by=by, seen=seen, yours=f"Not now: {reason}")
    problems = rules.problems_of_answer(surprise=surprise) | rules.problems_of_waiting(recheck_on, on=on)
    if problems:
        raise Refused(problems)
    candidate.recheck_on = recheck_on
    _keep_answer(candidate, by=by, answer=rules.NOT_NOW, on=on, surprise=surprise, reason=reason, recheck_on=recheck_on)
    audit.record(by=by, what="left a candidate for now", details={"candidate": str(candidate.id)})
    return candidate


@transaction.atomic
def say_no(*, by: Reader, candidate_id: UUID, seen: int, surprise: str, reason: str, on: date) -> Candidate:
    """Say that the register is not right for somebody, and why; it holds for a year."""
    candidate = _to_answer(candidate_id, by=by, seen=seen, yours=f"Not right: {reason}")
    problems = rules.problems_of_answer(surprise=surprise)
    if not reason.strip():
        problems["reason"] = "Write why the register is not right for this person."
    if problems:
        raise Refused(problems)
    _keep_answer(candidate, by=by, answer=rules.NO, on=on, surprise=surprise, reason=reason)
    audit.record(by=by, what="said no to a candidate", details={"candidate": str(candidate.id)})
    return candidate


@transaction.atomic
def pass_on(*, by: Reader, candidate_id: UUID, seen: int, to: int | None, reason: str, on: date) -> Candidate:
    """Pass a candidate to a colleague in the practice who knows the person better, with a note."""
    candidate = _to_answer(candidate_id, by=by, seen=seen, yours=f"Pass on: {reason}")
    colleague = Account.objects.filter(
        pk=to or 0, is_active=True, staff__memberships__organisation_id=candidate.practice_id
    ).first()
    if colleague is None:
        raise Refused({"passed_to": "Choose a colleague of the practice."})
    candidate.passed_to = colleague
    _keep_answer(
        candidate, by=by, answer=rules.PASSED, on=on, reason=reason, passed_to=str(colleague.staff or colleague.name)
    )
    audit.record(by=by, what="passed a candidate on", details={"candidate": str(candidate.id)})
    return candidate


def _earlier(people_found: dict[tuple[str, str], list[Found]]) -> dict[tuple[str, str], list[Candidate]]:
    """Candidates kept before, by source and person key."""
    earlier: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    sources = {source for source, _ in people_found}
    rows = Candidate.objects.filter(source__in=sources).exclude(state=rules.SUPERSEDED)
    for candidate in rows.select_related("person").iterator():
        if (candidate.source, candidate.person_key) in people_found:
            earlier[candidate.source, candidate.person_key].append(candidate)
    return earlier


def _held_back(before: list[Candidate], *, reasons: list[dict[str, Any]], on: date) -> str:
    for candidate in before:
        if candidate.state in rules.WAITING and candidate.reasons == reasons:
            return "already waiting"
        if candidate.state == rules.ACCEPTED and _on_register_or_dead(candidate):
            return "on the register or died"
        if rules.holds_back(candidate.state, answered_on=candidate.answered_on, recheck_on=candidate.recheck_on, on=on):
            return "answered before"
    return ""


def _on_register_or_dead(accepted: Candidate) -> bool:
    person = accepted.person
    return person is not None and (person.died_on is not None or person.register_entries.filter(left_on=None).exists())


def _frozen(reason: Any, used: dict[str, PackUsed]) -> dict[str, Any]:
    pack = used.get(reason.pack)
    return {
        "pack": reason.pack,
        "version": pack.version if pack else "",
        "criterion": reason.criterion,
        "text": reason.text,
        "evidence": [asdict(row) | {"on": row.on.isoformat()} for row in reason.evidence],
    }


def _pack(found: Found, used: dict[str, PackUsed]) -> dict[str, Any]:
    pack = used.get(found.pack_id)
    return {
        "id": found.pack_id,
        "version": found.pack_version,
        "sha256": found.pack_sha256,
        "title": pack.title if pack else found.pack_id,
        "reviewed": pack.reviewed if pack else False,
        "tier": found.tier,
    }


def _to_answer(candidate_id: UUID, *, by: Reader, seen: int, yours: str) -> Candidate:
    """The reader's practice's candidate, locked, its version moved on by one; a stale decision is refused."""
    by.must("decide_candidates")
    candidate = (
        Candidate.objects.select_for_update(of=("self",))
        .filter(pk=candidate_id, practice_id=by.organisation_id)
        .first()
    )
    if candidate is None:
        raise NotAllowed("This candidate is not one of your practice's.")
    if candidate.version != seen:
        last = candidate.answers.order_by("-number").first()
        saved = f"{last.get_answer_display()}, {last.by_name}: {last.reason}" if last else candidate.get_state_display()
        raise Stale(what="The answer", seen=seen, current=candidate.version, saved=saved, yours=yours)
    if candidate.state in (rules.ACCEPTED, rules.SUPERSEDED):
        raise Refused(
            "This person is on the register already."
            if candidate.state == rules.ACCEPTED
            else "A later search found this person again. Answer the newer one."
        )
    candidate.version += 1
    return candidate


def _keep_answer(candidate: Candidate, *, by: Reader, answer: str, on: date, **said: Any) -> CandidateAnswer:
    candidate.state, candidate.answered_on = answer, on
    try:
        with transaction.atomic():
            candidate.save(update_fields=["state", "answered_on", "recheck_on", "passed_to", "person", "version"])
    except IntegrityError as error:
        raise Refused("A later search found this person again. Answer the newer one.") from error
    return CandidateAnswer.objects.create(
        candidate=candidate,
        number=candidate.version,
        answer=answer,
        answered_at=timezone.now(),
        by_name=by.name,
        by_role=by.role,
        by_organisation=by.organisation_name,
        **said,
    )

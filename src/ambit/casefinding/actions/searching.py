"""Runs of case-finding, and the candidates kept from them. Nobody is registered by a search."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.casefinding import rules, search
from ambit.casefinding.actions.figures import take_figures
from ambit.casefinding.events import CandidatesKept
from ambit.casefinding.found import Found, PackUsed, Search
from ambit.casefinding.models import Candidate, PracticeRun, ReviewPlace, Run
from ambit.casefinding.packs import criteria_in_words
from ambit.design.refusals import Refused
from ambit.events.actions import announce
from ambit.organisations.models import Organisation
from ambit.packs.queries import site_library
from ambit.register.queries import numbers_on_register

type Key = tuple[str, str]
BATCH = 500


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
        found = search.run(by=by, pack_ids=packs, on=run.on, from_last=True)
        keep_candidates(by=by, found=found, run=run)
    except Refused as refused:
        fail_run(by=by, run=run, words=str(refused))
        return run
    except Exception:
        fail_run(by=by, run=run, words="The search stopped unexpectedly. Nothing was kept; the log says why.")
        raise
    take_figures(by=by, run=run, found={(one.source, one.person_key) for one in found.flagged})
    return run


@transaction.atomic
def fail_run(*, by: Reader, run: Run, words: str) -> None:
    """Note why a run came to nothing, in words for whoever asked for it."""
    run.state, run.words, run.finished_at = Run.State.FAILED, words, timezone.now()
    run.save(update_fields=["state", "words", "finished_at"])
    audit.record(by=by, what="case-finding failed", details={"run": str(run.id)})


@transaction.atomic
def keep_candidates(*, by: Reader, found: Search, run: Run) -> Run:
    """Keep whom a search found as candidates of their own practice, with reasons and evidence copied and frozen.

    Held back are those on the register or dead, those whose earlier answer still holds while no new reason has come, those
    already waiting for the same reasons, and those whose practice is not known here. `run.practice` takes people whose source names no
    practice. Whoever waits and is no longer found goes on waiting, and the page says so.
    """
    by.must("run_case_finding")
    people_found: dict[Key, list[Found]] = defaultdict(list)
    for one in found.flagged:
        people_found[one.source, one.person_key].append(one)
    practices = {o.code: o for o in Organisation.objects.filter(kind=Organisation.Kind.PRACTICE)}
    kept = _Kept(run, found, numbers_on_register(f.identity.nhs_number for f in found.flagged if f.identity.nhs_number))
    earlier = _earlier(people_found)
    for key, several in people_found.items():
        code = several[0].identity.practice_code
        kept.weigh(key, several, practice=practices.get(code) if code else run.practice, before=earlier[key])
    kept.store()
    _note_gone(kept)
    _keep_what_it_came_to(kept, practices)
    announce(CandidatesKept(run_id=run.id, kept=len(kept.new)))
    audit.record(
        by=by,
        what="kept candidates",
        details={"run": str(run.id), "found": run.found, "kept": run.kept, **run.held_back},
    )
    return run


@dataclass(slots=True)
class _Tally:
    """What a run came to in one practice."""

    found: int = 0
    kept: int = 0
    gone: int = 0
    held_back: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Comes:
    """Why somebody who was found becomes a candidate, whom they follow, and what no clinician has answered yet."""

    why: str
    follows: Candidate | None = None
    new: tuple[str, ...] = ()


class _Kept:
    """Who is kept of one run, and who is not and why, until all of it is stored at once."""

    def __init__(self, run: Run, found: Search, known: set[str]) -> None:
        self.run, self.found, self.known = run, found, known
        self.used = {pack.id: pack for pack in found.packs}
        self.says = criteria_in_words(site_library(), self.used)
        self.new: list[Candidate] = []
        self.still_waits: list[UUID] = []
        self.seen: set[tuple[str, str, UUID]] = set()
        self.tallies: dict[UUID | None, _Tally] = defaultdict(_Tally)

    def weigh(
        self, key: Key, several: Sequence[Found], *, practice: Organisation | None, before: Sequence[Candidate]
    ) -> None:
        """Make one person found a candidate of their practice, or note why not."""
        tally = self.tallies[practice.id if practice else None]
        tally.found += 1
        who = several[0].identity
        if practice is None:
            tally.held_back["practice not known here"] += 1
            return
        self.seen.add((*key, practice.id))
        if who.nhs_number and who.nhs_number in self.known:
            tally.held_back["on the register or died"] += 1
            return
        reasons = [_frozen(reason, self.used) for one in several for reason in one.reasons]
        comes = _comes([c for c in before if c.practice_id == practice.id], reasons, on=self.found.on)
        if isinstance(comes, str):
            tally.held_back[comes] += 1
            return
        if comes is None:
            tally.held_back["already waiting"] += 1
            self.still_waits += [c.id for c in before if c.state in rules.WAITING and c.gone_run_id]
            return
        tally.kept += 1
        self.new.append(self._candidate(key, several, practice, reasons, comes))

    def _candidate(
        self, key: Key, several: Sequence[Found], practice: Organisation, reasons: list[dict[str, Any]], comes: _Comes
    ) -> Candidate:
        who = several[0].identity
        earlier = comes.follows if comes.follows and comes.follows.state in rules.WAITING else None
        return Candidate(
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
            run=self.run,
            found_on=self.found.on,
            packs=[_pack(one, self.used) for one in several],
            reasons=reasons,
            unknown=sorted({self.says.get((one.pack_id, name), name) for one in several for name in one.unknown}),
            number_of_reasons=len(reasons),
            strength=rules.strength(reasons),
            newest_on=rules.newest(reasons),
            headline=rules.strongest(reasons),
            lists=rules.from_lists(reasons),
            came=comes.why,
            follows=comes.follows,
            new_reasons=list(comes.new),
            state=earlier.state if earlier else rules.OPEN,
            passed_to_id=earlier.passed_to_id if earlier else None,
        )

    def store(self) -> None:
        """Candidates in their new form, each in the place of the one they follow; what stays open is not doubled."""
        newer = {c.follows.id: c for c in self.new if c.follows and c.follows.state in rules.WAITING}
        for ids in batched(newer, BATCH):
            Candidate.objects.filter(pk__in=ids).update(state=rules.SUPERSEDED, version=F("version") + 1)
        Candidate.objects.bulk_create(self.new, batch_size=BATCH)
        for ids in batched(newer, BATCH):
            places = list(ReviewPlace.objects.filter(candidate_id__in=ids))
            for place in places:
                place.candidate = newer[place.candidate_id]
            ReviewPlace.objects.bulk_update(places, ["candidate"])
        for ids in batched(self.still_waits, BATCH):
            Candidate.objects.filter(pk__in=ids).update(gone_run=None)


def _earlier(people_found: Mapping[Key, Any]) -> dict[Key, list[Candidate]]:
    """Candidates kept before, by source and person key."""
    earlier: dict[Key, list[Candidate]] = defaultdict(list)
    sources = {source for source, _ in people_found}
    rows = Candidate.objects.filter(source__in=sources).exclude(state=rules.SUPERSEDED)
    for candidate in rows.select_related("person", "run").iterator():
        if (candidate.source, candidate.person_key) in people_found:
            earlier[candidate.source, candidate.person_key].append(candidate)
    return earlier


def _comes(before: Sequence[Candidate], reasons: list[dict[str, Any]], *, on: date) -> _Comes | str | None:
    """Why somebody found is a candidate; None when they wait for the same already; words for another reason not to be one.

    A live answer holds them back, until its time is over or until a criterion is met that no clinician has answered.
    """
    answered = sorted(
        (c for c in before if c.state not in rules.WAITING), key=lambda c: (c.answered_on or date.min, c.version)
    )
    if any(c.state == rules.ACCEPTED and _on_register_or_dead(c) for c in answered):
        return "on the register or died"
    waiting = next((c for c in before if c.state in rules.WAITING), None)
    if waiting is not None:
        if rules.says_the_same(waiting.reasons, reasons):
            return None
        new = rules.newly_met(reasons, before=[waiting.reasons], ran=_versions(waiting))
        return _Comes(rules.GREW if rules.grew(waiting.reasons, reasons) else rules.CHANGED, waiting, tuple(new))
    if not answered:
        return _Comes(rules.NEW)
    last = answered[-1]
    new = rules.newly_met(reasons, before=[c.reasons for c in answered], ran=_versions(last))
    if any(rules.holds_back(c.state, answered_on=c.answered_on, recheck_on=c.recheck_on, on=on) for c in answered):
        return _Comes(rules.EVIDENCE, last, tuple(new)) if new else "answered before"
    return _Comes(rules.LEFT if last.state == rules.ACCEPTED else rules.EXPIRED, last, tuple(new))


def _versions(candidate: Candidate) -> dict[str, str]:
    """The packs of the run by which somebody was found, each with its version."""
    return {pack["id"]: pack["version"] for pack in candidate.run.packs}


def _note_gone(kept: _Kept) -> None:
    """Those who wait in their practice and whom this run no longer found there."""
    waiting = Candidate.objects.filter(state__in=rules.WAITING, gone_run=None)
    gone = [
        (candidate_id, practice_id)
        for candidate_id, source, key, practice_id in waiting.values_list("id", "source", "person_key", "practice_id")
        if (source, key, practice_id) not in kept.seen
    ]
    for _, practice_id in gone:
        kept.tallies[practice_id].gone += 1
    for some in batched(gone, BATCH):
        Candidate.objects.filter(pk__in=[candidate_id for candidate_id, _ in some]).update(gone_run=kept.run)


def _keep_what_it_came_to(kept: _Kept, practices: Mapping[str, Organisation]) -> None:
    run, found = kept.run, kept.found
    searched: Counter[UUID] = Counter()
    for code, number in found.by_practice.items():
        practice = practices.get(code) if code else run.practice
        if practice is not None:
            searched[practice.id] += number
    PracticeRun.objects.bulk_create(
        PracticeRun(
            run=run,
            practice_id=practice_id,
            searched=searched[practice_id],
            found=tally.found,
            kept=tally.kept,
            gone=tally.gone,
            held_back=dict(tally.held_back),
        )
        for practice_id, tally in _of_each(kept.tallies, searched)
    )
    run.packs = [asdict(pack) for pack in found.packs]
    run.state, run.finished_at = Run.State.DONE, timezone.now()
    run.searched, run.found = found.searched, sum(tally.found for tally in kept.tallies.values())
    run.kept, run.snapshot = len(kept.new), found.snapshot
    run.held_back = dict(sum((tally.held_back for tally in kept.tallies.values()), Counter[str]()))
    run.save()


def _of_each(tallies: Mapping[UUID | None, _Tally], searched: Iterable[UUID]) -> list[tuple[UUID, _Tally]]:
    known = {practice_id: tally for practice_id, tally in tallies.items() if practice_id is not None}
    return list(({practice_id: _Tally() for practice_id in searched} | known).items())


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

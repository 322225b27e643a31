"""Pages of case-finding: whom the search found, and a clinician's answer."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from ambit.casefinding import actions, queries, rules, tasks
from ambit.casefinding.pages.forms import AnswerForm, RunForm
from ambit.casefinding.timeline import timeline
from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs


@needs("see_candidates")
def candidates(request: Any) -> HttpResponse:
    """Whom the last searches found in the reader's practice; `answered` shows those with an answer."""
    answered = "answered" in request.GET
    return page(
        request,
        "casefinding/candidates.jinja",
        found=queries.candidates(request.reader, answered=answered),
        answered=answered,
        practice=request.reader.organisation_name,
    )


@needs("run_case_finding")
def run_case_finding(request: Any) -> HttpResponse:
    """Ask for a search, and see how the last one went; it goes on if you leave."""
    form = RunForm(request.POST if request.method == "POST" else None, practices=queries.practices())
    if form.is_valid():
        practice = form.cleaned_data["practice"]
        run = actions.ask_for_run(
            by=request.reader, on=timezone.localdate(), practice_id=UUID(practice) if practice else None
        )
        tasks.search_for_candidates.enqueue(str(run.id))
        return redirect("run_case_finding")
    return page(request, "casefinding/run_case_finding.jinja", form=form, run=queries.last_run(request.reader))


@needs("see_candidates")
def answer_candidate(request: Any, candidate_id: UUID) -> HttpResponse:
    """One candidate: why found, what is not known, and the clinician's answer."""
    shown = queries.candidate(request.reader, candidate_id)
    colleagues = queries.colleagues(request.reader)
    initial = {"seen": shown.version}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial, colleagues=colleagues)
    stale = None
    if form.is_valid():
        try:
            return _answer(request, candidate_id, form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        except Stale as older:
            stale = older
            typed = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
            form = AnswerForm(initial=typed | initial, colleagues=colleagues)
    waiting = queries.candidates(request.reader)
    return page(
        request,
        "casefinding/answer_candidate.jinja",
        status=409 if stale else 200,
        candidate=shown,
        form=form,
        stale=stale,
        timeline=timeline(shown.reasons, until=shown.found_on),
        waiting=waiting,
        following=_beside(waiting.waiting, candidate_id, 1),
        preceding=_beside(waiting.waiting, candidate_id, -1),
        may_answer=request.reader.may("decide_candidates") and shown.can_be_answered,
    )


def _beside(rows: tuple[queries.CandidateRow, ...], candidate_id: UUID, step: int) -> UUID | None:
    """Who comes after (or, with -1, before) this candidate on the list; nobody at its ends."""
    ids = [row.id for row in rows]
    place = ids.index(candidate_id) + step if candidate_id in ids else 0
    return ids[place] if 0 <= place < len(ids) else None


def _answer(request: Any, candidate_id: UUID, said: dict[str, Any]) -> HttpResponse:
    """Do what was answered; an acceptance leads to the plan's first note, every other answer to the next candidate."""
    given = {
        "by": request.reader, "candidate_id": candidate_id, "seen": said["seen"], "on": timezone.localdate(),
        "reason": said["reason"],
    }  # fmt: skip
    if said["answer"] == rules.ACCEPTED:
        entry = actions.accept_candidate(surprise=said["surprise"], stage=said["stage"], told=said["told"], **given)
        return redirect("save_section", person_id=entry.person_id, section_id="need_to_know")
    if said["answer"] == rules.NOT_NOW:
        actions.not_now(surprise=said["surprise"], recheck_on=said["recheck_on"], **given)
    elif said["answer"] == rules.NO:
        actions.say_no(surprise=said["surprise"], **given)
    else:
        actions.pass_on(to=int(said.get("passed_to") or 0), **given)
    following = next((row for row in queries.candidates(request.reader).waiting if row.id != candidate_id), None)
    return redirect("answer_candidate", candidate_id=following.id) if following else redirect("candidates")

"""Pages of case-finding: whom the search found, a month's review, and a clinician's answer."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from ambit.casefinding import actions, queries, rules, tasks
from ambit.casefinding.pages.forms import AnswerForm, BringListForm, CapacityForm, RunForm, TakeBackForm
from ambit.casefinding.timeline import timeline
from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs
from ambit.population.queries import results_known

LISTS = ("month", "waiting", "answered")


@needs("see_candidates")
def candidates(request: Any) -> HttpResponse:
    """This month's review; with `waiting` everybody who waits, with `answered` those with an answer."""
    reader = request.reader
    review = queries.review(reader)
    shown = next((name for name in LISTS if name in request.GET), "month" if review else "waiting")
    if shown == "month" and review is not None:
        counts = queries.counted(reader)
        found = queries.Candidates(
            waiting=review.rows,
            number_waiting=counts.pop("waiting"),
            answered=counts,
            last_run=queries.last_run(reader),
        )
    else:
        found = queries.candidates(reader, answered=shown == "answered")
    nobody = not found.waiting and shown == "waiting"
    return page(
        request,
        "casefinding/candidates.jinja",
        found=found,
        review=review,
        shown=shown,
        nobody=queries.result_of_practice(reader) if nobody else None,
        practice=reader.organisation_name,
        last=_last_answered(request),
        may_choose=reader.may("decide_candidates"),
    )


@needs("decide_candidates")
def bring_list(request: Any) -> HttpResponse:
    """Bring the list of another search, as EARLY's; the next search reads it with everything else."""
    form = BringListForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        results=sorted(results_known().items(), key=lambda told: (told[0] != "early", told[1])),
        initial={"on": timezone.localdate()},
    )
    brought = None
    if form.is_valid():
        said = form.cleaned_data
        try:
            brought = actions.bring_list(
                by=request.reader, text=said["file"], code=said["code"], on=said["on"].isoformat()
            )
        except Refused as refused:
            # what is wrong with the list as a whole is said beside the list
            form.refuse(Refused({name or "file": words for name, words in refused.problems.items()}))
    return page(request, "casefinding/bring_list.jinja", form=form, brought=brought)


@needs("decide_candidates")
def choose_capacity(request: Any) -> HttpResponse:
    """Say how many people the practice looks at this month, or add some; who they are follows from the evidence."""
    reader = request.reader
    review = queries.review(reader)
    by_yield_allowed = queries.may_order_by_yield()
    initial: dict[str, Any] = {"seen": review.version if review else 0}
    if review:
        initial |= {"people": review.capacity, "by_yield": review.by_yield}
    form = CapacityForm(
        request.POST if request.method == "POST" else None, initial=initial, by_yield_allowed=by_yield_allowed
    )
    stale = None
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.choose_capacity(
                by=reader,
                people=said["people"],
                seen=said["seen"],
                on=timezone.localdate(),
                by_yield=bool(said.get("by_yield")),
            )
            return redirect("candidates")
        except Refused as refused:
            form.refuse(refused)
        except Stale as older:
            stale = older
            form = CapacityForm(initial=said | {"seen": initial["seen"]}, by_yield_allowed=by_yield_allowed)
    today = timezone.localdate()
    return page(
        request,
        "casefinding/choose_capacity.jinja",
        status=409 if stale else 200,
        form=form,
        stale=stale,
        review=review,
        month=rules.month_of(today),
        number_waiting=queries.counted(reader)["waiting"],
        left=queries.left_from(reader, before=rules.month_of(today)),
        signed_off_by=settings.CONFIG.ranking_signed_off_by if by_yield_allowed else "",
    )


@needs("see_candidates")
def candidate_changes(request: Any) -> HttpResponse:
    """What changed in the practice's list since the month's review was chosen; without one, or with `last`, by the last search."""
    review = queries.review(request.reader)
    since = review.chosen_at if review and "last" not in request.GET else None
    return page(
        request,
        "casefinding/candidate_changes.jinja",
        changes=queries.changes(request.reader, since=since),
        review=review,
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
            return _answer(request, candidate_id, form)
        except Refused as refused:
            form.refuse(refused)
        except Stale as older:
            stale = older
            typed = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
            form = AnswerForm(initial=typed | initial, colleagues=colleagues)
    review = queries.review(request.reader)
    in_review = review is not None and any(row.id == candidate_id for row in review.rows)
    listed: queries.Review | queries.Candidates
    if review is not None and in_review:
        listed, rows = review, review.left
    else:
        listed = queries.candidates(request.reader)
        rows = listed.waiting
    return page(
        request,
        "casefinding/answer_candidate.jinja",
        status=409 if stale else 200,
        candidate=shown,
        form=form,
        stale=stale,
        timeline=timeline(shown.reasons, until=shown.found_on),
        listed=listed,
        rows=rows,
        in_review=in_review,
        following=_beside(rows, candidate_id, 1),
        preceding=_beside(rows, candidate_id, -1),
        last=_last_answered(request),
        may_take_back=request.reader.may("decide_candidates"),
        may_answer=request.reader.may("decide_candidates") and shown.can_be_answered,
    )


def _beside(rows: tuple[queries.CandidateRow, ...], candidate_id: UUID, step: int) -> UUID | None:
    """Who comes after (or, with -1, before) this candidate on the list; nobody at its ends."""
    ids = [row.id for row in rows]
    place = ids.index(candidate_id) + step if candidate_id in ids else 0
    return ids[place] if 0 <= place < len(ids) else None


@needs("decide_candidates")
def take_back_answer(request: Any, candidate_id: UUID) -> HttpResponse:
    """Take the last answer back, and answer again; both stay in the history."""
    shown = queries.candidate(request.reader, candidate_id)
    form = TakeBackForm(request.POST if request.method == "POST" else None, initial={"seen": shown.version})
    stale = None
    if form.is_valid():
        try:
            actions.take_back_answer(
                by=request.reader,
                candidate_id=candidate_id,
                seen=form.cleaned_data["seen"],
                reason="",
                on=timezone.localdate(),
            )
            return redirect("answer_candidate", candidate_id=candidate_id)
        except Refused as refused:
            form.refuse(refused)
        except Stale as older:
            stale = older
            form = TakeBackForm(initial={"seen": shown.version})
    return page(
        request,
        "casefinding/take_back_answer.jinja",
        status=409 if stale else 200,
        candidate=shown,
        form=form,
        stale=stale,
    )


def _last_answered(request: Any) -> queries.LastAnswer | None:
    """Whom the reader answered before coming here, so that a wrong key is put right by one."""
    try:
        return queries.last_answer(request.reader, UUID(request.GET.get("after", "")))
    except ValueError:
        return None


def _answer(request: Any, candidate_id: UUID, form: AnswerForm) -> HttpResponse:
    """Do what was answered, then go to the next person; or to the plan's first note, when that was asked for."""
    said, today = form.cleaned_data, timezone.localdate()
    given = {
        "by": request.reader, "candidate_id": candidate_id, "seen": said["seen"], "on": today, "reason": said["reason"],
    }  # fmt: skip
    if said["answer"] == rules.ACCEPTED:
        entry = actions.accept_candidate(surprise=said["surprise"], stage=said["stage"], told=said["told"], **given)
        if request.POST.get("then") == "plan":
            return redirect("save_section", person_id=entry.person_id, section_id="need_to_know")
    elif said["answer"] == rules.NOT_NOW:
        actions.not_now(surprise=said["surprise"], recheck_on=form.looks_again_on(today), why=said["why_wait"], **given)
    elif said["answer"] == rules.NO:
        actions.say_no(surprise=said["surprise"], why=said["why_no"], **given)
    elif said["answer"] == rules.DISCUSS:
        actions.discuss(**given)
    else:
        actions.pass_on(to=int(said.get("passed_to") or 0), **given)
    return _to_the_next(request, candidate_id)


def _to_the_next(request: Any, candidate_id: UUID) -> HttpResponse:
    """The next person whom the reader has to answer, in the month's review when this one is in it; the list when there is none."""
    review = queries.review(request.reader)
    in_review = review is not None and any(row.id == candidate_id for row in review.rows)
    rows: Sequence[queries.CandidateRow]
    rows = review.rows if review and in_review else queries.candidates(request.reader).waiting
    following = _next_to_answer(rows, candidate_id)
    where = reverse("answer_candidate", args=[following]) if following else reverse("candidates")
    return redirect(f"{where}?after={candidate_id}")


def _next_to_answer(rows: Sequence[queries.CandidateRow], candidate_id: UUID) -> UUID | None:
    """The next one down the list who waits for this reader, then from its top; not who waits for somebody else or for a meeting."""
    ids = [row.id for row in rows]
    here = ids.index(candidate_id) + 1 if candidate_id in ids else 0
    return next(
        (
            row.id
            for row in (*rows[here:], *rows[:here])
            if row.id != candidate_id and (row.state == rules.OPEN or (row.passed_to_me and row.is_waiting))
        ),
        None,
    )

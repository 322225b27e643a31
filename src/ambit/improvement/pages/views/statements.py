"""Pages of statements in a round: the list to answer, one statement, the agreed answers side by side, evidence."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ambit.design.conflict import stale_page
from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs
from ambit.improvement import actions, queries, words
from ambit.improvement.pages.forms import AnswerForm, EvidenceForm
from ambit.improvement.rules.rounds import RAG


@needs("see_rounds")
@require_GET
def answering(request: Any, round_id: UUID) -> HttpResponse:
    """Every statement of a round: for an assessor with their answers, for a reader of a signed round with what was agreed."""
    found = queries.statement_list(request.reader, round_id)
    return _statements(request, found, moderates=False)


@needs("lead_rounds")
@require_GET
def moderation(request: Any, round_id: UUID) -> HttpResponse:
    """Every statement with what each assessor said beside the others, and what is agreed."""
    found = queries.statement_list(request.reader, round_id)
    if not found.opened.is_lead:
        return redirect("round", round_id=round_id)
    return _statements(request, found, moderates=True)


def _statements(request: Any, found: queries.StatementList, *, moderates: bool) -> HttpResponse:
    only = request.GET.get("only", "")
    rows = [row for row in found.positions if _is_wanted(row, only, moderates)]
    groups: list[tuple[Any, list[queries.Position]]] = []
    for row in rows:
        if not groups or groups[-1][0].id != row.top.id:
            groups.append((row.top, []))
        groups[-1][1].append(row)
    return page(
        request,
        "improvement/moderation.jinja" if moderates else "improvement/answering.jinja",
        found=found,
        one=found.opened.round,
        framework=found.opened.wording.framework,
        groups=groups,
        only=only,
        counts={
            name: sum(_is_wanted(row, name, moderates) for row in found.positions) for name in ("", "open", "apart")
        },
        levels=levels_of(found.opened),
    )


def levels_of(opened: queries.Opened) -> list[Any]:
    """Every level that an answer of this round can have, each once."""
    return list({level: None for scale in opened.wording.scales.values() for level in scale.levels})


def _is_wanted(row: queries.Position, only: str, moderates: bool) -> bool:
    answer = row.agreed if moderates else row.mine
    if only == "open":
        return answer is None or not answer.said.is_rated or answer.is_carried
    return row.apart > 0 if only == "apart" else True


def _form(request: Any, found: queries.StatementPage | queries.Asked, *, moderated: bool) -> AnswerForm:
    answer = found.answer if isinstance(found, queries.StatementPage) else None
    initial: dict[str, Any] = {"seen": answer.revision if answer else 0}
    if answer:
        initial |= {name: getattr(answer.said, name) for name in type(answer.said).__dataclass_fields__}
    return AnswerForm(
        request.POST or None,
        levels=found.scale.levels,
        moderated=moderated,
        rates_gaps=found.scale.kind == RAG,
        initial=initial,
    )


def _show(request: Any, found: queries.StatementPage, form: AnswerForm | None, *, moderates: bool) -> HttpResponse:
    named = {figure.indicator: figure for figure in found.figures}
    results = [words.result(one, named) for one in found.proposal.results] if found.proposal else []
    proposed = (
        found.opened.wording.level(found.node, found.proposal.level)
        if found.proposal and found.proposal.level
        else None
    )
    asked: dict[str, Any] = {"form": form} if form else {}
    chosen = str(form["level"].value() or "") if form else found.answer.said.level if found.answer else ""
    return page(
        request,
        "improvement/statement.jinja",
        found=found,
        one=found.opened.round,
        framework=found.opened.wording.framework,
        node=found.node,
        **asked,
        chosen=chosen,
        moderates=moderates,
        to="moderate_statement" if moderates else "answer_statement",
        proposed=proposed,
        results=results,
        figures=[words.figure(figure) for figure in found.figures],
        may_bring=form is not None,
    )


@needs("see_rounds")
def answer_statement(request: Any, round_id: UUID, node_id: str) -> HttpResponse:
    """One statement with its live evidence: an assessor answers, a reader of a signed round reads."""
    if request.method == "POST" and (done := _save(request, round_id, node_id, moderates=False)):
        return done
    found = queries.statement_page(request.reader, round_id, node_id, moderates=False)
    opened = found.opened
    if not _takes_answers(opened, moderates=False) and opened.is_lead and not opened.is_signed:
        return redirect("moderate_statement", round_id=round_id, node_id=node_id)
    asks = _takes_answers(opened, moderates=False) and opened.assessor and not opened.assessor.handed_in_at
    return _show(request, found, _form(request, found, moderated=False) if asks else None, moderates=False)


@needs("lead_rounds")
def moderate_statement(request: Any, round_id: UUID, node_id: str) -> HttpResponse:
    """One statement with what each assessor said and what the evidence proposes: who leads agrees."""
    if request.method == "POST" and (done := _save(request, round_id, node_id, moderates=True)):
        return done
    found = queries.statement_page(request.reader, round_id, node_id, moderates=True)
    asks = not found.opened.is_signed
    return _show(request, found, _form(request, found, moderated=True) if asks else None, moderates=True)


def _takes_answers(opened: queries.Opened, *, moderates: bool) -> bool:
    return not opened.is_signed and (moderates or opened.assessor is not None)


def _save(request: Any, round_id: UUID, node_id: str, *, moderates: bool) -> HttpResponse | None:
    """Take an answer; only where it is refused the whole page is gathered. None where this reader gives no answer."""
    asked = queries.statement_to_answer(request.reader, round_id, node_id, moderates=moderates)
    if not _takes_answers(asked.opened, moderates=moderates):
        return None
    form, stale = _form(request, asked, moderated=moderates), None
    if form.is_valid():
        act = actions.moderate_statement if moderates else actions.answer_statement
        try:
            act(by=request.reader, round_id=round_id, node_id=node_id, seen=form.cleaned_data["seen"], said=form.said())
        except Refused as refused:
            form.refuse(refused)
        except Stale as older:
            stale = older
        else:
            messages.success(request, _("Saved."))
            to = "moderate_statement" if moderates else "answer_statement"
            if asked.after and "stay" not in request.POST:
                return redirect(to, round_id=round_id, node_id=asked.after.id)
            return redirect("moderation" if moderates else "answering", round_id=round_id)
    found = queries.statement_page(request.reader, round_id, node_id, moderates=moderates)
    if stale:
        return stale_page(
            request,
            stale,
            form,
            before=queries.revision(found, stale.seen, moderates=moderates),
            saved_by=found.answer.who if found.answer else "",
            saved_at=found.answer.at if found.answer else None,
        )
    return _show(request, found, form, moderates=moderates)


@needs("see_rounds")
def add_evidence(request: Any, round_id: UUID, node_id: str) -> HttpResponse:
    """Bring a file, a link, another indicator, or what people say."""
    found = queries.statement_page(request.reader, round_id, node_id, moderates=False)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EvidenceForm(*sent, indicators=queries.indicators_to_cite(found))
    if form.is_valid():
        said = form.cleaned_data
        shown = actions.Shown(
            title=said["title"], note=said["note"], effective_on=said["effective_on"], expires_on=said["expires_on"]
        )
        try:
            if said["file"]:
                actions.add_evidence_file(
                    by=request.reader,
                    round_id=round_id,
                    node_id=node_id,
                    shown=shown,
                    name=said["file"].name,
                    chunks=said["file"].chunks(),
                    size=said["file"].size,
                    key=said["key"],
                )
            else:
                actions.add_evidence(
                    by=request.reader,
                    round_id=round_id,
                    node_id=node_id,
                    shown=shown,
                    url=said["url"],
                    indicator=said["indicator"],
                )
            messages.success(request, _("Added."))
            return redirect("answer_statement", round_id=round_id, node_id=node_id)
        except Refused as refused:
            form.refuse(refused)
    return page(request, "improvement/add_evidence.jinja", form=form, one=found.opened.round, node=found.node)


@needs("see_rounds")
@require_POST
def withdraw_evidence(request: Any, round_id: UUID, evidence_id: UUID) -> HttpResponse:
    """Say that a piece of evidence no longer counts."""
    try:
        row = actions.withdraw_evidence(by=request.reader, round_id=round_id, evidence_id=evidence_id)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("round", round_id=round_id)
    messages.success(request, _("Withdrawn. It is kept, and counts no more."))
    return redirect("answer_statement", round_id=round_id, node_id=row.node)


@needs("see_rounds")
@require_GET
def evidence_file(request: Any, round_id: UUID, evidence_id: UUID) -> HttpResponse:
    """Hand a file out to be saved, never to be shown in the page; what is no longer what was kept is not handed out."""
    kept = queries.evidence_file(request.reader, round_id, evidence_id)
    if kept is None:
        messages.error(
            request,
            _("This file is missing or changed on the server, and is not shown. Ask who runs Ambit for the backup."),
        )
        return redirect("round", round_id=round_id)
    actions.take_evidence_file(by=request.reader, round_id=round_id, evidence_id=evidence_id)
    answer = HttpResponse(kept.content, content_type=kept.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{kept.name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer

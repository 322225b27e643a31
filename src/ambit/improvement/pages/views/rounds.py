"""Pages of rounds: all of them, one with its progress, starting, asking, carrying over, signing, comparing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs
from ambit.improvement import actions, queries
from ambit.improvement.pages.forms import CarryForm, InviteForm, SignForm, StartRoundForm

# what is said of where an answer could come from
KINDS = {
    "same": gettext_lazy("The same words"),
    "reworded": gettext_lazy("Worded anew: read both"),
    "replaced": gettext_lazy("Takes the place of an earlier statement"),
    "new": gettext_lazy("New"),
    "retired": gettext_lazy("Is no longer asked"),
}


@needs("see_rounds")
@require_GET
def rounds(request: Any) -> HttpResponse:
    """Every round the reader may see: first those that wait for them."""
    return page(request, "improvement/rounds.jinja", found=queries.rounds(request.reader), today=timezone.localdate())


@needs("lead_rounds")
def start_round(request: Any) -> HttpResponse:
    """Begin a round of the reader's own organisation."""
    told = queries.frameworks(request.reader)
    form = StartRoundForm(
        request.POST or None,
        frameworks=[(row.framework.id, row.framework.title) for row in told.rows if row.statements],
        signed=queries.signed_rounds_of_own(request.reader),
        initial={"framework": request.GET.get("framework", ""), "follows": request.GET.get("follows", "")},
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.start_round(
                by=request.reader,
                framework_id=said["framework"],
                title=said["title"],
                period=actions.Period(
                    from_on=said["period_from"],
                    until_on=said["period_until"],
                    answers_due_on=said["answers_due_on"],
                ),
                whole=said["whole"] == "whole",
                follows=UUID(said["follows"]) if said["follows"] else None,
            )
            return redirect("decide_carrying" if made.follows_id else "round", round_id=made.pk)
        except Refused as refused:
            form.refuse(refused)
    return page(request, "improvement/start_round.jinja", form=form, organisation=request.reader.organisation_name)


@needs("see_rounds")
@require_GET
def round_(request: Any, round_id: UUID) -> HttpResponse:
    """One round: progress part by part, who answered, who has not."""
    return _round(request, round_id)


def _round(request: Any, round_id: UUID, form: InviteForm | None = None) -> HttpResponse:
    found = queries.round_page(request.reader, round_id)
    people = [(str(one.account_id), f"{one.name}, {one.organisation}") for one in found.could_ask]
    asked: dict[str, Any] = {"form": form or InviteForm(people=people)} if found.could_ask else {}
    return page(
        request,
        "improvement/round.jinja",
        found=found,
        one=found.opened.round,
        framework=found.opened.wording.framework,
        **asked,
        today=timezone.localdate(),
    )


@needs("lead_rounds")
@require_POST
def invite_assessor(request: Any, round_id: UUID) -> HttpResponse:
    """Ask somebody to answer."""
    opened = queries.open_round(request.reader, round_id)
    people = [
        (str(one.account_id), f"{one.name}, {one.organisation}")
        for one in queries.people_to_ask(request.reader, opened)
    ]
    form = InviteForm(request.POST, people=people)
    if form.is_valid():
        said = form.cleaned_data
        try:
            asked = actions.invite_assessor(
                by=request.reader,
                round_id=round_id,
                account_id=int(said["account_id"]),
                speaks_for=said["speaks_for"],
            )
            messages.success(
                request, _("%(name)s is asked, and told by mail that something waits.") % {"name": asked.name}
            )
            return redirect("round", round_id=round_id)
        except Refused as refused:
            form.refuse(refused)
    return _round(request, round_id, form)


def _done(request: Any, round_id: UUID, act: Any, words: Any, to: str = "round") -> HttpResponse:
    """Do what a button asks, and say what came of it on the page it stands on."""
    try:
        messages.success(request, words(act()))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(to, round_id=round_id)


@needs("lead_rounds")
@require_POST
def remind_assessors(request: Any, round_id: UUID) -> HttpResponse:
    """Remind one, or all who have not handed in."""
    one = request.POST.get("assessor")
    return _done(
        request,
        round_id,
        lambda: actions.remind_assessors(by=request.reader, round_id=round_id, assessor_id=UUID(one) if one else None),
        lambda made: (
            ngettext("%(many)s person is reminded.", "%(many)s people are reminded.", len(made)) % {"many": len(made)}
        ),
    )


@needs("lead_rounds")
@require_POST
def remove_assessor(request: Any, round_id: UUID, assessor_id: UUID) -> HttpResponse:
    """Somebody is no longer asked."""
    return _done(
        request,
        round_id,
        lambda: actions.remove_assessor(by=request.reader, round_id=round_id, assessor_id=assessor_id),
        lambda gone: _("%(name)s is no longer asked. What they answered is kept.") % {"name": gone.name},
    )


@needs("see_rounds")
@require_POST
def hand_in(request: Any, round_id: UUID) -> HttpResponse:
    """Give one's answers to who leads the round."""
    return _done(
        request,
        round_id,
        lambda: actions.hand_in(by=request.reader, round_id=round_id),
        lambda _one: _("Handed in. Thank you. Until the round is signed you can take your answers back."),
    )


@needs("see_rounds")
@require_POST
def take_back(request: Any, round_id: UUID) -> HttpResponse:
    """Take one's answers back to change them."""
    return _done(
        request,
        round_id,
        lambda: actions.take_back(by=request.reader, round_id=round_id),
        lambda _one: _("Your answers are yours again. Hand them in when you have changed them."),
        "answering",
    )


@needs("lead_rounds")
def decide_carrying(request: Any, round_id: UUID) -> HttpResponse:
    """Review, statement by statement, what is carried over from the round before."""
    opened, rows = queries.carryings(request.reader, round_id)
    waiting = [row for row in rows if not row.decision]
    initial = {
        f"node-{number}": row.choices[0][0] if row.kind == "same" and row.choices else "later"
        for number, row in enumerate(waiting)
    }
    form = CarryForm(request.POST or None, rows=waiting, initial=initial)
    if form.is_valid() and request.method == "POST":
        try:
            decided = actions.decide_carrying(by=request.reader, round_id=round_id, decisions=form.decisions())
            words = ngettext("%(many)s statement is decided.", "%(many)s statements are decided.", len(decided))
            messages.success(request, words % {"many": len(decided)})
            return redirect("round" if len(decided) == len(waiting) else "decide_carrying", round_id=round_id)
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect("decide_carrying", round_id=round_id)
    return page(
        request,
        "improvement/decide_carrying.jinja",
        one=opened.round,
        framework=opened.wording.framework,
        form=form,
        rows=[(row, form[f"node-{number}"]) for number, row in enumerate(waiting)],
        decided=[row for row in rows if row.decision],
        kinds=KINDS,
    )


@needs("lead_rounds")
def sign_round(request: Any, round_id: UUID) -> HttpResponse:
    """Sign: what is signed, what is missing, and what it means."""
    found = queries.round_page(request.reader, round_id)
    seen = queries.state_of(round_id)
    form = SignForm(request.POST or None, initial={"seen": seen})
    stale = None
    if form.is_valid():
        try:
            actions.sign_round(by=request.reader, round_id=round_id, **form.cleaned_data)
            return redirect("round", round_id=round_id)
        except Refused as refused:
            form.refuse(refused)
        except Stale as older:
            stale = older
            form = SignForm(initial={**form.cleaned_data, "seen": seen})
    return page(
        request,
        "improvement/sign_round.jinja",
        status=409 if stale else 200,
        found=found,
        one=found.opened.round,
        framework=found.opened.wording.framework,
        form=form,
        stale=stale,
    )


@needs("see_rounds")
@require_GET
def compare_rounds(request: Any) -> HttpResponse:
    """Rounds beside each other, of one organisation or of several: what changed since last time, where they differ."""
    found = queries.compare(request.reader, request.GET.getlist("round")[:4])
    return page(request, "improvement/compare_rounds.jinja", found=found, only=request.GET.get("only") == "changed")

"""The packs of this place: a list, one pack, and taking one into use."""

from collections import Counter
from operator import itemgetter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs
from ambit.packs import actions, queries
from ambit.packs.pages.forms import SignOffForm

# a kind of so many packs that it would bury the others
OF_THEIR_OWN = frozenset({"codelists"})


def _pack(request: HttpRequest, kind: str, pack_id: str) -> queries.PackPage:
    shown = queries.one_pack(request.reader, kind, pack_id)
    if shown is None:
        raise Http404("There is no such pack here.")
    return shown


@needs("see_packs")
def packs(request: HttpRequest) -> HttpResponse:
    """The packs of one kind, or of every kind but the long one: code lists are read by who looks for one of them."""
    every = queries.every_pack(request.reader)
    kinds = Counter((row.kind, row.kind_title) for row in every)
    kind = request.GET.get("kind", "")
    kind = kind if any(kind == one for one, _title in kinds) else ""
    shown = [row for row in every if row.kind == kind or (not kind and row.kind not in OF_THEIR_OWN)]
    return page(
        request,
        "packs/packs.jinja",
        packs=every,
        shown=shown,
        kinds=sorted(kinds.items(), key=itemgetter(0)),
        kind=kind,
    )


@needs("see_packs")
def pack(request: HttpRequest, kind: str, pack_id: str) -> HttpResponse:
    shown = _pack(request, kind, pack_id)
    form = SignOffForm(initial={"seen": shown.row.sha256})
    return page(request, "packs/pack.jinja", pack=shown, form=form)


@needs("sign_off_packs")
def sign_off(request: HttpRequest, kind: str, pack_id: str) -> HttpResponse:
    if request.method != "POST":
        return redirect("pack", kind, pack_id)
    form = SignOffForm(request.POST)
    shown = _pack(request, kind, pack_id)
    if not form.is_valid():
        return page(request, "packs/pack.jinja", pack=shown, form=form)
    try:
        actions.sign_off(by=request.reader, kind=kind, pack_id=pack_id, **form.cleaned_data)
    except Refused as refused:
        form.refuse(refused)
        return page(request, "packs/pack.jinja", pack=shown, form=form)
    return redirect("pack", kind, pack_id)

"""The packs of this place: a list, one pack, and taking one into use."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs
from ambit.packs import actions, queries
from ambit.packs.pages.forms import SignOffForm


def _pack(request: HttpRequest, kind: str, pack_id: str) -> queries.PackPage:
    shown = queries.one_pack(request.reader, kind, pack_id)
    if shown is None:
        raise Http404("There is no such pack here.")
    return shown


@needs("see_packs")
def packs(request: HttpRequest) -> HttpResponse:
    return page(request, "packs/packs.jinja", packs=queries.every_pack(request.reader))


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

"""Beginning a pack, and taking one into use here."""

import re
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.packs.kinds import KINDS
from ambit.packs.library import check_examples
from ambit.packs.models import PackSignOff
from ambit.packs.queries import site_library
from ambit.packs.reading import meant


def begin(*, by: Reader, kind: str, pack_id: str) -> Path:
    """Make a small pack of this site's own that passes its check, to be written on; answers its folder."""
    by.must("sign_off_packs")
    if f"{kind}s" in KINDS:  # one is a framework, its kind are frameworks
        kind = f"{kind}s"
    blank = KINDS[kind].blank if kind in KINDS else None
    if blank is None:
        able = [name for name, one in KINDS.items() if one.blank]
        raise Refused(f"There is no blank pack of the kind “{kind}”. {meant(kind, able)}".strip())
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", pack_id):
        raise Refused(f"The id “{pack_id}” must be small letters, digits and hyphens, as “our-search”.")
    folder = Path(settings.HOME) / "packs" / kind / pack_id
    if site_library().get(kind, pack_id) is not None or folder.exists():
        raise Refused(f"There is a pack {kind}/{pack_id} already. Choose another id.")
    with transaction.atomic():
        audit.record(by=by, what="began a pack", details={"kind": kind, "pack": pack_id})
        folder.mkdir(parents=True)
        for name, text in blank(pack_id).items():
            (folder / name).write_text(text, encoding="utf-8")
    return folder


@transaction.atomic
def sign_off(*, by: Reader, kind: str, pack_id: str, seen: str, note: str) -> PackSignOff:
    """Take a pack without a clinical reviewer into use on this site; `seen` is the hash of the content that was read."""
    by.must("sign_off_packs")
    packs = site_library()
    pack = packs.get(kind, pack_id)
    if pack is None:
        raise Refused(f"There is no pack {kind}/{pack_id} here. Look in the list of packs for its name.")
    if not pack.ok or check_examples(pack, packs)[1]:
        raise Refused(f"{pack.id} has problems. Mend them first; `ambit packs check` names each.")
    if pack.awaits:
        raise Refused(" ".join(pack.awaits))
    if pack.sha256 != seen:
        raise Refused("The pack was changed since you opened this page. Read it again, then sign it off.")
    if not note.strip():
        raise Refused({"note": "Write who looked at this pack and what they checked."})
    try:
        with transaction.atomic():
            signed = PackSignOff.objects.create(
                kind=kind, pack_id=pack_id, version=pack.version, sha256=pack.sha256, by_name=by.name, by_role=by.role,
                by_account_id=by.account_id, at=timezone.now(), note=note.strip(),
            )  # fmt: skip
    except IntegrityError:
        raise Refused(f"{pack.id} {pack.version} is already signed off for use here.") from None
    audit.record(
        by=by,
        what="signed off a pack",
        details={"kind": kind, "pack": pack_id, "version": pack.version, "sha256": pack.sha256},
    )
    return signed

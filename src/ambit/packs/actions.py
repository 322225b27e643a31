"""Taking a pack into use here."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.packs.library import check_examples
from ambit.packs.models import PackSignOff
from ambit.packs.queries import site_library


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

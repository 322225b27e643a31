"""Emergency summaries for a day without the system: one locked file for each organisation, and a signed list of them.

A folder of summaries is written whole or not at all. Each file holds one side of A4 for everybody whom the organisation
would see at that moment and for whom something is written, behind AES-256 and the organisation's own passphrase. The
list (`manifest.json`) names every file with its SHA-256 and is signed with Ed25519, so that a file that was changed or
left out is told from one that Ambit wrote.
"""

import hashlib
import io
import json
import os
import re
import shutil
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.template import engines
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter

from ambit.access.organisation_readers import OrganisationReader, organisation_readers
from ambit.access.queries import Reader, answer_at_the_door
from ambit.design.addresses import address_of
from ambit.design.documents import CannotMakePDF, can_make_pdf, laid_out, pdf
from ambit.design.qr import qr
from ambit.design.refusals import Refused
from ambit.urgent import actions, fitting, keys, queries
from ambit.urgent.documents.paper import as_it_stood
from ambit.urgent.rules import Now

MANIFEST, SIGNATURE, PUBLIC_KEY = "manifest.json", "manifest.sig", "public-key.txt"
SHEETS = ("urgent/urgent.css", "urgent/summary.css")
AT_ONCE = 50
"""People set in one go; more take more memory and no less time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export wrote, as `ambit summaries export` says it."""

    folder: str
    people: int
    organisations: int
    files: tuple[str, ...]
    signed_at: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What is wrong with a folder of summaries; nothing, when `problems` is empty."""

    files: int
    signed_at: str
    problems: tuple[str, ...]


def export_summaries(
    *, by: Reader, folder: Path, keep: int = 3, tell: Callable[[str], None] = lambda _words: None
) -> Exported:
    """Write the summaries of this moment into a dated folder inside `folder`, and let go of all but the newest `keep`.

    Raises `Refused` when the machine cannot make PDF files or the folder cannot be written; nothing is left by halves.
    """
    by.must("operate")
    if not can_make_pdf():
        raise CannotMakePDF
    at = timezone.now()
    name = f"{timezone.localtime(at):%Y-%m-%dT%H%M}"
    if (folder / name).exists():
        raise Refused(f"{folder / name} is already there. Wait a minute, or name another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".writing-") as half:
            done = _write_all(Path(half), by=by, at=at, tell=tell)
            actions.write_summaries(by=by, at=at, files={one.name: one.people for one in done.files})
            ready = Path(half) / name
            ready.mkdir(mode=0o700)
            for path in [path for path in Path(half).iterdir() if path.is_file()]:
                path.rename(ready / path.name)
            ready.rename(folder / name)
    except OSError as problem:
        raise Refused(f"The summaries could not be written to {folder}: {problem.strerror}. Nothing was left.") from (
            problem
        )
    for old in sorted(path for path in folder.iterdir() if re.fullmatch(r"\d{4}-\d\d-\d\dT\d{4}", path.name))[:-keep]:
        shutil.rmtree(old)
    return Exported(
        folder=str(folder / name),
        people=done.people,
        organisations=len(done.files),
        files=tuple(one.name for one in done.files),
        signed_at=done.signed_at,
        key=keys.fingerprint(keys.signing_key().public_key()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    name: str
    organisation: str
    people: tuple[UUID, ...]
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    files: tuple[_File, ...]
    people: int
    signed_at: str


def _write_all(folder: Path, *, by: Reader, at: datetime, tell: Callable[[str], None]) -> _Written:
    """Every organisation's file, and the signed list of them."""
    files = []
    for organisation in organisation_readers(by):
        shown = list(_summaries(organisation, at=at))
        if not shown:
            continue
        tell(f"{organisation.name}: {len(shown)}")
        content = _locked(_whole(organisation, shown, at=at), passphrase=keys.passphrase(organisation.code))
        name = f"{organisation.code}-{re.sub(r'[^a-z0-9]+', '-', organisation.name.lower()).strip('-')}.pdf"
        _write(folder / name, content)
        files.append(
            _File(
                name=name,
                organisation=organisation.code,
                people=tuple(now.person_id for now in shown),
                bytes=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
            )
        )
    done = _Written(
        files=tuple(files),
        people=len({person_id for one in files for person_id in one.people}),
        signed_at=timezone.localtime(at).isoformat(timespec="seconds"),
    )
    listed = {
        "format": 1,
        "place": settings.PLACE_NAME,
        "people": done.people,
        "signed_at": done.signed_at,
        "files": [{**asdict(one), "people": len(one.people)} for one in files],
    }
    words = json.dumps(listed, indent=1, ensure_ascii=False).encode()
    key = keys.signing_key()
    _write(folder / MANIFEST, words)
    _write(folder / SIGNATURE, b64encode(key.sign(words)) + b"\n")
    _write(folder / PUBLIC_KEY, b64encode(key.public_key().public_bytes_raw()) + b"\n")
    return done


def _summaries(organisation: OrganisationReader, *, at: datetime) -> Iterator[Now]:
    """The urgent page of everybody for whom something is written and whom this organisation may open now, by name."""
    seen = set()
    for reader in organisation.readers:
        for person in queries.with_a_summary(reader):
            if person.id in seen:
                continue
            seen.add(person.id)
            answer = answer_at_the_door(reader, person)
            if answer.is_open:
                yield queries.now(reader, person, at=at)


def _whole(organisation: OrganisationReader, shown: list[Now], *, at: datetime) -> bytes:
    shown = sorted(shown, key=lambda now: (now.banner.family_name.casefold(), now.banner.given_names.casefold()))
    documents = [_front(organisation, shown, at=at)]
    for start in range(0, len(shown), AT_ONCE):
        several = shown[start : start + AT_ONCE]
        document = _sides([_side(now) for now in several])
        if len(document.pages) == len(several):
            documents.append(document)
        else:  # somebody's page ran over: each is set alone, smaller until it stands on one side
            documents.extend(map(one_side, several))
    return pdf(documents)


def one_side(now: Now) -> Any:
    """One person's page on one side of A4, as WeasyPrint's document.

    The setting is chosen by measuring (`fitting.fit`) with the widths of Arial; where the machine's letters are wider, the
    next smaller one is taken until the page is one.
    """
    document = None
    for paper in (None, *fitting.PAPERS):
        document = _sides([_side(now, paper)])
        if len(document.pages) == 1:
            break
    return document


def _side(now: Now, paper: fitting.Paper | None = None) -> str:
    foot = as_it_stood(now)
    fitted = fitting.fitted(now, paper, paper) if paper else fitting.fit(now, foot=foot)
    return str(
        engines["jinja2"]
        .get_template("urgent/paper.jinja")
        .render({"now": now, "paper": fitted, "qr": qr(_address(now)), "beside_qr": foot})
    )


def _sides(bodies: list[str]) -> Any:
    body = "".join(bodies)
    return laid_out(f'<main class="u-print">{body}</main>', title=_("Emergency summaries"), sheets=SHEETS)


def _front(organisation: OrganisationReader, shown: list[Now], *, at: datetime) -> Any:
    body = (
        engines["jinja2"]
        .get_template("urgent/summaries_front.jinja")
        .render({"organisation": organisation, "shown": shown, "at": at, "place": settings.PLACE_NAME})
    )
    return laid_out(body, title=escape(organisation.name), sheets=SHEETS)


def _address(now: Now) -> str:
    return f"{settings.PUBLIC_ADDRESS}{address_of('now', now.person_id)}"


def _locked(content: bytes, *, passphrase: str) -> bytes:
    """The PDF behind AES-256; nobody opens it without the passphrase."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(passphrase, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def check_summaries(folder: Path, *, key: str = "") -> Checked:
    """Whether a folder holds what Ambit wrote into it: the signature of its list, and each file against the list.

    Needs neither the site nor its database. `key` is the fingerprint that the organisation was given; without it the
    signature shows only that list and key belong together.
    """
    try:
        words = (folder / MANIFEST).read_bytes()
        signature = b64decode((folder / SIGNATURE).read_bytes())
        public = Ed25519PublicKey.from_public_bytes(b64decode((folder / PUBLIC_KEY).read_bytes()))
        listed = json.loads(words)
        files = listed["files"]
    except (OSError, ValueError, KeyError) as problem:
        raise Refused(f"{folder} is no folder of emergency summaries, or a part is missing: {problem}") from problem
    problems = []
    if key and keys.fingerprint(public) != key:
        problems.append(f"Signed with another key: {keys.fingerprint(public)}, not {key}.")
    try:
        public.verify(signature, words)
    except InvalidSignature:
        problems.append(f"{MANIFEST} was changed after it was signed.")
    for one in files:
        problems.extend(_problems_of(folder, one["name"], one["sha256"]))
    known = {MANIFEST, SIGNATURE, PUBLIC_KEY, *(one["name"] for one in files)}
    problems.extend(f"{path.name} is not on the list." for path in sorted(folder.iterdir()) if path.name not in known)
    return Checked(files=len(files), signed_at=listed["signed_at"], problems=tuple(problems))


def _problems_of(folder: Path, name: str, sha256: str) -> list[str]:
    if Path(name).name != name:
        return [f"{name} does not name a file of this folder."]
    try:
        content = (folder / name).read_bytes()
    except OSError:
        return [f"{name} is missing."]
    return [] if hashlib.sha256(content).hexdigest() == sha256 else [f"{name} was changed after it was signed."]

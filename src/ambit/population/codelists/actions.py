"""Importing a code list into this site's own packs, from a file or from a terminology server."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.packs.library import library
from ambit.packs.queries import site_library
from ambit.population.codelists.importing import VERSIONS, About, difference, read_published, write_pack
from ambit.population.codelists.rules import Code
from ambit.population.codelists.terminology import Server, expand


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: promised to programs in the command line's JSON."""

    id: str
    version: str
    sha256: str
    codes: int
    added: list[str]
    removed: list[str]


def import_list(
    *, by: Reader, file: Path, list_id: str, title: str, source: str, licence: str, system: str, polarity: str,
    refset: str = "",
) -> Imported:  # fmt: skip
    """Keep a published list as this site's; under the id of a list that Ambit ships it stands in that one's place.

    The same file again changes nothing; other codes make the next version.
    """
    by.must("import_population")
    _fits(list_id)
    codes = read_published(text_of(file), system=system, polarity=polarity, refset=refset)
    return _keep(by, codes, list_id=list_id, title=title, source=source, licence=licence)


def expand_list(
    *, by: Reader, list_id: str, value_set: str, title: str = "", licence: str, polarity: str = "has"
) -> Imported:
    """Keep what this site's terminology server says a value set holds, as a list that was published; the source names server and release.

    Asked again after a new release of SNOMED CT, other codes make the next version, and the same codes change nothing.
    """
    by.must("import_population")
    _fits(list_id)
    server = Server(settings.CONFIG.terminology_server, settings.CONFIG.terminology_token)
    expanded = expand(server, value_set)
    codes = read_published(expanded.text, system="snomed", polarity=polarity)
    used = f"; {', '.join(expanded.releases)}" if expanded.releases else ""
    source = f"{value_set}, expanded by {urlsplit(server.address).hostname}{used}"
    return _keep(by, codes, list_id=list_id, title=title, source=source, licence=licence)


def _fits(list_id: str) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", list_id):
        raise Refused(f"The id “{list_id}” must be small letters, digits and hyphens, as “heart-failure”.")


def _keep(by: Reader, codes: tuple[Code, ...], *, list_id: str, title: str, source: str, licence: str) -> Imported:
    present = site_library().get("codelists", list_id)
    known = present.content if present and present.ok else None
    added, removed = difference(known, codes)
    own = present is not None and present.origin == "site"
    if own and not added and not removed and present is not None:
        return Imported(list_id, present.version, present.sha256, len(codes), [], [])
    version = str(int(present.version.partition(".")[0]) + 1) if present and present.version else "1"
    replaces = present is not None and (not own or replaced(list_id))
    about = About(list_id, version, title or (present.title if present else list_id), source, licence, replaces)
    with transaction.atomic():
        audit.record(
            by=by,
            what="imported a code list",
            details={
                "id": list_id,
                "version": version,
                "codes": len(codes),
                "added": len(added),
                "removed": len(removed),
            },
        )
        write_pack(_folder(list_id), about, codes, before=present.version if present else "")
    kept = site_library().get("codelists", list_id)
    if kept is None or not kept.ok:
        raise Refused(" ".join(str(problem) for problem in kept.problems) if kept else "The list was not kept.")
    return Imported(list_id, kept.version, kept.sha256, len(codes), added, removed)


def replaced(list_id: str) -> bool:
    """Whether this site's list already stands in the place of one that Ambit ships."""
    return "replaces:" in (_folder(list_id) / "pack.yaml").read_text("utf-8")


def _folder(list_id: str) -> Path:
    return Path(settings.HOME) / "packs" / "codelists" / list_id


def codes_of(named: str) -> tuple[Code, ...]:
    """The codes of a list here by its id, of an earlier version of it (“heart-failure@1.0”), or of a file."""
    list_id, _, version = named.partition("@")
    pack = site_library().get("codelists", list_id)
    if version and (pack is None or pack.version != version):
        kept = _folder(list_id).parent / VERSIONS / f"{list_id}@{version}.csv"
        if kept.is_file():
            return read_published(text_of(kept), system="snomed", polarity="has")
        pack = library().get("codelists", list_id)
        if pack is None or pack.version != version:
            raise Refused(f"Version {version} of “{list_id}” is not kept here.")
    if pack is not None and pack.ok:
        codes: tuple[Code, ...] = pack.content.codes
        return codes
    if Path(named).is_file():
        return read_published(text_of(Path(named)), system="snomed", polarity="has")
    raise Refused(f"“{named}” is neither a code list here nor a file. `ambit codelists list` names the lists.")


def text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"{file.name} is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from error

"""A record content standard from the list of who publishes it: checked whole, then a pack of this site (`docs/running/standards-import.md`).

Standards that we may not ship, or know only in part (PRSB), are filled like this. A published list is never edited, only
followed by a new version; the one before is kept beside it.
"""

import csv
import io
import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.careplan import rules
from ambit.design.refusals import Refused
from ambit.organisations.csv_import import CannotImport, Problem
from ambit.packs.library import Library, shipped
from ambit.packs.queries import site_library
from ambit.packs.rules import Pack

COLUMNS: Final = ("id", "title", "status", "group", "items", "elsewhere", "refused")
NEEDED: Final = ("id", "title", "status")
LISTS: Final = ("items", "elsewhere")
MOST_BYTES: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Standard:
    """What came in: how many items, how many of them Ambit holds, and which version it follows."""

    id: str
    version: str
    stored: bool
    items: int
    held: int
    follows: str

    @property
    def in_words(self) -> str:
        done = "is here now" if self.stored else "would be here"
        return f"{self.id} {self.version} {done}: {self.items} items, of which the plan holds {self.held}."


@transaction.atomic
def import_standard(
    *,
    by: Reader,
    file: str,
    content: bytes,
    standard_id: str,
    title: str,
    version: str,
    source: str,
    licence: str,
    preview: bool = False,
) -> Standard:
    """Bring in a standard's list as a pack of this site; it takes the place of what was known of it before."""
    by.must("sign_off_packs")
    if len(content) > MOST_BYTES:
        raise Refused("The file is larger than 2 MB. A standard's list is a few hundred lines: choose the list alone.")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", standard_id):
        raise Refused("The id must be small letters, digits and hyphens, as “prsb”.")
    before = site_library().get("careplans", standard_id)
    if before is not None and not isinstance(before.content, rules.Standard | None):
        raise Refused(f"“{standard_id}” is a plan here, not a standard. Choose another id.")
    if before is not None and before.version == version:
        raise Refused(
            f"Version {version} of {standard_id} is here already. A list is never edited: give the new one its own version."
        )
    head = {
        "id": standard_id, "version": version, "title": title, "source": source, "licence": licence, "reviewer": "",
        "review_date": "", "plan": "ambit-plan", "ages": "any",
    }  # fmt: skip
    if before is not None and (before.origin == "shipped" or (Path(shipped()) / "careplans" / standard_id).is_dir()):
        head["replaces"] = standard_id
    with tempfile.TemporaryDirectory(prefix="ambit-standard-") as trial:
        folder = Path(trial, "careplans", standard_id)
        folder.mkdir(parents=True)
        _write(folder, head, list(_items(file, content)))
        pack = Library({"shipped": shipped(), "site": Path(trial)}).get("careplans", standard_id)
        standard = _right(pack, file, lines_before=len(head) + 1)
        if not preview:
            audit.record(by=by, what="brought in a standard", details={"standard": standard_id, "version": version})
            _keep(folder, standard_id, before)
    return Standard(
        id=standard_id,
        version=version,
        stored=not preview,
        items=len(standard.items),
        held=sum(asked.implemented for asked in standard.items),
        follows=before.version if before is not None else "",
    )


def _items(file: str, content: bytes) -> Iterator[dict[str, object]]:
    """Each line of the file as an item of a pack; what cannot be read as a table is told."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotImport([Problem(file, 1, "", "Save the file as CSV in UTF-8.")]) from None
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    names = rows.fieldnames or []
    problems = [Problem(file, 1, name, f"Add a column “{name}”.", name) for name in NEEDED if name not in names]
    problems += [
        Problem(file, 1, name, f"This column is not known. The columns are {', '.join(COLUMNS)}.", name)
        for name in names
        if name not in COLUMNS
    ]
    if problems:
        raise CannotImport(problems)
    try:
        for row in rows:
            if None in row or None in row.values():
                told = "This line has more or fewer values than the first line has columns."
                raise CannotImport([Problem(file, rows.line_num, row.get("id") or "", told)])
            said = {name: value.strip() for name, value in row.items() if value.strip()}
            yield {name: value.split() if name in LISTS else value for name, value in said.items()}
    except csv.Error as broken:
        raise CannotImport([Problem(file, rows.line_num, "", f"This line cannot be read: {broken}.")]) from None


def _write(folder: Path, head: dict[str, str], items: list[dict[str, object]]) -> None:
    """The pack with one line for each line of the list, and two examples, which pin how many items came in."""
    lines = [f"{name}: {json.dumps(value)}" for name, value in head.items()]
    lines += ["items:", *(f"  - {json.dumps(item)}" for item in items)]
    (folder / "pack.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    counted = {status: sum(item.get("status") == status for item in items) for status in rules.STATUSES}
    first = items[0] if items else {}
    examples = [
        {"person": "The items of the list, by their status", "expect": counted},
        {
            "person": "The first item",
            "item": first.get("id"),
            "expect": {key: first.get(key) for key in ("title", "status")},
        },
    ]
    (folder / "examples.yaml").write_text(json.dumps(examples), encoding="utf-8")


def _right(pack: Pack | None, file: str, *, lines_before: int) -> rules.Standard:
    """The standard that was read; else every problem by the line of the list it stands in."""
    if pack is not None and pack.ok and isinstance(pack.content, rules.Standard):
        return pack.content
    found = pack.problems if pack is not None else ()
    # the list's first line holds the names of its columns
    raise CannotImport([Problem(file, max(one.line - lines_before + 1, 1), "", one.words) for one in found])


def _keep(folder: Path, standard_id: str, before: Pack | None) -> None:
    """Put the pack in its place; the one before is kept under a name that nobody reads as a pack."""
    packs = Path(settings.HOME) / "packs" / "careplans"
    packs.mkdir(parents=True, exist_ok=True)
    place, ready = packs / standard_id, packs / f".{standard_id}-new"
    shutil.rmtree(ready, ignore_errors=True)
    shutil.copytree(folder, ready)
    if place.is_dir():
        place.rename(packs / f".{standard_id}-{before.version if before else 'before'}")
    ready.rename(place)

"""What is asked of a workbook before anything reads it: that it is one, that it is no larger than a person could write, and that
nothing in it is run, fetched or unfolded. Looked through piece by piece, so that a file made to harm costs little."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from ambit.files.rules import size_words

LARGEST: Final = 10_000_000
"""Bytes of a file as it is sent."""
LARGEST_UNPACKED: Final = 80_000_000
"""Bytes of all its parts, unpacked."""
MOST_PARTS: Final = 500
MOST_SHEETS: Final = 50
MOST_ROWS: Final = 2_000
"""Rows down to the last that says something."""
MOST_EMPTY_ROWS: Final = 20_000
"""Rows that are formatted, whether or not they say anything."""
MOST_COLUMNS: Final = 500
MOST_CELLS: Final = 400_000
MOST_ELEMENTS: Final = 3_000_000
MOST_ELEMENTS_BESIDE: Final = 200_000
"""Of a part that is neither a sheet nor the list of texts: those are read whole into memory."""
LARGE: Final = 4_000_000
"""Bytes of all its parts, unpacked, beyond which a person would wait for it to be read."""
_PIECE: Final = 1 << 16
_SAVE_AS: Final = "Open it in Excel or LibreOffice, choose Save as, “Excel workbook (.xlsx)”, and bring that file."

Span = tuple[int, int, int, int]
"""First column, first row, last column, last row of merged cells."""


class NotAWorkbook(ValueError):
    """A file that is not read, and what to do about it."""


@dataclass
class Part:
    """What was seen of one part: its outermost element, how far its cells reach, which are merged."""

    root: str = ""
    rows: int = 0
    cells: int = 0
    last_row: int = 0
    last_column: int = 0
    merged: list[Span] = field(default_factory=list)


@dataclass
class Looked:
    """What was seen in passing: the parts by name, and what a person should know."""

    parts: dict[str, Part] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    elements: int = 0
    unpacked: int = 0

    @property
    def sheets(self) -> list[Part]:
        return [part for part in self.parts.values() if part.root == "worksheet"]


def is_large(content: bytes) -> bool:
    """Whether reading it takes longer than a person waits for a page, by what it declares; a file that is no workbook is refused soon."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(part.file_size for part in archive.infolist()) > LARGE
    except (zipfile.BadZipFile, OSError):
        return False


def look_at(content: bytes) -> Looked:
    """Look through a workbook without opening it; raises NotAWorkbook with what to do."""
    if not content:
        raise NotAWorkbook("The file is empty. Choose another.")
    if len(content) > LARGEST:
        raise NotAWorkbook(
            f"This file has {size_words(len(content))}; at most {size_words(LARGEST)} are read. "
            "Take out pictures and sheets that are not needed, and save it again."
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotAWorkbook(f"This is a workbook in the old format (.xls), or one locked with a password. {_SAVE_AS}")
    if not content.startswith(b"PK\x03\x04"):
        raise NotAWorkbook(f"This is no Excel workbook (.xlsx). {_SAVE_AS}")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _look(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as broken:
        raise NotAWorkbook(f"The file is damaged and cannot be read. {_SAVE_AS}") from broken


def _look(archive: zipfile.ZipFile) -> Looked:
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    if len(parts) > MOST_PARTS:
        raise NotAWorkbook(f"The file has {len(parts):,} parts; no workbook has more than {MOST_PARTS}.")
    if len(set(names)) < len(names):
        raise NotAWorkbook(
            "The file holds the same part twice, so what it says is not certain. Save it again in Excel."
        )
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise NotAWorkbook(f"This is no Excel workbook (.xlsx). {_SAVE_AS}")
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) or "/macrosheets/" in name for name in names):
        raise NotAWorkbook(f"The workbook holds macros, which are programs. {_SAVE_AS} That leaves them out.")
    if any("/embeddings/" in name or "/activex/" in name for name in names):
        raise NotAWorkbook("The workbook holds other files or controls inside it. Take them out, and save it again.")
    # what is declared may be a lie, so what comes out is counted as well
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise _bomb()
    found = Looked()
    for one in parts:
        _look_at_part(archive, one, found)
    if len(found.sheets) > MOST_SHEETS:
        raise NotAWorkbook(f"The workbook has {len(found.sheets)} sheets; at most {MOST_SHEETS} are read.")
    if any(name.startswith("xl/externallinks/") for name in names):
        found.notes.append("It links to other workbooks. They are not opened, and nothing is taken from them.")
    if any(name == "xl/connections.xml" or name.startswith("xl/querytables/") for name in names):
        found.notes.append("It is connected to other sources of data. They are not asked.")
    return found


def _bomb() -> NotAWorkbook:
    return NotAWorkbook(
        f"Unpacked, the file is larger than {size_words(LARGEST_UNPACKED)}, which no self-assessment or plan is. "
        "Nothing of it was read."
    )


def _pieces(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(one) as opened:
        while piece := opened.read(_PIECE):
            yield piece


def _look_at_part(archive: zipfile.ZipFile, one: zipfile.ZipInfo, found: Looked) -> None:
    """Count what is in a part. XML is plain UTF-8 and declares nothing that would be unfolded or fetched."""
    parser = None
    for number, piece in enumerate(_pieces(archive, one)):
        found.unpacked += len(piece)
        if found.unpacked > LARGEST_UNPACKED:
            raise _bomb()
        if number == 0 and _is_xml(one.filename, piece):
            parser = _Counting(found, found.parts.setdefault(one.filename, Part()), one.filename).parser
        if parser is not None:
            _feed(parser, piece, False, one.filename)
    if parser is not None:
        _feed(parser, b"", True, one.filename)


def _is_xml(name: str, head: bytes) -> bool:
    """Told by the first bytes as well as by the name, since a reader goes by neither."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00", b"\x4c\x6f"):
        raise _not_plain(name)
    declared = re.search(rb"""^\s*<\?xml[^>]*encoding=["']([^"']+)["']""", head[:200].removeprefix(b"\xef\xbb\xbf"))
    if declared and declared.group(1).upper() not in (b"UTF-8", b"US-ASCII", b"ASCII"):
        raise _not_plain(name)
    return name.lower().endswith((".xml", ".rels", ".vml")) or head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def _not_plain(name: str) -> NotAWorkbook:
    return NotAWorkbook(f"Its part {name[:80]} is not written in UTF-8. {_SAVE_AS}")


def _feed(parser: Any, piece: bytes, is_last: bool, name: str) -> None:
    try:
        parser.Parse(piece, is_last)
    except expat.ExpatError as broken:
        raise NotAWorkbook(f"Its part {name[:80]} is damaged and cannot be read. {_SAVE_AS}") from broken


class _Counting:
    """Counts the elements of one part as they go by, keeping none; stops at the first that is too many."""

    def __init__(self, found: Looked, part: Part, name: str) -> None:
        self.found, self.part, self.name = found, part, name
        self.many = 0
        self.at = (0, 0)
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.begins
        self.parser.StartDoctypeDeclHandler = self.declares
        self.parser.EntityDeclHandler = self.declares

    def declares(self, *_args: object) -> None:
        raise NotAWorkbook(f"Its part {self.name[:80]} declares entities, which no workbook needs. {_SAVE_AS}")

    def begins(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        part = self.part
        part.root = part.root or tag
        self.many += 1
        self.found.elements += 1
        is_large = part.root in ("worksheet", "sst")
        if self.found.elements > MOST_ELEMENTS or (not is_large and self.many > MOST_ELEMENTS_BESIDE):
            raise _too_many()
        if part.root == "worksheet":
            self.in_sheet(tag, attributes)

    def in_sheet(self, tag: str, attributes: dict[str, str]) -> None:
        part = self.part
        if tag == "row":
            part.rows += 1
            self.at = (_number(attributes.get("r"), self.at[0] + 1), 0)
        elif tag == "c":
            part.cells += 1
            self.at = _place(attributes.get("r"), (self.at[0], self.at[1] + 1))
        elif tag in ("v", "is", "f"):
            part.last_row, part.last_column = max(part.last_row, self.at[0]), max(part.last_column, self.at[1])
        elif tag == "mergeCell":
            part.merged.append(_span(attributes.get("ref", "")))
        too_far = part.last_row > MOST_ROWS or part.rows > MOST_EMPTY_ROWS or part.last_column > MOST_COLUMNS
        if part.cells > MOST_CELLS or too_far:
            raise _too_many()


def _too_many() -> NotAWorkbook:
    return NotAWorkbook(
        f"A sheet of the workbook goes beyond {MOST_ROWS:,} rows, {MOST_COLUMNS} columns or {MOST_CELLS:,} cells. "
        "Nothing of it was read. Bring only the sheet with the self-assessment, the gaps or the plan, without what stands below it."
    )


def _number(words: str | None, otherwise: int) -> int:
    return int(words) if words and words.isdecimal() and len(words) < 9 else otherwise


def _place(words: str | None, otherwise: tuple[int, int]) -> tuple[int, int]:
    try:
        return coordinate_to_tuple(words) if words else otherwise
    except ValueError:
        return otherwise


def _span(words: str) -> Span:
    try:
        first_column, first_row, last_column, last_row = range_boundaries(words)
        return int(first_column or 1), int(first_row or 1), int(last_column or 1), int(last_row or 1)
    except (ValueError, TypeError) as broken:
        raise NotAWorkbook(f"It merges cells that are none ({words[:20]}). {_SAVE_AS}") from broken

"""Code lists: which codes say a thing, and in which sense. Plain Python."""

from dataclasses import dataclass

SNOMED = "http://snomed.info/sct"
SYSTEMS = {
    "snomed": SNOMED,
    "loinc": "http://loinc.org",
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "dmd": "https://dmd.nhs.uk",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "read2": "http://read.info/readv2",
    "ctv3": "http://read.info/ctv3",
}
# a code may say that somebody has a thing, or only that it was offered, declined, discussed or reviewed
POLARITIES = ("has", "offered", "declined", "discussed", "reviewed")
IN_ANY_SENSE = "any"  # asked by a rule that counts a code whatever its sense, as the QOF register does


@dataclass(frozen=True, slots=True)
class Code:
    system: str
    code: str
    term: str
    polarity: str


@dataclass(frozen=True)
class CodeList:
    id: str
    title: str
    codes: tuple[Code, ...]

    def members(self, polarity: str) -> set[tuple[str, str]]:
        return {(code.system, code.code) for code in self.codes if polarity in (code.polarity, IN_ANY_SENSE)}

    def columns(self, polarity: str) -> tuple[list[str], list[str]]:
        """Systems and codes of what counts in this sense; a list names a code once."""
        counting = [code for code in self.codes if polarity in (code.polarity, IN_ANY_SENSE)]
        return [code.system for code in counting], [code.code for code in counting]


_D = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 4, 0, 6, 7, 8, 9, 5), (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7), (4, 0, 1, 2, 3, 9, 5, 6, 7, 8), (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2), (7, 6, 5, 9, 8, 2, 1, 0, 4, 3), (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)  # fmt: skip
_P = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4), (5, 8, 0, 3, 7, 9, 6, 1, 4, 2),
    (8, 9, 1, 6, 0, 4, 3, 5, 2, 7), (9, 4, 5, 3, 1, 2, 6, 8, 7, 0), (4, 2, 8, 6, 5, 7, 3, 9, 0, 1),
    (2, 7, 9, 3, 8, 0, 6, 4, 1, 5), (7, 0, 4, 6, 9, 1, 3, 2, 5, 8),
)  # fmt: skip


def is_snomed_id(code: str) -> bool:
    """A SNOMED CT identifier: 6 to 18 digits whose last is Verhoeff's check digit (SNOMED CT Technical Implementation Guide)."""
    if not (code.isascii() and code.isdigit() and 6 <= len(code) <= 18) or code.startswith("0"):
        return False
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = _D[check][_P[place % 8][int(digit)]]
    return check == 0

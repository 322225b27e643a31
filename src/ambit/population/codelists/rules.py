"""Code lists: which codes say a thing, and in which sense. Plain Python."""

from dataclasses import dataclass
from functools import lru_cache

SNOMED = "http://snomed.info/sct"
SYSTEMS = {
    "snomed": SNOMED,
    "loinc": "http://loinc.org",
    "icd10": "http://hl7.org/fhir/sid/icd-10",
    "dmd": "https://dmd.nhs.uk",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "read2": "http://read.info/readv2",
    "ctv3": "http://read.info/ctv3",
    "ambit": "urn:x-ambit:result",  # what no code system names: a result of another search, an equation's score, a band
}
ICD10 = SYSTEMS["icd10"]
# a code may say that somebody has a thing, or only that it was offered, declined, discussed or reviewed
POLARITIES = ("has", "offered", "declined", "discussed", "reviewed")
IN_ANY_SENSE = "any"  # asked by a rule that counts a code whatever its sense, as the QOF register does


@dataclass(frozen=True, slots=True)
class Code:
    system: str
    code: str
    term: str
    polarity: str
    points: int | None = None  # thousandths, where the list weighs its codes

    @property
    def key(self) -> tuple[str, str]:
        """What is compared; of ICD-10, which is written with a dot, a hyphen or a filling X as each pleases, the plain code."""
        if self.system != ICD10:
            return self.system, self.code
        plain = self.code.upper().replace(".", "").rstrip("-")
        return ICD10, plain[:3] if len(plain) == 4 and plain.endswith("X") else plain


def counts_as(system: str, code: str) -> set[tuple[str, str]]:
    """What a record's code is on a list: itself; of ICD-10 also the codes above it, so that F00.1 is on a list of F00."""
    if system != ICD10:
        return {(system, code)}
    plain = code.upper().replace(".", "")
    return {(system, plain), (system, plain[:4]), (system, plain[:3])}


def known_as(codes: str = "codes") -> str:
    """The same in SQL: every code of a table of codes, with each system and value under which a list may name it."""
    plain = "upper(replace(value, '.', ''))"
    several = [f"SELECT code, system, value FROM {codes} WHERE system <> '{ICD10}'"]
    several += [
        f"SELECT code, system, {told} AS value FROM {codes} WHERE system = '{ICD10}'"
        for told in (plain, f"substring({plain}, 1, 4)", f"substring({plain}, 1, 3)")
    ]
    return f"({' UNION '.join(several)})"


@dataclass(frozen=True)
class CodeList:
    id: str
    title: str
    codes: tuple[Code, ...]
    awaits: str = ""  # what a site must import, when the codes here only stand in for it in worked examples

    def members(self, polarity: str) -> set[tuple[str, str]]:
        return {code.key for code in self.codes if polarity in (code.polarity, IN_ANY_SENSE)}

    def columns(self, polarity: str) -> tuple[list[str], list[str]]:
        """Systems and codes of what counts in this sense; a list names a code once."""
        counting = [code for code in self.codes if polarity in (code.polarity, IN_ANY_SENSE)]
        keys = dict.fromkeys(code.key for code in counting)
        return [system for system, _ in keys], [code for _, code in keys]


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


@lru_cache(maxsize=100_000)  # an extract says the same codes again and again
def is_snomed_id(code: str) -> bool:
    """A SNOMED CT identifier: 6 to 18 digits whose last is Verhoeff's check digit (SNOMED CT Technical Implementation Guide)."""
    if not (code.isascii() and code.isdigit() and 6 <= len(code) <= 18) or code.startswith("0"):
        return False
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = _D[check][_P[place % 8][int(digit)]]
    return check == 0

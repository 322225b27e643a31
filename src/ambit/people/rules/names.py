"""How names are kept, compared and shown."""

import re
import unicodedata
from functools import lru_cache

BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


def tidy(text: str) -> str:
    """A name as it is stored: composed characters, single spaces, nothing that cannot be seen."""
    seen = "".join(
        c
        for c in unicodedata.normalize("NFC", text)
        if unicodedata.category(c) not in {"Cc", "Cf", "Cs"} or c.isspace()
    )
    return " ".join(seen.split())


def _plain(text: str) -> str:
    if text.isascii():  # most names: the same answer, sooner
        return BETWEEN_WORDS.sub(" ", text.lower().replace("'", "")).strip()
    spelled = unicodedata.normalize("NFKD", text).casefold()
    joined = spelled.replace("'", "").replace("\u2019", "")
    return " ".join("".join(c if c.isalnum() else " " for c in joined if not unicodedata.combining(c)).split())


def name_key(family_name: str, given_names: str) -> str:
    """Family then given names in small letters without accents or punctuation: what a name search compares."""
    return _plain(f"{family_name} {given_names}")


def name_words(*names: str) -> frozenset[str]:
    """Every word of some names, as `name_key` writes them; O’Brien is one word, Smith-Jones two."""
    return frozenset(_plain(" ".join(names)).split())


def banner_name(title: str, given_names: str, family_name: str) -> str:
    """A name as the banner and every list show it: `ASHWORTH, Margaret Jean (Mrs)`."""
    shown = family_name.upper()
    if given_names:
        shown += f", {given_names}"
    return f"{shown} ({title})" if title else shown


@lru_cache(maxsize=4096)
def distance(one: str, other: str, *, at_most: int | None = None) -> int:
    """How many letters to add, leave out, change or swap with their neighbour to turn one word into the other.

    Counted no further than it takes to see that they are more than `at_most`.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if at_most is not None and min(*row, *before) > at_most:
            break
    return row[-1] if at_most is None else min(row[-1], at_most + 1)


def nearly(one: str, other: str) -> bool:
    """The same name but for a slip of the pen: one letter in four or more, two in eight or more."""
    shorter = min(len(one), len(other))
    slips = 2 if shorter >= 8 else 1 if shorter >= 4 else 0
    if one == other or abs(len(one) - len(other)) > slips:
        return one == other
    return distance(one, other, at_most=slips) <= slips

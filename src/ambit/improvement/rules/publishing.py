"""What stops words from standing on a page that everybody may read: the name of somebody who works here, an address, a number like an NHS number. Plain Python."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

_ADDRESS: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_NUMBER: Final = re.compile(r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b")


def personal_in(texts: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """What is personal in each text, by its key, in words for who publishes; texts with nothing personal are left out.

    A name counts where it stands whole, in any letters; a number where it has the ten figures of an NHS number or a telephone.
    """
    known = {" ".join(name.split()) for name in names if len(name.split()) > 1}
    pattern = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in sorted(known)) or r"(?!)", re.IGNORECASE)
    found: dict[str, str] = {}
    for key, words in texts.items():
        said = " ".join(words.split())
        if person := pattern.search(said):
            found[key] = f"names {person.group()}"
        elif address := _ADDRESS.search(said):
            found[key] = f"has the address {address.group()}"
        elif _NUMBER.search(said):
            found[key] = "has a number of ten figures"
    return found

"""The instruments of this site, by their packs, and the owners' wording where the site holds it."""

from functools import lru_cache
from typing import cast

from ambit.outcomes.kind import KIND, WORDINGS
from ambit.outcomes.rules.instruments import Instrument, Level, Wording, worded
from ambit.packs.queries import site_library
from ambit.packs.rules import Pack

PHASE = "phase-of-illness"
AKPS = "akps"


@lru_cache(maxsize=1)
def packs() -> dict[str, Pack]:
    """Every instrument's pack that is right, by its id; read once in the life of a process."""
    return {pack.id: pack for pack in site_library().of_kind(KIND.name) if pack.ok}


@lru_cache(maxsize=1)
def wordings() -> dict[tuple[str, str], Wording]:
    """The owners' wording that this site holds, by instrument and language."""
    found = [cast(Wording, pack.content) for pack in site_library().of_kind(WORDINGS.name) if pack.ok]
    return {(wording.instrument, wording.language): wording for wording in found}


def instrument(instrument_id: str, language: str = "") -> Instrument | None:
    """The instrument, in its owner's words of that language where this site has them."""
    pack = packs().get(instrument_id)
    if pack is None:
        return None
    found = cast(Instrument, pack.content)
    wording = wordings().get((instrument_id, language[:2]))
    return worded(found, wording) if wording else found


def phases() -> dict[str, Level]:
    """The phases of illness by their codes, death among them."""
    found = instrument(PHASE)
    return {level.code: level for level in found.items[0].levels} if found else {}


def phase_name(code: str) -> str:
    level = phases().get(code)
    return level.words if level else code

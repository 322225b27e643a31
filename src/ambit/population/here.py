"""The population store of this site, and the codes that its code lists know."""

from pathlib import Path

from django.conf import settings

from ambit.packs.library import Library
from ambit.packs.queries import site_library
from ambit.population.searchable import Searchable
from ambit.population.store import Store


def store() -> Store:
    """This site's population store."""
    return Store(Path(settings.HOME) / "population")


def searchable() -> Searchable:
    """The store as a search sees it: with the rows that this site's code lists know."""
    return Searchable(store(), mapped_codes())


def mapped_codes(library: Library | None = None) -> set[tuple[str, str]]:
    """Every code that some code list knows."""
    return {
        code.key for pack in (library or site_library()).of_kind("codelists") if pack.ok for code in pack.content.codes
    }

"""Addresses of pages, for templates: a list of fifty rows asks for a hundred."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import get_script_prefix, reverse

_FIXED = frozenset({UUID, str})


def address_of(name: str, /, *args: Any, **kwargs: Any) -> str:
    """What `reverse` says; with ids, one address of each page is worked out and filled with any id."""
    values = args or tuple(kwargs.values())
    kinds = [type(value) for value in values]
    if not _FIXED.issuperset(kinds):
        return reverse(name, args=args, kwargs=kwargs)
    fixed = tuple([None if kind is UUID else value for kind, value in zip(kinds, values, strict=True)])
    where = (settings.ROOT_URLCONF, get_script_prefix())
    return _with_gaps(where, name, len(args), tuple(kwargs), fixed).format(*values)


def addresses_of(name: str, /, *words: str) -> Callable[[UUID | str], str]:
    """Addresses of a page for each person of a list, worked out once for all, from ids or their words; `words` are what else stands in them."""
    where = (settings.ROOT_URLCONF, get_script_prefix())
    return partial(_with_gaps(where, name, 1 + len(words), (), (None, *words)).format)


@lru_cache(maxsize=4096)
def _with_gaps(
    _place: tuple[str, str], name: str, count: int, names: tuple[str, ...], fixed: tuple[str | None, ...]
) -> str:
    """A page's address with a gap for each of its ids: to an address any id is like any other."""
    stand_ins = [UUID(int=number) if word is None else word for number, word in enumerate(fixed)]
    address = reverse(name, args=stand_ins[:count], kwargs=dict(zip(names, stand_ins[count:], strict=True)))
    address = address.replace("{", "{{").replace("}", "}}")
    for number, word in enumerate(fixed):
        if word is None:
            address = address.replace(str(UUID(int=number)), f"{{{number}}}")
    return address

"""Addresses of pages, for templates: a list of fifty rows asks for a hundred."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import get_script_prefix, reverse


def address_of(name: str, /, *args: Any, **kwargs: Any) -> str:
    """What `reverse` says; for ids, one address of each page is worked out and filled with any id."""
    values = args or tuple(kwargs.values())
    if all(type(value) is UUID for value in values):
        return _with_gaps((settings.ROOT_URLCONF, get_script_prefix()), name, len(args), tuple(kwargs)).format(*values)
    return reverse(name, args=args, kwargs=kwargs)


@lru_cache(maxsize=4096)
def _with_gaps(_place: tuple[str, str], name: str, count: int, names: tuple[str, ...]) -> str:
    """A page's address with a gap for each of its ids: to an address any id is like any other."""
    stand_ins = [UUID(int=number) for number in range(count + len(names))]
    address = reverse(name, args=stand_ins[:count], kwargs=dict(zip(names, stand_ins[count:], strict=True)))
    address = address.replace("{", "{{").replace("}", "}}")
    for number, stand_in in enumerate(stand_ins):
        address = address.replace(str(stand_in), f"{{{number}}}")
    return address

"""What a record consists of, as the slices above say it: the titles of what can be kept back, sealed or copied."""

from collections.abc import Callable, Mapping

_known: list[Callable[[], Mapping[str, str]]] = []


def consists_of(items: Callable[[], Mapping[str, str]]) -> None:
    """A slice says once, when it starts, how its parts of a record are called: id and title, in the order of the page."""
    _known.append(items)


def titles() -> dict[str, str]:
    """Every part of a record that can be kept back, by id."""
    return {item: title for items in _known for item, title in items().items()}


def title_of(item: str) -> str:
    return titles().get(item, item)

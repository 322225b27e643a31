"""What the practices of the coded records are called: the directory of organisations knows, which stands beside this floor."""

from collections.abc import Callable, Iterable, Mapping

_names: list[Callable[[Iterable[str]], Mapping[str, str]]] = []


def let_name_practices(names: Callable[[Iterable[str]], Mapping[str, str]]) -> None:
    """Let who puts the house together say who knows names by ODS code."""
    if names not in _names:
        _names.append(names)


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """The name of each of these practices that is known here, by its code."""
    wanted = {code for code in codes if code}
    return {code: name for names in _names for code, name in names(wanted).items()} if wanted else {}

"""Reads a pack's YAML so that a clinician who wrote it is told file, line, and what to write instead."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Never

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, many times faster, where libyaml is there


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where, and what to write instead."""

    file: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.words}"


class NotUnderstood(Exception):
    """This part of a pack cannot be used; its problem is already on the list."""


def listed(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


def meant(word: str, known: Iterable[str]) -> str:
    """The near miss, else everything that could be written."""
    known = sorted(known)
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    if near:
        return f"Did you mean “{near[0]}”?"
    if len(known) > 12:
        return ""
    return f"Write one of {listed(known)}." if known else ""


@dataclass(frozen=True)
class Place:
    """A spot in a YAML file: its value, its line, and the list on which problems are noted."""

    file: str
    node: yaml.Node
    problems: list[Problem] = field(compare=False)

    @property
    def line(self) -> int:
        return self.node.start_mark.line + 1

    def note(self, words: str) -> None:
        self.problems.append(Problem(self.file, self.line, words))

    def refuse(self, words: str) -> Never:
        self.note(words)
        raise NotUnderstood(words)

    def at(self, node: yaml.Node) -> "Place":
        return Place(self.file, node, self.problems)

    # mappings -------------------------------------------------------------------------------------

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, yaml.SequenceNode)

    def entries(self, *, what: str = "this") -> dict[str, "Place"]:
        """The keys and values of a mapping; a key written twice is a mistake."""
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse(f"{what} must be written as “name: value” lines.")
        found: dict[str, Place] = {}
        for key, value in self.node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.at(key).refuse("A name must be a single word.")
            if key.value in found:
                self.at(key).note(f"“{key.value}” is written twice. Keep one.")
            found[key.value] = self.at(value)
        return found

    def only(self, allowed: Iterable[str], *, required: Iterable[str] = (), what: str = "this") -> dict[str, "Place"]:
        """The entries, when each is known and none that is required is missing."""
        allowed = set(allowed) | set(required)
        entries = self.entries(what=what)
        wrong = False
        for key, place in entries.items():
            if key not in allowed:
                place.note(f"“{key}” is not known in {what}. {meant(key, allowed)}".strip())
                wrong = True
        for key in required:
            if key not in entries:
                self.note(f"“{key}” is missing in {what}. Add “{key}: …”.")
                wrong = True
        if wrong:
            raise NotUnderstood(what)
        return entries

    def items(self, *, what: str = "this") -> list["Place"]:
        if not isinstance(self.node, yaml.SequenceNode):
            self.refuse(f"{what} must be a list: each line begins with “- ”.")
        return [self.at(node) for node in self.node.value]

    def each[T](self, read: Callable[["Place"], T], *, what: str = "this") -> list[T]:
        """Read every item, going on after one that is wrong so that all mistakes are told at once."""
        return list(attempts(self.items(what=what), read))

    # single values --------------------------------------------------------------------------------

    def text(self, *, what: str = "this", empty: bool = False) -> str:
        if not isinstance(self.node, yaml.ScalarNode):
            self.refuse(f"{what} must be one piece of text.")
        value = str(self.node.value).strip()
        if self.node.tag.endswith(":null"):
            value = ""
        if not value and not empty:
            self.refuse(f"{what} is empty. Write its text.")
        return value

    def one_of(self, known: Iterable[str], *, what: str = "this") -> str:
        known = list(known)
        value = self.text(what=what)
        if value not in known:
            self.refuse(f"{what} “{value}” is not known. {meant(value, known)}".strip())
        return value

    def whole(self, *, what: str = "this", at_least: int = 0) -> int:
        value = self.text(what=what)
        if not re.fullmatch(r"[+-]?[0-9]+", value):
            self.refuse(f"{what} “{value}” must be a whole number, as 2.")
        if int(value) < at_least:
            self.refuse(f"{what} is {value}; it must be {at_least} or more.")
        return int(value)

    def number(self, *, what: str = "this") -> Decimal:
        value = self.text(what=what)
        try:
            number = Decimal(value)
        except InvalidOperation:
            self.refuse(f"{what} “{value}” must be a number, as 2.5.")
        if not number.is_finite():
            self.refuse(f"{what} “{value}” must be a number, as 2.5.")
        return number

    def flag(self, *, what: str = "this") -> bool:
        value = self.text(what=what).lower()
        if value not in {"true", "false", "yes", "no"}:
            self.refuse(f"{what} “{value}” must be true or false.")
        return value in {"true", "yes"}

    def day(self, *, what: str = "this") -> date:
        value = self.text(what=what)
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.refuse(f"{what} “{value}” is not a day. Write year-month-day, as 2026-11-03.")

    def plain(self) -> Any:
        """The same as ordinary Python values, every scalar as the text that was written."""
        if isinstance(self.node, yaml.MappingNode):
            return {key.value: self.at(value).plain() for key, value in self.node.value}
        if isinstance(self.node, yaml.SequenceNode):
            return [self.at(node).plain() for node in self.node.value]
        return str(self.node.value)


def attempts[T](places: Iterable[Place], read: Callable[[Place], T]) -> Iterator[T]:
    for place in places:
        try:
            yield read(place)
        except NotUnderstood:
            continue


def read_yaml(path: Path, *, label: str, problems: list[Problem]) -> Place | None:
    """The file's one document; None, with the problem noted, when it cannot be read as YAML."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER)
    except FileNotFoundError:
        problems.append(Problem(label, 1, "The file is missing. Make it; `packs/README.md` says what it holds."))
        return None
    except UnicodeDecodeError as error:
        problems.append(Problem(label, 1, f"The file is not UTF-8 text (byte {error.start}). Save it as UTF-8."))
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problems.append(
            Problem(label, line, f"This is not YAML: {error.problem or error.context}. Check indentation and quotes.")
        )
        return None
    except yaml.YAMLError as error:
        problems.append(Problem(label, 1, f"This is not YAML: {str(error).splitlines()[0]}."))
        return None
    if node is None:
        problems.append(Problem(label, 1, "The file is empty."))
        return None
    return Place(label, node, problems)

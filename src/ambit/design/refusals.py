"""What somebody is told when a thing cannot be done: it says what, where, and what to do."""

from collections.abc import Mapping, Sequence
from typing import Any


class Refused(Exception):
    """Input that an action cannot accept. `problems` maps a field (or "" for the whole) to what to do about it."""

    def __init__(self, problems: Mapping[str, str | Sequence[str]] | str) -> None:
        if isinstance(problems, str):
            problems = {"": problems}
        self.problems: dict[str, list[str]] = {
            name: [words] if isinstance(words, str) else list(words) for name, words in problems.items()
        }
        super().__init__("; ".join(words for several in self.problems.values() for words in several))


class Stale(Exception):
    """Somebody else saved since the page was opened. Carries both versions, so that nothing is lost or overwritten."""

    def __init__(self, *, what: str, seen: int, current: int, saved: Any = None, yours: Any = None) -> None:
        super().__init__(
            f"{what[:1].upper()}{what[1:]} was changed by somebody else (you saw version {seen}, now {current})."
        )
        self.what = what
        self.seen = seen
        self.current = current
        self.saved = saved
        self.yours = yours

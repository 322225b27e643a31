"""The words of a plan for the person in another language. Plain Python, no clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ambit.careplan.rules.items import Item, Section

WELSH: Final = "cy"
NOT_TRANSLATED: Final = {WELSH: "(yn Saesneg)"}
"""What stands behind English words that nobody has translated: that they are English."""

Say = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """What the English words for the person are in another language; a reviewer is named only where there was one."""

    language: str
    words: Mapping[str, str]
    source: str
    reviewer: str = ""
    review_date: str = ""

    def of(self, english: str) -> str:
        """The words in this language; the English, marked as such, where nobody has written them."""
        if not english:
            return ""
        return self.words.get(english) or f"{english} {NOT_TRANSLATED[self.language]}"


def words_for_person(section: Section) -> list[str]:
    """Every English word of a section that the person may read: its title, labels, units, and the answers to choose from."""
    return [section.title_for_person, *(word for item in section.items for word in _words(item))]


def _words(item: Item) -> list[str]:
    own = [item.label_for_person, item.unit, *(value.label for value in item.values)]
    return [word for word in own if word] + [word for part in item.items for word in _words(part)]


def in_words(section: Section, say: Say) -> Section:
    """A section with its words for the person said otherwise; ids, types and rules stay."""
    title = say(section.title_for_person)
    return replace(
        section, title=title, title_for_person=title, items=tuple(_item(item, say) for item in section.items)
    )


def _item(item: Item, say: Say) -> Item:
    label = say(item.label_for_person)
    return replace(
        item,
        label=label,
        label_for_person=label,
        unit=say(item.unit),
        values=tuple(replace(value, label=say(value.label)) for value in item.values),
        items=tuple(_item(part, say) for part in item.items),
    )

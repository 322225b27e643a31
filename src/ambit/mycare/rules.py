"""What the person, and those they have chosen, may see of the record. Plain Python, no clock.

Sources: `record-standards` §3.4 (the person proposes, sees who looked) and §6 (field rules); Tracey (2014) on being told of a
CPR decision; hazard H16.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from ambit.access.rules import Relation
from ambit.careplan.rules import OWN_ANSWERS, Item, Say, Section, in_words


class Who(StrEnum):
    """Who is looking: the person, somebody who acts for them, or a carer with their leave."""

    SELF = "self"
    PROXY = "proxy"
    CARER = "carer"


OF_RELATION: Final = {Relation.SELF: Who.SELF, Relation.PROXY: Who.PROXY, Relation.CARER: Who.CARER}

# with whom a CPR decision was talked about, so that reading it here is not the first they hear of it
_HEARD: Final[dict[Who, frozenset[str]]] = {
    Who.SELF: frozenset({"person"}),
    Who.PROXY: frozenset({"person", "close", "parents"}),
    Who.CARER: frozenset({"person"}),
}


def has_heard_of_cpr(who: Who, talked: str) -> bool:
    """Whether a CPR form may be shown: only after the conversation that it records.

    A page is no place to learn of a decision that was not talked about. "It would cause harm", "nobody to consult" and
    "not recorded whether" are therefore no conversation, and the page then says the same as when nothing is recorded.
    """
    return talked in _HEARD[who]


# why a record was opened, by what ties its reader to the person
REASONS: Final = {
    Relation.OWN_PRACTICE: "practice",
    Relation.CARE_TEAM: "team",
    Relation.RESIDENCE: "home",
    Relation.SHARED: "shared",
    Relation.SHOWN: "shown",
    Relation.ON_DUTY: "duty",
    Relation.EMERGENCY: "emergency",
    Relation.PROXY: "proxy",
    Relation.CARER: "carer",
}

# the emergencies whose reason is told to the person; others may speak of somebody who reads over their shoulder
_TOLD_EMERGENCIES: Final = frozenset({"cannot_say", "called_out"})


def reason_of_opening(relation: str, emergency: str) -> str:
    """Why a record was opened, as a word that the page turns into a sentence. Never what was looked at.

    Which page was opened would say that somebody is on the register, or that harm is feared; what ties the reader to the
    person does not.
    """
    if emergency:
        return f"emergency_{emergency}" if emergency in _TOLD_EMERGENCIES else "emergency"
    try:
        return REASONS[Relation(relation)]
    except (KeyError, ValueError):
        return "not_said"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """How somebody likes their pages."""

    large: bool = False
    contrast: bool = False
    easy: bool = False

    @property
    def classes(self) -> str:
        names = {"a-person--large": self.large, "a-person--contrast": self.contrast}
        return " ".join(name for name, chosen in names.items() if chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """Whose plan is shown to whom, and what they may do with it."""

    person_id: UUID
    called: str
    who: Who
    reader_name: str
    looks: Looks = Looks()
    unread: int = 0

    @property
    def is_self(self) -> bool:
        return self.who is Who.SELF

    @property
    def may_write(self) -> bool:
        return self.who is not Who.CARER

    @property
    def may_see_who_opened(self) -> bool:
        return self.who is not Who.CARER

    @property
    def may_choose(self) -> bool:
        return self.who is Who.SELF


# answers that staff need and nobody gives about themselves; what the person says instead of the others
_NOT_OFFERED: Final = frozenset({"not_asked", "unable", "not_appropriate", "not_known"})


def for_person(section: Section, say: Say = str) -> Section:
    """A section as the person fills it in: their words for every label, and only answers somebody gives about themselves.

    `say` puts a word of the plan into the reader's language.
    """
    return in_words(replace(section, items=tuple(_item(item) for item in section.items)), say)


def _item(item: Item) -> Item:
    values = tuple(
        replace(value, label=OWN_ANSWERS.get(value.id, value.label))
        for value in item.values
        if value.id not in _NOT_OFFERED
    )
    return replace(item, label=item.label_for_person, hint="", values=values, items=tuple(map(_item, item.items)))


WHOSE_WORDS: Final = "what_matters.who_said"
"""The item that says who spoke; on their own pages it follows from who writes."""


def whose_words(who: Who) -> str:
    return "person" if who is Who.SELF else "close"


READ_A_CONCERN: Final = "Read a concern that the person raised, and answer it"

ANSWER_WHO_ASKS: Final = "Somebody asks to see another person’s plan: see who they are, and answer"
REQUESTS_OPEN_AT_MOST: Final = 5
"""How many requests to see another plan one account has open; nobody finds people by asking for many."""

RECEIVED_WITHIN_WORKING_DAYS: Final = 3
"""A complaint about NHS care is acknowledged within three working days (2009 complaints regulations); so is a concern here."""

# a letter's code: 60 bits, so that nobody finds one by trying; two weeks for a letter to arrive and be read
LETTER_CODE_LENGTH: Final = 12
LETTER_LASTS_DAYS: Final = 14
WRONG_TRIES_AT_MOST: Final = 5


def letter_in_groups(code: str) -> str:
    """A letter's code as it is printed: ABCD EFGH JKMN."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


# who is told of which news; a carer hears only of what they asked for themselves
TOLD: Final[dict[str, frozenset[str]]] = {
    "plan_changed": frozenset({"person", "proxy"}),
    "emergency": frozenset({"person", "proxy"}),
    "proposal_answered": frozenset({"person", "proxy", "carer"}),
    "concern_answered": frozenset({"person", "proxy", "carer"}),
    "review_due": frozenset({"person", "proxy"}),
    "asked_answered": frozenset({"proxy", "carer"}),
}
MAILED_AGAIN_AFTER_HOURS: Final = 12

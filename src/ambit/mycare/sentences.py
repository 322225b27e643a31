"""English that the slices below put together and the person reads, so that it is read in their language too.

Rules of law and of what may be saved are plain Python and speak English. Here stands every sentence of theirs that reaches
the person's pages, with its places; what a place holds is said in the same way, or is a name, a day or somebody's own words.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from ambit.careplan.rules.translated import NOT_TRANSLATED

LAW: Final = (
    # what a document says
    _("Refuses %(names)s"),
    _("A written wish: %(names)s"),
    _("no treatment named"),
    _("%(names)s may decide"),
    _("%(names)s, life-sustaining treatment included"),
    _("%(names)s, not life-sustaining treatment"),
    _("%(names)s, about life-sustaining treatment not known"),
    _("%(names)s, property and money only"),
    _("%(names)s, deputy: never life-sustaining treatment"),
    _("nobody named"),
    _("Yes, all organs and tissue"),
    _("Yes, some"),
    _("Yes, some: %(which)s"),
    _("Somebody nominated decides"),
    _("Somebody nominated decides: %(who)s"),
    _("Asked, undecided"),
    _("Asked, did not want to say"),
    _("Nothing said"),
    # treatments, and the answer for one
    _("CPR"),
    _("Go to hospital"),
    _("Antibiotics"),
    _("Mask ventilation"),
    _("Intensive care, tube ventilation"),
    _("Feeding tube"),
    _("Fluids by vein or under skin"),
    _("Dialysis"),
    _("Blood transfusion"),
    _("Implanted defibrillator"),
    _("Operation"),
    _("Yes"),
    _("No"),
    _("Only if"),
    _("Ask"),
    # what it weighs in law
    _("Binding if the person lacks capacity for the decision"),
    _("Recorded as a wish"),
    _("Recorded as a wish: %(reasons)s, so not binding"),
    _("Recorded as a wish: %(reasons)s, so not binding for life-sustaining treatment"),
    _("made before the age of 18"),
    _("no capacity when made"),
    _("no treatment is named"),
    _("it asks for treatment"),
    _("not in writing"),
    _("not signed"),
    _("does not say “even if life is at risk”"),
    _("not witnessed"),
    _("withdrawn"),
    _("an attorney was appointed later"),
    _("Not known whether it binds: %(why)s"),
    _("the day it was made, or of birth, is not known"),
    _("a doubt is recorded"),
    _("nobody recorded whether it is in writing"),
    _("nobody recorded whether it says so"),
    _("nobody recorded a witness"),
    _("not known"),
    _("%(names)s: the days, or the authority, are not known"),
    _("For property and money: no say about care"),
    _("Not registered: cannot be used yet"),
    _("Gives no authority"),
    _("The appointment has ended"),
    _("Authority if the person lacks capacity, life-sustaining treatment included"),
    _("Authority if the person lacks capacity, not for life-sustaining treatment"),
    _("Authority if the person lacks capacity, whether for life-sustaining treatment is not known"),
    _("Legal force not computed for %(where)s"),
    _("Scotland"),
    _("Northern Ireland"),
    # how it came here
    _("Made here"),
    _("Transcribed from a copy"),
    _("Transcribed from the original"),
    _("Reported, incomplete: %(missing)s"),
    _("the document itself was not seen"),
    _("no date seen"),
    _("no signature seen"),
    _("no witness seen"),
)

PEOPLE: Final = (
    # what staff do, and on what somebody acts for the person
    _("GP"),
    _("Community nurse"),
    _("Palliative care specialist"),
    _("Care coordinator"),
    _("Out-of-hours, 111 or 999 clinician"),
    _("Advice-line nurse"),
    _("Care-home senior"),
    _("Social worker"),
    _("Hospital clinician"),
    _("Practice administrator"),
    _("Place lead"),
    _("Commissioner or analyst"),
    _("Educator"),
    _("Privacy officer"),
    _("Auditor"),
    _("System administrator"),
    _("Ambit"),
    _("Their own plan"),
    _("Attorney for health and welfare"),
    _("Deputy appointed by the court"),
    _("Parental responsibility"),
    _("Appointed in another way"),
    _("Leave given by the person"),
)

REFUSALS: Final = (
    # answers to a form; behind a colon stands the label of the field, which is in their language already
    _("Fill this in"),
    _("Choose an answer"),
    _("Choose one of the answers"),
    _("Choose among the answers"),
    _("Choose one of the people who matter"),
    _("Write at least one"),
    _("Keep at most %(most)s"),
    _("Write a whole number"),
    _("Write a number of at most %(high)s"),
    _("Write a number of at least %(low)s"),
    _("Write a number from %(low)s to %(high)s"),
    _("Write a day, month and year that exist"),
    _("Write a day and a time that exist"),
    _("The day must be after today, %(day)s"),
    _("The day must not be after today, %(day)s"),
    _("Write at most %(most)s characters (%(now)s now)"),
    _("Write a telephone number, such as 01632 960 140"),
    _("Nothing is written yet. Write something, or leave without saving."),
    _("Somebody saved this section since you opened it. Read what it says now."),
    _("A day in it has passed, or something in it is missing. Write it again with what holds now."),
    _("This person died on %(day)s. Their plan is kept and no longer changed."),
    _("Choose a part of the plan from the list."),
    _("Write what should be different."),
    _("Choose what it is about."),
    _("Choose whom you do not know."),
    _("Write what you are worried about."),
    _("The person has died. Nobody is invited to their plan any more."),
    _("Write the name of who is invited."),
    _("The last day must be after today."),
    _("There is no such invitation."),
    _(
        "The code and the date of birth do not go together, or the letter is too old. Check both, or ask for a new letter."
    ),
    _("The document on which this letter rests does not give leave any more. Ask the practice."),
    _("This letter is not for a sign-in like yours. Use it with another e-mail address."),
    _("Only somebody who acts or cares for a person asks here. Ask the GP practice."),
    _("%(count)s requests wait for an answer already. Wait for one, or ring the practice."),
    _("There is no such proposal about this person."),
    _("Write whose plan you want to see."),
    _("Write when they were born, so that the right person is found."),
    _("Choose what you are to them."),
    _("Under 16, choose “A child who is Gillick competent”, or who has parental responsibility."),
    _("The person's own practice holds the record, so its staff go on seeing it."),
    _("There is no objection here to withdraw."),
    _("Read what a paramedic will then not see, and say that you did."),
    # what somebody is told before they keep everybody out
    _("Ambulance and out-of-hours staff will not see whether you want resuscitation to be attempted."),
    _("They will not see what you want to happen if you become ill, or where you want to be."),
    _("They will not see your allergies, your medicines at home, or whom to ring."),
    _("They will treat you as they would somebody they know nothing about."),
)


ALL: Final = (*LAW, *PEOPLE, *REFUSALS)


def in_their_language(english: str) -> str:
    """A sentence in the reader's language; English that nobody has translated is marked as such."""
    language = (get_language() or "").split("-")[0]
    if not english or language not in NOT_TRANSLATED:
        return english
    said = _said(english.rstrip("."))
    if said is None:
        return f"{english} {NOT_TRANSLATED[language]}"
    return f"{said}." if english.endswith(".") and not said.endswith(".") else said


def _said(english: str) -> str | None:
    for sentence, pattern in _patterns():
        if match := pattern.fullmatch(english):
            places = {name: _place(value) for name, value in match.groupdict().items()}
            said = gettext(sentence)
            return (said % places if places else said).rstrip(".")
    placed = _place(english)
    if placed != english:
        return placed
    before, colon, label = english.partition(": ")
    said_before = _said(before) if colon else None
    return f"{said_before}: {label}" if said_before else None


def _place(value: str) -> str:
    """What a place holds: known words, several of them in a row, or words that are nobody's to translate."""
    known = _words().get(value.casefold())
    if known:
        return gettext(known)
    first, colon, rest = value.partition(": ")
    if colon and first.casefold() in _words():
        return f"{_place(first)}: {_place(rest)}"
    first, stop, rest = value.partition(". ")
    if stop and first.casefold() in _words():
        return f"{_place(first)}. {rest}"
    for between in ("; ", ", "):
        parts = value.split(between)
        if len(parts) > 1:
            return between.join(_in_a_row(parts, between))
    return value


def _in_a_row(parts: Sequence[str], between: str) -> Iterator[str]:
    """Each of several, the longest known words first, since some have a comma of their own; those that follow begin small."""
    begun = 0
    while begun < len(parts):
        ends = range(len(parts), begun, -1)
        end = next((n for n in ends if between.join(parts[begun:n]).casefold() in _words()), begun + 1)
        said = between.join(parts[begun:end])
        words = _place(said)
        yield words[:1].lower() + words[1:] if begun and words != said and not words[:2].isupper() else words
        begun = end


@lru_cache
def _words() -> dict[str, str]:
    """What stands by itself, by its words without regard to capitals: in a row a treatment begins small."""
    return {one.casefold(): one for one in ALL if "%(" not in one}


@lru_cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Sentences by what they look like; those with most words of their own first."""
    several = sorted(ALL, key=lambda one: -len(re.sub(r"%\(\w+\)s", "", one)))
    return tuple((one, re.compile(_PLACE.sub(_any_words, re.escape(one.rstrip("."))), re.DOTALL)) for one in several)


_PLACE: Final = re.compile(r"%\\\((\w+)\\\)s")


def _any_words(found: re.Match[str]) -> str:
    return f"(?P<{found[1]}>.+)"

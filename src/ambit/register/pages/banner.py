"""The banner of somebody who has been opened; slices upstairs add their alert chips."""

from django.utils import timezone
from django.utils.translation import ngettext

from ambit.access.queries import Person, number_of
from ambit.design import rules as design
from ambit.people.rules.dates import age_words, born_words
from ambit.people.rules.numbers import KINDS
from ambit.people.rules.values import NO_NUMBER_REASONS

YEARS_FROM = 2
"""The age from which somebody's age is told in years; before, in months, weeks or days."""


def banner(person: Person, *chips: design.Chip, note: str = "") -> design.Banner:
    """Who a page is about, in the words and order of every banner."""
    kind, number = number_of(person)
    return design.Banner(
        family_name=person.family_name,
        given_names=person.given_names,
        title=person.title,
        preferred_name=person.preferred_name,
        born_on=person.born_on,
        born_words="" if person.birth_precision == "exact" else born_words(person.born_on, person.birth_precision),
        age=_age(person),
        sex=person.get_sex_display() if person.sex else "",
        number=number,
        number_label=KINDS[kind][1] if kind else design.N_("NHS number"),
        no_number_reason=NO_NUMBER_REASONS.get(person.no_number_reason, ""),
        note=note,
        chips=chips,
        died_on=person.died_on,
    )


def _age(person: Person) -> str:
    if person.born_on is None:
        return ""
    until = person.died_on or timezone.localdate()
    years = design.age_on(person.born_on, until)
    if person.birth_precision == "unborn" or years < YEARS_FROM:
        return age_words(person.born_on, person.birth_precision, until)
    return ngettext("%(years)s year", "%(years)s years", years) % {"years": years}

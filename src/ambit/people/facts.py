"""What people publish for measuring: who somebody is in the columns by which figures are broken down. No names, no addresses."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import OuterRef, Subquery

from ambit.people.models import Address, Death, Person, PersonNumber


@dataclass(frozen=True, slots=True)
class PersonFact:
    """One person as they are known now. Empty is "not recorded"; `nhs_number` joins to coded records and is never shown.

    `details_recorded` says how many of ethnicity, first language, disability or adjustments, religion or belief, and
    inclusion group are recorded.
    """

    id: UUID
    practice_id: UUID | None
    nhs_number: str
    born_on: date | None
    is_born: bool
    sex: str
    ethnicity: str
    area: str
    inclusion_groups: tuple[str, ...]
    details_recorded: int
    died_on: date | None
    death_was_expected: bool | None


DETAILS = 5


def people() -> list[PersonFact]:
    """Everybody who is not part of another record, the dead too."""
    number = PersonNumber.objects.filter(person=OuterRef("pk"), kind="nhs", is_current=True).values("value")[:1]
    area = Address.objects.filter(person=OuterRef("pk"), kind="home", until_on=None).values("lsoa")[:1]
    expected = Death.objects.filter(person=OuterRef("pk"), ended_at=None).values("was_expected")[:1]
    rows = (
        Person.objects.filter(merged_into=None)
        .order_by("pk")
        .annotate(
            nhs=Subquery(number), area=Subquery(area), expected=Subquery(expected)
        )
        .values_list(
            "id", "practice_id", "nhs", "born_on", "birth_precision", "sex", "details__ethnicity", "area",
            "details__inclusion_groups", "details__language", "details__religion", "details__adjustments",
            "details__communication_needs", "died_on", "expected",
        )
    )  # fmt: skip
    found = []
    for (
        person_id, practice_id, nhs, born_on, precision, sex, ethnicity, lsoa, groups, language, religion, adjustments,
        needs, died_on, expected_words,
    ) in rows:  # fmt: skip
        recorded = [ethnicity, language, religion, adjustments or needs, groups]
        found.append(
            PersonFact(
                id=person_id,
                practice_id=practice_id,
                nhs_number=nhs or "",
                born_on=born_on,
                is_born=precision != Person.BirthPrecision.UNBORN,
                sex=sex,
                ethnicity=ethnicity or "",
                area=lsoa or "",
                inclusion_groups=tuple(groups or ()),
                details_recorded=sum(bool(one) for one in recorded),
                died_on=died_on,
                death_was_expected=expected_words,
            )
        )
    return found

"""Who lives in a care home, what is kept back or sealed, what is given outside care: sharing on an ordinary Tuesday."""

from datetime import date, timedelta
from uuid import UUID

from ambit.access import actions as access
from ambit.access.queries import Person, Reader, people_of
from ambit.demonstration import plans
from ambit.demonstration.caring import moment, one_of, who
from ambit.demonstration.clock import clock_at
from ambit.organisations.models import Organisation

# home, the GP who goes there, how many live there
RESIDENTS = (
    ("ZCH1", "Amina Rahman", 7),
    ("ZCH1", "Owen Shah", 4),
    ("ZCH2", "Owen Shah", 5),
)
# days ago from which somebody lived in the first home, and the day on which they moved to the second
MOVED = ("ZCH2", "ZCH1", 160, 12)


def share(today: date) -> None:
    """Residents of two homes, one of whom came from the other; a part kept back, one sealed, one agreement outside care."""
    homes = dict(Organisation.objects.filter(kind="care_home").values_list("code", "id"))
    for code, name, many in RESIDENTS:
        gp = who(name)
        for number, person in enumerate(_oldest(gp, many)):
            _moves(gp, person, homes[code], days_ago=40 + 61 * number, today=today)
    gp = who("Amina Rahman")
    for person in _oldest(gp, 1):
        first, then, since, moved = MOVED
        _moves(gp, person, homes[first], days_ago=since, today=today)
        _moves(gp, person, homes[then], days_ago=moved, today=today)
    _decisions(gp, today)


def _oldest(gp: Reader, many: int) -> list[Person]:
    """The oldest of a practice's register whose story is not told elsewhere and who live in no home yet."""
    told = {family for family, *_rest in plans.REGISTER}
    rows = people_of(gp).filter(practice_id=gp.organisation_id, died_on=None, register_entries__left_on=None)
    rows = rows.filter(register_entries__isnull=False, born_on__isnull=False).exclude(family_name__in=told)
    return list(rows.exclude(grants__kind="residence").order_by("born_on", "pk")[:many])


def _moves(gp: Reader, person: Person, home: UUID, *, days_ago: int, today: date) -> None:
    person.refresh_from_db(fields=["version"])
    with clock_at(moment(today, days_ago)):
        access.move_home(
            by=gp,
            person_id=person.id,
            seen=person.version,
            residence_id=home,
            moved_on=today - timedelta(days=days_ago),
        )


def _decisions(gp: Reader, today: date) -> None:
    wanda, bartholomew = (
        one_of(gp, "Zielińska", "Wanda"),
        one_of(gp, "Featherstonehaugh-Cholmondeley", "Bartholomew Maximilian Aurelius"),
    )
    with clock_at(moment(today, 20)):
        access.record_objection(
            by=gp, person_id=wanda.id, basis="person", informed_on=today - timedelta(days=20), scope="item",
            item="talks", note="Her talks about the future are for her own practice.",
        )  # fmt: skip
    with clock_at(moment(today, 9)):
        access.seal_item(
            by=gp, person_id=bartholomew.id, item="carers", hides_from="staff", why="third_party",
            words="What his son told us about himself, in confidence.", until_on=today + timedelta(days=81),
            roles=["palliative_specialist"],
        )  # fmt: skip
    with clock_at(moment(today, 4)):
        access.agree_outside(
            by=gp, person_id=bartholomew.id, party="Ms Ione Vane, Vane and Co, solicitors", purpose="Writing his will",
            items=["what_matters", "after_death"], basis="person", agreed_on=today - timedelta(days=4),
            until_on=today + timedelta(days=26),
        )  # fmt: skip

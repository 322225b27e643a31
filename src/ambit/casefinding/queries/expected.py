"""A practice's register against the size that might be expected of it."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from ambit.access.queries import Reader
from ambit.casefinding import rules
from ambit.casefinding.models import PracticeRun, Run
from ambit.casefinding.queries.candidates import practice_code
from ambit.population.deaths import deaths_in_records
from ambit.register.models import RegisterEntry


@dataclass(frozen=True, slots=True)
class RegisterSize:
    """How many of a practice's list are on the register, and how many that might be; orders of magnitude and no targets."""

    on_register: int
    registered: int  # people searched by the last run: living, and on the practice's list
    deaths: int  # of the last year, by the practice's own coded records
    half: int
    hundredth: int
    england: int
    by_deaths: int

    @property
    def share(self) -> float:
        return self.on_register / self.registered


def register_size(reader: Reader) -> RegisterSize | None:
    """The register of the reader's own practice against its expected size; None for who is of no practice, or before its records are searched."""
    reader.must("see_candidates")
    code = practice_code(reader)
    if not code:
        return None
    told = (
        PracticeRun.objects.filter(practice_id=reader.organisation_id, run__state=Run.State.DONE)
        .order_by("-run__asked_at")
        .values_list("searched", flat=True)
        .first()
    )
    if not told:
        return None
    today = timezone.localdate()
    on_register = RegisterEntry.objects.filter(
        left_on=None, person__practice_id=reader.organisation_id, person__died_on=None
    ).count()
    deaths = len(deaths_in_records(code, today - timedelta(days=364), today))
    return RegisterSize(on_register, told, deaths, *rules.expected_register(told, deaths))

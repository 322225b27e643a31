"""Making the demonstration place, storey by storey, through the slices' own actions."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from ambit.access import actions as access
from ambit.access.queries import operator
from ambit.demonstration import cast
from ambit.demonstration.models import Storey
from ambit.design.terminal import Terminal
from ambit.organisations import csv_import
from ambit.organisations.models import Membership, Organisation, Staff


class NotADemonstration(Exception):
    """The fictional place is never made in a live deployment."""


def make_place(terminal: Terminal, people: int = 3000) -> dict[str, bool]:
    """Make what does not stand yet; says for each storey whether it was made now."""
    if not settings.DEMONSTRATION:
        raise NotADemonstration(
            "This is a live deployment: fictional people are never put among real ones. "
            "Set AMBIT_DEPLOYMENT=demonstration and point AMBIT_HOME to an empty folder."
        )
    today = timezone.localdate()
    storeys: Sequence[tuple[str, str, Callable[[], None]]] = (
        ("organisations", "organisations, teams and staff", lambda: _organisations(today)),
    )
    made = {}
    for name, words, build in storeys:
        made[name] = _once(name, build)
        if made[name]:
            terminal.say(f"Made {words}.")
    return made


def _once(name: str, build: Callable[[], None]) -> bool:
    """Build one storey in one transaction, unless it stands; two makers at once do not both build it."""
    if Storey.objects.filter(pk=name).exists():
        return False
    try:
        with transaction.atomic():
            Storey.objects.create(name=name)
            build()
    except IntegrityError:
        if Storey.objects.filter(pk=name).exists():
            return False
        raise
    return True


def _csv(heading: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(heading)
    writer.writerows(rows)
    return written.getvalue().encode()


def _organisations(today: date) -> None:
    """The address book, an account for everybody in it, and who is on duty for whom."""
    by = operator()
    began = today - timedelta(days=900)
    team = {name: (cast.TEAM_OF.get(name, "")) for _, name, _, _ in (*cast.STAFF, *cast.MORE_STAFF)}
    csv_import.import_csv(
        by=by,
        files={
            "organisations.csv": _csv(
                ("code", "name", "kind", "part_of", "telephone", "postcode"),
                [
                    (code, name, kind, part_of or "", *cast.CONTACT.get(code, ("", "")))
                    for code, name, kind, part_of in (*cast.ORGANISATIONS, *cast.MORE_ORGANISATIONS)
                ],
            ),
            "teams.csv": _csv(("organisation", "name", "telephone", "hours"), cast.TEAMS),
            "staff.csv": _csv(
                ("email", "title", "name", "organisation", "team", "role", "from_on"),
                [
                    (cast.email_of(name), title, name, code, team[name], role, began)
                    for title, name, role, code in (*cast.STAFF, *cast.MORE_STAFF)
                ],
            ),
        },
    )
    for staff in Staff.objects.order_by("email"):
        access.make_account(by=by, email=staff.email, staff=staff, password=cast.PASSWORD)
    for name, area in cast.ON_DUTY:
        access.put_on_duty(
            by=by,
            area=Organisation.objects.get(code=area),
            membership=Membership.objects.get(staff__email=cast.email_of(name)),
        )

"""The side of paper: what stands beside its QR code."""

from django.utils import timezone
from django.utils.translation import gettext as _

from ambit.access.queries import Reader
from ambit.design.environment import day, moment, time
from ambit.urgent.rules import Now


def foot(now: Now, *, reader: Reader) -> str:
    """What stands beside the QR code: when and by whom it was printed, of which version, and what to do with it."""
    printed = _("Printed on %(weekday)s %(day)s at %(time)s by %(name)s; it may be out of date.") % {
        **_when(now),
        "name": reader.name,
    }
    return _beside_qr(now, printed)


def as_it_stood(now: Now) -> str:
    """The same for a copy that was written for everybody at once, for a day without the system."""
    return _beside_qr(
        now,
        _(
            "Copied from the record on %(weekday)s %(day)s at %(time)s. Count the days since then: "
            "it is as old as that, and may be out of date."
        )
        % _when(now),
    )


def _when(now: Now) -> dict[str, str]:
    at = timezone.localtime(now.opened_at)
    return {"weekday": f"{at:%A}", "day": day(at), "time": time(now.opened_at)}


def _beside_qr(now: Now, printed: str) -> str:
    if now.numbers:
        ring = _("Scan the code, or ring %(telephone)s and give the NHS number.") % {
            "telephone": now.numbers[0].telephone
        }
    else:
        ring = _("Scan the code and sign in.")
    version = _("Nobody has written a plan yet.")
    if now.saved_at:
        version = _("Version %(version)s, saved %(moment)s.") % {
            "version": now.version,
            "moment": moment(now.saved_at),
        }
    return f"{printed} {ring} {version} " + _("Destroy it when a newer one is printed.")

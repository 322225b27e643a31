"""Our Jinja environment: strict, so that a misspelt name on a page about resuscitation raises."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.formats import date_format
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from ambit.design import rules
from ambit.design.addresses import address_of
from ambit.design.compiled import Compiler, once, said_in
from ambit.design.field_parts import field_part


def environment(**options: Any) -> Environment:
    options["undefined"] = StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    env = Environment(**options, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])  # noqa: S701  (Django passes autoescape=True)
    env.code_generator_class = Compiler
    env.install_gettext_translations(translation, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        _=said,
        gettext=said,
        static=lru_cache(static),
        url=address_of,
        once=once,
        design=rules,
        field_part=field_part,
        place_name=settings.PLACE_NAME,
        is_demonstration=settings.DEMONSTRATION,
        today=timezone.localdate,
    )
    env.filters.update(
        day=day, short_day=short_day, time=time, moment=moment, weekday=weekday, number=rules.spaced_number, age=age
    )
    env.filters.update(first_upper=first_upper, thousands=thousands)
    return env


def said(words: str, /, **filled: Any) -> Markup:
    """Words in the reader's language."""
    return said_in(translation.get_language(), words, **filled)


def first_upper(words: str) -> str:
    """`serum albumin` becomes `Serum albumin`; a first word written with capitals of its own, `eGFR`, stays."""
    return words[:1].upper() + words[1:] if words.split(" ")[0].islower() else words


def thousands(number: int) -> str:
    """`3,265`."""
    return f"{number:,}"


def day(value: date | datetime) -> str:
    """`6 August 2026`: months in full."""
    return _formatted(translation.get_language(), _local(value), "j F Y")


def short_day(value: date | datetime) -> str:
    """`6 Aug 2026`, in dense tables only."""
    return _formatted(translation.get_language(), _local(value), "j M Y")


def weekday(value: date | datetime) -> str:
    """`Saturday 21 November 2026`, where the day of the week helps."""
    return _formatted(translation.get_language(), _local(value), "l j F Y")


@lru_cache(maxsize=16_384)
def _formatted(_language: str | None, value: date, pattern: str) -> str:
    return date_format(value, pattern)


def time(value: datetime) -> str:
    """`5:30pm`, `midday`, `midnight`."""
    local = timezone.localtime(value)
    if local.minute == 0 and local.hour in (0, 12):
        return translation.gettext("midday") if local.hour else translation.gettext("midnight")
    hour = local.hour % 12 or 12
    return f"{hour}:{local.minute:02}{'am' if local.hour < 12 else 'pm'}"


def moment(value: datetime) -> str:
    """`6 August 2026 at 5:30pm`."""
    return translation.gettext("%(day)s at %(time)s") % {"day": day(value), "time": time(value)}


def age(known_on: date | datetime) -> str:
    """`today`, `1 day ago`, `80 days ago`; after half a year in months, after two years in years."""
    known_on, now = _local(known_on), timezone.localdate()
    days = (now - known_on).days
    if days <= 0:
        return translation.gettext("today")
    if days <= 180:
        return translation.ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
    months = rules.months_between(known_on, now)
    if months < 24:
        return translation.ngettext("%(count)s month ago", "%(count)s months ago", months) % {"count": months}
    years = months // 12
    return translation.ngettext("%(count)s year ago", "%(count)s years ago", years) % {"count": years}


def _local(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value

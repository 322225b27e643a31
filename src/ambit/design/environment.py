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
from ambit.design.addresses import address_of, addresses_of
from ambit.design.compiled import Compiler, Template, once, said_in, translated
from ambit.design.field_parts import field_part


def environment(**options: Any) -> Environment:
    options["undefined"] = StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    env = Environment(**options, extensions=["jinja2.ext.i18n", "jinja2.ext.do"])  # noqa: S701  (Django passes autoescape=True)
    env.code_generator_class, env.template_class = Compiler, Template
    env.install_gettext_translations(translation, newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(
        _=said,
        gettext=said,
        static=lru_cache(static),
        url=address_of,
        urls=addresses_of,
        once=once,
        design=rules,
        field_part=field_part,
        place_name=settings.PLACE_NAME,
        is_demonstration=settings.DEMONSTRATION,
        today=today,
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


def day(value: date | datetime, language: str | None = None) -> str:
    """`6 August 2026`: months in full."""
    return _formatted(language or translation.get_language(), _local(value), "j F Y")


def short_day(value: date | datetime, language: str | None = None) -> str:
    """`6 Aug 2026`, in dense tables only."""
    return _formatted(language or translation.get_language(), _local(value), "j M Y")


def weekday(value: date | datetime, language: str | None = None) -> str:
    """`Saturday 21 November 2026`, where the day of the week helps."""
    return _formatted(language or translation.get_language(), _local(value), "l j F Y")


@lru_cache(maxsize=16_384)
def _formatted(language: str | None, value: date, pattern: str) -> str:
    with translation.override(language):
        return date_format(value, pattern)


def time(value: datetime, language: str | None = None) -> str:
    """`5:30pm`, `midday`, `midnight`."""
    local = _here(value)
    return _of_the_clock(language or translation.get_language(), local.hour, local.minute)


@lru_cache(maxsize=16_384)
def _of_the_clock(language: str | None, hour: int, minute: int) -> str:
    if minute == 0 and hour in (0, 12):
        return translated(language, rules.N_("midday") if hour else rules.N_("midnight"))
    return f"{hour % 12 or 12}:{minute:02}{'am' if hour < 12 else 'pm'}"


def moment(value: datetime, language: str | None = None) -> str:
    """`6 August 2026 at 5:30pm`."""
    language = language or translation.get_language()
    local = _here(value)
    on, at = _formatted(language, local.date(), "j F Y"), _of_the_clock(language, local.hour, local.minute)
    return translated(language, rules.N_("%(day)s at %(time)s")) % {"day": on, "time": at}


def age(known_on: date | datetime, language: str | None = None) -> str:
    """`today`, `1 day ago`, `80 days ago`; after half a year in months, after two years in years."""
    known_on, now = _local(known_on), today()
    return _aged(language or translation.get_language(), (now - known_on).days, rules.months_between(known_on, now))


@lru_cache(maxsize=4096)
def _aged(language: str | None, days: int, months: int) -> str:
    with translation.override(language):
        if days <= 0:
            return translation.gettext("today")
        if days <= 180:
            return translation.ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}
        if months < 24:
            return translation.ngettext("%(count)s month ago", "%(count)s months ago", months) % {"count": months}
        years = months // 12
        return translation.ngettext("%(count)s year ago", "%(count)s years ago", years) % {"count": years}


def today() -> date:
    return _here(timezone.now()).date()


def _here(moment: datetime) -> datetime:
    """The same moment by the clocks of the site: it has one time zone."""
    return moment.astimezone(timezone.get_default_timezone())


def _local(value: date | datetime) -> date:
    return _here(value).date() if isinstance(value, datetime) else value

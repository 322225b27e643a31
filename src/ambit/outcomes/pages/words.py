"""Findings in words, worked out from the numbers."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ambit.outcomes import registry
from ambit.outcomes.queries import Line, Outcomes
from ambit.outcomes.rules.instruments import Instrument
from ambit.outcomes.rules.phases import DECEASED, Period


def day(value: date) -> str:
    return date_format(value, "j F Y")


def headline(outcomes: Outcomes, on: date) -> str:
    """How somebody is, in one line: the phase and how long, the AKPS and what it was, or that nothing was measured."""
    parts = []
    lasting = next((p for p in reversed(outcomes.phases) if p.phase != DECEASED), None)
    if lasting:
        parts.append(in_phase(lasting, on))
    akps = outcomes.line(registry.AKPS)
    if akps and akps.latest.total is not None:
        before = akps.before
        if before and before.total is not None and before.total != akps.latest.total:
            parts.append(_("AKPS %(now)s, was %(before)s") % {"now": akps.latest.total, "before": before.total})
        else:
            parts.append(_("AKPS %(now)s") % {"now": akps.latest.total})
    worse = next((items_finding(line) for line in outcomes.lines if len(line.instrument.items) > 1 and line.change), "")
    if parts and outcomes.phases and outcomes.phases[-1].phase == DECEASED:
        died_on = outcomes.phases[-1].began_on
        return _("Until death on %(day)s: %(words)s") % {"day": day(died_on), "words": "; ".join(parts)}
    if not parts:
        return worse or (_("Outcomes: measured once") if outcomes.lines else _("Outcomes: nothing measured yet"))
    return "; ".join(parts)


def phase(of: Any) -> str:
    """The name of the phase of a period or of a row."""
    return registry.phase_name(of.phase)


def in_phase(period: Period, on: date) -> str:
    """“Unstable for 4 days”, “Dying since today”; of a phase that is over, how long it was."""
    name = registry.phase_name(period.phase)
    days = period.days(on)
    if days == 0:
        return _("%(phase)s since today") % {"phase": name}
    return ngettext("%(phase)s for %(days)s day", "%(phase)s for %(days)s days", days) % {"phase": name, "days": days}


def named(instrument: Instrument, ids: Sequence[str], most: int = 3) -> str:
    """“Pain, nausea and 2 more”."""
    names = [item.topic.lower() for one in ids if (item := instrument.item(one))]
    more = len(names) - most
    if more > 0:
        return _("%(names)s and %(more)s more") % {"names": ", ".join(names[:most]), "more": more}
    if len(names) > 1:
        return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
    return "".join(names)


def items_finding(line: Line) -> str:
    """What is worse and what is better than at the assessment before; or the highest, when there is only one."""
    before, moved = line.before, line.change
    if before is None or moved is None:
        return _first_finding(line)
    if not moved.worse and not moved.better:
        if len(moved.unknown) == len(line.instrument.items):
            return _("Nothing can be compared with %(day)s") % {"day": day(before.assessed_on)}
        return _("Nothing known has changed since %(day)s") % {"day": day(before.assessed_on)}
    worse, better = named(line.instrument, moved.worse), named(line.instrument, moved.better)
    if moved.worse and moved.better:
        words = _("Worse than on %(day)s: %(worse)s; better: %(better)s")
    elif moved.worse:
        words = _("Worse than on %(day)s: %(worse)s")
    else:
        words = _("Better than on %(day)s: %(better)s")
    return words % {"day": day(before.assessed_on), "worse": worse, "better": better}


def _first_finding(line: Line) -> str:
    instrument, latest = line.instrument, line.latest
    if instrument.lower_is_better is not True or len(instrument.items) == 1:
        return _("Assessed on %(day)s; nothing alike before it to compare with") % {"day": day(latest.assessed_on)}
    most = max(latest.answers.values())
    if most == 0:
        return _("No trouble on %(day)s in what was assessed") % {"day": day(latest.assessed_on)}
    highest = [item.id for item in instrument.items if latest.answers.get(item.id) == most]
    return _("On %(day)s the most trouble, %(most)s: %(names)s") % {
        "day": day(latest.assessed_on),
        "most": most,
        "names": named(instrument, highest),
    }


def short(instrument: Instrument) -> str:
    """The name of an instrument without what follows it: AKPS, IPOS."""
    return instrument.title.partition(",")[0]


def over_time(line: Line) -> str:
    """The heading of one instrument's page: the number, and how many items moved which way."""
    name = short(line.instrument)
    number = f"{name} {total_words(line)}" if line.latest.total is not None else line.instrument.title
    before, moved = line.before, line.change
    if before is None or moved is None or len(line.instrument.items) == 1:
        return number
    counted = {"number": number, "worse": len(moved.worse), "better": len(moved.better), "day": day(before.assessed_on)}
    return _("%(number)s; %(worse)s worse and %(better)s better than on %(day)s") % counted


def total_words(line: Line) -> str:
    """“18 of 68”, or why there is no total."""
    total = line.latest.total
    if total is None:
        return line.why_no_total
    if len(line.instrument.items) == 1:
        return str(total)
    return _("%(total)s of %(highest)s") % {"total": total, "highest": line.instrument.highest}


def moved_words(line: Line) -> str:
    """How the total moved since the assessment before, and whether that is better."""
    moved, before = line.moved_by, line.before
    if before is None:
        return _("Nothing alike before it")
    if moved is None:
        return (
            _("Total: change not known, one of the two assessments has no total") if line.instrument.is_totalled else ""
        )
    if moved == 0:
        return _("The same as on %(day)s") % {"day": day(before.assessed_on)}
    if line.instrument.lower_is_better is None:
        verdict = ""
    else:
        verdict = _("better") if (moved < 0) == line.instrument.lower_is_better else _("worse")
    words = _("Up %(by)s since %(day)s") if moved > 0 else _("Down %(by)s since %(day)s")
    said = words % {"by": abs(moved), "day": day(before.assessed_on)}
    return f"{said}: {verdict}" if verdict else said


def total_finding(line: Line) -> str:
    """What the total does over time, as the heading of its chart."""
    title = line.instrument.title
    known = [one for one in line.assessments if one.total is not None]
    if not known:
        return _("%(title)s has no total yet") % {"title": title}
    if line.latest.total is None:
        return _("The last assessment has no total; the latest known is %(total)s, on %(day)s") % {
            "total": known[-1].total,
            "day": day(known[-1].assessed_on),
        }
    if line.moved_by is None:
        return _("The total was %(total)s on %(day)s") % {
            "total": line.latest.total,
            "day": day(line.latest.assessed_on),
        }
    if len(line.instrument.items) == 1:
        return f"{short(line.instrument)} {line.latest.total}. {moved_words(line)}"
    return _("The total is %(total)s. %(moved)s") % {"total": line.latest.total, "moved": moved_words(line)}


def phases_finding(phases: Sequence[Period], on: date) -> str:
    changes = sum(p.phase != DECEASED for p in phases[1:])
    last = next(p for p in reversed(phases) if p.phase != DECEASED)
    if not changes:
        return in_phase(last, on)
    said = ngettext(
        "%(now)s, after %(count)s change since %(day)s", "%(now)s, after %(count)s changes since %(day)s", changes
    )
    return said % {"now": in_phase(last, on), "count": changes, "day": day(phases[0].began_on)}

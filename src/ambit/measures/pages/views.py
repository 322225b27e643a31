"""Pages of figures: an area's first page, one indicator, its figures as CSV, and who is behind it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ambit.design.charts import csv_answer
from ambit.design.page import page
from ambit.design.routes import needs
from ambit.figures.rules.disclosure import HIDDEN_UP_TO
from ambit.measures import queries
from ambit.measures.pages import charts, words


def _asked(request: Any) -> str:
    return str(request.GET.get("area", ""))[:8]


def _address(name: str, area: str, *args: str) -> str:
    return reverse(name, args=args) + (f"?{urlencode({'area': area})}" if area else "")


@needs("see_measures")
def measures(request: Any) -> HttpResponse:
    """What happened in a place: six charts, the success measures of its strategy, every other indicator."""
    found = queries.board(request.reader, area=_asked(request))
    area = found.area.code if found.area else ""

    def linked(line: queries.Line) -> tuple[Any, ...]:
        figure = line.newest
        return (
            line.indicator,
            _address("indicator", area, line.indicator.id),
            words.value(line.indicator, figure.value, hides=figure.hides) if figure else _("no figure"),
            words.counts(line.indicator, figure) if figure else "",
            words.standing(line),
        )

    return page(
        request,
        "measures/measures.jinja",
        found=found,
        month=words.month(found.month) if found.month else "",
        drawn=[
            charts.over_time(
                line,
                csv_url=_address("indicator_figures", area, line.indicator.id),
                method_url=_address("indicator", area, line.indicator.id),
            )
            for line in found.lines
        ],
        others=[linked(line) for line in found.others],
        successes=[(measure, [linked(line) for line in lines], waiting) for measure, lines, waiting in found.measures],
        hidden_up_to=HIDDEN_UP_TO,
    )


def _page(request: Any, indicator_id: str) -> queries.Page:
    found = queries.indicator_page(request.reader, indicator_id, area=_asked(request))
    if found is None:
        raise Http404("There is no such indicator.")
    return found


@needs("see_measures")
def indicator(request: Any, indicator_id: str) -> HttpResponse:
    """One indicator over time, by practice and by every other breakdown, and how it is worked out."""
    found = _page(request, indicator_id)
    one, area = found.indicator, found.area.code
    csv_url = _address("indicator_figures", area, one.id)
    return page(
        request,
        "measures/indicator.jinja",
        found=found,
        one=one,
        heading=words.finding(found.line) if found.line else _("%(name)s: not collected yet") % {"name": one.name},
        month=words.month(found.line.months[-1]) if found.line else "",
        newest=words.complete(found.line.newest) if found.line and found.line.newest else "",
        own=f"{words.value(one, found.own.value)} ({words.counts(one, found.own)})" if found.own else "",
        time=charts.over_time(found.line, csv_url=csv_url, method_url="#worked-out") if found.line else None,
        is_shown=found.line is not None and any(point.value is not None for point in found.line.chart.points),
        practices=charts.by_practice(found.line, csv_url=csv_url, method_url="#worked-out")
        if found.line and found.line.practices
        else None,
        columns=[{"words": _("Group")}, *charts.practice_columns()[1:], {"words": _("Known")}],
        breakdowns=[
            (
                name,
                [
                    (
                        row.name or _("Not recorded"),
                        words.value(one, row.value, hides=row.hides),
                        words.counts(one, row),
                        words.interval(row),
                        words.complete(row),
                    )
                    for row in rows
                ],
            )
            for breakdown, name, rows in found.breakdowns
            if breakdown != "practice"
        ],
        hidden_up_to=HIDDEN_UP_TO,
    )


@needs("see_measures")
def indicator_figures(request: Any, indicator_id: str) -> HttpResponse:
    """Every month and every group as CSV, hidden where the page hides."""
    found = _page(request, indicator_id)
    one = found.indicator
    rows: list[tuple[object, ...]] = []

    def numbers(figure: queries.Shown) -> tuple[object, ...]:
        told = (figure.value, figure.numerator, figure.denominator, figure.lower, figure.upper, figure.completeness)
        return tuple("" if number is None else round(number, 6) for number in told)

    if found.line:
        for month, figure in zip(found.line.months, found.line.figures, strict=True):
            if figure is not None:
                rows.append((str(month), found.area.name, "", "", *numbers(figure), figure.hides and words.hidden()))
        for _breakdown, name, groups in found.breakdowns:
            for row in groups:
                group = row.name or _("Not recorded")
                rows.append(
                    (
                        str(found.line.months[-1]),
                        found.area.name,
                        name,
                        group,
                        *numbers(row),
                        row.hides and words.hidden(),
                    )
                )
    columns = [_("Month"), _("Area"), _("Breakdown"), _("Group"), _("Value"), _("Counted"), _("Of"), _("Lower"),
               _("Upper"), _("Known"), _("Hidden")]  # fmt: skip
    return csv_answer(f"{one.id}-{found.area.code}", [{"words": words_} for words_ in columns], rows)


@needs("see_measures")
def behind_figure(request: Any, indicator_id: str) -> HttpResponse:
    """Who is behind the newest figure, of the reader's own people."""
    if not request.reader.may("see_register"):
        raise Http404("Nobody is listed for this role.")
    found = queries.behind_figure(request.reader, indicator_id)
    if found is None:
        raise Http404("Nobody is listed behind this figure.")
    counted = [row.person for row in found.rows if row.counted]
    others = [row.person for row in found.rows if not row.counted]
    return page(
        request,
        "measures/behind.jinja",
        found=found,
        month=words.month(found.month),
        counted=counted,
        others=others,
    )

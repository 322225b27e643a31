"""`ambit measures`: take the figures of a month, and show them."""

from datetime import date
from time import perf_counter

import click
from django.utils import timezone

from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.design.terminal import Terminal, speaks_json
from ambit.measures import actions, queries
from ambit.measures.rules.periods import Month


@click.group()
def measures() -> None:
    """Figures of the months that have ended."""


def _month(_context: click.Context, _parameter: click.Parameter, value: str) -> Month:
    try:
        return Month.read(value)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong)) from wrong


@measures.command()
@click.option("--period", required=True, callback=_month, metavar="YEAR-MONTH", help="The month, as 2026-10.")
@click.option("--since", callback=lambda c, p, v: _month(c, p, v) if v else None, metavar="YEAR-MONTH",
              help="An earlier month, from which on every month is taken.")  # fmt: skip
@click.pass_obj
@speaks_json
def compute(reader: Reader, terminal: Terminal, period: Month, since: Month | None) -> None:
    """Take the snapshot of a month that has ended; what stands already is shown as it was taken."""
    began = perf_counter()
    today: date = timezone.localdate()
    months = list((since or period).until(period))
    if not months:
        raise click.BadParameter(f"{since} is after {period}.", param_hint="--since")
    try:
        with terminal.progress("Taking snapshots", total=len(months)) as advance:
            actions.take_snapshots(by=reader, months=months, on=today, advance=advance)
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    rows = queries.figures_of_site(reader, period)
    terminal.answer(
        {
            "period": str(period),
            "indicators": [
                {
                    "id": row.indicator.id,
                    "numerator": row.numerator,
                    "denominator": row.denominator,
                    "value": row.value,
                    "lower": row.lower,
                    "upper": row.upper,
                    "completeness": row.completeness,
                    "suppressed": row.suppressed,
                    "not_collected": not row.indicator.is_collected,
                    "area": row.area,
                }
                for row in rows
            ],
            "seconds": round(perf_counter() - began, 2),
        },
        tables=[
            terminal.table(
                f"Figures of {period}",
                ["Area", "Indicator", "Counted", "Of", "Value", "95% interval"],
                [row.in_words for row in rows],
            )
        ],
    )

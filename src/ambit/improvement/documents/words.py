"""Colours, columns and sentences that every document has in common. Colour is never the only carrier: the word stands beside it."""

from typing import Final

from ambit.improvement.queries.reports import Entry, Report, Table
from ambit.improvement.rules.due import as_words

COLOURS: Final = {
    "rating-red": ("B10E1E", "FFFFFF"),
    "rating-orange": ("B45309", "FFFFFF"),
    "rating-amber": ("FFB81C", "212B32"),
    "rating-green": ("00703C", "FFFFFF"),
    "rating-blue": ("005EB8", "FFFFFF"),
    "rating-grey": ("4C6272", "FFFFFF"),
    "rating-white": ("FFFFFF", "212B32"),
}
"""Background and text, RRGGBB."""
BOARD: Final = {
    "answers": ("statement", "level", "gap", "position"),
    "gap": ("foundation", "position", "action", "rating", "owner", "due"),
    "action": ("what", "gap", "owner", "due", "forecast", "delivery", "progress_note"),
    "milestone": ("what", "action", "owner", "due", "forecast", "delivery"),
}
"""The columns that a board reads; everything stands in the workbook, in CSV and in JSON."""
KINDS: Final = {"round": "Self-assessment", "analysis": "Gap analysis", "plan": "Improvement plan"}


def finding(table: Table) -> str:
    """“9 rows: 3 ◆ Red: no plan, 4 ▲ Amber: plan”."""
    many = len(table.entries)
    rows = f"{many} {'row' if many == 1 else 'rows'}"
    counts = ", ".join(f"{count} {choice.shown}" for choice, count in table.counts)
    left = many - sum(count for _, count in table.counts)
    rest = f", {left} not rated" if left and table.counts else ""
    return f"{rows}: {counts}{rest}" if counts else rows


def words_of(row: Entry, key: str) -> str:
    """What a cell says on paper, where nothing stands blank: that nobody leads it, that no day is agreed."""
    return row.words[key] or {"owner": "Nobody", "due": "Not agreed"}.get(key, "–")


def made(report: Report) -> str:
    """Who made it and when, as it stands at the foot."""
    return f"{report.organisation}. Made {as_words(report.made_at.date())} by {report.made_by}."

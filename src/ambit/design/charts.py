"""Charts drawn on the server as SVG: safe under the strict content security policy, in print, and without scripts.

    drawn = draw(chart, finding="Old Tannery has found nobody", measured="Register against expected need, 20 November 2026",
                 description="Bars for 12 practices…", columns=[…], rows=[…])

The heading is the finding; the table of figures is the form that is read aloud; the same figures go out as CSV.
"""

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe

INK, INK_2, LINE, NAVY, BLUE, PALE, ORANGE, WASH = (
    "#212b32", "#425563", "#d8dde0", "#12294a", "#005eb8", "#dbe6ef", "#b45309", "#f4f6f7",
)  # fmt: skip
FONT = "Arial, sans-serif"
SVG_TAG = re.compile(r"<svg\b[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A chart as a page shows it; `finding` is its heading, `columns` and `rows` its figures."""

    svg: SafeString
    finding: str
    measured: str
    columns: Sequence[dict[str, Any]]
    rows: Sequence[Sequence[object]]
    legend: str = ""
    csv_url: str = ""
    method_url: str = ""


def draw(
    chart: Any,
    *,
    finding: str,
    measured: str,
    description: str,
    columns: Sequence[dict[str, Any]],
    rows: Sequence[Sequence[object]],
    legend: str = "",
    csv_url: str = "",
    method_url: str = "",
) -> Drawn:
    """Draw an Altair chart (or its specification) once for each content, with its title and description for readers."""
    specification = chart if isinstance(chart, dict) else chart.to_dict()
    specification = {**specification, "config": {**specification.get("config", {}), **THEME}}
    return Drawn(
        svg=with_words(_picture(specification), finding, description),
        finding=finding,
        measured=measured,
        columns=columns,
        rows=rows,
        legend=legend,
        csv_url=csv_url,
        method_url=method_url,
    )


def with_words(svg: str, title: str, description: str) -> SafeString:
    """The picture as one image with a title and a description; its marks are hidden from assistive technology."""
    key = hashlib.sha256((svg + title).encode()).hexdigest()[:12]
    tag = SVG_TAG.search(svg)
    if tag is None or not svg.rstrip().endswith("</svg>"):
        raise ValueError("What was drawn is not an SVG picture.")
    inside = svg[tag.end() : svg.rindex("</svg>")]
    opening = f'{tag.group()[:-1]} role="img" aria-labelledby="chart-{key}-title chart-{key}-words">'
    title, description = escape(title), escape(description)
    return mark_safe(  # noqa: S308  (vl-convert's own picture; the words are escaped)
        f'{opening}<title id="chart-{key}-title">{title}</title><desc id="chart-{key}-words">{description}</desc>'
        f'<g aria-hidden="true">{inside}</g></svg>'
    )


def csv_text(columns: Sequence[dict[str, Any]], rows: Sequence[Sequence[object]]) -> str:
    """The figures as CSV; a cell that a spreadsheet would run as a formula is written as text."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([as_text(column["words"]) for column in columns])
    writer.writerows([as_text(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


def csv_answer(name: str, columns: Sequence[dict[str, Any]], rows: Sequence[Sequence[object]]) -> HttpResponse:
    """The figures as a CSV file to save."""
    return HttpResponse(
        csv_text(columns, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def as_text(cell: object) -> object:
    """Text that begins like a formula gets an apostrophe; numbers stay numbers."""
    if isinstance(cell, int | float):
        return cell
    words = str(cell)
    return f"'{words}" if words[:1] in {"=", "+", "-", "@", "\t", "\r"} else words


def _picture(specification: dict[str, Any]) -> str:
    """The SVG of a specification, from the cache when the same one was drawn before by the same library."""
    text = json.dumps(specification, sort_keys=True, default=str)
    key = hashlib.sha256(f"{version('vl-convert-python')}\n{text}".encode()).hexdigest()
    path = Path(settings.HOME) / "cache" / "charts" / f"{key}.svg"
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    import vl_convert  # loads for half a second, so only when something is to be drawn

    svg = str(vl_convert.vegalite_to_svg(text))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(svg)
    fresh.replace(path)
    return svg


THEME: dict[str, Any] = {
    "background": "#ffffff",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelFont": FONT, "titleFont": FONT, "labelFontSize": 13, "titleFontSize": 13, "titleFontWeight": "normal",
        "labelColor": INK_2, "titleColor": INK_2, "gridColor": LINE, "domainColor": INK_2, "tickColor": INK_2,
        "labelLimit": 260,
    },
    "legend": {
        "labelFont": FONT, "titleFont": FONT, "labelFontSize": 13, "titleFontSize": 13, "labelColor": INK,
        "titleColor": INK, "symbolType": "square", "orient": "top",
    },
    "text": {"font": FONT, "fontSize": 13, "color": INK},
    "bar": {"color": NAVY},
    "line": {"color": BLUE, "strokeWidth": 2},
    "point": {"color": INK_2, "size": 60},
}  # fmt: skip

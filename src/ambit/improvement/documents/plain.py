"""CSV and JSON: every row and column, for other programs."""

import json

from ambit.design.charts import csv_text
from ambit.improvement.queries.reports import Report, Table


def as_csv(table: Table) -> str:
    """One table, its ids first; what a spreadsheet would run as a formula is written as text."""
    columns = [{"words": "Id"}, *({"words": column.title} for column in table.columns)]
    rows = [[row.id, *(row.words[column.key] for column in table.columns)] for row in table.entries]
    return csv_text(columns, rows)


def as_json(report: Report) -> str:
    """Everything: rows with their ids and revisions, values as they are stored."""
    told = {
        "kind": report.kind,
        "title": report.title,
        "organisation": report.organisation,
        "about": report.about,
        "aim": report.aim,
        "asks": report.asks,
        "made_at": report.made_at.isoformat(),
        "versions": [
            {
                "number": one.number,
                "signed_at": one.signed_at.isoformat(),
                "signed_by": one.signed_by,
                "words": one.words,
            }
            for one in report.versions
        ],
        "tables": {
            table.key: [
                {
                    "id": row.id,
                    "revision": row.revision,
                    **row.stored,
                    **(
                        {"due_until": row.due_until.isoformat() if row.due_until else None}
                        if "due" in row.stored
                        else {}
                    ),
                }
                for row in table.entries
            ]
            for table in report.tables
        },
    }
    return json.dumps(told, ensure_ascii=False, indent=2)

"""`ambit find` and `ambit casefinding`."""

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import click
from django.utils import timezone
from rich.table import Table

from ambit.audit.rules import Reader
from ambit.casefinding import actions, documents, queries, report_files, report_words, reports, search
from ambit.casefinding.found import Found, Search
from ambit.design.charts import csv_text
from ambit.design.documents import pdf
from ambit.design.refusals import Refused
from ambit.design.terminal import Day, Terminal, speaks_json


@click.command()
@click.option(
    "--pack", "packs", multiple=True, required=True, metavar="ID", help="A case-finding pack; may be repeated."
)
@click.option("--on", "on", required=True, type=Day(), help="The day to search for, as 2026-11-03.")
@click.option("--practice", default="", metavar="CODE", help="Only people of the practice with this ODS code.")
@click.option("--identify", is_flag=True, help="Show NHS numbers.")
@click.option(
    "--use",
    type=click.Choice(["direct-care", "planning"]),
    default="direct-care",
    show_default=True,
    help="Planning leaves out people with a national data opt-out, and shows no NHS numbers.",
)
@click.option("--person", default="", metavar="ID", help="Say every answer for this person of a source, found or not.")
@click.option("--source", default="", help="The source that calls the person so, where more than one does.")
@click.option("--explain-plan", is_flag=True, help="Show what is counted, and the SQL.")
@click.pass_obj
@speaks_json
def find(
    reader: Reader,
    terminal: Terminal,
    packs: tuple[str, ...],
    on: datetime,
    practice: str,
    identify: bool,
    explain_plan: bool,
    person: str,
    source: str,
    use: Literal["direct-care", "planning"],
) -> None:
    """Find people who may be in their last year of life, with reasons. Nobody is registered by this."""
    if identify and use == "planning":
        raise click.UsageError("NHS numbers are shown for direct care only: leave out --identify or --use planning.")
    if person:
        _explain(reader, terminal, packs, on.date(), source, person)
        return
    try:
        found = search.run(
            by=reader, pack_ids=packs, on=on.date(), practice=practice, explain_plan=explain_plan, use=use
        )
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    answer = {
        "on": found.on,
        "packs": [{"id": p.id, "version": p.version, "sha256": p.sha256, "reviewed": p.reviewed} for p in found.packs],
        "searched": found.searched,
        "flagged": people_in(found, identify=identify),
        "seconds": found.seconds,
    }
    if explain_plan:
        answer["plan"] = found.plan
    if found.on > timezone.localdate():
        terminal.say(f"{found.on} is still to come: only what is recorded by now can be found.")
    tables = [_table(terminal, found, identify)] if found.flagged else []
    terminal.answer(answer, words=_words(found), tables=tables)


def _explain(reader: Reader, terminal: Terminal, packs: tuple[str, ...], on: date, source: str, person: str) -> None:
    try:
        source, explained = search.explain(by=reader, pack_ids=packs, on=on, source=source, person_key=person)
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    answered = {True: "yes", False: "no", None: "unknown"}
    terminal.answer(
        {"on": on, "person": person, "source": source, "packs": [asdict(one) for one in explained]},
        words="\n".join(f"{one.pack}: {one.tier or 'not found'}" for one in explained),
        tables=[
            terminal.table(
                one.pack,
                ["Answer", "Criterion", "Rows"],
                [
                    (answered[c.value], c.text, ", ".join(f"{e.on} {e.display}" for e in c.evidence))
                    for c in one.criteria
                ],
            )
            for one in explained
        ],
    )


def people_in(found: Search, *, identify: bool) -> list[dict[str, object]]:
    """Each person once, with the reasons of every pack that found them; the tier is that of the first pack."""
    several: dict[tuple[str, str], list[Found]] = {}
    for one in found.flagged:
        several.setdefault((one.source, one.person_key), []).append(one)
    return [_person(founds, identify=identify) for founds in several.values()]


def _person(founds: list[Found], *, identify: bool) -> dict[str, object]:
    first = founds[0]
    told: dict[str, object] = {"person": first.person_key, "source": first.source}
    if identify:
        told["nhs_number"] = first.identity.nhs_number
    return told | {
        "tier": first.tier,
        "tiers": {one.pack_id: one.tier for one in founds},
        "reasons": [
            {
                "pack": reason.pack,
                "criterion": reason.criterion,
                "text": reason.text,
                "evidence": [
                    {
                        "system": row.system,
                        "code": row.code,
                        "display": row.display,
                        "on": row.on,
                        "value": row.value,
                        "unit": row.unit,
                        "source": row.source,
                    }
                    for row in reason.evidence
                ],
            }
            for one in founds
            for reason in one.reasons
        ],
        "unknown": [criterion for one in founds for criterion in one.unknown],
    }


def _words(found: Search) -> str:
    people = len({(one.source, one.person_key) for one in found.flagged})
    used = ", ".join(f"{p.id} {p.version}{'' if p.reviewed else ' (not reviewed by a clinician)'}" for p in found.packs)
    words = f"{people} of {found.searched} people on {found.on} by {used}, in {found.seconds:.1f} s."
    if not found.searched:
        words += "\nNobody could be searched. `ambit population status` says whose coded records are here."
    return f"{words}\n\n{found.plan}" if found.plan else words


def _table(terminal: Terminal, found: Search, identify: bool) -> Table:
    columns = ["Person", *(["NHS number"] if identify else []), "Tier", "Reasons", "Unknown"]
    return terminal.table(
        "Who may benefit from a conversation",
        columns,
        [
            (
                one.person_key,
                *([one.identity.nhs_number] if identify else []),
                one.tier,
                ", ".join(reason.criterion for reason in one.reasons),
                ", ".join(one.unknown),
            )
            for one in found.flagged
        ],
    )


@click.group()
def casefinding() -> None:
    """How right case-finding is, on the records of this place."""


@casefinding.command()
@click.option(
    "--pack", "packs", multiple=True, required=True, metavar="ID", help="A case-finding pack; may be repeated."
)
@click.option("--on", "on", multiple=True, required=True, type=Day(),
              help="The day to look back to, as 2025-11-03; may be repeated.")  # fmt: skip
@click.option(
    "--horizon", default=365, show_default=True, metavar="DAYS", help="For how many days to follow everybody."
)
@click.option("--practice", default="", metavar="CODE", help="Only people of the practice with this ODS code.")
@click.option(
    "--pdf", "pdf_file", type=click.Path(path_type=Path, dir_okay=False), help="Also write the report as PDF."
)
@click.option(
    "--csv", "csv_file", type=click.Path(path_type=Path, dir_okay=False), help="Also write every figure as CSV."
)
@click.option(
    "--unhidden", is_flag=True, help="Show counts of 1 to 7 too: only where the figures stay with who owns them."
)
@click.pass_obj
@speaks_json
def validate(
    reader: Reader,
    terminal: Terminal,
    packs: tuple[str, ...],
    on: tuple[datetime, ...],
    horizon: int,
    practice: str,
    pdf_file: Path | None,
    csv_file: Path | None,
    unhidden: bool,
) -> None:
    """Set whom packs would have found on a day that lies back against who died afterwards; the report is kept."""
    practice_id = queries.practice_of_code(practice) if practice else None
    if practice and practice_id is None:
        raise click.BadParameter(f"There is no practice with the code {practice}.", param_hint="--practice")
    today = timezone.localdate()
    days = sorted({one.date() for one in on})
    try:
        asked = actions.ask_for_validation(
            by=reader, pack_ids=packs, on=days, horizon=horizon, today=today, practice_id=practice_id
        )
        with terminal.progress("Following people", total=len(days) + 1) as advance:
            done = actions.make_validation(by=reader, asked=asked, today=today, advance=advance)
        if done.words:
            raise click.ClickException(done.words)
        report = reports.report(reader, done.id, unhidden=unhidden)
        if pdf_file:
            pdf_file.write_bytes(pdf([documents.validation_report(report)]))
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    if csv_file:
        csv_file.write_text(csv_text(report_files.columns(), report_files.rows(report)), encoding="utf-8")
    terminal.answer(
        report_files.plain(report),
        words="\n".join(f"{part.title}, {part.on}: {report_words.finding(part, horizon)}." for part in report.parts),
        tables=[
            terminal.table(
                f"{part.title}, {part.on} to {part.until}",
                [str(column["words"]) for column in report_words.measure_columns()],
                report_words.measure_rows(part),
            )
            for part in report.parts
        ],
    )

"""`ambit codelists`: which code lists are here, importing full ones, and how two differ."""

from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import click

from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.design.terminal import Terminal, speaks_json
from ambit.packs.queries import site_library
from ambit.population import queries
from ambit.population.codelists import actions
from ambit.population.codelists.importing import difference
from ambit.population.codelists.rules import POLARITIES, CodeList
from ambit.population.codelists.terminology import value_set_of


@click.group()
def codelists() -> None:
    """Import, list and compare code lists."""


@codelists.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--id", "list_id", default="", help="Id of the list; the file's name when left out.")
@click.option("--title", default="", help="What it holds, in words.")
@click.option("--source", required=True, help="Where it was published, and which release.")
@click.option("--licence", required=True, help="On which terms it may be used.")
@click.option("--system", default="snomed", show_default=True, help="Code system of its codes.")
@click.option("--polarity", default="has", show_default=True, type=click.Choice(POLARITIES), help="Sense of its codes.")
@click.option(
    "--refset", default="", help="Of a file with several sets: the identifier, or cluster, of the one to take."
)
@click.pass_obj
@speaks_json
def import_(
    reader: Reader, terminal: Terminal, file: Path, list_id: str, title: str, source: str, licence: str, system: str,
    polarity: str, refset: str,
) -> None:  # fmt: skip
    """A published list into this site's own packs.

    CSV of OpenCodelists or of HDR UK's phenotypes, a FHIR ValueSet expansion, NHS reference sets (clusters, or RF2), or a
    table with the columns system, code, term, polarity, points.
    """
    try:
        done = actions.import_list(
            by=reader, file=file, list_id=list_id or file.stem.lower().replace("_", "-"), title=title, source=source,
            licence=licence, system=system, polarity=polarity, refset=refset,
        )  # fmt: skip
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    terminal.answer(asdict(done), words=_words(done))


@codelists.command()
@click.argument("list_id", metavar="ID")
@click.option("--refset", default="", help="Identifier of a SNOMED CT reference set.")
@click.option("--ecl", default="", help="An expression of SNOMED CT's constraint language, as “<<84114007”.")
@click.option("--value-set", "url", default="", help="Address of any other value set that the server knows.")
@click.option("--title", default="", help="What it holds, in words.")
@click.option("--licence", required=True, help="On which terms it may be used.")
@click.option("--polarity", default="has", show_default=True, type=click.Choice(POLARITIES), help="Sense of its codes.")
@click.pass_obj
@speaks_json
def expand(
    reader: Reader, terminal: Terminal, list_id: str, refset: str, ecl: str, url: str, title: str, licence: str, polarity: str
) -> None:  # fmt: skip
    """Ask this site's FHIR terminology server for a list (the setting AMBIT_TERMINOLOGY_SERVER), and keep it as imported.

    Asked again after a release, the same codes change nothing and others make the next version.
    """
    try:
        done = actions.expand_list(
            by=reader, list_id=list_id, value_set=value_set_of(refset=refset, ecl=ecl, url=url), title=title,
            licence=licence, polarity=polarity,
        )  # fmt: skip
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    terminal.answer(asdict(done), words=_words(done))


def _words(done: actions.Imported) -> str:
    return f"{done.id} {done.version}: {done.codes} codes, {len(done.added)} added, {len(done.removed)} removed."


@codelists.command("list")
@click.pass_obj
@speaks_json
def list_(reader: Reader, terminal: Terminal) -> None:
    """Every code list here."""
    reader.must("import_population")
    rows = [
        {"id": p.id, "version": p.version, "sha256": p.sha256, "codes": len(p.content.codes), "title": p.title, "origin": p.origin}
        for p in site_library().of_kind("codelists")
        if p.ok
    ]  # fmt: skip
    columns = ["id", "version", "codes", "title", "origin"]
    table = terminal.table(
        "Code lists", ["List", "Version", "Codes", "Title", "From"], [tuple(r[c] for c in columns) for r in rows]
    )
    terminal.answer({"codelists": rows}, tables=[table])


@codelists.command()
@click.argument("a")
@click.argument("b")
@click.pass_obj
@speaks_json
def diff(reader: Reader, terminal: Terminal, a: str, b: str) -> None:
    """Codes that B has and A has not (added), and the other way round (removed).

    A and B are lists here, earlier versions of them (heart-failure@1.0), or files.
    """
    reader.must("import_population")
    try:
        before, after = actions.codes_of(a), actions.codes_of(b)
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    added, removed = difference(CodeList(a, a, before), after)
    pack = site_library().get("codelists", b)
    told = {
        "id": b,
        "version": pack.version if pack else "",
        "sha256": pack.sha256 if pack else sha256(Path(b).read_bytes()).hexdigest() if Path(b).is_file() else "",
        "codes": len(after),
        "added": added,
        "removed": removed,
    }
    terminal.answer(
        told,
        words=f"{len(added)} only in {b}, {len(removed)} only in {a}.\n"
        + "\n".join([f"+ {code}" for code in added] + [f"- {code}" for code in removed]),
    )


@codelists.command()
@click.option("--most", default=50, show_default=True, type=click.IntRange(1), help="How many codes to show.")
@click.pass_obj
@speaks_json
def unmapped(reader: Reader, terminal: Terminal, most: int) -> None:
    """Codes of the population store that no code list here knows, the most frequent first."""
    found = queries.unmapped_codes(reader, most=most)
    columns = [(c.system, c.code, c.display, c.rows, c.people) for c in found.codes]
    terminal.answer(
        asdict(found),
        words=f"{found.known} of {found.known + found.unknown} codes are on a list; {found.unknown} are on none.",
        tables=[
            terminal.table("Codes that no code list knows", ["System", "Code", "Display", "Rows", "People"], columns)
        ],
    )

"""The clinical chapter of the manual: what each pack asks, in plain words, from the packs and their worked examples themselves."""

from collections.abc import Iterator, Mapping

from ambit.casefinding.packs import NOBODY, cases, lists_for
from ambit.packs.library import Library
from ambit.packs.rules import Pack
from ambit.population.search.accuracy import Accuracy
from ambit.population.search.criteria import NotInRecords, Published, leaves, packs_of
from ambit.population.search.words import in_words

NAMES = {
    "sensitivity": "sensitivity",
    "specificity": "specificity",
    "ppv": "of those found, right",
    "npv": "of the others, right",
}


def pages(library: Library) -> dict[str, str]:
    """A page for each shipped pack, and one that lists them, by file name."""
    packs = [pack for pack in library.of_kind("casefinding") if pack.origin == "shipped" and pack.ok]
    return {"README.md": _list(packs)} | {f"{pack.id}.md": _page(pack, library) for pack in packs}


def _list(packs: list[Pack]) -> str:
    rows = [
        f"| [{pack.id}]({pack.id}.md) | {_cell(pack.title)} | {len(pack.content.criteria)} | {_runs(pack)} |"
        for pack in packs
    ]
    return "\n".join(
        [
            "# What case-finding asks",
            "",
            "Printed from the packs and their worked examples by `./ambit manual`; `./ambit check` sees that it stays true.",
            "Every pack is a prompt for a clinician, never an answer; none has been reviewed by a clinician unless its page names one.",
            "How a pack is written: [case-finding packs](../running/case-finding-packs.md).",
            "",
            "| pack | what it is | criteria | when it runs |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def _runs(pack: Pack) -> str:
    if pack.awaits:
        return "when its list has been imported, and when asked for"
    return "every night" if pack.content.nightly else "when asked for"


def _page(pack: Pack, library: Library) -> str:
    return "\n".join(_lines(pack, library))


def _lines(pack: Pack, library: Library) -> Iterator[str]:
    content = pack.content
    lists = lists_for([content], library)
    titles = {name: told.title for name, told in lists.items()}
    says = {named.id: named.says for named in content.criteria}
    yield from (f"# {pack.title}", "", content.about, "")
    yield from ("| | |", "| --- | --- |", f"| pack | `{pack.id}` {pack.version} |")
    yield from (f"| source | {_cell(pack.source)} |", f"| licence | {_cell(pack.licence)} |")
    yield from (f"| review | {pack.review_in_words} |", f"| runs | {_runs(pack)} |")
    for told in pack.awaits:
        yield f"| waits for | {_cell(told)} |"
    yield from ("", "## Who is found", "", "The first that holds:", "")
    for tier in content.tiers:
        yield f"- **{tier.name}**: {tier.says} ({in_words(tier.criterion, lists=titles, says=says)})."
    yield from ("", "## What is asked", "", "| says | asks |", "| --- | --- |")
    for named in content.criteria:
        yield f"| {_cell(named.says)} | {_cell(in_words(named.criterion, lists=titles, says=says))} |"
    unasked = {
        (named.says, leaf.why)
        for named in content.criteria
        for leaf in leaves(named.criterion)
        if isinstance(leaf, NotInRecords) and not packs_of(content)
    }
    if unasked:
        yield from ("", "## What no record says", "", "Always unknown to a search, and left to the clinician:", "")
        yield from sorted(f"- {said}: {why}." for said, why in unasked)
    if content.published:
        yield from ("", "## What was published of it", "", "To compare with; nothing of it is promised here.", "")
        yield from (_published(one) for one in content.published)
    yield from ("", "## Worked examples", "", "They run as tests.", "", *_examples(pack, says, library))
    if lists:
        yield from ("", "## Code lists", "", "| list | codes here | holds |", "| --- | --- | --- |")
        for name, listed in lists.items():
            number = "to be imported" if listed.awaits else str(len(listed.codes))
            yield f"| `{name}` | {number} | {_cell(listed.title)} |"
    yield ""


def _published(one: Published) -> str:
    told = f"- {one.says} ({one.source})."
    if one.counts is None:
        return told
    return (
        told
        + " "
        + ", ".join(f"{NAMES[name]} {percent}%" for name, percent in Accuracy(*one.counts).percent.items())
        + "."
    )


def _examples(pack: Pack, says: Mapping[str, str], library: Library) -> Iterator[str]:
    place = library.place_of_examples(pack, [])
    if place is None:
        return
    yield from ("| somebody | is found as | because |", "| --- | --- | --- |")
    for _, case in cases(pack, place, library):
        words = {True: "", False: "not: ", None: "unknown: "}
        why = "; ".join(f"{words[value]}{says[name]}" for name, value in case.expected.items())
        found = "nobody" if case.tier == NOBODY else case.tier
        yield f"| {_cell(case.person)} | {found} | {_cell(why)} |"


def _cell(text: str) -> str:
    return " ".join(text.replace(" {score}", "").replace("{1.73_m2}", "1.73 m²").split()).replace("|", "\\|")

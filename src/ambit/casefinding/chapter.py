"""What a pack asks, in plain words, from the pack and its worked examples themselves: on its page, and as the manual's clinical chapter."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ambit.casefinding import packs as kind
from ambit.packs.kinds import Section
from ambit.packs.library import Library
from ambit.packs.rules import Pack
from ambit.population.search.accuracy import Accuracy
from ambit.population.search.criteria import Published
from ambit.population.search.words import in_words

NAMES = {
    "sensitivity": "sensitivity",
    "specificity": "specificity",
    "ppv": "of those found, right",
    "npv": "of the others, right",
}


def sections(pack: Pack, library: Library) -> Iterator[Section]:
    """Who is found, what is asked and what no record says, published figures, worked examples, and code lists."""
    content = pack.content
    lists = kind.lists_for([content], library)
    titles = {name: told.title for name, told in lists.items()}
    says = {named.id: named.says for named in content.criteria}
    if content.about:
        yield Section("About", content.about)
    found = [
        (tier.name, tier.says, _words(in_words(tier.criterion, lists=titles, says=says))) for tier in content.tiers
    ]
    yield Section("Who is found", "The first that holds.", ("Found as", "Says", "When"), tuple(found))
    asked = [(one.says, _words(in_words(one.criterion, lists=titles, says=says))) for one in content.criteria]
    yield Section("What is asked", "", ("Says", "Asks"), tuple(asked))
    unasked = {(says, why) for says, several in kind.never_coded(content).items() for why in several}
    if unasked:
        lead = "Always unknown to a search, and left to the clinician."
        yield Section("What no record says", lead, ("Part of", "Why"), tuple(sorted(unasked)))
    if content.published:
        lead = "To compare with; nothing of it is promised here."
        rows = tuple((_published(one), one.source) for one in content.published)
        yield Section("What was published of it", lead, ("Published", "Where"), rows)
    examples = tuple(_examples(pack, says, library))
    yield Section("Worked examples", "They run as tests.", ("Somebody", "Is found as", "Because"), examples)
    if lists:
        told = [
            (name, "to be imported" if one.awaits else str(len(one.codes)), one.title) for name, one in lists.items()
        ]
        yield Section("Code lists", "", ("List", "Codes here", "Holds"), tuple(told))


KIND = replace(kind.KIND, shows=sections)


def _published(one: Published) -> str:
    if one.counts is None:
        return f"{one.says}."
    told = ", ".join(f"{NAMES[name]} {percent}%" for name, percent in Accuracy(*one.counts).percent.items())
    return f"{one.says}: {told}."


def _examples(pack: Pack, says: Mapping[str, str], library: Library) -> Iterator[tuple[str, str, str]]:
    place = library.place_of_examples(pack, [])
    if place is None:
        return
    words = {True: "", False: "not: ", None: "unknown: "}
    for _, case in kind.cases(pack, place, library):
        why = "; ".join(f"{words[value]}{says[name]}" for name, value in case.expected.items())
        yield case.person, "nobody" if case.tier == kind.NOBODY else case.tier, why


def _words(text: str) -> str:
    """UCUM as people write it."""
    return text.replace(" {score}", "").replace("{1.73_m2}", "1.73 m²")


# the manual ---------------------------------------------------------------------------------------


def pages(library: Library) -> dict[str, str]:
    """A page for each shipped pack, and one that lists them, by file name."""
    packs = [pack for pack in library.of_kind("casefinding") if pack.origin == "shipped" and pack.ok]
    return {"README.md": _list(packs)} | {f"{pack.id}.md": "\n".join(_page(pack, library)) for pack in packs}


def _list(packs: list[Pack]) -> str:
    rows = [(f"[{pack.id}]({pack.id}.md)", pack.title, str(len(pack.content.criteria)), _runs(pack)) for pack in packs]
    return "\n".join(
        [
            "# What case-finding asks",
            "",
            "Printed from the packs and their worked examples by `./ambit manual`; `./ambit check` sees that it stays true.",
            "Every pack is a prompt for a clinician, never an answer; none has been reviewed by a clinician unless its page names one.",
            "How a pack is written: [case-finding packs](../running/case-finding-packs.md).",
            "",
            *_table(("pack", "what it is", "criteria", "when it runs"), tuple(rows)),
            "",
        ]
    )


def _runs(pack: Pack) -> str:
    if pack.awaits:
        return "when its list has been imported, and when asked for"
    return "every night" if pack.content.nightly else "when asked for"


def _page(pack: Pack, library: Library) -> Iterator[str]:
    yield from (f"# {pack.title}", "", pack.content.about, "")
    about = [("pack", f"`{pack.id}` {pack.version}"), ("source", pack.source), ("licence", pack.licence)]
    about += [("review", pack.review_in_words), ("runs", _runs(pack)), *(("waits for", told) for told in pack.awaits)]
    yield from _table(("", ""), tuple(about))
    for section in (one for one in sections(pack, library) if one.headings):
        yield from ("", f"## {section.title}", "")
        yield from (section.lead, "") if section.lead else ()
        yield from _table(section.headings, section.rows)
    yield ""


def _table(headings: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    yield _row(headings)
    yield _row(("---",) * len(headings))
    yield from (_row(row) for row in rows)


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"

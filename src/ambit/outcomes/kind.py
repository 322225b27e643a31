"""How packs of the kinds `instruments` and `instrument-wordings` are read, and how examples of instruments run."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from ambit.outcomes.rules.instruments import (
    RESPONDENTS,
    Instrument,
    Item,
    Level,
    Subscale,
    Wording,
    read_answers,
    score,
)
from ambit.packs.kinds import Draft, Kind
from ambit.packs.library import Library
from ambit.packs.reading import Place
from ambit.packs.rules import Pack

KEYS = frozenset(
    {"respondents", "recall", "timing", "about", "owner", "licence_required", "better", "total", "scoring", "scales",
     "items", "subscales", "extra_symptoms", "main_problems", "phases"}
)  # fmt: skip
_ITEM = {"id", "topic", "label", "scale", "worded_the_other_way", "low_at_most"}
BETTER = {"lower": True, "higher": False, "neither": None}


def read(draft: Draft) -> Instrument:
    """A pack's lines as an instrument; what it does not say it takes from the pack that it extends."""
    parent = cast(Instrument, draft.parent.content) if draft.parent else None
    lines = draft.entries
    if parent is None:
        for name in ("respondents", "owner", "licence_required", "better", "total", "scoring", "items"):
            if name not in lines:
                draft.place.refuse(f"“{name}” is missing in an instrument. Add “{name}: …”.")
    items = _items(lines) if "items" in lines else parent.items if parent else ()

    def said[T](name: str, read_it: Any, otherwise: T) -> T:
        return cast(T, read_it(lines[name])) if name in lines else otherwise

    def text(name: str) -> Any:
        return lambda place: place.text(what=name)

    def flag(name: str) -> Any:
        return lambda place: place.flag(what=name)

    base = parent or Instrument(id="", version="", title="", respondents=(), items=())
    return Instrument(
        id=draft.id,
        version=lines["version"].text(what="version"),
        title=lines["title"].text(what="title"),
        respondents=said("respondents", _respondents, base.respondents),
        items=items,
        subscales=said("subscales", lambda place: _subscales(place, items), base.subscales),
        recall=said("recall", text("recall"), base.recall),
        timing=said("timing", text("timing"), base.timing),
        about=said("about", text("about"), base.about),
        owner=said("owner", text("owner"), base.owner),
        licence_required=said("licence_required", flag("licence_required"), base.licence_required),
        is_totalled=said("total", flag("total"), base.is_totalled),
        scoring_confirmed=said(
            "scoring",
            lambda place: place.one_of(("confirmed", "not_confirmed"), what="scoring") == "confirmed",
            base.scoring_confirmed,
        ),
        lower_is_better=said("better", lambda p: BETTER[p.one_of(BETTER, what="better")], base.lower_is_better),
        extras=said("extra_symptoms", lambda p: p.whole(what="extra_symptoms"), base.extras),
        problems=said("main_problems", lambda p: p.whole(what="main_problems"), base.problems),
        has_phases=said("phases", flag("phases"), base.has_phases),
    )


def _respondents(place: Place) -> tuple[str, ...]:
    return tuple(place.each(lambda p: p.one_of(RESPONDENTS, what="respondents"), what="respondents"))


def _items(lines: Mapping[str, Place]) -> tuple[Item, ...]:
    scales: dict[str, tuple[Level, ...]] = {}
    if "scales" in lines:
        for name, place in lines["scales"].entries(what="scales").items():
            scales[name] = tuple(place.each(_level, what=name))
            if len({level.value for level in scales[name]}) != len(scales[name]):
                place.note(f"Two answers of “{name}” have the same value. Give each its own.")
    seen: set[str] = set()

    def item(place: Place) -> Item:
        entries = place.only(_ITEM, required=("id", "topic", "scale"), what="an item")
        item_id = entries["id"].text(what="id")
        if item_id in seen:
            entries["id"].refuse(f"“{item_id}” is used twice. Give this one another id.")
        seen.add(item_id)
        scale = entries["scale"].one_of(scales, what="scale")
        return Item(
            id=item_id,
            topic=entries["topic"].text(what="topic"),
            scale=scale,
            levels=scales[scale],
            worded_the_other_way="worded_the_other_way" in entries
            and entries["worded_the_other_way"].flag(what="worded_the_other_way"),
            low_at_most=entries["low_at_most"].whole(what="low_at_most") if "low_at_most" in entries else None,
            label=entries["label"].text(what="label") if "label" in entries else "",
        )

    return tuple(lines["items"].each(item, what="items"))


def _level(place: Place) -> Level:
    lines = place.only({"value", "words", "hint", "code", "ends"}, required=("value", "words"), what="an answer")
    return Level(
        value=lines["value"].whole(what="value"),
        words=lines["words"].text(what="words", empty=True),
        code=lines["code"].text(what="code") if "code" in lines else "",
        hint=lines["hint"].text(what="hint") if "hint" in lines else "",
        ends="ends" in lines and lines["ends"].flag(what="ends"),
    )


def _subscales(place: Place, items: tuple[Item, ...]) -> tuple[Subscale, ...]:
    known = [item.id for item in items]

    def subscale(place: Place) -> Subscale:
        lines = place.only({"id", "title", "items"}, required=("id", "title", "items"), what="a subscale")
        return Subscale(
            lines["id"].text(what="id"),
            lines["title"].text(what="title"),
            tuple(lines["items"].each(lambda p: p.one_of(known, what="item"), what="items")),
        )

    return tuple(place.each(subscale, what="subscales"))


def run_examples(found: Pack, place: Place, library: Library) -> int:
    """Worked cases: what is given, and the totals or the items refused."""
    instrument = cast(Instrument, found.content)
    ran = 0
    for case in place.items(what="examples"):
        lines = case.only({"person", "given", "expect"}, required=("person", "given", "expect"), what="an example")
        expected = lines["expect"].only({"total", "subscales", "missing", "refused"}, what="expect")
        answers = read_answers(instrument, cast(dict[str, str], lines["given"].plain()))
        if "refused" in expected or answers.problems:
            wanted = sorted(cast(list[str], expected["refused"].plain())) if "refused" in expected else []
            _tell(case, "refuses", sorted(answers.problems), wanted)
        else:
            came_to = score(instrument, answers.given)
            _tell(case, "totals", _plain(came_to.total), expected["total"].plain() if "total" in expected else "none")
            parts = cast(dict[str, str], expected["subscales"].plain()) if "subscales" in expected else {}
            for name, wanted_part in parts.items():
                _tell(case, f"totals {name} as", _plain(came_to.subscales.get(name)), wanted_part)
            lacking = sorted(cast(list[str], expected["missing"].plain())) if "missing" in expected else []
            _tell(case, "misses", sorted(answers.missing), lacking)
        ran += 1
    return ran


def _plain(number: int | None) -> str:
    return "none" if number is None else str(number)


def _tell(case: Place, what: str, found: Any, wanted: Any) -> None:
    if found != wanted:
        case.note(f"The pack {what} {found or 'nothing'}; the example expects {wanted or 'nothing'}.")


KIND = Kind(
    name="instruments",
    title="instrument",
    read=read,
    keys=KEYS,
    run_examples=run_examples,
)


def read_wording(draft: Draft) -> Wording:
    """The owner's wording of an instrument: every item, and as many answers as the file has."""
    lines = draft.entries
    named = lines["instrument"].one_of(draft.library.names(KIND.name), what="instrument")
    pack = draft.library.get(KIND.name, named)
    if pack is None or not pack.ok:
        lines["instrument"].refuse(f"The instrument “{named}” has problems of its own. Mend that first.")
    instrument = cast(Instrument, pack.content)
    version = lines["instrument_version"].text(what="instrument_version")
    if version != instrument.version:
        lines["instrument_version"].refuse(
            f"This words version {version}, and the instrument here is version {instrument.version}. "
            "Compare the two, then write the version that was compared."
        )
    ids = [item.id for item in instrument.items]
    items = lines["items"].only(ids, required=ids, what="items")
    scales = {item.scale: item for item in instrument.items}
    levels: dict[str, dict[int, str]] = {}
    if "scales" in lines:
        for name, place in lines["scales"].only(scales, what="scales").items():
            values = [str(level.value) for level in scales[name].levels]
            levels[name] = {int(v): words.text(what=v) for v, words in place.only(values, what=name).items()}
    return Wording(
        instrument=named,
        version=version,
        language=lines["language"].one_of(("en", "cy"), what="language"),
        labels={item_id: place.text(what=item_id) for item_id, place in items.items()},
        levels=levels,
    )


def _words_of(content: Wording) -> Iterable[tuple[str, str]]:
    return [(KIND.name, content.instrument)]


WORDINGS = Kind(
    name="instrument-wordings",
    title="wording of an instrument",
    read=read_wording,
    keys=frozenset({"instrument", "instrument_version", "language", "items", "scales"}),
    needs=frozenset({"instrument", "instrument_version", "language", "items"}),
    uses=_words_of,
)

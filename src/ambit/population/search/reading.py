"""Reads criteria from a pack's YAML; a mistake is told with file, line, and what to write instead."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any as Anything
from typing import Literal, cast

from ambit.packs.kinds import Draft
from ambit.packs.reading import Place, attempts, listed, meant
from ambit.population.codelists.rules import IN_ANY_SENSE, POLARITIES, Code
from ambit.population.rules import MILLIONTHS, UNITS, in_millionths
from ambit.population.search.accuracy import Accuracy
from ambit.population.search.criteria import (
    EVER,
    After,
    Age,
    All,
    Any,
    AtLeast,
    Change,
    Codes,
    Criterion,
    EncounterKind,
    Encounters,
    FoundBy,
    Increase,
    Latest,
    Medicines,
    Named,
    Not,
    NotInRecords,
    Points,
    Published,
    Recorded,
    Ref,
    SearchPack,
    Tier,
    Twice,
    Window,
    lists_of,
    without_refs,
)

MOST_TOLD = 5  # codes named in one message
METHODS = ("emergency", "elective", "other", "unknown")


class Criteria:
    """Reads one pack: knows which code lists there are and which criteria stand above."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.above: set[str] = set()
        self.readers: dict[str, Callable[[Place], Criterion]] = {
            "age": self.age,
            "recorded": self.recorded,
            "latest": self.latest,
            "change": self.change,
            "increase": self.increase,
            "found_by": self.found_by,
            "after": self.after,
            "encounters": self.encounters,
            "not": lambda place: Not(self.criterion(place)),
            "all": lambda place: All(self.several(place, "all")),
            "any": lambda place: Any(self.several(place, "any")),
            "at_least": self.at_least,
            "score": self.score,
            "twice": self.twice,
            "medicines": self.medicines,
            "points": self.points,
            "not_in_records": lambda place: NotInRecords(place.text(what="not_in_records")),
        }

    def pack(self) -> SearchPack:
        """The parent's criteria first, this pack's own after or in their place; then the tiers."""
        parent: SearchPack | None = self.draft.parent.content if self.draft.parent else None
        named = {one.id: one for one in parent.criteria} if parent else {}
        self.above = set(named)
        for name, place in self.draft.entries["criteria"].entries(what="criteria").items():
            for one in attempts([place], lambda p, name=name: self.named(name, p)):  # type: ignore[misc]
                named[name] = one
            self.above.add(name)
        if "tiers" in self.draft.entries:
            tiers = tuple(self.draft.entries["tiers"].each(self.tier, what="tiers"))
        else:
            tiers = parent.tiers if parent else ()
        if not tiers:
            self.draft.place.refuse(
                "“tiers” is missing: nothing says who is found. Add “tiers:” with “name” and “when”."
            )
        names = [tier.name for tier in tiers]
        for name in {name for name in names if names.count(name) > 1}:
            self.draft.entries["tiers"].note(f"Two tiers are called “{name}”. Give one another name.")
        nightly = parent.nightly if parent else True
        if "nightly" in self.draft.entries:
            nightly = self.draft.entries["nightly"].flag(what="nightly")
        about = self.draft.entries["about"].text(what="about", empty=True) if "about" in self.draft.entries else ""
        published = (
            self.draft.entries["published"].each(figures, what="published") if "published" in self.draft.entries else []
        )
        pack = SearchPack(self.draft.id, tuple(named.values()), tiers, nightly, about, tuple(published))
        self.contradictions(pack)
        return pack

    def contradictions(self, pack: SearchPack) -> None:
        """Notes each code that two lists of the pack give different senses: a record of it would say both."""
        senses: dict[tuple[str, str], tuple[str, str]] = {}
        told = []
        for name in lists_of(pack):
            for code in self.listed_codes(name):
                other, sense = senses.setdefault(code.key, (name, code.polarity))
                if sense != code.polarity:
                    told.append(f"{code.code} is “{sense}” on “{other}” and “{code.polarity}” on “{name}”.")
        if told:
            more = f" And {len(told) - MOST_TOLD} more." if len(told) > MOST_TOLD else ""
            self.draft.place.note(
                f"Two code lists contradict each other: {' '.join(told[:MOST_TOLD])}{more} Take each code out of one of them."
            )

    def listed_codes(self, name: str) -> tuple[Code, ...]:
        found = self.draft.library.get("codelists", name)
        return found.content.codes if found is not None and found.content is not None else ()

    def named(self, name: str, place: Place) -> Named:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            place.refuse(f"The name “{name}” must be small letters, digits and hyphens, as “heart-failure”.")
        entries = place.only({"reason", *self.readers}, required=("says",), what=f"the criterion “{name}”")
        reason = entries["reason"].flag(what="reason") if "reason" in entries else True
        return Named(name, entries["says"].text(what="says"), self._one(entries, place), reason)

    def tier(self, place: Place) -> Tier:
        entries = place.only((), required=("name", "says", "when"), what="a tier")
        name = entries["name"].text(what="name")
        return Tier(name, entries["says"].text(what="says"), self.criterion(entries["when"]))

    def criterion(self, place: Place) -> Criterion:
        """The name of a criterion above, or one written here."""
        if not place.is_mapping:
            name = place.text(what="a criterion")
            if name not in self.above:
                place.refuse(f"No criterion “{name}” stands above this line. {meant(name, self.above)}".strip())
            return Ref(name)
        return self._one(place.only(self.readers, what="a criterion"), place)

    def _one(self, entries: dict[str, Place], place: Place) -> Criterion:
        asked = [key for key in entries if key in self.readers]
        if len(asked) != 1:
            place.refuse(f"A criterion asks exactly one thing, not {len(asked)}. Write one of {listed(self.readers)}.")
        return self.readers[asked[0]](entries[asked[0]])

    def several(self, place: Place, what: str) -> tuple[Criterion, ...]:
        items = place.items(what=what)
        if not items:
            place.refuse(f"“{what}” is an empty list. Name at least one criterion.")
        return tuple(self.criterion(item) for item in items)

    # what the record is asked ---------------------------------------------------------------------

    def age(self, place: Place) -> Age:
        entries = place.only(("at_least", "below"), what="age")
        at_least = entries["at_least"].whole(what="at_least") if "at_least" in entries else 0
        below = entries["below"].whole(what="below", at_least=1) if "below" in entries else None
        if not at_least and below is None:
            place.refuse("An age needs “at_least: 65” or “below: 18”.")
        if below is not None and below <= at_least:
            place.refuse(f"Nobody is {at_least} or over and below {below}. Make “below” the larger.")
        return Age(at_least, below)

    def recorded(self, place: Place) -> Recorded:
        entries = place.only(
            ("at_least", "of", "ended", "polarity"), required=("codes", "within", "absence"), what="recorded"
        )
        at_least = entries["at_least"].whole(what="at_least", at_least=1) if "at_least" in entries else 1
        of = entries["of"].one_of(("records", "days", "lists"), what="of") if "of" in entries else "records"
        if at_least > 1 and "of" not in entries:
            place.refuse("Say what is counted: add “of: records”, “of: days” or “of: lists”.")
        ended = entries["ended"].one_of(("counts", "excluded"), what="ended") if "ended" in entries else "counts"
        return Recorded(
            self.codes(entries), self.window(entries["within"]), self.absence(entries["absence"]), at_least,
            cast(Anything, of), cast(Anything, ended),
        )  # fmt: skip

    def latest(self, place: Place) -> Latest:
        compared = ("below", "at_most", "at_least", "above")
        entries = place.only((*compared, "polarity"), required=("codes", "unit", "within", "ties"), what="latest")
        asked = [key for key in compared if key in entries]
        if len(asked) != 1:
            place.refuse(f"A latest value is compared once. Write one of {listed(compared)}.")
        return Latest(
            self.codes(entries), self.unit(entries["unit"]), cast(Anything, asked[0]),
            self.millionths(entries[asked[0]]), self.window(entries["within"]),
            cast(Anything, entries["ties"].one_of(("lowest", "highest"), what="ties")),
        )  # fmt: skip

    def change(self, place: Place) -> Change:
        entries = place.only(
            ("falls_by", "rises_by", "polarity", "from_latest"),
            required=("codes", "unit", "within", "latest_within"),
            what="change",
        )
        asked = [key for key in ("falls_by", "rises_by") if key in entries]
        if len(asked) != 1:
            place.refuse("A change either “falls_by” or “rises_by”: write one of them, as “falls_by: 10%”.")
        by = entries[asked[0]]
        told = by.text(what=asked[0])
        written = told.removeprefix("more than ")
        percent = written.endswith("%")
        if percent:
            match = re.fullmatch(r"([0-9]+(?:\.[0-9]{1,2})?) ?%", written)
            if not match:
                by.refuse(f"“{written}” must be a percentage with at most two decimals, as 10%.")
            amount = int(Decimal(match.group(1)) * 100)
        else:
            amount = self.millionths(by, written)
        if amount <= 0:
            by.refuse("The change must be more than nothing.")
        from_latest = entries["from_latest"].flag(what="from_latest") if "from_latest" in entries else False
        within = self.window(entries["within"])
        if from_latest and within.ago:
            entries["within"].refuse(
                "A window that looks back from the latest value ends there. Write only its length, as “6 months”."
            )
        return Change(
            self.codes(entries), self.unit(entries["unit"]), "fall" if asked[0] == "falls_by" else "rise", amount,
            percent, within, self.window(entries["latest_within"]), from_latest, written != told,
        )  # fmt: skip

    def increase(self, place: Place) -> Increase:
        entries = place.only(("polarity",), required=("codes", "since", "at_least", "absence"), what="increase")
        since = self.window(entries["since"])
        if since.unit == "ever" or since.ago:
            entries["since"].refuse("Write since when, as “12 months”.")
        return Increase(
            self.codes(entries), Window(0, "ever", since.length, since.unit),
            entries["at_least"].whole(what="at_least", at_least=1), self.absence(entries["absence"]),
        )  # fmt: skip

    def found_by(self, place: Place) -> FoundBy:
        """Another pack's tiers, with what they ask written out; all of them unless some are named."""
        entries = place.only(("tiers",), required=("pack",), what="found_by")
        name, names = entries["pack"].text(what="pack"), self.draft.library.names("casefinding")
        if name not in names:
            entries["pack"].refuse(f"There is no case-finding pack “{name}”. {meant(name, names)}".strip())
        if self.draft.library.being_read("casefinding", name):
            entries["pack"].refuse(
                f"“{self.draft.id}” and “{name}” ask about each other. One of them must stand alone."
            )
        found = self.draft.library.get("casefinding", name)
        if found is None or found.content is None:
            entries["pack"].refuse(f"It asks about “{name}”, which has problems of its own. Mend that first.")
        other: SearchPack = found.content
        tiers = [tier.name for tier in other.tiers]
        wanted = (
            tuple(one.one_of(tiers, what="the tier") for one in self.one_or_more(entries["tiers"]))
            if "tiers" in entries
            else tuple(tiers)
        )
        named = {one.id: one.criterion for one in other.criteria}
        asked = tuple(without_refs(tier.criterion, named) for tier in other.tiers if tier.name in wanted)
        return FoundBy(name, found.title, wanted, Any(asked))

    def after(self, place: Place) -> After:
        entries = place.only(
            ("polarity", "not_before"), required=("codes", "than", "within", "absence", "same_day"), what="after"
        )
        codes, than = self.codes(entries), Codes(self.lists(entries["than"]), self.polarity(entries))
        begins, ends = (
            {code.key for name in one.lists for code in self.listed_codes(name) if one.polarity in (code.polarity, IN_ANY_SENSE)}
            for one in (codes, than)
        )  # fmt: skip
        if both := sorted(code for _, code in begins & ends):
            entries["than"].refuse(
                f"{listed(both[:MOST_TOLD])} stands on both sides, and cannot begin a thing and end it. "
                "Take it out of one of the code lists."
            )
        return After(
            codes, than,
            self.window(entries["within"]), self.absence(entries["absence"]), entries["same_day"].flag(what="same_day"),
            entries["not_before"].day(what="not_before") if "not_before" in entries else None,
        )  # fmt: skip

    def twice(self, place: Place) -> Twice:
        compared = ("below", "at_most", "at_least", "above")
        entries = place.only((*compared, "polarity"), required=("codes", "unit", "within", "apart"), what="twice")
        asked = [key for key in compared if key in entries]
        if len(asked) != 1:
            place.refuse(f"A value is compared once. Write one of {listed(compared)}.")
        apart = self.window(entries["apart"])
        if apart.unit != "days":
            entries["apart"].refuse("Write how far apart in days, as “90 days”.")
        return Twice(
            self.codes(entries), self.unit(entries["unit"]), cast(Anything, asked[0]),
            self.millionths(entries[asked[0]]), self.window(entries["within"]), apart.length,
        )  # fmt: skip

    def medicines(self, place: Place) -> Medicines:
        entries = place.only((), required=("at_least", "within"), what="medicines")
        return Medicines(self.window(entries["within"]), entries["at_least"].whole(what="at_least", at_least=1))

    def points(self, place: Place) -> Points:
        entries = place.only(("at_least", "more_than"), required=("codes", "within", "absence"), what="points")
        asked = [key for key in ("at_least", "more_than") if key in entries]
        if len(asked) != 1:
            place.refuse("Points are compared once: write “at_least: 5” or “more_than: 15”.")
        limit = entries[asked[0]].number(what=asked[0]) * 1000
        if limit != int(limit) or limit < 0:
            entries[asked[0]].refuse(f"“{asked[0]}” must be a number with at most three decimals, as 2.4.")
        lists = self.lists(entries["codes"])
        listed = self.draft.library.get("codelists", lists[0])
        if len(lists) > 1 or listed is None or listed.content is None:
            entries["codes"].refuse("Points are those of one code list, and it must be right.")
        counting = [code for code in listed.content.codes if code.polarity == "has"]
        if any(code.points is None for code in counting):
            entries["codes"].refuse(f"“{lists[0]}” gives no points. Add the column “points” to its codes.csv.")
        return Points(
            Codes(lists), self.window(entries["within"]), self.absence(entries["absence"]), int(limit),
            asked[0] == "more_than", tuple((*code.key, code.points) for code in counting),
        )  # fmt: skip

    def encounters(self, place: Place) -> Encounters:
        entries = place.only(("possibly",), required=("count", "at_least", "of", "within"), what="encounters")
        possibly = (
            tuple(entries["possibly"].each(self.encounter_kind, what="possibly")) if "possibly" in entries else ()
        )
        counted = tuple(entries["count"].each(self.encounter_kind, what="count"))
        if not counted:
            entries["count"].refuse("“count” names no encounters. Add “- class: [EMER]”.")
        return Encounters(
            counted, possibly, self.window(entries["within"]),
            entries["at_least"].whole(what="at_least", at_least=1),
            cast(Anything, entries["of"].one_of(("records", "days"), what="of")),
        )  # fmt: skip

    def encounter_kind(self, place: Place) -> EncounterKind:
        entries = place.only(("method",), required=("class",), what="encounters")
        classes = tuple(one.text(what="class") for one in self.one_or_more(entries["class"]))
        methods = (
            tuple(one.one_of(METHODS, what="method") for one in self.one_or_more(entries["method"]))
            if "method" in entries
            else ()
        )
        return EncounterKind(classes, methods)

    def at_least(self, place: Place) -> AtLeast:
        entries = place.only((), required=("k", "of"), what="at_least")
        parts = self.several(entries["of"], "of")
        k = entries["k"].whole(what="k", at_least=1)
        if k > len(parts):
            entries["k"].refuse(f"{k} of {len(parts)} can never be. Lower “k” or add criteria.")
        return AtLeast(k, tuple((part, 1) for part in parts))

    def score(self, place: Place) -> AtLeast:
        entries = place.only((), required=("reaches", "of"), what="score")

        def part(item: Place) -> tuple[Criterion, int]:
            told = item.only((), required=("points", "when"), what="a part of a score")
            return self.criterion(told["when"]), told["points"].whole(what="points", at_least=1)

        parts = tuple(entries["of"].each(part, what="of"))
        return AtLeast(entries["reaches"].whole(what="reaches", at_least=1), parts)

    # smaller parts --------------------------------------------------------------------------------

    def one_or_more(self, place: Place) -> list[Place]:
        return place.items() if place.is_list else [place]

    def codes(self, entries: dict[str, Place]) -> Codes:
        return Codes(self.lists(entries["codes"]), self.polarity(entries))

    def polarity(self, entries: dict[str, Place]) -> str:
        return (
            entries["polarity"].one_of((*POLARITIES, IN_ANY_SENSE), what="polarity") if "polarity" in entries else "has"
        )

    def lists(self, place: Place) -> tuple[str, ...]:
        names = self.draft.library.names("codelists")
        found = []
        for one in self.one_or_more(place):
            name = one.text(what="a code list")
            if name not in names:
                one.refuse(f"There is no code list “{name}”. {meant(name, names)} Else add packs/codelists/{name}/.")
            found.append(name)
        if not found:
            place.refuse("Name at least one code list.")
        return tuple(found)

    def window(self, place: Place) -> Window:
        written = place.text(what="within")
        if written == "ever":
            return EVER
        begins, _, ends = written.partition(" to ")
        if begins == "ever" and ends:
            return Window(0, "ever", *self.span(place, ends.removesuffix(" ago"), written))
        length, unit = self.span(place, begins, written)
        if not ends:
            return Window(length, unit)
        ago, ago_unit = self.span(place, ends.removesuffix(" ago"), written)
        window = Window(length, unit, ago, ago_unit)
        if any((window.opens(on) or date.max) >= window.closes(on) for on in (date(2024, 3, 1), date(2025, 7, 31))):
            place.refuse(
                f"“{written}” holds nothing: it ends before it begins. Write the earlier first, as “24 months to 12 months ago”."
            )
        return window

    def span(self, place: Place, part: str, written: str) -> tuple[int, Literal["days", "months"]]:
        match = re.fullmatch(r"([+-]?[0-9]+) (days?|months?|years?)", part)
        if not match:
            place.refuse(
                f"“{written}” is not a window. Write “ever”, “183 days”, “6 months” (calendar months), "
                "“24 months to 12 months ago” or “ever to 12 months ago”."
            )
        length, unit = int(match.group(1)), match.group(2).rstrip("s")
        if length <= 0:
            place.refuse(
                f"A window of “{written}” holds nothing. Write a number above 0; windows look back from the day."
            )
        if length > 2400:
            place.refuse(f"“{written}” is longer than a life. Write “ever”.")
        return (length * 12, "months") if unit == "year" else (length, cast(Anything, f"{unit}s"))

    def absence(self, place: Place) -> Anything:
        return place.one_of(("false", "unknown"), what="absence")

    def unit(self, place: Place) -> str:
        """UCUM; one that intake converts away would never be met."""
        written = place.text(what="unit")
        known = UNITS.get(written.lower())
        if known is not None and known[0] != written:
            place.refuse(
                f"Values are kept in “{known[0]}”, not “{written}”. Write “unit: {known[0]}”, and the threshold in it."
            )
        return written

    def millionths(self, place: Place, written: str = "") -> int:
        try:
            number = Decimal(written or place.text(what="a threshold"))
        except InvalidOperation:
            place.refuse(f"“{place.text()}” must be a number, as 2.5.")
        if not number.is_finite():
            place.refuse(f"“{place.text()}” must be a number, as 2.5.")
        whole = in_millionths(number)
        if whole is None or Decimal(whole) != number * MILLIONTHS:
            place.refuse(f"“{number}” has more than six decimals or is too large.")
        return whole


def figures(place: Place) -> Published:
    """What was published of the tool; a table of four counts must give the percentages that were published with it."""
    entries = place.only(("counts", "gives"), required=("says", "source"), what="published")
    says, source = entries["says"].text(what="says"), entries["source"].text(what="source")
    if "counts" not in entries:
        return Published(says, source)
    told = entries["counts"].only((), required=("tp", "fp", "fn", "tn"), what="counts")
    counted = Accuracy(*(told[name].whole(what=name) for name in ("tp", "fp", "fn", "tn")))
    if "gives" in entries:
        for name, percent in entries["gives"].only(counted.percent, what="gives").items():
            if percent.number(what=name) != counted.percent[name]:
                percent.note(f"The counts give a {name} of {counted.percent[name]}%, not {percent.text()}%.")
    return Published(says, source, (counted.tp, counted.fp, counted.fn, counted.tn))


def read(draft: Draft) -> SearchPack:
    """A pack of criteria and tiers."""
    try:
        return Criteria(draft).pack()
    except RecursionError:
        draft.place.refuse("The criteria are nested too deeply.")

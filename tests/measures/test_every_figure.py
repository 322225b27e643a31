"""Every indicator that is collected, over the demonstration place, equals what plain Python makes of the exported facts.

Nothing here asks `gathering`, `rules` or a pack how to count: each indicator is written out once more, by hand, from what slices publish
and from the rows of the population store.
"""

import math
from collections import defaultdict
from statistics import median

import pytest

from ambit.access.queries import operator
from ambit.casefinding import facts as casefinding
from ambit.measures.models import Behind, Figure
from ambit.measures.queries import computed_in_site
from ambit.measures.registry import indicators
from ambit.packs import queries
from tests.measures.exported import ETHNIC, EUROPE, Exported, band, rows_of, years

# the place itself is made once, outside the transaction of each test
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def place(northmarch):
    return Exported(northmarch)


SHARES = [
    "ind.register.coverage", "ind.register.non_cancer_share", "ind.acp.offered", "ind.acp.in_place",
    "ind.acp.required_vs_placed_cyp", "ind.acp.reviewed_6m", "ind.acp.person_access", "ind.respect.in_place",
    "ind.prefs.place_recorded", "ind.prefs.place_achieved", "ind.prefs.reason_recorded", "ind.coord.named",
    "ind.death.hospital", "ind.equity.recording", "ind.record.sharing", "ind.meds.anticipatory", "ind.ident.reviewed",
    "ind.record.access_ooh", "ind.record.single_flag_orgs",
]  # fmt: skip
OTHERS = [
    "ind.register.prevalence", "ind.register.lead_time", "ind.ident.screened", "ind.death.rate_pattern",
    "ind.death.rate_standardised", "ind.pop.need_projection", "ind.equity.gap", "ind.phb.count", "ind.cyp.prevalence_audit",
]  # fmt: skip
AREAS = {"QZZ": ("ZZ01", "ZZ02"), "ZZ01": ("ZZ01",), "ZZ02": ("ZZ02",)}


def kept(place, name, area):
    return Figure.objects.get(snapshot__month=place.first, indicator=name, area=area)


def test_nothing_that_is_collected_is_left_out():
    assert {one.id for one in indicators().indicators.values() if one.is_collected} == {*SHARES, *OTHERS}


def wilson(count, of):
    z = 1.959963984540054
    p, centre = count / of, (count / of + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return 100 * (centre - reach), 100 * (centre + reach)


def same(figure, rows, where):
    count, of = sum(counts for _, counts in rows), len(rows)
    assert (figure["numerator"], figure["denominator"]) == (count, of), where
    if of:
        assert figure["value"] == pytest.approx(100 * count / of), where
        assert (figure["lower"], figure["upper"]) == pytest.approx(wilson(count, of), abs=1e-6), where
    else:
        assert figure["value"] is None, where


@pytest.mark.parametrize("name", SHARES)
def test_a_share_equals_its_recomputation(place, name):
    everybody = rows_of(place, name)
    for area, places in AREAS.items():
        # the hospital and the ambulance belong to the system and to no place
        here = [row for row in everybody if row[0]["place"] in places or (area == "QZZ" and "organisation" in row[0])]
        figure = kept(place, name, area)
        same(vars(figure), here, (name, area))
        asked = [
            b
            for b in indicators().indicators[name].breakdowns
            if b not in indicators().indicators[name].not_broken_down
        ]
        assert set(figure.groups) == set(asked)
        for breakdown in asked:
            groups = defaultdict(list)
            for who, counts in here:
                groups[who[breakdown]].append((who, counts))
            assert set(figure.groups[breakdown]) == set(groups), (name, area, breakdown)
            for group, rows in groups.items():
                same(figure.groups[breakdown][group], rows, (name, area, breakdown, group))


@pytest.mark.parametrize(
    "name",
    [n for n in SHARES if n not in ("ind.ident.reviewed", "ind.record.access_ooh", "ind.record.single_flag_orgs")],
)
def test_those_behind_a_figure_are_those_that_were_counted(place, name):
    counted, others = set(), set()
    for row in Behind.objects.filter(snapshot__month=place.first, indicator=name):
        counted |= set(row.counted)
        others |= set(row.others)
    rows = rows_of(place, name)
    assert counted == {who["id"] for who, counts in rows if counts}
    assert others == {who["id"] for who, counts in rows if not counts}


def alive(place, on):
    """Everybody of the store, once for each number, who was registered and alive on a day."""
    once = {}
    for row in place.registered:
        once.setdefault(row[1] or row[0], row)
    return [
        row for row in once.values()
        if row[2] and row[7] and (row[3] is None or row[3] <= on) and (not row[5] or (row[6] and row[6] > on))
    ]  # fmt: skip


def place_of(place, code):
    practice = next((one for one in place.organisations.values() if one.code == code), None)
    return place.practice(practice.id)[1] if practice else ""


def test_the_size_of_the_register(place):
    register = {place.people[one].nhs_number for one in place.on_register()}
    for area, places in AREAS.items():
        figure = kept(place, "ind.register.prevalence", area)
        here = [row for row in alive(place, place.last) if place_of(place, row[2]) in places]
        assert (figure.numerator, figure.denominator) == (sum(r[1] in register for r in here), len(here))
        for breakdown, of in {
            "practice": lambda r: r[2],
            "sex": lambda r: r[4] or "",
            "age_band": lambda r: band(years(r[3], place.last) if r[3] else None),
            "condition_group": lambda r: place.main(r[1], place.last) if r[1] else "none_coded",
            "ethnicity": lambda r: ETHNIC.get(place.by_number[r[1]].ethnicity, "") if r[1] in place.by_number else "",
            "deprivation": lambda r: (
                place.fifths.get(place.by_number[r[1]].area, "") if r[1] in place.by_number else ""
            ),
        }.items():
            groups = defaultdict(list)
            for row in here:
                groups[of(row)].append(row[1] in register)
            made = {group: (f["numerator"], f["denominator"]) for group, f in figure.groups[breakdown].items()}
            assert made == {group: (sum(some), len(some)) for group, some in groups.items()}, breakdown


def test_days_on_the_register_before_death(place):
    for area, places in AREAS.items():
        days = [
            (one.died_on - one.joined_on).days for one in place.deaths()
            if one.joined_on and one.joined_on < one.died_on and place.practice(one.practice_id)[1] in places
        ]  # fmt: skip
        figure = kept(place, "ind.register.lead_time", area)
        assert figure.denominator == len(days)
        assert figure.value == (median(days) if days else None)


def test_who_was_screened(place):
    runs = [one for one in casefinding.searches() if place.first <= one.on <= place.last and one.practice_id is None]
    figure = kept(place, "ind.ident.screened", "QZZ")
    people_here = len([row for row in alive(place, place.last) if place_of(place, row[2])])
    assert (figure.numerator, figure.denominator) == (people_here if runs else 0, people_here)
    assert runs, "the demonstration place searches in the month that ended last"


def test_deaths_crude_and_for_the_same_ages(place):
    once = {row[1] or row[0]: row for row in reversed(place.registered)}
    for area, places in AREAS.items():
        people_then = [row for row in alive(place, place.middle) if place_of(place, row[2]) in places]
        died = [
            row for row in once.values()
            if row[5] and row[6] and place.year_first <= row[6] <= place.last and place_of(place, row[2]) in places
        ]  # fmt: skip
        crude = kept(place, "ind.death.rate_pattern", area)
        assert (crude.numerator, crude.denominator) == (len(died), len(people_then))
        assert crude.value == pytest.approx(1000 * len(died) / len(people_then))
        need = kept(place, "ind.pop.need_projection", area)
        assert need.value == pytest.approx(0.75 * len(died))
        rate = 0.0
        for number, weight in enumerate(EUROPE):
            ages = [min(years(row[3], place.middle) // 5, 18) for row in people_then if row[3]]
            deaths = [min(years(row[3], row[6]) // 5, 18) for row in died if row[3]]
            if ages.count(number):
                rate += weight / 100_000 * deaths.count(number) / ages.count(number)
            elif deaths.count(number):
                rate = math.nan
        known = kept(place, "ind.death.rate_standardised", area)
        complete = all(
            any(min(years(row[3], place.middle) // 5, 18) == number for row in people_then if row[3])
            for number in range(19)
        )
        if len(died) >= 10 and complete:
            assert known.value == pytest.approx(1000 * rate)
        else:
            assert known.value is None


def test_counts(place):
    for area, places in AREAS.items():
        budget = [
            who for who in place.members()
            if who["place"] in places
            and "health_budget" in place.said(next(p for p in place.people if str(p) == who["id"]), "care_package.funding")
        ]  # fmt: skip
        assert kept(place, "ind.phb.count", area).value == len(budget)
        children = [
            row for row in alive(place, place.last)
            if row[3] and years(row[3], place.last) < 18 and place_of(place, row[2]) in places
            and place.main(row[1], place.last) not in ("", "none_coded")
        ]  # fmt: skip
        assert kept(place, "ind.cyp.prevalence_audit", area).value == len(children)


def test_the_gap_between_groups(place):
    everybody = rows_of(place, "ind.acp.in_place")
    figure = kept(place, "ind.equity.gap", "QZZ")
    widest = []
    for breakdown in indicators().indicators["ind.equity.gap"].breakdowns:
        groups = defaultdict(list)
        for who, counts in everybody:
            if who[breakdown]:
                groups[who[breakdown]].append(counts)
        values = [100 * sum(some) / len(some) for some in groups.values() if len(some) >= 20]
        made = figure.groups.get(breakdown, {})
        if len(values) < 2:
            assert not made
            continue
        assert made[breakdown]["value"] == pytest.approx(max(values) - min(values))
        widest.append(max(values) - min(values))
    assert figure.value == (pytest.approx(max(widest)) if widest else None)


def test_every_statement_that_the_sources_can_evidence_has_live_figures(place):
    """337 nodes, 216 statements; the 57 whose indicators come from these four sources are computed and count somebody here."""
    told = queries.coverage(operator(), "frameworks")
    assert told is not None
    assert (told.answer["nodes"], told.answer["reachable"], told.answer["statements"]) == (337, 337, 216)
    assert told.answer["indicators_serving_nothing"] == []
    here = {
        one.id for one in indicators().indicators.values()
        if one.source in ("register", "careplan", "casefinding", "population")
    }  # fmt: skip
    statements = [
        node for pack in queries.site_library().of_kind("frameworks") for node in pack.content.statements
        if here & set(node.indicators)
    ]  # fmt: skip
    live = computed_in_site()
    assert len(statements) == 57
    assert [node.id for node in statements if not live & here & set(node.indicators)] == []
    assert told.answer["with_live_evidence"] >= 57

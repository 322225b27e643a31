"""The registry of items: what a pack may say of a section and of an item, and what a standard asks for."""

from datetime import date

import pytest
from click.testing import CliRunner

from ambit.access.queries import operator
from ambit.careplan import registry, rules
from ambit.packs import commands
from ambit.packs.library import Library
from ambit.packs.queries import coverage

DAY = date(2026, 11, 21)
HEAD = 'version: "0.1"\ntitle: A plan\nsource: Us\nlicence: MIT\nreviewer: ""\nreview_date: ""\n'
SECTION = "id: moving\ntitle: Moving\ntitle_for_person: Moving\nreview_after_days: 90\nask_again_after_days: 180\n"
ITEM = "items:\n  - {{id: moving.{id}, label: L, label_for_person: P, type: {type}{more}}}\n"


@pytest.fixture
def plan_of(tmp_path):
    def read(section, name="moving"):
        folder = tmp_path / "careplans" / "a-plan"
        (folder / "sections").mkdir(parents=True, exist_ok=True)
        (folder / "pack.yaml").write_text(f"id: a-plan\n{HEAD}groups:\n  - {{title: G, sections: [{name}]}}\n")
        (folder / "sections" / "moving.yaml").write_text(section)
        return Library({"shipped": tmp_path}).get("careplans", "a-plan")

    return read


@pytest.fixture
def standard_of(tmp_path, plan_of):
    def read(items):
        plan_of(SECTION + "for_person: write\n" + ITEM.format(id="how", type="line", more=""))
        folder = tmp_path / "careplans" / "a-standard"
        folder.mkdir()
        (folder / "pack.yaml").write_text(f"id: a-standard\n{HEAD}plan: a-plan\nages: any\nitems:\n{items}")
        return Library({"shipped": tmp_path}).get("careplans", "a-standard")

    return read


def item(type_, more="", **section):
    told = {"for_person": "see"} | section
    return SECTION + "".join(f"{k}: {v}\n" for k, v in told.items()) + ITEM.format(id="how", type=type_, more=more)


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        (SECTION + ITEM.format(id="how", type="line", more=""), "“for_person” is missing"),
        (item("line", for_person="sometimes"), "for_person “sometimes” is not known"),
        (item("line", for_person="never"), "never_because"),
        (item("line", for_person="after_talk"), "the item that records it"),
        (item("line", for_person="after_talk", talk="{item: moving.when, is: ['yes']}"), "no item of this section"),
        (item("line", ages="toddler"), "ages “toddler” is not known"),
        (item("line", more=", low: 1"), "Only a number has"),
        (item("line", more=", when: past"), "Only a day or a moment"),
        (item("choice"), "A choice has values"),
        (item("choice", more=", values: ways"), "There is no value set “ways”"),
        (item("line", more=", standards: {scci1580: [1]}"), "“standards” is not known in an item"),
        (item("rows", more=", items: [{id: a, label: L, label_for_person: P, type: choices}]"), "one answer"),
        (item("line").replace("id: moving\n", "id: walking\n"), "differs from the file's name"),
    ],
)
def test_a_mistake_in_a_section_is_told(plan_of, section, problem):
    assert problem in " ".join(map(str, plan_of(section).problems))


def test_a_section_that_is_not_there_is_told(plan_of):
    assert "sections/walking.yaml, line 1: The file is missing" in str(
        plan_of(item("line"), name="walking").problems[0]
    )


def test_what_the_person_may_do_comes_from_the_section_unless_the_item_says(plan_of):
    lines = (
        SECTION
        + "for_person: after_talk\ntalk: {item: moving.talked, is: ['yes']}\n"
        + ITEM.format(id="stage", type="line", more="")
    )
    more = (
        "  - {id: moving.talked, label: L, label_for_person: P, type: known}\n"
        "  - {id: moving.note, label: L, label_for_person: P, type: line, for_person: never, never_because: Third party}\n"
        "  - {id: moving.wish, label: L, label_for_person: P, type: line, for_person: write}\n"
    )
    found = plan_of(lines + more)
    assert found.ok, found.problems
    section = found.content.section("moving")
    before = {i.id: section.may_person({"moving.stage": "Months"}, i) for i in section.items}
    after = {i.id: section.may_person({"moving.talked": "yes"}, i) for i in section.items}
    assert before == {"moving.stage": "", "moving.talked": "", "moving.note": "", "moving.wish": "write"}
    assert after == {"moving.stage": "see", "moving.talked": "see", "moving.note": "", "moving.wish": "write"}


@pytest.mark.parametrize(
    ("ages", "life", "included"),
    [
        (rules.Ages(), rules.Life(), True),
        (rules.Ages(), rules.Life(unborn=True), True),
        (rules.Ages("adult"), rules.Life(17), False),
        (rules.Ages("adult"), rules.Life(18), True),
        (rules.Ages("adult"), rules.Life(), True),
        (rules.Ages("adult"), rules.Life(unborn=True), False),
        (rules.Ages("child"), rules.Life(17), True),
        (rules.Ages("child"), rules.Life(18), False),
        (rules.Ages("child"), rules.Life(19, in_transition=True), True),
        (rules.Ages("child", 14, 25), rules.Life(13), False),
        (rules.Ages("child", 14, 25), rules.Life(14), True),
        (rules.Ages("child", 14, 18), rules.Life(26, in_transition=True), True),
        (rules.Ages("any", 14, 25), rules.Life(25), False),
        (rules.Ages("antenatal"), rules.Life(unborn=True), True),
        (rules.Ages("antenatal"), rules.Life(0), False),
        (rules.Ages("antenatal"), rules.Life(), False),
        (rules.Ages("child", 5), rules.Life(unborn=True), False),
    ],
)
def test_ages(ages, life, included):
    assert ages.include(life) is included


@pytest.mark.parametrize(
    ("type_", "more", "given", "kept", "words", "fits"),
    [
        ("known", "", "no", "no", "No", True),
        ("known", "", "perhaps", None, "", False),
        ("number", ", low: 0, high: 100, unit: percent", "40", 40, "40 percent", True),
        ("number", ", low: 0, high: 100", "101", None, "", False),
        ("number", ", low: 0", "four", None, "", False),
        ("number", "", 0, 0, "0", True),
        ("choices", ", values: [{id: a, label: Apples}, {id: b, label: Pears}]", ["b", "a"], ["a", "b"], "Apples; Pears", True),
        ("choices", ", values: [{id: a, label: Apples}]", ["a", "x"], ["a"], "Apples", False),
        ("moment", ", when: past", "2026-11-20T23:05", "2026-11-20T23:05", "20 November 2026 at 23:05", True),
        ("moment", ", when: past", "2026-11-23T23:05", "2026-11-23T23:05", "23 November 2026 at 23:05", False),
        ("moment", "", "2026-11-20T", None, "", False),
        ("code", "", "84114007", "84114007", "84114007", True),
        ("code", "", "84114008", "84114008", "84114008", False),
        ("person", "", {"id": "1", "name": "Helen"}, {"id": "1", "name": "Helen"}, "Helen", True),
        ("person", "", "Helen", None, "", False),
    ],
)  # fmt: skip
def test_types_of_items(plan_of, type_, more, given, kept, words, fits):
    section = plan_of(item(type_, more)).content.section("moving")
    checked = rules.check(section, {"moving.how": given}, on=DAY)
    assert checked.content.get("moving.how") == kept
    assert section.items[0].words(kept) == words
    assert bool(checked.problems) is not fits


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("  - {id: '1', title: T, status: M, items: [moving.hwo]}\n", "is no item of the plan"),
        ("  - {id: '1', title: T, status: M, items: [cpr.reading]}\n", "is no item of the plan"),
        ("  - {id: '1', title: T, status: X}\n", "status “X” is not known"),
        ("  - {id: '1', title: T, status: M, items: [moving.how], refused: No}\n", "either held somewhere or refused"),
        ("  - {id: '1', title: T, status: M}\n  - {id: '1', title: T, status: M}\n", "is used twice"),
    ],
)
def test_a_mistake_in_a_standard_is_told(standard_of, line, problem):
    assert problem in " ".join(map(str, standard_of(line).problems))


def test_what_a_standard_asks_for_is_held_elsewhere_refused_or_missing(standard_of):
    found = standard_of(
        "  - {id: a, title: T, status: M, items: [moving.how]}\n  - {id: b, title: T, status: R, elsewhere: [people.sex]}\n"
        "  - {id: c, title: T, status: O, refused: Fax is not used}\n  - {id: d, title: T, status: O}\n"
    )
    assert found.ok, found.problems
    asked = [(one.implemented, one.reason) for one in found.content.items]
    assert asked == [(True, "moving.how"), (True, "people.sex"), (False, "Fax is not used"), (False, "Not built yet.")]


def test_every_standard_here_can_be_read():
    assert "scci1580" in registry.standards()
    assert all(asked.status in rules.STATUSES for one in registry.standards().values() for asked in one.items)


def test_coverage_command_promises_its_keys():
    told = coverage(operator(), "careplans").answer
    assert set(told) == {"standards"}
    assert {key for one in told["standards"] for key in one} == {"id", "title", "known_in_part", "items"}
    assert {key for one in told["standards"] for line in one["items"] for key in line} == {
        "id", "title", "status", "implemented", "reason",
    }  # fmt: skip
    answer = CliRunner().invoke(commands.packs, ["coverage", "careplans", "--json"], obj=operator())
    assert answer.exit_code == 0
    assert CliRunner().invoke(commands.packs, ["coverage", "codelists"], obj=operator()).exit_code == 1


def test_no_dose_is_asked_for_as_a_number_and_nothing_about_medicines_is_filled_in():
    """What is prescribed is copied in words; a number that could be worked with is in no item about medicines or oxygen."""
    for name in ("medicines_at_home", "regular_medicines", "equipment"):
        for item in registry.section(name).items:
            assert all(part.type != rules.NUMBER and not part.unit for part in (item, *item.items))

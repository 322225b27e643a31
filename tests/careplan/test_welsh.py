"""The plan's words for the person in Welsh: all of them, marked as not reviewed, and a gap reads as English that says so."""

import contextlib
from pathlib import Path

import pytest

from ambit.careplan import registry
from ambit.careplan.reading import PlanReader
from ambit.careplan.rules import OWN_ANSWERS, Translation, in_words, words_for_person
from ambit.packs.kinds import Draft
from ambit.packs.reading import NotUnderstood, read_yaml
from ambit.site.config import CHECKOUT

PACK = CHECKOUT / "packs" / "careplans" / "ambit-plan"


def test_every_word_for_the_person_has_welsh():
    welsh = registry.plan().translations["cy"]
    english = {word for section in registry.plan().sections() for word in words_for_person(section)}
    assert len(english) > 400
    assert english | set(OWN_ANSWERS.values()) == welsh.words.keys()
    assert [word for word, said in welsh.words.items() if not said or "(yn Saesneg)" in said] == []


def test_nobody_is_named_as_reviewer_of_the_welsh():
    welsh = registry.plan().translations["cy"]
    assert (welsh.reviewer, welsh.review_date) == ("", "")
    assert "not reviewed" in welsh.source


def test_a_gap_reads_as_english_that_says_so():
    welsh = Translation(language="cy", words={"Yes": "Ie"}, source="")
    assert [welsh.of(word) for word in ("Yes", "Day", "")] == ["Ie", "Day (yn Saesneg)", ""]


def test_only_words_change():
    for section in registry.plan().sections():
        said = registry.plan_in("cy").section(section.id)
        assert in_words(said, str) == said
        assert [item.id for item in said.items] == [item.id for item in section.items]
        assert [v.id for item in said.items for v in item.values] == [v.id for i in section.items for v in i.values]
    assert registry.plan_in("cy").section("what_matters").title_for_person == "Beth sy’n bwysig i mi"
    assert registry.plan_in("en-gb") is registry.plan_in("") is registry.plan()
    assert registry.say_in("en")("Yes") == "Yes"
    assert registry.say_in("cy")("Yes") == "Ie"


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        ('"Yes": "Ie"', '"Yess": "Ie"', "The plan does not say “Yess” to the person."),
        ('"Yes": "Ie"', '"Yes": ""', "Yes is empty. Write its text."),
        ("language: cy", "language: kw", "language “kw” is not known."),
        ("source:", "sauce:", "sauce"),
    ],
)
def test_what_cannot_be_is_told_with_its_line(tmp_path: Path, was, becomes, words):
    said = (PACK / "welsh.yaml").read_text(encoding="utf-8")
    assert was in said
    problems = _read(tmp_path, said.replace(was, becomes, 1))
    assert any(words in str(problem) for problem in problems)


def _read(folder, welsh):
    (folder / "sections").symlink_to(PACK / "sections")
    (folder / "pack.yaml").write_bytes((PACK / "pack.yaml").read_bytes())
    (folder / "welsh.yaml").write_text(welsh, encoding="utf-8")
    problems = []
    place = read_yaml(folder / "pack.yaml", label="pack.yaml", problems=problems)
    draft = Draft(
        id="ambit-plan", folder=folder, label="pack.yaml", place=place, entries=place.entries(), parent=None,
        library=None, problems=problems,
    )  # fmt: skip
    with contextlib.suppress(NotUnderstood):  # what was refused stands among the problems
        PlanReader(draft).read()
    return problems

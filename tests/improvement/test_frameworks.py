"""Frameworks are read whole, refused with file and line, begun blank, and followed through the crosswalk both ways."""

import shutil

import pytest
from click.testing import CliRunner
from django.conf import settings

from ambit.access.queries import NotAllowed, operator
from ambit.audit.models import AuditLine
from ambit.design.refusals import Refused
from ambit.improvement import kind
from ambit.improvement.rules.frameworks import Crosswalk, Mapped, Node, neighbours, roots
from ambit.packs import actions
from ambit.packs.library import CHECKOUT, Library
from ambit.packs.queries import checked_packs, site_library
from ambit.site.main import main

SHIPPED = {
    "ambitions-2015": (148, 96), "stw-strategy-2022": (138, 80), "lsc-framework": (23, 12), "lsc-cyp-gap": (9, 9),
    "scotland-ia-advice": (5, 5), "competency-eolc": (14, 14),
}  # fmt: skip


def frameworks():
    return {pack.id: pack.content for pack in site_library().of_kind(kind.KIND.name)}


def test_the_six_are_here_whole():
    assert {name: (len(told.nodes), len(told.statements)) for name, told in frameworks().items()} == SHIPPED
    for told in frameworks().values():
        assert roots(told.nodes) == set(told.by_id)
        assert [node for _, node in told.walk()] == sorted(told.nodes, key=[n for _, n in told.walk()].index)


def test_what_is_printed_is_kept():
    gaps = frameworks()["lsc-cyp-gap"]
    (recorded,) = gaps.more["assessments"]
    assert [row["due"]["words"] for row in recorded["rows"]].count("ongoing") == 2
    assert gaps.more["columns"][4] == "RAG rating"
    assert frameworks()["stw-strategy-2022"].by_id["stw.aim1.r1"].more["good"]


@pytest.fixture
def spoilt(tmp_path):
    """The shipped packs with one framework changed; answers the problems."""

    def change(old, new, framework="scotland-ia-advice"):
        root = tmp_path / "packs"
        for name in ("codelists", "indicators", "scales", "frameworks"):
            shutil.copytree(CHECKOUT / name, root / name, dirs_exist_ok=True)
        path = root / "frameworks" / framework / "pack.yaml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        line = text[: text.index(old)].count("\n") + 1
        pack = Library({"shipped": root}).get("frameworks", framework)
        assert pack is not None
        return [str(problem) for problem in pack.problems], f"packs/frameworks/{framework}/pack.yaml, line {line}: "

    return change


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("id: scot.c2", "id: scot.c1", "stands in line"),
        ("id: scot.c2", "id: sc.c2", "must begin with “scot.”"),
        ("id: scot.c2\n    parent: null", "id: scot.c2\n    parent: scot.c9", "The parent “scot.c9”"),
        ("id: scot.c2\n    parent: null", "id: scot.c2\n    parent: scot.c2", "stands under itself"),
        ("scale: yes-partly-no", "scale: yes-or-no", "Did you mean “yes-partly-no”?"),
    ],
)
def test_a_wrong_framework_is_refused_with_file_and_line(spoilt, old, new, words):
    problems, where = spoilt(old, new)
    assert any(words in problem and problem.startswith(where) for problem in problems), problems


def test_an_unknown_indicator_is_named(spoilt):
    problems, _ = spoilt("ind.register.prevalence", "ind.register.prevalense")
    assert any("Did you mean “ind.register.prevalence”?" in problem and ", line " in problem for problem in problems)


def test_a_node_that_replaces_one_which_is_not_retired_is_told(spoilt):
    problems, _where = spoilt("id: scot.c2", "replaces: [scot.c1]\n    id: scot.c2")
    assert any("is not retired" in problem for problem in problems)


CROSSWALK = Crosswalk("hub", (Mapped("a", ("x", "y"), "full"), Mapped("b", ("x",), "related")), ())


@pytest.mark.parametrize(
    ("node", "found"),
    [
        ("a", [("x", "full", False), ("y", "full", False)]),
        ("x", [("a", "full", True), ("b", "related", True), ("c", "", True)]),
        ("c", [("x", "", False)]),
        ("z", []),
    ],
)
def test_the_crosswalk_is_followed_both_ways(node, found):
    around = neighbours(node, [CROSSWALK], {"c": ["x"], "a": ["x"]})
    assert [(one.node, one.strength, one.is_back) for one in around] == found


def test_a_ring_is_not_reached_from_the_top():
    nodes = [Node(id=name, parent=parent, type="t", title="t") for name, parent in (("a", ""), ("b", "c"), ("c", "b"))]
    assert roots(nodes) == {"a"}


# --- a blank one ---


@pytest.fixture
def home(db, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "HOME", tmp_path)
    return tmp_path


def test_a_blank_framework_is_right_at_once_and_appears(home, capsysbinary):
    found = CliRunner().invoke(main, ["packs", "new", "framework", "eskvale-2027"])
    assert found.exit_code == 0, found.output
    assert (home / "packs" / "frameworks" / "eskvale-2027" / "pack.yaml").is_file()
    row = next(row for row in checked_packs(operator()) if row.id == "eskvale-2027")
    assert (row.ok, row.problems, row.origin) == (True, (), "site")
    assert frameworks()["eskvale-2027"].statements[0].id == "eskvale.one.s1"
    assert AuditLine.objects.filter(what="began a pack").exists()


@pytest.mark.parametrize(
    ("kind_name", "pack_id", "words"),
    [
        ("framework", "ambitions-2015", "already"),
        ("framework", "../elsewhere", "small letters"),
        ("framework", "Mine", "small letters"),
        ("wheel", "mine", "no blank pack"),
    ],
)
def test_what_is_no_blank_framework(home, kind_name, pack_id, words):
    with pytest.raises(Refused, match=words):
        actions.begin(by=operator(), kind=kind_name, pack_id=pack_id)
    assert not (home / "packs").exists()


def test_only_who_signs_packs_off_begins_one(home, reader):
    with pytest.raises(NotAllowed):
        actions.begin(by=reader("gp"), kind="framework", pack_id="mine")

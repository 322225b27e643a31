"""A standard's list comes by file: checked whole, in the place of what was known, never edited."""

import json

import pytest
from click.testing import CliRunner

from ambit.access.queries import NotAllowed, operator
from ambit.audit.models import AuditLine
from ambit.careplan import registry
from ambit.careplan.commands import plans
from ambit.careplan.standard_import import import_standard
from ambit.design.refusals import Refused
from ambit.organisations.csv_import import CannotImport
from ambit.packs.library import check_examples
from ambit.packs.queries import coverage, site_library

pytestmark = pytest.mark.django_db

LIST = """id,title,status,group,items,elsewhere,refused
name,Person name,M,Demographics,,people.given_names people.family_name,
place,Preferred place of death,R,End of life,place_of_care.death_first place_of_care.words,,
fax,Fax,O,Contacts,,,Nobody here sends faxes
new,Something new,O,Contacts,,,
"""


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def bring_in(content=LIST, **but):
    said = {
        "by": operator(), "file": "prsb.csv", "content": content.encode(), "standard_id": "prsb", "title": "PRSB, whole",
        "version": "2.1", "source": "PRSB", "licence": "PRSB",
    }  # fmt: skip
    return import_standard(**said | but)


def test_a_list_takes_the_place_of_what_was_known_and_is_counted(home):
    assert registry.standards()["prsb"].known_in_part
    done = bring_in()
    assert (done.items, done.held, done.follows, done.stored) == (4, 2, "0.1.0", True)
    standard = registry.standards()["prsb"]
    assert not standard.known_in_part
    assert [(one.id, one.status, one.reason) for one in standard.items] == [
        ("name", "M", "people.given_names, people.family_name"),
        ("place", "R", "place_of_care.death_first, place_of_care.words"),
        ("fax", "O", "Nobody here sends faxes"),
        ("new", "O", "Not built yet."),
    ]
    rows = {one["id"]: one for one in coverage(operator(), "careplans").answer["standards"]}
    assert [item["implemented"] for item in rows["prsb"]["items"]] == [True, True, False, False]
    packs = site_library()
    assert check_examples(packs.get("careplans", "prsb"), packs) == (2, [])
    assert AuditLine.objects.filter(what="brought in a standard").count() == 1


def test_a_list_is_never_edited_and_the_one_before_is_kept(home):
    bring_in()
    with pytest.raises(Refused, match="is here already"):
        bring_in(LIST.replace("Fax", "Telefax"))
    assert bring_in(LIST.replace("Fax", "Telefax"), version="2.2").follows == "2.1"
    assert {one.name for one in (home / "packs" / "careplans").iterdir()} == {"prsb", ".prsb-2.1"}


def test_preview_stores_nothing(home):
    assert not bring_in(preview=True).stored
    assert registry.standards()["prsb"].known_in_part
    assert not AuditLine.objects.filter(what="brought in a standard").exists()


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (LIST.replace("status", "state"), 1, "Add a column “status”"),
        (
            LIST.replace("place,Preferred place of death,R", "place,Preferred place of death,X"),
            3,
            "status “X” is not known",
        ),
        (LIST.replace("place_of_care.words", "place_of_care.wards"), 3, "is no item of the plan"),
        (LIST.replace("fax,", "place,"), 4, "is used twice"),
        (LIST + "more,values,M,than,,,columns,there\n", 6, "more or fewer values"),
        (LIST + "few,M\n", 6, "more or fewer values"),
        (LIST.splitlines()[0] + "\n", 1, "items"),
    ],
)
def test_every_problem_is_told_by_its_line_and_nothing_is_stored(home, content, line, words):
    with pytest.raises(CannotImport) as refused:
        bring_in(content)
    assert (refused.value.found[0].line, words in refused.value.found[0].what_to_do) == (line, True), (
        refused.value.found
    )
    assert not (home / "packs").exists()


@pytest.mark.parametrize(
    ("but", "words"),
    [
        ({"standard_id": "../up"}, "small letters"),
        ({"standard_id": "ambit-plan"}, "is a plan here"),
        ({"content": "x" * 2_000_001}, "larger than 2 MB"),
    ],
)
def test_what_is_no_standard_is_refused(home, but, words):
    with pytest.raises(Refused, match=words):
        bring_in(**but)


def test_who_may(home, reader):
    with pytest.raises(NotAllowed):
        bring_in(by=reader("gp"))


def test_on_the_command_line(home, tmp_path):
    (tmp_path / "list.csv").write_text(LIST)
    asked = [
        "standard",
        str(tmp_path / "list.csv"),
        "--id",
        "prsb",
        "--title",
        "PRSB",
        "--source",
        "PRSB",
        "--licence",
        "theirs",
    ]
    done = CliRunner().invoke(plans, [*asked, "--version", "2.1", "--json"], obj=operator())
    assert json.loads(done.stdout) == {
        "file": "list.csv", "problems": [], "id": "prsb", "version": "2.1", "stored": True, "items": 4, "held": 2, "follows": "0.1.0",
    }  # fmt: skip
    (tmp_path / "list.csv").write_text(LIST.replace("place_of_care.words", "x.y"))
    done = CliRunner().invoke(plans, [*asked, "--version", "2.2", "--json"], obj=operator())
    assert done.exit_code == 1
    assert json.loads(done.stdout)["problems"][0]["line"] == 3

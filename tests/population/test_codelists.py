"""A site's full code list stands in the place of a short one, said openly; a spoiled file changes nothing."""

import json

import pytest
from click.testing import CliRunner

from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.packs.queries import site_library
from ambit.population.codelists.commands import codelists

PUBLISHED = "code,term\n84114007,Heart failure\n56675007,Acute heart failure\n"
TERMS = ("--source", "OpenCodelists, a release", "--licence", "OGL 3")


@pytest.fixture
def site(db, tmp_path, settings):
    settings.HOME = tmp_path
    return tmp_path


def run(*arguments: str, ok: int = 0) -> dict:
    ran = CliRunner().invoke(codelists, [*arguments, "--json"], obj=operator())
    assert ran.exit_code == ok, ran.output
    return json.loads(ran.stdout) if ok == 0 else {"said": ran.output}


def test_a_full_list_replaces_the_short_one_of_its_id(site):
    (site / "heart-failure.csv").write_text(PUBLISHED)
    short = site_library().get("codelists", "heart-failure")
    told = run("import", str(site / "heart-failure.csv"), *TERMS)
    assert (told["id"], told["version"], told["codes"], told["added"]) == ("heart-failure", "2", 2, ["56675007"])
    assert len(told["removed"]) == len(short.content.codes) - 1
    kept = site_library().get("codelists", "heart-failure")
    assert (kept.origin, kept.problems, kept.sha256) == ("site", (), told["sha256"])
    assert AuditLine.objects.filter(what="imported a code list").count() == 1
    again = run("import", str(site / "heart-failure.csv"), *TERMS)
    assert (again["version"], again["added"], again["removed"]) == ("2", [], [])
    (site / "heart-failure.csv").write_text(PUBLISHED + "42343007,Congestive heart failure\n")
    assert run("import", str(site / "heart-failure.csv"), *TERMS)["version"] == "3"
    assert not list((site / "packs" / "codelists").glob(".*"))


def test_list_and_diff(site):
    (site / "own.csv").write_text("id,name\n84114007,Heart failure\n")
    run("import", str(site / "own.csv"), *TERMS, "--title", "Our own")
    listed = {row["id"]: row for row in run("list")["codelists"]}
    assert (listed["own"]["codes"], listed["own"]["origin"], listed["own"]["title"]) == (1, "site", "Our own")
    told = run("diff", "own", "heart-failure")
    assert (told["id"], told["removed"]) == ("heart-failure", [])
    assert len(told["added"]) == told["codes"] - 1
    assert run("diff", "own", str(site / "own.csv"))["added"] == []
    assert "neither a code list here nor a file" in run("diff", "own", "nothing", ok=1)["said"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("concept,words\n1,x\n", "No column holds the code"),
        ("code,term\n", "holds no codes"),
        ("code,term\n8.4114E+07,Heart failure\n,x\n", "line 2: 8.4114E+07 is not a SNOMED CT identifier"),
        ("code,term,polarity\n84114007,x,maybe\n", "“maybe” is not known"),
        ("code,term,system\n84114007,x,snowmed\n", "“snowmed” is not known"),
    ],
)
def test_a_spoiled_file_changes_nothing(site, text, said):
    (site / "own.csv").write_text(text)
    assert said in run("import", str(site / "own.csv"), *TERMS, ok=1)["said"]
    assert not (site / "packs").exists()
    assert not AuditLine.objects.exists()

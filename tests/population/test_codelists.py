"""A site's full code list stands in the place of a short one, said openly; a spoiled file changes nothing."""

import json

import pytest
from click.testing import CliRunner

from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.packs.queries import site_library
from ambit.population.actions import take_in
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
    assert [kept.name for kept in (site / "packs" / "codelists" / ".versions").iterdir()] == ["heart-failure@2.csv"]
    assert len(list((site / "packs" / "codelists").glob(".*"))) == 1


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
        ("code,term,polarity\n84114007,x,has\n84114007,x,declined\n", "line 3: 84114007 stands in the file before"),
        ("code,term,points\n84114007,x,a lot\n", "the points “a lot” are not a number"),
        ('{"resourceType": "Patient"}', "is a Patient, not a FHIR ValueSet"),
        ('{"resourceType": "ValueSet", "expansion": {"total": 9, "contains": []}}', "holds 0 of 9 codes"),
        ('{"resourceType": "ValueSet", "compose": {"include": [{"system": "x", "filter": []}]}}', "Expand it"),
        ('{"resourceType": "ValueSet", ', "cut short"),
        ("Cluster_ID\tSNOMED_code\nHF_COD\t84114007\nDEM_COD\t52448006\n", "Name one with --refset"),
    ],
)
def test_a_spoiled_file_changes_nothing(site, text, said):
    (site / "own.csv").write_text(text)
    assert said in run("import", str(site / "own.csv"), *TERMS, ok=1)["said"]
    assert not (site / "packs").exists()
    assert not AuditLine.objects.exists()


SERVER = {
    "resourceType": "ValueSet",
    "expansion": {
        "total": 3,
        "contains": [
            {"system": "http://snomed.info/sct", "code": "84114007", "display": "Heart failure", "contains": [
                {"system": "http://snomed.info/sct", "code": "56675007", "display": "Acute heart failure"}]},
            {"system": "http://snomed.info/sct", "abstract": True, "code": "404684003"},
        ],
    },
}  # fmt: skip
BOTH = {"84114007", "56675007"}
RELEASE = (
    "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\n"
    "u1\t20260401\t1\t9\t999009771000230104\t84114007\nu2\t20260401\t0\t9\t999009771000230104\t42343007\n"
    "u3\t20260401\t1\t9\t999009931000230103\t52448006\nu4\t20260401\t1\t9\t999009771000230104\t56675007\n"
)


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        (json.dumps(SERVER), (), BOTH),
        (
            json.dumps({"resourceType": "ValueSet", "compose": {"include": [
                {"system": "http://snomed.info/sct", "concept": [{"code": one} for one in sorted(BOTH)]}]}}),
            (), BOTH,
        ),
        (RELEASE, ("--refset", "999009771000230104"), BOTH),
        (
            'Cluster_ID\tCluster_Description\tSNOMED_code\tSNOMED_code_description\nHF_COD\tHeart "failure\t84114007\tHeart\n'
            "DEM_COD\tx\t52448006\tDementia\nHF_COD\tx\t56675007\tAcute\n",
            ("--refset", "HF_COD"), BOTH,
        ),
        (
            "code,description,coding_system,concept_id,phenotype_id\n84114007,Heart failure,SNOMED CT codes,C1,PH1\n"
            "I50.0,Congestive heart failure,ICD10 codes,C2,PH1\nG58..,Heart failure,Read codes v2,C3,PH1\n",
            (), {"84114007", "I50.0", "G58.."},
        ),
    ],
)  # fmt: skip
def test_the_layouts_in_which_lists_are_published(site, text, options, expected):
    (site / "own.txt").write_text(text)
    told = run("import", str(site / "own.txt"), "--id", "own", *TERMS, *options)
    assert set(told["added"]) == expected
    assert site_library().get("codelists", "own").ok


def test_versions_are_kept_to_be_compared(site):
    for codes in ("84114007", "84114007\n56675007", "56675007"):
        (site / "heart-failure.csv").write_text(f"code\n{codes}\n")
        run("import", str(site / "heart-failure.csv"), *TERMS)
    assert run("diff", "heart-failure@2", "heart-failure@3")["added"] == ["56675007"]
    assert run("diff", "heart-failure@3", "heart-failure")["removed"] == ["84114007"]
    assert run("diff", "heart-failure@4", "heart-failure@1.0")["removed"] == ["56675007"]
    assert "is not kept here" in run("diff", "heart-failure@9", "heart-failure", ok=1)["said"]


def test_codes_that_no_list_knows_by_how_often_they_stand_in_the_store(site):
    folder = site / "extract"
    folder.mkdir()
    (folder / "people.csv").write_text("person,born_on,sex\n1,1950-01-01,female\n2,1950-01-01,male\n")
    events = ["1,2026-01-01,snomed,84114007,Heart failure"]
    events += [f"{who},2026-01-0{day},snomed,271649006,Systolic" for who in (1, 2) for day in (1, 2)]
    events += ["1,2026-01-01,icd10,Z99.9,Elsewhere", "2,2026-01-01,icd10,Z99.9,Elsewhere", "1,2026-01-01,read2,x,X"]
    (folder / "events.csv").write_text("\n".join(["person,date,system,code,term", *events]))
    take_in(by=operator(), paths=[folder], source="practice", layout="csv")
    told = run("unmapped", "--most", "1")
    assert (told["known"], told["unknown"]) == (2, 2)
    assert told["codes"] == [
        {"system": "http://hl7.org/fhir/sid/icd-10", "code": "Z99.9", "display": "Elsewhere", "rows": 2, "people": 2}
    ]

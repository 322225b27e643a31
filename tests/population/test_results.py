"""Results of other searches and scores: kept with the people whom practices sent, and staying when they are sent again."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.casefinding import search
from ambit.population import actions, queries
from ambit.population.commands import intake

ON = date(2026, 11, 3)
PEOPLE = "person,born_on,sex,nhs_number\n1,1940-01-01,female,9990000018\n2,1940-01-01,male,9990000026\n"


@pytest.fixture
def practice(db, home):
    folder = home / "extract"
    folder.mkdir()
    (folder / "people.csv").write_text(PEOPLE)
    (folder / "events.csv").write_text("person,date,system,code,term\n1,2026-01-01,snomed,271649006,Systolic\n")
    actions.take_in(by=operator(), paths=[folder], source="practice", layout="csv")
    return folder


def bring(home, text: str, *arguments: str, ok: int = 0) -> dict:
    (home / "results.csv").write_text(text)
    ran = CliRunner().invoke(intake, ["results", str(home / "results.csv"), *arguments, "--json"], obj=operator())
    assert ran.exit_code == ok, ran.output
    return json.loads(ran.stdout) if ran.stdout.startswith("{") else {"said": ran.output}


def found(*packs: str) -> dict[tuple[str, str], str]:
    told = search.run(by=operator(), pack_ids=packs, on=ON)
    return {(one.pack_id, one.person_key): one.tier for one in told.flagged}


def test_a_list_and_scores_are_found_by_their_packs_and_stay(home, practice):
    told = bring(
        home,
        "nhs_number,date,code,term,value\n999 000 0018,2026-10-01,early,EARLY amber,\n9990000018,2026-10-01,efi2,,0.24\n"
        "9990000026,2026-10-01,qmortality,,31.7\n",
    )
    assert told == {"results": 3, "people": 2, "sources": ["practice"], "left_out": []}
    expected = {("early-import", "1"): "found", ("efi-2-import", "1"): "severe", ("qmortality-import", "2"): "top-5"}
    packs = ("early-import", "efi-2-import", "qmortality-import", "consensus")
    assert expected.items() <= found(*packs).items()
    assert found(*packs)["consensus", "1"] == "possible"
    assert AuditLine.objects.filter(what="brought in results of another search").count() == 1
    again = bring(home, "nhs_number,date,code,value\n9990000018,2026-10-01,efi2,0.24\n")
    assert again["results"] == 1
    (practice / "events.csv").write_text("person,date,system,code,term\n1,2026-02-01,snomed,271649006,Systolic\n")
    actions.take_in(by=operator(), paths=[practice], source="practice", layout="csv")
    assert expected.items() <= found(*packs).items()
    assert queries.unmapped_codes(operator(), most=9).unknown == 0
    (practice / "people.csv").write_text(PEOPLE.rpartition("2,")[0])
    actions.take_in(by=operator(), paths=[practice], source="practice", layout="csv", full=True)
    assert {key for _, key in found(*packs)} == {"1"}


def test_a_result_is_no_record_of_the_practice(home, practice):
    """Of somebody of whom the practice has sent nothing coded, a missing diagnosis stays unknown."""
    bring(home, "nhs_number\n9990000026\n", "--code", "early", "--on", "2026-10-01")
    _source, (told,) = search.explain(
        by=operator(), pack_ids=["ambit-first-signs"], on=ON, source="practice", person_key="2"
    )
    assert {one.value for one in told.criteria if one.criterion == "dementia"} == {None}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("9990000019,2026-10-01,early", "no right check digit"), (",2026-10-01,early", "no NHS number"),
        ("9990000018,2026-10-01,earlie", "knows the result “earlie”"), ("9990000018,2026-10-01,", "says no code"),
        ("9990000018,,early", "no date"), ("9990000018,2026-13-01,early", "not a day"),
        ("9990000034,2026-10-01,early", "no practice has sent"), ("9990000018,2126-10-01,early", "2126"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_left_out_and_the_rest_goes_on(home, practice, line, why):
    told = bring(home, f"nhs_number,date,code\n9990000026,2026-10-01,early\n{line}\n", ok=1)
    assert [one["line"] for one in told["left_out"]] == [3]
    assert why in told["left_out"][0]["reason"]
    assert found("early-import") == {("early-import", "2"): "found"}


def test_a_file_of_another_kind_is_refused(home, practice):
    assert "“nhs_number” is missing" in bring(home, "date\n2026-10-01\n", ok=1)["said"]
    assert "it has “name”" in bring(home, "nhs_number,name\n9990000018,Joan\n", ok=1)["said"]
    assert "knows the result “earl”" in bring(home, "nhs_number\n9990000018\n", "--code", "earl", ok=1)["said"]

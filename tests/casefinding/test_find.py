"""`ambit find`: who, by which pack, why, and what could not be known; refused in words; audited; nobody is registered."""

import json
from dataclasses import replace
from datetime import date
from typing import get_args

import pytest
from click.testing import CliRunner

from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.casefinding import search
from ambit.casefinding.commands import find
from ambit.casefinding.packs import lists_for
from ambit.design.refusals import Refused
from ambit.packs.queries import site_library
from ambit.population import actions, queries
from ambit.population.search import run as searching
from ambit.population.search.explain import Explainer
from ambit.population.search.plan import Feature, plan
from ambit.population.search.plan_words import plan_in_words
from ambit.population.search.run import Disagreement

ON = date(2026, 11, 3)
ODS = "https://fhir.nhs.uk/Id/ods-organization-code"
NHS = "https://fhir.nhs.uk/Id/nhs-number"


def person(key: str, practice: str, number: str = "", **more) -> list[dict]:
    about = {"reference": f"Patient/{key}"}
    return [
        {
            "resourceType": "Patient", "id": key, "birthDate": "1942-05-09", "gender": "female",
            "name": [{"family": "Preston", "given": ["Joan"]}],
            "identifier": [{"system": NHS, "value": number}] if number else [],
            "generalPractitioner": [{"identifier": {"system": ODS, "value": practice}}], **more,
        },
        {
            "resourceType": "Condition", "id": f"{key}-hf", "subject": about, "onsetDateTime": "2019-02-01",
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "84114007", "display": "Heart failure"}]},
        },
        *(
            {
                "resourceType": "Encounter", "id": f"{key}-{day}", "status": "finished", "subject": about,
                "class": {"code": "EMER"}, "period": {"start": day},
            }
            for day in ("2026-05-04", "2026-11-03")
        ),
    ]  # fmt: skip


@pytest.fixture
def taken(db, tmp_path, settings):
    settings.HOME = tmp_path
    resources = [
        *person("joan", "Z90001", "9990000018"),
        *person("elsewhere", "Z90002"),
        *person("dead", "Z90001", deceasedDateTime="2026-11-03"),
        *person("dead-some-day", "Z90001", deceasedBoolean=True),
        *person("left", "Z90001", active=False),
        *person("alive-that-day", "Z90001", deceasedDateTime="2026-11-04"),
        *person("unborn", "Z90001", birthDate="2026-11-04")[:1],
    ]
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.ndjson").write_text("\n".join(json.dumps(r) for r in resources))
    told = actions.take_in(by=operator(), paths=[folder], source="practice")
    assert told.quarantined == []


def found(*arguments: str, ok: int = 0) -> dict:
    ran = CliRunner().invoke(
        find, ["--pack", "ambit-first-signs", "--on", "2026-11-03", "--json", *arguments], obj=operator()
    )
    assert ran.exit_code == ok, ran.output
    return json.loads(ran.stdout) if ok == 0 else {}


def test_find_answers_as_promised(taken):
    told = found()
    assert told["on"] == "2026-11-03"
    assert told["packs"][0]["id"] == "ambit-first-signs"
    assert told["searched"] == 3  # the dead, those who left and those not born are not searched
    assert [one["person"] for one in told["flagged"]] == ["alive-that-day", "elsewhere", "joan"]
    joan = told["flagged"][2]
    assert "nhs_number" not in joan
    assert joan["tier"] == "likely"
    assert [r["criterion"] for r in joan["reasons"]] == [
        "heart-failure",
        "two-unplanned-admissions",
        "unplanned-admission",
    ]
    assert joan["reasons"][0]["evidence"] == [
        {
            "system": "http://snomed.info/sct", "code": "84114007", "display": "Heart failure", "on": "2019-02-01",
            "value": "", "unit": "", "source": "Condition/joan-hf",
        }
    ]  # fmt: skip
    assert "6 months to 3 November 2026" in joan["reasons"][1]["text"]
    assert set(joan["unknown"]) == {"weight-loss", "low-kidney-function", "low-albumin"}


def test_one_person_is_explained_found_or_not(taken):
    joan = found("--person", "joan", "--source", "practice")["packs"][0]
    assert joan["tier"] == "likely"
    of = {one["criterion"]: one for one in joan["criteria"]}
    assert (of["heart-failure"]["value"], of["dementia"]["value"], of["weight-loss"]["value"]) == (True, False, None)
    assert [row["source"] for row in of["heart-failure"]["evidence"]] == ["Condition/joan-hf"]
    assert [row["on"] for row in of["two-unplanned-admissions"]["evidence"]] == ["2026-05-04", "2026-11-03"]
    assert AuditLine.objects.last().details["person"] == "joan"
    unnamed = found("--person", "joan")
    assert (unnamed["source"], unnamed["packs"][0]) == ("practice", joan)
    assert AuditLine.objects.last().details["source"] == "practice"
    assert said("--on", "2026-11-03", "--person", "nobody") == (
        1, "Error: The population store holds nobody whom any source calls “nobody”.\n",
    )  # fmt: skip
    assert "nobody whom “elsewhere” calls “joan”. practice calls somebody so." in said(
        "--on", "2026-11-03", "--person", "joan", "--source", "elsewhere"
    )[1].replace("\n", " ")


def test_which_of_two_sources_is_meant_has_to_be_said(taken, tmp_path):
    (tmp_path / "b.ndjson").write_text("\n".join(json.dumps(r) for r in person("joan", "Z90001")[:1]))
    actions.take_in(by=operator(), paths=[tmp_path / "b.ndjson"], source="hospital")
    told = said("--on", "2026-11-03", "--person", "joan")
    assert (told[0], "Several sources call somebody “joan”: hospital, practice. Say which." in told[1]) == (1, True)
    assert found("--person", "joan", "--source", "hospital")["packs"][0]["tier"] == ""


def test_an_open_explanation_follows_the_store(taken, tmp_path):
    pack = site_library().get("casefinding", "ambit-first-signs").content
    with Explainer(queries.searchable(), [pack], lists_for([pack], site_library())) as explainer:
        joan = explainer.people_called("joan")["practice"]
        assert explainer.explain(joan, date(2026, 11, 3))[pack.id].tier == "likely"
        assert explainer.explain(10_000_000, date(2026, 11, 3)) is None
        folder = tmp_path / "again"
        folder.mkdir()
        (folder / "a.ndjson").write_text("\n".join(json.dumps(r) for r in person("joan", "Z90001")[:1]))
        actions.take_in(by=operator(), paths=[folder], source="practice")
        assert explainer.explain(joan, date(2026, 11, 3))[pack.id].tier == ""


def test_practice_identify_and_plan(taken):
    told = found("--practice", "Z90001", "--identify", "--explain-plan")
    assert {one["person"]: one["nhs_number"] for one in told["flagged"]} == {"joan": "9990000018", "alive-that-day": ""}
    assert "One scan of the events" in told["plan"]


def test_the_plan_of_every_pack_is_in_words_and_says_who_shares_what():
    packs = [pack.content for pack in site_library().of_kind("casefinding") if pack.content]
    made = plan(packs, date(2026, 11, 30))
    first, *lines = plan_in_words(made).splitlines()
    assert str(len(made.features)) in first
    assert [line.split(":")[0].strip() for line in lines] == list(made.features.values())
    assert {type(feature) for feature in made.features} == set(get_args(Feature))
    assert not [line for line in lines if "lists=" in line or "Window(" in line]
    (shared,) = [line for line in lines if "whether cancer-metastatic is recorded ever" in line]
    assert shared.endswith("(ambit-first-signs, consensus)")
    (weights,) = [line for line in lines if "latest weight in kg" in line and "ambit-first-signs" in line]
    assert "latest weight in kg in the 6 months to 30 November 2026, and the highest in the 12 months to" in weights


def said(*words):
    done = CliRunner().invoke(find, ["--pack", "ambit-first-signs", *words], obj=operator(), env={"COLUMNS": "200"})
    return done.exit_code, done.output


def test_a_mistyped_practice_is_refused_and_those_here_are_named(taken):
    code, words = said("--on", "2026-11-03", "--practice", "Z9000I")
    assert (code, "of a practice “Z9000I”. Those here are Z90001, Z90002." in words) == (1, True)


def test_a_mistyped_day_is_refused_in_words(taken):
    code, words = said("--on", "2026-31-11")
    assert (code, "“2026-31-11” is not a day. Write year, month and day as 2026-11-03." in words) == (2, True)


def test_nobody_found_is_said_without_an_empty_table(taken):
    code, words = said("--on", "1999-01-01", "--practice", "Z90002")
    assert (code, "Reasons" in words) == (0, False)
    code, words = said("--on", "2126-01-01")
    assert (code, "2126-01-01 is still to come" in words) == (0, True)


def test_two_packs_are_searched_together_and_each_person_told_once(taken, tmp_path):
    folder = tmp_path / "packs" / "casefinding" / "own"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(
        'id: own\nversion: "1.0"\ntitle: Own\nsource: S\nlicence: MIT\nreviewer: ""\nreview_date: ""\n'
        'criteria:\n  heart:\n    says: Heart failure\n    recorded: {codes: heart-failure, within: ever, absence: "false"}\n'
        "tiers:\n  - {name: found, says: Found, when: heart}\n"
    )
    (folder / "examples.yaml").write_text(
        "- {person: x, on: 2026-11-03, events: [{list: heart-failure, on: 2020-01-01}], expect: {tier: found}}\n"
        "- {person: y, on: 2026-11-03, expect: {tier: none}}\n"
    )
    told = found("--pack", "own")
    assert [one["tiers"] for one in told["flagged"]] == [{"ambit-first-signs": "likely", "own": "found"}] * 3
    assert {r["pack"] for r in told["flagged"][0]["reasons"]} == {"ambit-first-signs", "own"}


def test_a_search_is_audited_and_only_for_those_who_may(taken, reader):
    search.run(by=operator(), pack_ids=["ambit-first-signs"], on=ON)
    line = AuditLine.objects.get(what="searched the population store")
    assert (line.details["searched"], line.details["flagged"]) == (3, 3)
    with pytest.raises(NotAllowed):
        search.run(by=reader("gp"), pack_ids=["ambit-first-signs"], on=ON)


def test_a_pack_that_is_not_here_or_may_not_run_is_refused(taken, settings):
    with pytest.raises(Refused, match="Did you mean “ambit-first-signs”"):
        search.run(by=operator(), pack_ids=["ambit-first-sings"], on=ON)
    settings.DEMONSTRATION = False
    with pytest.raises(Refused, match="has not been reviewed by a clinician"):
        search.run(by=operator(), pack_ids=["ambit-first-signs"], on=ON)


def test_nobody_is_told_when_compiler_and_interpreter_disagree(taken, monkeypatch):
    right = searching.duckdb_sql.run

    def wrong(*args, **kwargs):
        answers = right(*args, **kwargs)
        return replace(answers, fetched=[(*row[:3], 0, *row[4:]) for row in answers.fetched])

    monkeypatch.setattr(searching.duckdb_sql, "run", wrong)
    with pytest.raises(Disagreement, match="heart-failure"):
        search.run(by=operator(), pack_ids=["ambit-first-signs"], on=ON)


def test_an_empty_store_finds_nobody(db, tmp_path, settings):
    settings.HOME = tmp_path
    told = found()
    assert (told["searched"], told["flagged"]) == (0, [])


def test_planning_leaves_out_who_opted_out_and_says_how_many(taken, tmp_path):
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "people.csv").write_text(
        "person,born_on,sex,national_opt_out\nann,1942-05-09,female,yes\nbob,1942-05-09,male,no\n"
    )
    actions.take_in(by=operator(), paths=[folder], source="gp", layout="csv")
    assert found()["searched"] == 5
    assert found("--use", "planning")["searched"] == 4
    line = AuditLine.objects.filter(what="searched the population store").latest("id")
    assert (line.details["use"], line.details["left_out_by_opt_out"]) == ("planning", 1)
    found("--use", "planning", "--identify", ok=2)

"""Packs: mistakes are told with file, line and what to write; what they mean is hashed; unreviewed ones need sign-off."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.casefinding.packs import cases, lists_for
from ambit.design.refusals import Refused
from ambit.packs import actions, commands, queries
from ambit.packs.library import Library, check_examples, library, shipped
from ambit.packs.models import PackSignOff
from ambit.packs.rules import Pack, SignedOff, may_run
from ambit.population.codelists.rules import is_snomed_id
from ambit.population.search.words import in_words

HEADER = 'id: {id}\nversion: "1.0"\ntitle: T\nsource: S\nlicence: MIT\nreviewer: ""\nreview_date: ""\n'
CRITERIA = """criteria:
  heart:
    says: Heart
    recorded: {codes: heart, within: ever, absence: "false"}
tiers:
  - {name: found, says: Found, when: heart}
"""


def codelist(
    folder: Path, name: str = "heart", rows: str = "snomed,84114007,Heart failure,has\n", header: str = ""
) -> None:
    place = folder / "codelists" / name
    place.mkdir(parents=True, exist_ok=True)
    (place / "pack.yaml").write_text((header or HEADER).format(id=name))
    (place / "codes.csv").write_text("system,code,term,polarity\n" + rows)
    (place / "examples.yaml").write_text('- {code: "84114007", expect: has}\n')


def finder(folder: Path, content: str = CRITERIA, name: str = "finder", header: str = HEADER) -> None:
    place = folder / "casefinding" / name
    place.mkdir(parents=True, exist_ok=True)
    (place / "pack.yaml").write_text(header.format(id=name) + content)
    (place / "examples.yaml").write_text(
        "- person: Joan\n  on: 2026-11-03\n  events: [{list: heart, on: 2026-01-01}]\n  expect: {tier: found}\n"
    )


def problems(folder: Path, kind: str, name: str) -> list[str]:
    found = Library({"site": folder}).get(kind, name)
    assert found is not None
    return [str(problem) for problem in found.problems]


def test_every_shipped_pack_is_right_and_its_examples_hold():
    packs = library()
    assert len(list(packs)) >= 13
    for pack in packs:
        assert pack.problems == (), pack.id
        ran, wrong = check_examples(pack, packs)
        assert wrong == [], pack.id
        assert ran >= 2, pack.id


def test_every_snomed_code_passes_its_check_digit():
    codes = [c for pack in library().of_kind("codelists") for c in pack.content.codes if "snomed" in c.system]
    assert len(codes) > 30
    assert all(is_snomed_id(code.code) for code in codes)
    assert not any(is_snomed_id(code.code[:-1] + str((int(code.code[-1]) + 1) % 10)) for code in codes)


@pytest.mark.parametrize("code", ["", "84114", "084114007", "841140070", "8411400７", "84114007a", "1" * 19])
def test_what_is_no_snomed_identifier(code):
    assert not is_snomed_id(code)


def test_each_example_has_both_sides_of_the_admission_boundary():
    packs = library()
    pack = packs.get("casefinding", "ambit-first-signs")
    several = [case for _, case in cases(pack, packs.place_of_examples(pack, []), packs)]
    for named in pack.content.criteria:
        answers = {c.expected[named.id] for c in several if named.id in c.expected}
        if named.id in {"two-unplanned-admissions", "weight-loss", "aged-85", "low-albumin", "low-kidney-function"}:
            assert {True, False} <= answers, named.id
        assert True in answers, named.id
    assert lists_for([pack.content], packs).keys() >= {"heart-failure", "weight"}


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (CRITERIA.replace("codes: heart", "codes: hart"), 11, "There is no code list “hart”. Did you mean “heart”?"),
        (CRITERIA.replace("recorded", "recordd"), 11, "“recordd” is not known in the criterion “heart”. Did you mean “recorded”?"),
        (CRITERIA.replace("within: ever, ", ""), 11, "“within” is missing in recorded"),
        (CRITERIA.replace("within: ever", "within: -6 months"), 11, "holds nothing"),
        (CRITERIA.replace("within: ever", "within: half a year"), 11, "is not a window. Write “ever”"),
        (CRITERIA.replace('absence: "false"', "absence: no"), 11, "“no” is not known"),
        (CRITERIA.replace("when: heart", "when: hearts"), 13, "No criterion “hearts” stands above this line. Did you mean “heart”?"),
        (CRITERIA.replace("says: Heart\n", "says: Heart\n    says: Again\n"), 11, "“says” is written twice"),
        (CRITERIA.replace("  heart:", "  Heart failure:"), 10, "must be small letters"),
        (CRITERIA + "teirs: 1\n", 14, "“teirs” is not known in a case-finding pack. Did you mean “tiers”?"),
        ("criteria: [a]\ntiers: []\n", 8, "must be written as “name: value” lines"),
        (CRITERIA.replace("{codes: heart, within: ever, absence: \"false\"}", "[unclosed"), 12, "This is not YAML"),
        (CRITERIA.replace('absence: "false"}', 'absence: "false", at_least: two, of: days}'), 11, "must be a whole number"),
        (CRITERIA.replace('absence: "false"}', 'absence: "false", at_least: 2}'), 11, "Say what is counted"),
        (CRITERIA.split("tiers:")[0], 1, "“tiers” is missing: nothing says who is found"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_line_and_what_to_write(tmp_path, content, line, words):
    codelist(tmp_path)
    finder(tmp_path, content)
    told = problems(tmp_path, "casefinding", "finder")
    assert any(one.startswith(f"packs/casefinding/finder/pack.yaml, line {line}: ") and words in one for one in told), (
        told
    )


@pytest.mark.parametrize(
    ("leaf", "words"),
    [
        ("latest: {codes: heart, below: 3, within: ever, ties: lowest}", "“unit” is missing"),
        ("latest: {codes: heart, unit: lbs, below: 3, within: ever, ties: lowest}", "Values are kept in “kg”"),
        ("latest: {codes: heart, unit: kg, within: ever, ties: lowest}", "compared once"),
        ("latest: {codes: heart, unit: kg, below: 0.0000001, within: ever, ties: lowest}", "more than six decimals"),
        ("change: {codes: heart, unit: kg, falls_by: 0%, within: ever, latest_within: ever}", "more than nothing"),
        ("age: {}", "needs “at_least: 65”"),
        ("age: {at_least: 65, below: 65}", "Nobody is 65 or over and below 65"),
        (
            "encounters: {count: [{class: EMER, method: emergancy}], at_least: 1, of: days, within: 6 months}",
            "“emergency”",
        ),
        ("at_least: {k: 3, of: [heart]}", "3 of 1 can never be"),
        ("not: nothing", "No criterion “nothing” stands above"),
        ("any: []", "empty list"),
        ('recorded: {codes: heart, within: 6 months to 12 months ago, absence: "false"}', "it ends before it begins"),
        ('recorded: {codes: heart, within: ever to now, absence: "false"}', "“ever to 12 months ago”"),
        (
            "change: {codes: heart, unit: kg, falls_by: 10%, within: 12 months to 6 months ago, from_latest: true, "
            "latest_within: ever}",
            "Write only its length",
        ),
        (
            "change: {codes: heart, unit: kg, falls_by: more than ten, within: ever, latest_within: ever}",
            "must be a number",
        ),
        ('increase: {codes: heart, since: ever, at_least: 1, absence: "false"}', "Write since when, as “12 months”"),
        ("found_by: {pack: findr}", "There is no case-finding pack “findr”. Did you mean “finder”?"),
        ("found_by: {pack: finder}", "One of them must stand alone"),
    ],
)
def test_a_criterion_that_cannot_be_is_refused_in_words(tmp_path, leaf, words):
    codelist(tmp_path)
    finder(tmp_path, CRITERIA.replace("tiers:", f"  other:\n    says: Other\n    {leaf}\ntiers:"))
    told = problems(tmp_path, "casefinding", "finder")
    assert any("line 14" in one and words in one for one in told), told


def test_a_code_on_two_lists_that_contradict_each_other_is_named_and_the_rest_runs(tmp_path):
    codelist(tmp_path)
    codelist(tmp_path, "ended", "snomed,84114007,Heart failure,has\nsnomed,56675007,Acute heart failure,has\n")
    codelist(tmp_path, "refused", "snomed,84114007,Heart failure,declined\n")
    after = '{codes: heart, than: ended, within: ever, absence: "false", same_day: true}'
    other = f"  other:\n    says: Other\n    after: {after}\n"
    finder(tmp_path, CRITERIA.replace("tiers:", f"{other}tiers:"), "begins-and-ends")
    second = other.replace(after, '{codes: refused, polarity: declined, within: ever, absence: "false"}')
    finder(tmp_path, CRITERIA.replace("tiers:", f"{second.replace('after:', 'recorded:')}tiers:"), "both-senses")
    finder(tmp_path)
    (told,) = problems(tmp_path, "casefinding", "begins-and-ends")
    assert "pack.yaml, line 14: “84114007” stands on both sides" in told
    (told,) = problems(tmp_path, "casefinding", "both-senses")
    assert "84114007 is “has” on “heart” and “declined” on “refused”." in told
    assert problems(tmp_path, "casefinding", "finder") == []


SPOKEN = """criteria:
  heart:
    says: Heart
    recorded: {codes: heart, within: 24 months to 12 months ago, absence: "false"}
  long-ago:
    says: Long ago
    recorded: {codes: heart, within: ever to 1 month ago, absence: "false"}
  lighter:
    says: Lighter
    change: {codes: heart, unit: kg, falls_by: more than 10%, within: 6 months, from_latest: true, latest_within: 30 days}
  more:
    says: More
    increase: {codes: heart, since: 12 months, at_least: 3, absence: "false"}
  other:
    says: Other
    found_by: {pack: other, tiers: found}
tiers:
  - {name: found, says: Found, when: {all: [heart, other]}}
"""


def test_criteria_are_said_in_plain_english(tmp_path):
    codelist(tmp_path)
    finder(tmp_path, name="other")
    finder(tmp_path, SPOKEN)
    packs = Library({"site": tmp_path})
    pack = packs.get("casefinding", "finder")
    assert pack.problems == ()
    assert ("casefinding", "other") in pack.uses
    on = date(2026, 11, 3)
    said = {
        n.id: in_words(n.criterion, lists={"heart": "heart failure"}, says={}, on=on) for n in pack.content.criteria
    }
    assert said == {
        "heart": "heart failure recorded from 24 months to 12 months before 3 November 2026",
        "long-ago": "heart failure recorded ever, up to 1 month before 3 November 2026",
        "lighter": "heart failure: a fall of more than 10% from the highest value in the 6 months before it to the latest "
        "in the 30 days to 3 November 2026",
        "more": "at least 3 more of heart failure recorded than ever, up to 12 months before 3 November 2026",
        "other": "found by T (found)",
    }


def test_what_another_pack_asks_is_part_of_what_a_pack_means(tmp_path):
    codelist(tmp_path)
    finder(tmp_path, name="other")
    finder(tmp_path, SPOKEN)
    before = Library({"site": tmp_path}).get("casefinding", "finder").sha256
    finder(tmp_path, CRITERIA.replace("within: ever", "within: 6 months"), name="other")
    assert Library({"site": tmp_path}).get("casefinding", "finder").sha256 != before


@pytest.mark.parametrize(
    ("row", "line", "words"),
    [
        ("snomed,84114008,Heart,has\n", 2, "check digit is wrong"),
        ("snomd,84114007,Heart,has\n", 2, "Did you mean “snomed”?"),
        ("snomed,84114007,Heart,had\n", 2, "Did you mean “has”?"),
        ("snomed,84114007,,has\n", 2, "term of 84114007 is empty"),
        ("snomed,84114007,Heart,has\nsnomed,84114007,Heart,declined\n", 3, "stands already on line 2"),
        ("snomed,84114007,Heart, failing,has\n", 2, "four columns"),
        ("", 1, "holds no codes"),
    ],
)
def test_a_mistake_in_a_code_list_is_told(tmp_path, row, line, words):
    codelist(tmp_path, rows=row)
    told = problems(tmp_path, "codelists", "heart")
    assert any(one.startswith(f"packs/codelists/heart/codes.csv, line {line}: ") and words in one for one in told), told


def test_missing_and_cyclic_parents_are_told(tmp_path):
    codelist(tmp_path, header=HEADER + "extends: hart\n")
    assert "It extends “hart”, but there is no code list of that id." in problems(tmp_path, "codelists", "heart")[0]
    codelist(tmp_path, name="hart", header=HEADER + "extends: heart\n")
    told = problems(tmp_path, "codelists", "heart") + problems(tmp_path, "codelists", "hart")
    assert any("extend each other" in one for one in told)


def test_a_child_has_its_parents_content_and_its_own(tmp_path):
    codelist(tmp_path)
    codelist(
        tmp_path, name="more", rows="snomed,42343007,Congestive heart failure,has\n", header=HEADER + "extends: heart\n"
    )
    packs = Library({"site": tmp_path})
    assert {c.code for c in packs.get("codelists", "more").content.codes} == {"84114007", "42343007"}


def test_two_packs_of_one_id_and_a_kind_nobody_knows(tmp_path):
    for folder in ("a", "b"):
        codelist(tmp_path / folder)
    (tmp_path / "a" / "codelist" / "x").mkdir(parents=True)
    packs = Library({"shipped": tmp_path / "a", "site": tmp_path / "b"})
    assert "There are two packs “heart”" in str(packs.get("codelists", "heart").problems[0])
    assert "Did you mean “codelists”?" in str(packs.strays[0].problems[0])


def test_the_hash_is_of_what_a_pack_means(tmp_path):
    codelist(tmp_path)
    finder(tmp_path)
    first = Library({"site": tmp_path}).get("casefinding", "finder").sha256
    path = tmp_path / "casefinding" / "finder" / "pack.yaml"
    path.write_text("# a comment\n" + path.read_text().replace("{codes: heart", "{codes:   heart"))
    assert Library({"site": tmp_path}).get("casefinding", "finder").sha256 == first
    codelist(tmp_path, rows="snomed,84114007,Heart failure,has\nsnomed,42343007,Congestive heart failure,has\n")
    assert Library({"site": tmp_path}).get("casefinding", "finder").sha256 != first


def test_an_example_that_does_not_hold_is_told(tmp_path):
    codelist(tmp_path)
    finder(tmp_path)
    path = tmp_path / "casefinding" / "finder" / "examples.yaml"
    path.write_text(path.read_text().replace("tier: found", "tier: none, unknown: [heart]"))
    packs = Library({"site": tmp_path})
    _, wrong = check_examples(packs.get("casefinding", "finder"), packs)
    assert [str(one) for one in wrong] == [
        "packs/casefinding/finder/examples.yaml, line 1: Joan: the pack finds “found”, the example expects “none”.",
        "packs/casefinding/finder/examples.yaml, line 1: Joan: “heart” is true, the example expects unknown.",
    ]


def a_pack(**changes) -> Pack:
    told = {
        "kind": "casefinding", "id": "x", "version": "1.0", "title": "", "source": "", "licence": "", "reviewer": "",
        "review_on": None, "extends": "", "origin": "shipped", "folder": "", "sha256": "abc", "content": object(),
    }  # fmt: skip
    return Pack(**(told | changes))


SIGNED = SignedOff("casefinding", "x", "1.0", "abc")


@pytest.mark.parametrize(
    ("pack", "demonstration", "signed", "allowed"),
    [
        (a_pack(), False, [], False),
        (a_pack(), True, [], True),
        (a_pack(), False, [SIGNED], True),
        (a_pack(sha256="abd"), False, [SIGNED], False),
        (a_pack(version="1.1"), False, [SIGNED], False),
        (a_pack(reviewer="Dr A. Reviewer", review_on=date(2026, 1, 1)), False, [], True),
        (a_pack(problems=("x",)), True, [SIGNED], False),
    ],
)
def test_may_run(pack, demonstration, signed, allowed):
    assert may_run(pack, demonstration=demonstration, sign_offs=signed).allowed is allowed


@pytest.fixture
def live(settings, tmp_path):
    settings.DEMONSTRATION = False
    settings.HOME = tmp_path
    return tmp_path


@pytest.mark.django_db
def test_sign_off_is_of_this_content_by_those_who_may_and_audited(live, reader):
    pack = queries.site_library().get("casefinding", "ambit-first-signs")
    told = {"kind": pack.kind, "pack_id": pack.id}
    assert not queries.permission(pack).allowed
    with pytest.raises(NotAllowed):
        actions.sign_off(by=reader("gp"), **told, seen=pack.sha256, note="Read")
    with pytest.raises(Refused, match="changed since"):
        actions.sign_off(by=operator(), **told, seen="other", note="Read")
    with pytest.raises(Refused, match="Write who looked"):
        actions.sign_off(by=operator(), **told, seen=pack.sha256, note=" ")
    actions.sign_off(by=operator(), **told, seen=pack.sha256, note="Dr Rahman read it")
    assert queries.permission(pack).allowed
    assert AuditLine.objects.filter(what="signed off a pack").count() == 1
    with pytest.raises(Refused, match="already signed off"):
        actions.sign_off(by=operator(), **told, seen=pack.sha256, note="Again")


@pytest.mark.django_db
def test_a_sign_off_without_its_audit_line_is_not_kept(live, monkeypatch):
    pack = queries.site_library().get("casefinding", "ambit-first-signs")

    def full(**_):
        raise OSError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", full)
    with pytest.raises(OSError, match="disk full"):
        actions.sign_off(by=operator(), kind=pack.kind, pack_id=pack.id, seen=pack.sha256, note="Read")
    assert not PackSignOff.objects.exists()


@pytest.mark.django_db
def test_the_pages_list_packs_and_take_one_into_use(live, client_as, django_assert_max_num_queries):
    client = client_as("system_administrator")
    every = client.get("/packs/").text
    assert "First signs" in every
    assert "/packs/codelists/" not in every  # so many that they would bury the others: they have a page of their own
    lists = client.get("/packs/?kind=codelists").text
    assert "/packs/codelists/" in lists
    assert "First signs" not in lists
    address = "/packs/casefinding/ambit-first-signs/"
    page = client.get(address).content.decode()
    assert "Not reviewed by a clinician" in page
    sha = queries.site_library().get("casefinding", "ambit-first-signs").sha256
    assert client.post(address + "sign-off/", {"seen": sha, "note": ""}).status_code == 422
    assert client.post(address + "sign-off/", {"seen": "old", "note": "Read"}).status_code == 422
    assert client.post(address + "sign-off/", {"seen": sha, "note": "Dr Rahman read it"}).status_code == 302
    assert "Dr Rahman read it" in client.get(address).content.decode()
    assert client.get("/packs/casefinding/no-such/").status_code == 404
    assert client_as("gp").get("/packs/").status_code == 403
    assert client_as("analyst").post(address + "sign-off/", {"seen": sha, "note": "x"}).status_code == 403


@pytest.mark.django_db
def test_the_command_names_what_is_wrong(live):
    codelist(live / "packs", rows="snomed,84114008,Heart,has\n")
    ran = CliRunner().invoke(commands.packs, ["check", "--json"], obj=operator())
    told = {pack["id"]: pack for pack in json.loads(ran.stdout)["packs"]}
    assert ran.exit_code == 1
    assert not told["heart"]["ok"]
    assert "packs/codelists/heart/codes.csv, line 2" in told["heart"]["problems"][0]
    assert told["ambit-first-signs"]["ok"]
    listed = CliRunner().invoke(commands.packs, ["list", "--json"], obj=operator())
    assert {p["kind"] for p in json.loads(listed.stdout)["packs"]} >= {"codelists", "casefinding"}
    signed = CliRunner().invoke(
        commands.packs, ["sign-off", "casefinding", "ambit-first-signs", "--note", "Read", "--json"], obj=operator()
    )
    assert signed.exit_code == 0, signed.output


def test_shipped_packs_lie_beside_the_checkout():
    assert (shipped() / "casefinding").is_dir()


@pytest.mark.django_db
def test_a_new_pack_is_small_and_passes_its_own_check(live):
    def run(*arguments):
        return CliRunner().invoke(commands.packs, [*arguments, "--json"], obj=operator())

    made = json.loads(run("new", "casefinding", "our-search").stdout)
    assert made["folder"] == str(live / "packs" / "casefinding" / "our-search")
    told = {pack["id"]: pack for pack in json.loads(run("check").stdout)["packs"]}
    assert (told["our-search"]["ok"], told["our-search"]["origin"]) == (True, "site")
    for kind, name, words in (
        ("casefinding", "our-search", "already"), ("casefinding", "qof-pc001", "already"),
        ("casefinding", "Our Search", "small letters"), ("codelist", "x", "no blank pack"),
    ):  # fmt: skip
        ran = run("new", kind, name)
        assert ran.exit_code == 1
        assert words in ran.output

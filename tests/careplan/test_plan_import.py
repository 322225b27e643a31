"""Plans kept elsewhere: looked at first, every problem by its place, all or nothing, and twice adds nothing."""

import json

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ambit.access.queries import operator
from ambit.careplan import actions, queries, registry
from ambit.careplan.commands import plans
from ambit.careplan.models import CPRDecision, Directive, SectionVersion
from ambit.careplan.plan_import import import_plans
from ambit.organisations.csv_import import CannotImport

TODAY = timezone.localdate()
HEAD = "nhs_number,born_on,section,item,row,value,written_by,role,organisation,written_on\n"
WHO = "9997170326,1943-03-14"
BY = "Dr Ellis Moor,GP,Moorside Surgery,2026-03-01"
GOOD = HEAD + "".join(
    f"{WHO},{section},{item},{row},{value},{BY}\n"
    for section, item, row, value in (
        ("illness", "illness.main", "", "Heart failure"),
        ("illness", "illness.others/name", "1", "Diabetes"),
        ("illness", "illness.others/name", "2", "Kidney disease"),
        ("illness", "illness.tools", "", "gsf"),
        ("need_to_know", "need_to_know.note", "", "Breathless on stairs"),
        ("need_to_know", "need_to_know.until_on", "", "2026-03-20"),
        ("cpr", "cpr.reading", "", "do_not_attempt"),
        ("cpr", "cpr.made_on", "", "2026-02-01"),
        ("advance_decision", "advance_decision.treatments", "", "cpr"),
    )
)


@pytest.fixture
def ashworth(person):
    return person()


def bring(content, *, file="plans.csv", preview=False, by=None):
    return import_plans(
        by=by or operator(), file=file, content=content.encode(), source="Eskvale EPaCCS", on=TODAY, preview=preview
    )


def test_words_come_in_with_their_author_their_day_and_where_they_come_from(ashworth, reader, client_as):
    assert bring(GOOD).added == 4
    plan = queries.current(reader("gp"), ashworth.id)
    fact = plan.sections["illness"]
    assert (fact.author, fact.saved_on.isoformat()) == ("Dr Ellis Moor, GP, Moorside Surgery", "2026-03-01")
    assert [row["name"] for row in fact.content["illness.others"]] == ["Diabetes", "Kidney disease"]
    assert fact.source == "Eskvale EPaCCS (plans.csv)"
    assert plan.cpr.newest.report.startswith("Reported, incomplete")
    assert plan.directives.of_kind("advance_decision")[0].report.startswith("Reported, incomplete")
    shown = client_as("gp").get(f"/people/{ashworth.id}/plan/illness/history/").text
    assert "Brought in by operator" in shown
    assert "from Eskvale EPaCCS (plans.csv)" in shown


def test_a_day_that_was_to_come_then_is_kept_and_said_to_have_ended(ashworth, reader):
    bring(GOOD)
    plan = queries.current(reader("gp"), ashworth.id)
    life = queries.life_of(ashworth, on=TODAY)
    settle = queries.overview_of(plan, on=TODAY, life=life).to_settle
    assert ("What you need to know now", "has ended") in [(one.about, one.words) for one in settle]


def test_twice_adds_nothing(ashworth):
    bring(GOOD)
    before = SectionVersion.objects.count(), CPRDecision.objects.count(), Directive.objects.count()
    again = bring(GOOD)
    assert (again.added, again.count("already")) == (0, 4)
    assert (SectionVersion.objects.count(), CPRDecision.objects.count(), Directive.objects.count()) == before


def test_what_is_written_here_is_left_as_it_is(ashworth, reader):
    gp = reader("gp")
    actions.save_section(
        by=gp,
        person=ashworth,
        section=registry.section("illness"),
        base=0,
        content={"illness.main": "Something else"},
        on=TODAY,
    )
    assert bring(GOOD).count("left") == 1
    assert queries.current(gp, ashworth.id).says("illness") == {"illness.main": "Something else"}


def test_a_preview_stores_nothing(ashworth):
    assert bring(GOOD, preview=True).added == 4
    assert not SectionVersion.objects.exists()
    assert not CPRDecision.objects.exists()


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("9990000042,1943-03-14,illness,illness.main,,Heart failure", "nhs_number", "Nobody of your people"),
        ("9997170326,1944-03-14,illness,illness.main,,Heart failure", "born_on", "another date of birth"),
        (f"{WHO},ilness,illness.main,,Heart failure", "section", "Did you mean “illness”?"),
        (f"{WHO},illness,illness.mian,,Heart failure", "illness.mian", "Did you mean “illness.main”?"),
        (f"{WHO},illness,illness.main_code,,84114008", "illness.main_code", "does not check"),
        (f"{WHO},illness,illness.others/name,x,Diabetes", "row", "number of the row"),
        (f"{WHO},cpr,cpr.reading,,maybe", "reading", "Choose"),
        (f"{WHO},cpr,cpr.colour,,red", "cpr.colour", "Known are"),
        (f"{WHO},illness,illness.main,,=1+1", "value", "This is a formula"),
    ],
)
def test_every_problem_is_told_by_line_and_column_and_nothing_is_stored(ashworth, line, column, words):
    with pytest.raises(CannotImport) as refused:
        bring(GOOD + f"{line},{BY}\n" if not line.startswith(f"{WHO},illness") else HEAD + f"{line},{BY}\n")
    told = [(problem.column, problem.what_to_do) for problem in refused.value.found]
    assert any(column == where and words in what for where, what in told), told
    assert not SectionVersion.objects.exists()


def test_the_same_as_json(ashworth, reader):
    said = {"plans": [{"nhs_number": "999 717 0326", "born_on": "1943-03-14", "sections": [
        {"section": "wishes", "written_by": "Peggy Ashworth", "written_on": "2026-01-05",
         "items": {"wishes.statement": "No fuss.", "wishes.made_on": "2026-01-05"}},
    ]}]}  # fmt: skip
    assert bring(json.dumps(said), file="plans.json").added == 1
    assert queries.current(reader("gp"), ashworth.id).sections["wishes"].author == "Peggy Ashworth"
    for broken in ("{", "[]", '{"plans": [{}]}'):
        with pytest.raises(CannotImport, match="not the layout"):
            bring(broken, file="plans.json")


def test_staff_bring_in_plans_of_their_own_people_only(ashworth, reader):
    with pytest.raises(CannotImport, match="Nobody of your people"):
        bring(GOOD, by=reader("Owen Shah"))


def test_the_command_answers_as_promised(ashworth, tmp_path):
    file = tmp_path / "plans.csv"
    file.write_text(GOOD)
    args = ["import", str(file), "--source", "Eskvale EPaCCS", "--json"]
    answer = json.loads(CliRunner().invoke(plans, [*args, "--preview"], obj=operator()).output)
    assert (answer["stored"], answer["added"], answer["problems"]) == (False, 4, [])
    file.write_text(GOOD.replace("1943", "1944"))
    wrong = CliRunner().invoke(plans, args, obj=operator())
    assert wrong.exit_code == 1
    assert {problem["column"] for problem in json.loads(wrong.output)["problems"]} == {"born_on"}


def test_the_page_shows_first_what_would_happen(ashworth, client_as):
    gp = client_as("gp")
    where = reverse("import_plans")
    assert gp.get(where).status_code == 200
    file = SimpleUploadedFile("plans.csv", GOOD.encode())
    looked = gp.post(where, {"file": file, "source": "Eskvale EPaCCS"})
    assert "4 parts of plans would be brought in" in looked.text
    assert not SectionVersion.objects.exists()
    signed = looked.text.partition('name="looked_at" value="')[2].partition('"')[0]
    assert gp.post(where, {"looked_at": signed + "x"}).status_code in (200, 422)
    assert not SectionVersion.objects.exists()
    assert gp.post(where, {"looked_at": signed}).status_code == 302
    assert SectionVersion.objects.filter(how="imported").count() == 2
    bad = SimpleUploadedFile("plans.csv", GOOD.replace("1943", "1944").encode())
    problems = gp.post(where, {"file": bad, "source": "Eskvale EPaCCS"})
    assert problems.status_code == 422
    assert "another date of birth" in problems.text

"""A register brought in from CSV: all or nothing, every problem told by its line, safe to repeat."""

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from django.utils.timezone import localdate

from ambit.access.queries import people_of
from ambit.audit.models import AuditLine
from ambit.events.models import OutboxEvent
from ambit.organisations.csv_import import CannotImport
from ambit.people.models import Person
from ambit.register.actions import change_stage, leave
from ambit.register.csv_import import import_register
from ambit.register.models import RegisterEntry, StageGiven
from ambit.site.main import main
from tests.people.test_admitting import fictional_numbers

DAY = date(2026, 11, 21)
DUE = localdate() + timedelta(days=40)  # what is read from a command or a page is read today
NEW = fictional_numbers(60)[-1]
HEADING = "nhs_number,family_name,given_names,born_on,practice,stage,joined_on,review_due_on,told,source,reason\n"
PEGGY = (
    "999 717 0326,Ashworth,Margaret Jean,1943-03-14,Z90001,Yellow,2026-03-02,,yes,Brackenhill register,Heart failure\n"
)
NORA = f"{NEW},Dunne,Nora,1950-05-17,Z90001,,,{DUE},,,\n"


def taken(by, text, **more):
    return import_register(by=by, file="register.csv", content=text.encode(), on=DAY, **more)


@pytest.fixture
def by(reader):
    return reader("operator")


def test_import_twice(by, person):
    peggy = person("Ashworth")
    done = taken(by, HEADING + PEGGY + NORA)
    assert (done.added, done.already, done.stored) == (2, 0, True)
    entry = RegisterEntry.objects.get(person=peggy)
    assert (entry.stage, entry.found_by, entry.told) == ("weeks", "imported", True)
    assert (entry.joined_on, entry.review_due_on) == (date(2026, 3, 2), date(2026, 3, 16))
    assert StageGiven.objects.get(entry=entry).reason == "From Brackenhill register. Heart failure"
    nora = RegisterEntry.objects.get(person__family_name="Dunne")
    assert (nora.stage, nora.joined_on, nora.review_due_on, nora.told) == ("not_staged", DAY, DUE, False)
    assert AuditLine.objects.filter(what="brought in a register").count() == 1
    before = OutboxEvent.objects.count()
    again = taken(by, HEADING + PEGGY + NORA)
    assert (again.added, again.already) == (0, 2)
    assert OutboxEvent.objects.count() == before
    assert RegisterEntry.objects.count() == 2


def test_nothing_is_overwritten_and_who_left_stays_off(by, person):
    peggy = person("Ashworth")
    taken(by, HEADING + PEGGY + NORA)
    change_stage(by=by, person_id=peggy.pk, seen=1, stage="days", reason="Weaker", on=DAY)
    nora = Person.objects.get(family_name="Dunne")
    leave(by=by, person_id=nora.pk, seen=1, reason="improved", on=DAY)
    again = taken(by, HEADING + PEGGY + NORA)
    assert (again.added, again.already) == (0, 2)
    assert RegisterEntry.objects.get(person=peggy).stage == "days"
    assert not RegisterEntry.objects.filter(person=nora, left_on=None).exists()


def test_a_preview_tells_the_same_and_stores_nothing(by, person):
    person("Ashworth")
    shown = taken(by, HEADING + PEGGY + NORA, preview=True)
    assert [(row.line, row.name, row.stage) for row in shown.rows] == [
        (2, "ASHWORTH, Margaret Jean", "Weeks"), (3, "DUNNE, Nora", "Not staged"),
    ]  # fmt: skip
    assert (RegisterEntry.objects.count(), Person.objects.count(), OutboxEvent.objects.count()) == (0, 1, 0)


def test_every_problem_is_told_by_its_line_and_nothing_is_stored(by, person):
    person("Ashworth")
    bad = (
        PEGGY.replace("Ashworth", "Holt")
        + NORA.replace("1950-05-17", "")
        + f"{fictional_numbers(61)[-1]},Orr,Ada,1950-05-17,NONE1,purple,2027-01-01,,perhaps,,\n"
        + PEGGY
        + "999 717 0327,Lee,Ann,1950-05-17,,,,,,,\n"
    )
    with pytest.raises(CannotImport) as refused:
        taken(by, HEADING + NORA.replace("Dunne", "First").replace(NEW, fictional_numbers(62)[-1]) + bad)
    told = {(p.line, p.what_to_do.split(".")[0]) for p in refused.value.found}
    lines = [p.line for p in refused.value.found]
    assert lines == sorted(lines)
    assert set(lines) == {3, 4, 5, 6, 7}
    assert (4, "Write the date of birth, like 1943-03-14") in told
    assert (6, "This number is on line 3 too") in told
    assert len([line for line in lines if line == 5]) == 3
    assert (RegisterEntry.objects.count(), Person.objects.count()) == (0, 1)


def test_nobody_reaches_somebody_elses_person_through_a_file(reader, person):
    peggy = person("Ashworth")
    other = reader("Owen Shah")
    with pytest.raises(CannotImport, match="nothing ties you"):
        taken(other, HEADING + PEGGY)
    assert not people_of(other).filter(pk=peggy.pk).exists()
    assert not RegisterEntry.objects.exists()


def test_nobody_joins_after_death(by, person):
    person("Ashworth")
    Person.objects.update(died_on=date(2026, 6, 1))
    with pytest.raises(CannotImport, match="died on 1 June 2026"):
        taken(by, HEADING + PEGGY)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"name\nPeggy\n", "Add the column nhs_number"), (b"\xff\xfe", "UTF-8"), (b"", "The file is empty")],
)
def test_a_file_that_is_no_register(by, content, words):
    with pytest.raises(CannotImport, match=words):
        import_register(by=by, file="x.csv", content=content, on=DAY)


@pytest.mark.usefixtures("place")
def test_command(tmp_path):
    file = tmp_path / "register.csv"
    file.write_text(HEADING + NORA)
    shown = CliRunner().invoke(main, ["register", "import", str(file), "--preview", "--json"])
    assert (shown.exit_code, json.loads(shown.stdout)["stored"]) == (0, False)
    assert not RegisterEntry.objects.exists()
    done = CliRunner().invoke(main, ["register", "import", str(file)])
    assert "1 joined the register" in done.output
    file.write_text(HEADING + NORA.replace("1950-05-17", "1951-05-17"))
    refused = CliRunner().invoke(main, ["register", "import", str(file), "--json"])
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["problems"][0]["line"] == 2

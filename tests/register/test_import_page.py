"""A register brought in from a page: looked at first, then all of it or nothing; whatever file is sent."""

import io
import zipfile

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile

from ambit.people.models import Person
from ambit.register.models import RegisterEntry
from ambit.register.pages.importing import SALT
from tests.register.test_csv_import import HEADING, NEW, NORA, PEGGY

WHERE = "/register/import/"


@pytest.fixture
def gp(client_as):
    return client_as("Amina Rahman")


def look_at(client, content, name="register.csv"):
    content = content.encode() if isinstance(content, str) else content
    return client.post(WHERE, {"file": SimpleUploadedFile(name, content)})


def looked_at(answer) -> str:
    return answer.text.split('name="looked_at" value="')[1].split('"')[0]


def test_import_register(gp, person):
    person("Ashworth")
    assert "Nothing is saved until you say so" in gp.get(WHERE).text
    shown = look_at(gp, HEADING + PEGGY + NORA)
    assert "2 would join the register. On it already, left as they are: 0" in shown.text
    assert "DUNNE, Nora" in shown.text
    assert (RegisterEntry.objects.count(), Person.objects.count()) == (0, 1)
    done = gp.post(WHERE, {"looked_at": looked_at(shown)}, follow=True)
    assert done.redirect_chain == [("/register/", 302)]
    assert "2 joined the register" in done.text
    assert RegisterEntry.objects.filter(found_by="imported").count() == 2
    again = look_at(gp, HEADING + PEGGY + NORA)
    assert "0 would join the register. On it already, left as they are: 2" in again.text
    assert "looked_at" not in again.text


def test_confirmed_twice_adds_nothing(gp, person):
    person("Ashworth")
    shown = look_at(gp, HEADING + PEGGY)
    for _ in range(2):
        assert gp.post(WHERE, {"looked_at": looked_at(shown)}).status_code == 302
    assert RegisterEntry.objects.count() == 1


def test_what_was_looked_at_is_what_is_brought_in(gp, client_as, person, account_of):
    """Neither another's file, nor one that was changed, nor one that was looked at long ago."""
    person("Ashworth")
    shown = looked_at(look_at(gp, HEADING + PEGGY))
    nurse = account_of("Ruth Tannahill")
    kept = {"by": nurse.pk, "file": "x.csv", "content": HEADING + PEGGY}
    for sent in (shown[:-1] + "x", "", signing.dumps(kept, salt=SALT), signing.dumps(kept, salt="another")):
        answer = gp.post(WHERE, {"looked_at": sent})
        assert answer.status_code == 422
        assert "Nothing was stored" in answer.text
    assert not RegisterEntry.objects.exists()


def test_what_changed_since_is_told(gp, person, monkeypatch):
    """Somebody who died between looking and confirming: nothing of the file is stored."""
    peggy = person("Ashworth")
    shown = look_at(gp, HEADING + PEGGY + NORA)
    Person.objects.filter(pk=peggy.pk).update(died_on=peggy.born_on.replace(year=2026))
    answer = gp.post(WHERE, {"looked_at": looked_at(shown)})
    assert answer.status_code == 422
    assert "Nobody joins the register after death" in answer.text
    assert not RegisterEntry.objects.exists()


def workbook() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 50)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "The file is empty", id="empty"),
        pytest.param(workbook() + b"\xff\xfe", "This is a workbook", id="a workbook"),
        pytest.param("naïve,name\n".encode("latin-1"), "Save the file as CSV in UTF-8", id="latin-1"),
        pytest.param((HEADING + NORA).replace("Dunne", "Dünne").encode("cp1252"), "Dünne", id="its line"),
        pytest.param(HEADING.replace(",", "\t").encode(), "Between the columns are tabs", id="tabs"),
        pytest.param(HEADING.encode("utf-16"), "Save the file as CSV in UTF-8", id="utf-16"),
        pytest.param(b"%PDF-1.7\n1 0 obj\n", "This is a PDF", id="a PDF"),
        pytest.param(HEADING.replace(",", ";").encode(), "Between the columns are semicolons", id="semicolons"),
        pytest.param(b"nhs_number,family_name\n", "Add the column born_on", id="missing columns"),
        pytest.param((HEADING + '"never closed,').encode(), "Mend the quotation marks", id="quotes"),
        pytest.param((HEADING + "a,b\n").encode(), "The line has 2 cells, the heading 11", id="short line"),
        pytest.param(
            (HEADING + NORA.replace("Dunne", '"=HYPERLINK(""http://x"")"')).encode(), "This is a formula", id="formula"
        ),
        pytest.param((HEADING + NORA.replace("1950-05-17", "17/05/1950")).encode(), "like 2026-04-01", id="days"),
        pytest.param(
            (HEADING + NORA.replace(NEW, NEW[:-1] + str((int(NEW[-1]) + 1) % 10))).encode(),
            "Check each digit",
            id="number",
        ),
        pytest.param((HEADING + NORA + NORA).encode(), "This number is on line 2 too", id="twice"),
        pytest.param(b"x" * 1_000_001, "larger than 1 MB", id="large"),
        pytest.param(HEADING.encode() + b"\n" * 600, "more than 500 lines", id="long"),
    ],
)
def test_a_file_that_cannot_be_taken_in(gp, content, words):
    answer = look_at(gp, content)
    assert answer.status_code == 422
    assert words in answer.text
    assert not RegisterEntry.objects.exists()


def test_fifty_megabytes_are_refused_unread(gp):
    assert "larger than 1 MB" in look_at(gp, b"9" * 50_000_000).text


def test_a_name_is_shown_as_it_is_written(gp):
    shown = look_at(gp, HEADING + NORA.replace("Nora", "<script>Nora"), name="<b>register.csv")
    assert "<script>Nora" not in shown.text
    assert "<b>register" not in shown.text


@pytest.mark.parametrize("who", ["Pat Moorhouse", "Sam Okafor", "Leila Garside", "Tom Fenwick"])
def test_who_may_not(who, client_as):
    assert look_at(client_as(who), HEADING + NORA).status_code == 403
    assert not RegisterEntry.objects.exists()

"""The address book from CSV: all or nothing, every problem told, safe to repeat."""

import json

import pytest
from click.testing import CliRunner

from ambit.organisations.csv_import import CannotImport, import_csv
from ambit.organisations.models import Membership, Organisation, Staff, Team
from ambit.site.main import main

FILES = {
    # the practice comes before the place it is part of
    "organisations.csv": (
        "code,name,kind,part_of,postcode\nZ90011,Quarry Lane,practice,ZZ11,qz14ab\n"
        "ZZ11,Eskmouth,place,QZZ1,\nQZZ1,Northmarch System,system,,\n"
    ),
    "teams.csv": "organisation,name,hours\nZ90011,Red list,9am to 5pm\n",
    "staff.csv": (
        "email,name,title,organisation,team,role,from_on\n"
        "ada.kemp@ambit.example,Ada Kemp,Dr,Z90011,Red list,gp,2026-04-01\n"
        "ada.kemp@ambit.example,Ada Kemp,Dr,QZZ1,,place_lead,2026-05-01\n"
    ),
}


def encoded(**changed):
    return {name: text.encode() for name, text in (FILES | changed).items()}


@pytest.fixture
def by(reader):
    return reader("operator")


def test_import_twice(by):
    done = import_csv(by=by, files=encoded())
    assert done.new == {"organisations.csv": 3, "teams.csv": 1, "staff.csv": 2}
    assert Organisation.objects.get(code="Z90011").part_of.part_of.code == "QZZ1"
    again = import_csv(by=by, files=encoded())
    assert (again.new, again.changed) == ({}, {})
    assert again.unchanged == done.new


def test_import_changes_what_differs_and_keeps_what_is_not_said(by):
    import_csv(by=by, files=encoded())
    Organisation.objects.filter(code="Z90011").update(telephone="01632 960 123")
    files = {
        "organisations.csv": b"code,name,kind,closed_on\nZ90011,Quarry Lane Surgery,practice,2026-10-01\n",
        "staff.csv": b"email,name,organisation,role,from_on,until_on\n"
        b"ada.kemp@ambit.example,Ada Kemp,QZZ1,place_lead,2026-05-01,2026-06-01\n",
    }
    done = import_csv(by=by, files=files)
    assert done.changed == {"organisations.csv": 1, "staff.csv": 1}
    practice = Organisation.objects.get(code="Z90011")
    assert (practice.name, practice.telephone, str(practice.closed_on)) == (
        "Quarry Lane Surgery",
        "01632 960 123",
        "2026-10-01",
    )
    assert Staff.objects.get(email="ada.kemp@ambit.example").title == "Dr"
    assert not Membership.objects.filter(staff__email="ada.kemp@ambit.example", until_on=None).exists()


def test_every_problem_is_told_and_nothing_is_stored(by):
    files = encoded(
        **{
            "organisations.csv": FILES["organisations.csv"] + "Z9,Tiny,practice,,\nZ90012,New,surgery,,\n",
            "staff.csv": FILES["staff.csv"] + "bo@ambit.example,Bo Hart,,Z90011,,gp,1 April\n",
        }
    )
    with pytest.raises(CannotImport) as refused:
        import_csv(by=by, files=files)
    assert [(p.file, p.line, p.value) for p in refused.value.found] == [
        ("organisations.csv", 5, "Z9"),
        ("organisations.csv", 6, "surgery"),
        ("staff.csv", 4, "1 April"),
    ]
    assert not Organisation.objects.filter(code="Z90011").exists()
    assert not Team.objects.exists()


@pytest.mark.parametrize(
    ("content", "line", "what_to_do"),
    [
        (b"code,name\n", 1, "Add the column kind."),
        (b"code,name,kind,colour\n", 1, "Remove or rename"),
        (b"code,name,kind,kind\n", 1, "Keep one"),
        (b"code,name,kind\nZ90011,Quarry\n", 2, "Make them equal"),
        (b'code,name,kind\nZ90011,"Quarry,practice\n', 2, "quotation marks"),
        (b"code,name,kind\nZ90011,Caf\xe9,practice\n", 2, "UTF-8"),
    ],
)
def test_files_that_cannot_be_read(by, content, line, what_to_do):
    with pytest.raises(CannotImport) as refused:
        import_csv(by=by, files={"organisations.csv": content})
    assert refused.value.found[0].line == line
    assert what_to_do in refused.value.found[0].what_to_do


def test_a_ring_is_refused(by):
    ring = b"code,name,kind,part_of\nZZ21,One,place,ZZ22\nZZ22,Two,place,ZZ21\n"
    with pytest.raises(CannotImport):
        import_csv(by=by, files={"organisations.csv": ring})
    assert not Organisation.objects.filter(code="ZZ22").exists()


def test_the_command(place, tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    done = CliRunner().invoke(main, ["organisations", "import", str(tmp_path), "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["new"] == {"organisations.csv": 3, "staff.csv": 2, "teams.csv": 1}
    (tmp_path / "teams.csv").write_text("organisation,name\nZ90019,Red list\n")
    refused = CliRunner().invoke(main, ["organisations", "import", str(tmp_path / "teams.csv"), "--json"])
    assert refused.exit_code == 1
    assert json.loads(refused.stdout)["problems"][0]["value"] == "Z90019"
    other = tmp_path / "other.csv"
    other.write_text("")
    assert CliRunner().invoke(main, ["organisations", "import", str(other)]).exit_code == 2

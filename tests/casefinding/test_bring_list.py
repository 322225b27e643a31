"""A practice brings another search's list for its own people; its register stands against the size that might be expected."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ambit.access.queries import NotAllowed, operator
from ambit.audit.models import AuditLine
from ambit.casefinding import actions, queries, rules
from ambit.casefinding.models import Candidate
from ambit.population.actions import take_in

PEOPLE = (
    "person,born_on,sex,nhs_number,practice\n1,1940-01-01,female,9990000018,Z90001\n2,1940-01-01,male,9990000026,Z90002\n"
    "3,1930-01-01,male,9990000034,Z90001\n4,1960-01-01,male,9990000042,Z90001\n"
)


@pytest.fixture
def coded(place, home):
    folder = home / "extract"
    folder.mkdir()
    (folder / "people.csv").write_text(PEOPLE)
    (folder / "deaths.csv").write_text(f"person,died_on\n3,{timezone.localdate() - timedelta(days=40)}\n")
    take_in(by=operator(), paths=[folder], source="practices", layout="csv")


def upload(client, text: bytes, **but):
    day = timezone.localdate()
    said = {"code": "early", "on-day": day.day, "on-month": day.month, "on-year": day.year} | but
    return client.post("/case-finding/list/", said | {"file": SimpleUploadedFile("early.csv", text, "text/csv")})


def test_only_its_own_people_are_kept_and_found_tonight(coded, client_as):
    gp = client_as("Amina Rahman")
    assert "The day of the search" in gp.get("/case-finding/list/").text
    answer = upload(gp, b"\xef\xbb\xbfnhs_number\n9990000018\n9990000026\n9990000019\n")
    assert "Kept for 1 person; 2 lines left out" in answer.text
    assert "Nobody with this NHS number is on your practice" in answer.text
    assert "no right check digit" in answer.text
    assert AuditLine.objects.filter(what="brought a list of another search").count() == 1
    assert not Candidate.objects.exists()
    actions.run_search(by=operator(), run=actions.ask_for_run(by=operator(), on=timezone.localdate()))
    (found,) = Candidate.objects.all()
    assert (found.practice.code, found.nhs_number) == ("Z90001", "9990000018")
    assert found.lists[0]["on"] == timezone.localdate().isoformat()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"number\n9990000018\n", "The first line must name columns"),
        (b"nhs_number\n\xff\xfe\n", "not UTF-8 text"),
        (b"", "The file is empty"),
    ],
)
def test_a_file_of_another_kind_is_refused_at_its_field(coded, client_as, text, said):
    answer = upload(client_as("Amina Rahman"), text)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert '<a href="#id_file">' in answer.text
    assert "Choose the file again" in answer.text


def test_who_may(coded, client_as, reader):
    assert client_as("practice_administrator").get("/case-finding/list/").status_code == 403
    with pytest.raises(NotAllowed):
        actions.bring_list(by=reader("community_nurse"), text="nhs_number\n", code="early", on="2026-11-01")


def test_nothing_is_kept_when_the_audit_line_fails(coded, reader, monkeypatch):
    def full(**told):
        raise OSError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", full)
    with pytest.raises(OSError, match="disk full"):
        actions.bring_list(by=reader("gp"), text="nhs_number\n9990000018\n", code="early", on="2026-11-01")


@pytest.mark.parametrize(
    ("registered", "deaths", "expected"),
    [(0, 0, (0, 0, 0, 0)), (10_000, 96, (50, 100, 48, 72)), (506_970, 0, (2535, 5070, 2423, 0))],
)
def test_how_large_a_register_might_be(registered, deaths, expected):
    """Shropshire, Telford & Wrekin 2019/20: 506,970 registered; 0.478% is England's 288,641 of 60.44 million; Etkind's 374,898 of 501,424."""
    assert rules.expected_register(registered, deaths) == expected
    assert round(288_641 / 60_440_000, 5) == rules.ENGLAND
    assert round(375_398 / 501_424, 2) == rules.IN_NEED


def test_a_practices_register_against_its_expected_size(coded, client_as, reader):
    assert queries.register_size(reader("gp")) is None
    actions.run_search(by=operator(), run=actions.ask_for_run(by=operator(), on=timezone.localdate()))
    size = queries.register_size(reader("Amina Rahman"))
    assert (size.on_register, size.registered, size.deaths, size.by_deaths) == (0, 2, 1, 1)
    text = client_as("Amina Rahman").get("/case-finding/figures/").text
    assert "0 of 2 people of your practice are on the register" in text
    assert "on the register</h2>" not in client_as("system_administrator").get("/case-finding/figures/").text

"""A list of levers: read whole or refused by line, looked at before anything is kept, taken once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ambit.access.queries import NotAllowed
from ambit.design.refusals import Refused
from ambit.improvement import actions, queries
from ambit.improvement.models import Lever
from ambit.improvement.rules.lever_lists import read_levers
from ambit.improvement.rules.plans import LeverSaid
from tests.improvement.test_plan_pages import text_of

GOOD = "Audience,Foundation,Lever,Measure,Source\nCommissioner,24/7 access,Night visits,Visits after 10pm,Contract\nprovider,Training,Study time,,\n"
NIGHT = LeverSaid(
    audience="commissioner",
    foundation="24/7 access",
    lever="Night visits",
    measure="Visits after 10pm",
    source="Contract",
)


@pytest.mark.parametrize(
    ("text", "rows", "problems"),
    [
        (GOOD, [2, 3], {}),
        ("\ufeff" + GOOD.replace(",", ";").replace("\n", "\r\n"), [2, 3], {}),
        (GOOD.replace(",", "\t"), [2, 3], {}),
        ("lever,for,whose\nA car,Nights,place\n", [2], {}),
        ('audience,foundation,lever\nplace,Nights,"A car\nand a driver"\n\nplace,Days,A bus\n', [3, 5], {}),
        ("", [], {1: "empty"}),
        ("audience,foundation\nplace,Nights\n", [], {1: "no heading “lever”"}),
        ("audience,foundation,lever\nsomebody,Nights,A car\nplace,,A car\n", [], {2: "Choose one", 3: "foundation"}),
        ("audience,foundation,lever\nplace,Nights,A car\nplace\n", [2], {3: "lever"}),
        ("audience,foundation,lever\n" + "place,Nights,A car\n" * 501, [], {1: "at most 500"}),
        (f"audience,foundation,lever\nplace,Nights,{'a' * 4001}\n", [], {2: "4000 letters"}),
    ],
)
def test_what_a_list_says(text, rows, problems):
    told = read_levers(text)
    assert list(told.rows) == rows
    assert set(told.problems) == set(problems)
    assert all(words in told.problems[line] for line, words in problems.items())


def test_what_stands_already_is_not_taken_twice():
    told = read_levers(GOOD + GOOD.partition("\n")[2], standing=frozenset([NIGHT]))
    assert (list(told.rows), list(told.standing)) == ([3], [2, 4, 5])


def test_import_levers_all_or_nothing(lead, reader):
    with pytest.raises(Refused, match="Line 4"):
        actions.import_levers(by=lead, text=GOOD + "nobody,Nights,A car\n")
    assert not Lever.objects.exists()
    assert actions.import_levers(by=lead, text=GOOD) == 2
    assert NIGHT in queries.levers_of_own(lead)
    assert actions.import_levers(by=lead, text=GOOD) == 0
    assert Lever.objects.count() == 2
    with pytest.raises(NotAllowed):
        actions.import_levers(by=reader("gp"), text=GOOD)


def test_a_list_is_looked_at_and_then_taken_over(client_as):
    client, address = client_as("place_lead"), reverse("import_levers")
    assert "Bring a list of levers" in text_of(client.get(address))
    answer = client.post(address, {"file": SimpleUploadedFile("levers.csv", GOOD.encode())})
    assert "2 levers are new" in text_of(answer)
    assert not Lever.objects.exists()
    assert client.post(address, {"text": GOOD}).status_code == 302
    assert Lever.objects.count() == 2
    for wrong, words in (
        (b"audience,foundation,lever\nx,y,z\n", "Line 2"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a" * 1_048_577, "larger than 1 MB"),
    ):
        answer = client.post(address, {"file": SimpleUploadedFile("levers.csv", wrong)})
        assert answer.status_code == 422
        assert words in text_of(answer)
    assert client.post(address, {}).status_code == 422

"""Pages of figures: what each reader sees, what is hidden from them, and how many statements it takes."""

import csv
import io
from datetime import date, datetime, time

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.demonstration.clock import clock_at
from ambit.measures import actions, queries
from ambit.measures.models import Figure
from ambit.measures.rules.periods import Month
from ambit.people import actions as people
from ambit.people.rules import Identity
from ambit.register import actions as register

OFFERED = "ind.coord.named"


@pytest.fixture
def figures(place, reader, tmp_path, monkeypatch):
    """Twenty people of one practice and three of another on the register in October, and its snapshot."""
    monkeypatch.setattr(settings, "HOME", tmp_path)
    with clock_at(datetime.combine(date(2026, 10, 4), time(12), tzinfo=timezone.get_current_timezone())):
        for practice, name, many in (("Z90001", "gp", 20), ("Z90002", "Owen Shah", 3)):
            for number in range(many):
                somebody = people.admit(
                    by=operator(),
                    identity=Identity(
                        family_name=f"Test{practice[-1]}{number:02}", given_names="Ann", born_on=date(1940, 1, 1 + number),
                        sex="female", no_number_reason="visitor", practice_id=place[practice].id,
                    ),
                )  # fmt: skip
                register.add_to_register(
                    by=reader(name),
                    person=somebody,
                    on=date(2026, 10, 4),
                    found_by="by_hand",
                    stage="months",
                    told=True,
                    reason="",
                )
    actions.take_snapshots(by=operator(), months=[Month(2026, 9), Month(2026, 10)], on=date(2026, 11, 25))


def text_of(answer):
    return answer.content.decode()


@pytest.mark.parametrize("role", ["place_lead", "analyst", "gp", "community_nurse", "practice_administrator"])
def test_the_first_page_of_a_place(client_as, figures, role):
    answer = client_as(role).get(reverse("measures"))
    assert answer.status_code == 200
    said = text_of(answer)
    assert "figures to the end of October 2026" in said
    assert said.count('class="a-chart"') == 6
    assert "not collected yet" in said
    assert "A workforce able to care" in said
    assert not any(f"Test1{number:02}" in said for number in range(20))


def test_before_the_first_month_the_page_says_when_figures_come(client_as, place):
    said = text_of(client_as("place_lead").get(reverse("measures")))
    assert "has no figures yet" in said
    assert "night after a month has ended" in said


@pytest.mark.parametrize("role", ["urgent_clinician", "auditor", "privacy_officer", "care_home_senior"])
def test_who_may_not(client_as, figures, role):
    assert client_as(role).get(reverse("measures")).status_code == 403


def test_a_small_practice_is_hidden_from_the_place_and_what_would_tell_it(client_as, figures):
    said = text_of(client_as("place_lead").get(reverse("indicator", args=[OFFERED])))
    rows = list(
        csv.DictReader(
            io.StringIO(
                text_of(client_as("place_lead").get(reverse("indicator_figures", args=[OFFERED]))).lstrip("\ufeff")
            )
        )
    )
    by_practice = {row["Group"]: row for row in rows if row["Breakdown"] == "General practice"}
    assert by_practice["Old Tannery Practice"]["Of"] == ""
    assert by_practice["Brackenhill Surgery"]["Of"] == ""  # 23 less 20 would tell the other
    assert by_practice["Old Tannery Practice"]["Hidden"] == "hidden"
    assert "0 of 23" in said
    assert "0 of 20" not in said


def test_a_practice_sees_its_own_whole_and_the_list_behind_it(client_as, figures):
    client = client_as("Owen Shah")
    said = text_of(client.get(reverse("indicator", args=[OFFERED])))
    assert "Your practice" in said
    assert "0 of 3" in said
    behind = text_of(client.get(reverse("behind_figure", args=[OFFERED])))
    assert "0 of your 3 people count" in behind
    assert "Test202" in behind
    assert "Test100" not in behind
    assert AuditLine.objects.filter(what="listed behind a figure").count() == 3


def test_nobody_is_listed_for_who_may_not_see_the_register(client_as, figures):
    assert client_as("place_lead").get(reverse("behind_figure", args=[OFFERED])).status_code == 404
    assert "Who is behind it" not in text_of(client_as("place_lead").get(reverse("indicator", args=[OFFERED])))


def test_what_is_not_there(client_as, figures):
    client = client_as("gp")
    assert client.get(reverse("indicator", args=["ind.nothing"])).status_code == 404
    assert client.get(reverse("behind_figure", args=["ind.register.prevalence"])).status_code == 404
    assert client.get(reverse("measures") + "?area=YYY").status_code == 403
    assert "Not collected yet" in text_of(client.get(reverse("indicator", args=["ind.carer.offered"])))


def test_every_collected_indicator_has_a_page(client_as, figures):
    client = client_as("analyst")
    for name, one in queries.indicators().items():
        answer = client.get(reverse("indicator", args=[name]))
        assert answer.status_code == 200
        assert one.name in text_of(answer)


def test_statements_do_not_grow_with_what_is_shown(client_as, figures, django_assert_max_num_queries):
    client = client_as("place_lead")
    for there in (reverse("measures"), reverse("indicator", args=[OFFERED])):
        client.get(there)
        with django_assert_max_num_queries(10):
            client.get(there)


def test_a_name_that_a_spreadsheet_would_run_goes_out_as_text(client_as, figures, place):
    place["Z90001"].name = "=HYPERLINK(1)"
    place["Z90001"].save()
    said = text_of(client_as("place_lead").get(reverse("indicator_figures", args=[OFFERED])))
    assert "'=HYPERLINK(1)" in said
    assert Figure.objects.exists()

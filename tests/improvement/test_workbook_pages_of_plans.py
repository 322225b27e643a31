"""Workbooks of gap analyses and plans on their pages: the columns of one of another make are said, reports are taken out."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ambit.audit.models import AuditLine
from ambit.files.rules import XLSX
from ambit.improvement import actions
from ambit.improvement.models import Gap, WorkbookReceived
from ambit.improvement.rules import plans
from tests.improvement.messy import messy, recorded


def text_of(answer):
    return answer.content.decode()


def chosen_in(html):
    """What stands chosen in the lists of a page."""
    lists = re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL)
    chosen = {name: re.search(r'<option value="([^"]*)"[^>]* selected', inside) for name, inside in lists}
    return {name: found[1] if found else "" for name, found in chosen.items()}


@pytest.fixture
def client(client_as):
    return client_as("place_lead")


@pytest.fixture
def analysis(lead):
    return actions.start_gap_analysis(by=lead, title="Children and young people", framework_id="lsc-cyp-gap")


def test_a_workbook_of_another_make_is_laid_out_by_a_person(client, analysis):
    there = reverse("workbooks", args=["analysis", analysis.pk])
    assert there in text_of(client.get(reverse("gap_analysis", args=[analysis.pk])))
    file = SimpleUploadedFile("v7 FINAL.xlsx", messy(), XLSX.content_type)
    answer = client.post(reverse("receive_workbook", args=["analysis", analysis.pk]), {"file": file}, follow=True)
    address = answer.redirect_chain[-1][0]
    said = text_of(answer)
    assert "9 rows are understood: look where they go" in said
    assert "Rated by colour alone." in said
    assert "ask again in May" in said
    received = WorkbookReceived.objects.get()
    merge = reverse("merge_workbook", args=["analysis", analysis.pk, received.pk])
    assert client.get(merge).url == address  # its columns first

    sent = chosen_in(said) | {"shown": "0", "header_row": "4"}
    assert [sent[f"column-{column}"] for column in range(3, 9)] == [
        "foundation", "meaning", "position", "action", "rating", "due",
    ]  # fmt: skip
    looked = client.post(address, sent | {"column-8": "", "look": "again"})
    assert looked.status_code == 200
    assert "a column that is not taken" in text_of(looked)
    rows = {str(gap.number): str(gap.pk) for gap in Gap.objects.all()}
    twice = client.post(address, sent | {"row-5": rows["1"], "row-6": rows["1"], "take": "yes"})
    assert twice.status_code == 422
    assert "go into one row" in text_of(twice)
    assert WorkbookReceived.objects.get().state == "maps"

    preview = client.post(address, sent | {"take": "yes"}, follow=True)
    assert "cells change, and nothing stands against it" in text_of(preview)
    seen = preview.content.decode().split('name="seen" value="')[1].split('"')[0]
    done = client.post(merge, {"seen": seen}, follow=True)
    assert "are taken over" in text_of(done)
    assert [gap.due for gap in Gap.objects.order_by("number")] == [row["due"] for row in recorded()]


@pytest.mark.parametrize("form", ["word", "slide", "pdf", "csv", "csv-gap", "json"])
def test_reports_are_taken_out_and_that_is_recorded(client, analysis, form):
    answer = client.get(reverse("take_report", args=["analysis", analysis.pk, form]))
    assert answer.status_code in (200, 302)
    if answer.status_code == 200:
        assert "attachment" in answer["Content-Disposition"]
        assert AuditLine.objects.get(what="took out a report").details["form"] == form


def test_what_is_no_report_or_kind(client, analysis):
    assert client.get(reverse("take_report", args=["analysis", analysis.pk, "exe"])).status_code == 404
    assert client.get(reverse("take_report", args=["analysis", analysis.pk, "csv-nothing"])).status_code == 404
    assert client.get(reverse("workbooks", args=["nothing", analysis.pk])).status_code == 404


def test_a_plan_has_its_workbook(client, lead):
    made = actions.start_plan(by=lead, title="Plan", from_on=date(2026, 4, 1), until_on=date(2028, 3, 31))
    actions.keep_row(by=lead, kind=plans.ACTION, of=made.pk, row_id=None, seen=0, said=plans.ActionSaid(what="Meet"))
    assert "Take a workbook out" in text_of(client.get(reverse("workbooks", args=["plan", made.pk])))
    answer = client.post(reverse("send_workbook", args=["plan", made.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="plan-plan.xlsx"'


def test_who_does_not_lead_takes_nothing_in(client_as, analysis):
    client = client_as("gp")
    there = client.get(reverse("workbooks", args=["analysis", analysis.pk]))
    assert there.status_code == 200
    assert "Only who leads brings a workbook" in text_of(there)
    file = SimpleUploadedFile("x.xlsx", messy(), XLSX.content_type)
    assert client.post(reverse("receive_workbook", args=["analysis", analysis.pk]), {"file": file}).status_code == 403
    assert client.post(reverse("send_workbook", args=["analysis", analysis.pk])).status_code == 403
    assert not WorkbookReceived.objects.exists()

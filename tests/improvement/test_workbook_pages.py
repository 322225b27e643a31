"""Pages of workbooks: taken out, brought back, looked at, taken over, without scripts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ambit.files.rules import XLSX
from ambit.improvement import queries
from ambit.improvement.models import Answer, WorkbookReceived
from tests.improvement.conftest import MET

ROUTES = ("workbooks", "send_workbook", "receive_workbook")


def text_of(answer):
    return answer.content.decode()


def bring(client, one, content, name="Board <b>copy.xlsx", **more):
    file = SimpleUploadedFile(name, content, XLSX.content_type)
    return client.post(reverse("receive_workbook", args=["round", one.pk]), {"file": file}, **more)


def test_out_back_looked_at_and_taken_over(client, one, filled, agree):
    agree(one, MET, ["scot.c2"])
    filled.put("scot.c1", "level", "Met").put("scot.c1", "position", "<script>x</script>")
    filled.put("scot.c2", "position", "Another view").sheet.cell(40, 3).value = "a note below"
    answer = bring(client, one, filled.saved(), follow=True)
    said = text_of(answer)
    assert "1 cell was changed on both sides: decide" in said
    assert "Board &lt;b&gt;copy.xlsx" in said
    assert "&lt;script&gt;x&lt;/script&gt;" in said
    assert "a note below" in said
    for name in ("id_cell-0", "id_cell-0_1"):  # each choice has its label
        assert f'id="{name}"' in said
        assert f'for="{name}"' in said
    address = answer.redirect_chain[-1][0]
    seen = queries.merge_preview(answer.wsgi_request.reader, "round", one.pk, WorkbookReceived.objects.get().pk).seen
    undecided = client.post(address, {"seen": seen})
    assert undecided.status_code == 422
    assert "Choose which of the two stays" in text_of(undecided)
    agree(one, MET, ["scot.c3"])
    stale = client.post(address, {"seen": seen, "cell-0": "theirs"})
    assert stale.status_code == 409
    assert "Nothing was taken over" in text_of(stale)
    assert Answer.objects.get(node="scot.c2").position == MET.position
    seen = queries.merge_preview(answer.wsgi_request.reader, "round", one.pk, WorkbookReceived.objects.get().pk).seen
    done = client.post(address, {"seen": seen, "cell-0": "theirs"}, follow=True)
    assert "3 cells of this workbook are taken over" in text_of(done)
    assert Answer.objects.get(node="scot.c2").position == "Another view"
    assert "3 cells taken over" in text_of(client.get(reverse("workbooks", args=["round", one.pk])))


def test_many_conflicts_are_chosen_at_once_and_looked_at_before_they_are_taken_over(client, one, filled, agree):
    nodes = [f"scot.c{number}" for number in range(1, 5)]
    agree(one, MET, nodes)
    for node in nodes:
        filled.put(node, "position", "Another view")
    answer = bring(client, one, filled.saved(), follow=True)
    assert "Take the workbook’s in all" in text_of(answer)
    address = answer.redirect_chain[-1][0]
    for side, checked in (("theirs", 4), ("ours", 4), ("nonsense", 0)):
        shown = text_of(client.get(address, {"all": side}))
        assert shown.count(f'value="{side}" checked') == shown.count(" checked>") == checked
    assert not Answer.objects.filter(position="Another view").exists()


def test_what_is_wrong_is_said_with_sheet_and_cell(client, one, filled):
    filled.put("scot.c1", "level", "Splendid")
    answer = bring(client, one, filled.saved())
    assert answer.status_code == 422
    assert "Self-assessment!" in text_of(answer)
    assert "“Splendid”, which is not in its list" in text_of(answer)
    assert bring(client, one, b"PK\x03\x04nonsense").status_code == 422
    assert client.post(reverse("receive_workbook", args=["round", one.pk])).status_code == 422
    assert not WorkbookReceived.objects.exists()


def test_set_aside_and_the_file_is_kept_as_it_came(client, one, filled):
    content = filled.put("scot.c1", "position", "x").saved()
    bring(client, one, content)
    received = WorkbookReceived.objects.get()
    answer = client.post(reverse("set_workbook_aside", args=["round", one.pk, received.pk]), follow=True)
    assert "Nothing was taken from the workbook" in text_of(answer)
    assert client.get(reverse("workbook_file", args=["round", one.pk, received.pk])).content == content
    again = client.post(reverse("set_workbook_aside", args=["round", one.pk, received.pk]), follow=True)
    assert "decided already" in text_of(again)


@pytest.mark.parametrize("role", ["auditor", "urgent_clinician", "privacy_officer", "system_administrator"])
def test_who_has_nothing_to_do_with_it(client_as, one, role):
    client = client_as(role)
    assert client.get(reverse("workbooks", args=["round", one.pk])).status_code == 403
    assert {client.post(reverse(name, args=["round", one.pk])).status_code for name in ROUTES[1:]} == {403}


def test_who_was_not_asked_finds_nothing(client_as, one):
    client = client_as("educator")
    assert client.get(reverse("workbooks", args=["round", one.pk])).status_code == 404
    assert client.post(reverse("send_workbook", args=["round", one.pk])).status_code in (403, 404)


def test_a_page_of_workbooks_asks_little_of_the_database(client, one, filled, django_assert_max_num_queries):
    bring(client, one, filled.put("scot.c1", "position", "x").saved())
    received = WorkbookReceived.objects.get()
    with django_assert_max_num_queries(14):
        client.get(reverse("workbooks", args=["round", one.pk]))
    with django_assert_max_num_queries(18):
        client.get(reverse("merge_workbook", args=["round", one.pk, received.pk]))

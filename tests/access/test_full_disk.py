"""When who opened a record cannot be written down (architecture, floors that may not crack)."""

import pytest
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.urls import include, path

from ambit.audit import spool
from ambit.design.routes import needs


@needs("see_plan", person="person_id")
def ordinary(request, person_id):
    return HttpResponse(request.person.family_name)


@needs("see_urgent", person="person_id", urgent=True)
def urgent(request, person_id):
    return HttpResponse(f"{request.person.family_name} {request.audit_spooled}")


urlpatterns = [
    path("ordinary/<uuid:person_id>/", ordinary, name="ordinary"),
    path("urgent-page/<uuid:person_id>/", urgent, name="urgent_page"),
    path("", include("ambit.site.urls")),
]


@pytest.fixture
def browser(client_as, settings, person):
    person("Ashworth")
    settings.ROOT_URLCONF = __name__
    return client_as("Amina Rahman")


@pytest.fixture
def full_disk():
    def refuse(execute, sql, *others):
        if sql.startswith("INSERT INTO audit_auditline"):
            raise DatabaseError("database or disk is full")
        return execute(sql, *others)

    with connection.execute_wrapper(refuse):
        yield


def test_both_open_while_lines_can_be_written(browser, person):
    who = person("Ashworth").id
    assert browser.get(f"/ordinary/{who}/").content == b"Ashworth"
    assert browser.get(f"/urgent-page/{who}/").content == b"Ashworth False"


def test_ordinary_pages_stop_and_say_why(browser, person, full_disk):
    answer = browser.get(f"/ordinary/{person('Ashworth').id}/")
    assert answer.status_code == 503
    assert b"its opening cannot be recorded" in answer.content
    assert b"Ashworth" not in answer.content


def test_the_urgent_page_opens_and_its_line_waits_on_the_disk(browser, person, full_disk):
    waiting = set(spool.waiting())
    answer = browser.get(f"/urgent-page/{person('Ashworth').id}/")
    assert answer.content == b"Ashworth True"
    (line,) = set(spool.waiting()) - waiting
    assert "opened a record" in line.read_text()


def test_a_person_without_a_tie_stays_closed_all_the_same(client_as, settings, person, request):
    who = person("Ashworth").id
    settings.ROOT_URLCONF = __name__
    browser = client_as("Owen Shah")
    request.getfixturevalue("full_disk")
    answer = browser.get(f"/urgent-page/{who}/")
    assert answer.status_code == 403
    assert b"Ashworth" not in answer.content


def test_a_merged_record_leads_to_the_kept_one_and_takes_no_save(browser, person):
    ashworth, longworth = person("Ashworth"), person("Longworth")
    type(longworth).objects.filter(pk=longworth.pk).update(merged_into=ashworth)
    assert browser.get(f"/ordinary/{longworth.id}/").url == f"/ordinary/{ashworth.id}/"
    refused = browser.post(f"/ordinary/{longworth.id}/", {"words": "typed"})
    assert refused.status_code == 409
    assert f"/ordinary/{ashworth.id}/" in refused.content.decode()

"""Layout, header, status codes, and pages for what went wrong."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template import engines
from jinja2 import UndefinedError

from ambit.audit.rules import NotAllowed, Reader
from ambit.design import forms
from ambit.design.page import page
from ambit.design.pages import living, views


class NameForm(forms.Form):
    name = forms.CharField(label="Name")


def asked(rf, reader=None, sections=()):
    request = rf.get("/somewhere/")
    request.reader = reader
    request.sections = sections
    return request


SAM = Reader(name="Sam Okafor", role="urgent_clinician", organisation_name="Northmarch Ambulance Service")


def test_a_bound_form_with_errors_answers_422_with_the_error_in_the_title(rf):
    answer = page(asked(rf), "design/living/person.jinja", form=living.PersonForm({}))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error: Your plan, Peggy – Ambit</title>" in html
    assert html.index("There is a problem") < html.index("<h1>")


def test_a_fresh_form_answers_200(rf):
    assert page(asked(rf), "design/living/person.jinja", form=living.PersonForm()).status_code == 200


def test_a_page_may_not_take_the_layouts_own_names(rf):
    with pytest.raises(TypeError, match="header"):
        page(asked(rf), "design/living/died.jinja", header="mine")


def test_a_name_the_page_did_not_give_raises(rf):
    with pytest.raises(UndefinedError):
        page(asked(rf), "design/living/form.jinja", banner=None)


def test_the_header_says_who_i_am_in_what_role_and_where(rf):
    sections = (("Caseload", "/caseload/", False), ("Find a person", "/people/", True))
    html = page(asked(rf, SAM, sections), "design/living/died.jinja", banner=None).content.decode()
    assert "Sam Okafor" in html
    assert "Urgent clinician, Northmarch Ambulance Service" in html
    assert "Thornmere and Eskvale" in html
    assert '<a href="/people/" aria-current="true">Find a person</a>' in html
    assert "Sign out" in html


def test_the_cached_header_carries_each_requests_own_form_token(rf):
    one = page(asked(rf, SAM), "design/living/died.jinja", banner=None).content.decode()
    two = page(asked(rf, SAM), "design/living/died.jinja", banner=None).content.decode()
    assert one != two
    assert "\N{OBJECT REPLACEMENT CHARACTER}" not in one


def test_names_are_escaped_in_the_header(rf):
    reader = Reader(name="<b>Sam</b>", role="gp", organisation_name="A & B")
    html = page(asked(rf, reader), "design/living/died.jinja", banner=None).content.decode()
    assert "&lt;b&gt;Sam&lt;/b&gt;" in html
    assert "GP, A &amp; B" in html


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_every_error_says_what_and_what_to_do(client, db, status):
    answer = client.get(f"/design/went-wrong/{status}/")
    html = answer.content.decode()
    assert answer.status_code == status
    assert html.count("<h1>") == 1
    assert "Ambit" in html
    assert not {"invalid", "please", "oops", "click"} & set(html.lower().split())


def test_a_refusal_shows_who_may_and_what_to_do(rf):
    refusal = PermissionDenied("x")
    refusal.__cause__ = NotAllowed(
        "You cannot open this record.", who_may="Her team is Eskvale.", what_to_do="Ring 01632 960 177."
    )
    html = views.not_allowed(asked(rf), refusal).content.decode()
    assert "<h1>You cannot open this record</h1>" in html
    assert "Her team is Eskvale." in html
    assert "Ring 01632 960 177." in html


def test_programs_get_their_refusal_as_json(rf):
    request = asked(rf)
    request.META["HTTP_ACCEPT"] = "application/json"
    answer = views.not_allowed(request, PermissionDenied("You cannot open this record."))
    assert answer["Content-Type"] == "application/json"
    assert answer.status_code == 403


def test_the_page_for_our_own_faults_needs_neither_reader_session_nor_database(rf):
    request = rf.get("/")
    request.resolver_match = None
    assert views.went_wrong(request).status_code == 500
    assert views.unavailable(request)["Retry-After"] == "30"


def test_the_content_security_policy_allows_our_own_files_only(client, db):
    policy = client.get("/design/")["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy
    assert "default-src 'self'" in policy
    assert "script-src 'self'" in policy


def test_a_person_who_died_has_another_banner_and_no_chips(rf):
    html = page(asked(rf), "design/living/died.jinja", banner=living.WILFRED).content.decode()
    assert "a-banner--died" in html
    assert "20 November 2026 at 4:35am, aged 88" in html
    assert "a-chips" not in html


def test_nothing_recorded_is_said_in_words_in_the_banner():
    from ambit.design.rules import Banner

    source = '{% from "design/parts.jinja" import banner %}{{ banner(who) }}'
    html = engines["jinja2"].from_string(source).render({"who": Banner(family_name="Unknown")})
    assert html.count("Not recorded") == 3


def test_a_page_is_an_http_response(rf):
    assert isinstance(page(asked(rf), "design/living/died.jinja", banner=None), HttpResponse)

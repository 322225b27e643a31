"""Pages about access, over HTTP."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ambit.access.actions import break_glass, keep_draft
from ambit.access.models import BreakGlass, Draft
from ambit.audit.models import AuditLine
from ambit.events.models import OutboxEvent
from ambit.organisations.models import Membership
from ambit.site.navigation import SECTIONS, address

SIGNING_IN = ["account_login", "account_logout", "account_inactive", "account_reset_password",
              "account_reset_password_done", "account_reset_password_from_key_done"]  # fmt: skip
SIGNED_IN = ["mfa_index", "mfa_list_webauthn", "choose_role"]


@pytest.mark.parametrize("name", SIGNING_IN)
def test_pages_for_those_not_signed_in_are_drawn(db, name):
    answer = Client().get(reverse(name), follow=True)
    assert answer.status_code == 200
    assert b"<h1>" in answer.content


@pytest.mark.parametrize("name", SIGNED_IN)
def test_pages_of_the_account_are_drawn(client_as, name):
    assert client_as("gp").get(reverse(name)).status_code == 200


def test_no_relation_says_who_may_and_how_to_be_added(client_as, person):
    joan = person("Preston")
    answer = client_as("Sam Okafor").get(reverse("break_glass", args=[joan.id]))
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "You cannot open this record" in page
    assert "Emergency: open now and say why" in page
    assert "PRESTON" not in page
    assert "plan" not in page.split("<main")[1].lower()


def test_emergency_opening_works_within_the_request_and_is_audited(client_as, person):
    """H7: emergency access is never refused for want of a relation, and never unseen."""
    joan = person("Preston")
    client = client_as("Sam Okafor")
    answer = client.post(
        reverse("break_glass", args=[joan.id]),
        {"reason": "cannot_say", "words": "Found unconscious at home", "next": "/somewhere/"},
    )
    assert (answer.status_code, answer.url) == (302, "/somewhere/")
    opened = BreakGlass.objects.get(person=joan)
    assert timedelta(hours=3.9) < opened.until_at - timezone.now() < timedelta(hours=4.1)
    line = AuditLine.objects.get(what="opened a record in an emergency", about=joan.id)
    assert line.details["words"] == "Found unconscious at home"
    assert OutboxEvent.objects.filter(name="access.EmergencyOpened").count() == 1


def test_emergency_without_a_reason_keeps_what_was_typed(client_as, person):
    joan = person("Preston")
    answer = client_as("Sam Okafor").post(
        reverse("break_glass", args=[joan.id]), {"reason": "", "words": "On the floor since last night"}
    )
    assert answer.status_code == 422
    assert "On the floor since last night" in answer.content.decode()
    assert "Choose what the emergency is." in answer.content.decode()
    assert not BreakGlass.objects.exists()


def test_nobody_is_sent_to_another_site_afterwards(client_as, person):
    answer = client_as("Sam Okafor").post(
        reverse("break_glass", args=[person("Preston").id]),
        {"reason": "cannot_say", "words": "Found unconscious", "next": "https://elsewhere.example/"},
    )
    assert answer.url == "/"


def test_find_anybody_shows_identity_only(client_as, person):
    person("Preston")
    answer = client_as("Sam Okafor").post(reverse("find_anywhere"), {"nhs_number": "999 000 0018"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "PRESTON, Joan (Ms)" in page
    assert "9 May 1942" in page
    line = AuditLine.objects.get(what="searched everybody")
    assert "9990000018" not in str(line.details)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Enter an NHS number, or a family name with a date of birth."),
        ({"family_name": "Preston"}, "Enter the date of birth as well"),
        ({"nhs_number": "99900000"}, "The number has 10 digits; this has 8."),
        ({"nhs_number": "９９９０００００１８"}, "Type the digits 0 to 9"),
    ],
)
def test_find_anybody_says_what_is_missing(client_as, typed, words):
    answer = client_as("Sam Okafor").post(reverse("find_anywhere"), typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_privacy_officer_reviews(client_as, reader, person):
    opened = break_glass(
        by=reader("Sam Okafor"), person_id=person("Preston").id, reason="cannot_say", words="Found unconscious"
    )
    officer = client_as("privacy_officer")
    queue = officer.get(reverse("emergency_openings")).content.decode()
    assert "1 emergency opening waits for review" in queue
    assert "PRESTON" not in queue
    one = reverse("review_break_glass", args=[opened.pk])
    assert "PRESTON, Joan (Ms)" in officer.get(one).content.decode()
    assert officer.post(one, {"outcome": "not_proper", "note": ""}).status_code == 422
    assert officer.post(one, {"outcome": "proper", "note": ""}).status_code == 302
    assert "No emergency opening waits for review" in officer.get(reverse("emergency_openings")).content.decode()
    assert "Sam Okafor" in officer.get(reverse("emergency_openings") + "?show=reviewed").content.decode()


def test_review_queue_in_a_fixed_number_of_statements(client_as, reader, person, django_assert_max_num_queries):
    for name in ("Ashworth", "Preston", "Longworth"):
        break_glass(by=reader("Sam Okafor"), person_id=person(name).id, reason="cannot_say", words="Unconscious")
    officer = client_as("privacy_officer")
    officer.get(reverse("emergency_openings"))
    with django_assert_max_num_queries(3):  # session, account with roles, queue
        assert officer.get(reverse("emergency_openings")).status_code == 200


# --- acting role ---


@pytest.fixture
def two_roles(place, account_of):
    staff = account_of("Amina Rahman").staff
    return Membership.objects.create(
        staff=staff, organisation=place["ZAM"], role="urgent_clinician", from_on="2026-01-01"
    )


def test_somebody_with_two_roles_chooses_one(client_as, two_roles):
    client = client_as("Amina Rahman")
    answer = client.get(reverse("find_anywhere"))
    assert answer.url.startswith(reverse("choose_role"))
    assert client.get(answer.url).status_code == 200
    chosen = client.post(answer.url, {"membership": str(two_roles.id), "next": reverse("find_anywhere")})
    assert chosen.url == reverse("find_anywhere")
    assert "Northmarch Ambulance Service" in client.get(chosen.url).content.decode()


def test_a_role_of_somebody_else_cannot_be_chosen(client_as, two_roles, place):
    foreign = Membership.objects.get(staff__name="Owen Shah")
    answer = client_as("Amina Rahman").post(reverse("choose_role"), {"membership": str(foreign.id)})
    assert answer.status_code == 422


def test_an_ended_membership_loses_access_at_once(client_as, place):
    client = client_as("Sam Okafor")
    assert client.get(reverse("find_anywhere")).status_code == 200
    Membership.objects.filter(staff__name="Sam Okafor").update(until_on=timezone.localdate() - timedelta(days=1))
    assert client.get(reverse("find_anywhere")).status_code == 403
    assert "You have no role at present" in client.get(reverse("choose_role")).content.decode()


# --- first page and header ---


@pytest.mark.parametrize(
    ("role", "first"),
    [
        ("privacy_officer", "emergency_openings"),
        ("urgent_clinician", "find_urgent"),
        ("gp", "caseload"),
        ("auditor", "audit_trail"),
        ("analyst", "register_in_numbers"),
        ("educator", "frameworks"),
        ("care_home_senior", "residents"),
    ],
)
def test_home_leads_to_where_somebody_works(client_as, role, first):
    assert client_as(role).get("/").url == reverse(first)


def test_every_section_is_there():
    assert [name for _words, name, _ability in SECTIONS if not address(name)] == []


def test_home_is_plain_for_somebody_without_sections(client_as, place):
    Membership.objects.filter(role="educator").update(until_on="2020-06-01")
    answer = client_as("educator").get("/")
    assert answer.status_code == 200
    assert "There is nothing here for your role yet" in answer.content.decode()


def test_request_takes_two_statements_to_know_who_asks(client_as, django_assert_num_queries):
    client = client_as("Sam Okafor")
    client.get(reverse("find_anywhere"))
    with django_assert_num_queries(2):
        client.get(reverse("find_anywhere"))


# --- signed out in the middle of writing ---


def run_out() -> None:
    """The session runs out, as it does after the idle time; the browser keeps its cookies."""
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))


def test_what_was_typed_is_kept_when_the_session_has_run_out(account_of, client_as, person):
    """NHS service manual: a time-out keeps the draft."""
    joan = person("Preston")
    client = client_as("Sam Okafor")
    client.get(reverse("find_anywhere"))
    run_out()
    address = reverse("break_glass", args=[joan.id])
    answer = client.post(address, {"reason": "cannot_say", "words": "Found unconscious", "csrfmiddlewaretoken": "x"})
    draft = Draft.objects.get()
    assert answer.url == f"{reverse('account_login')}?next=%2Faccess%2Fdrafts%2F{draft.pk}%2F"
    assert draft.data == {"reason": ["cannot_say"], "words": ["Found unconscious"]}

    other = client_as("Amir Haddad")
    assert other.get(reverse("draft", args=[draft.pk])).status_code == 404

    again = client_as("Sam Okafor")
    page = again.get(reverse("draft", args=[draft.pk])).content.decode()
    assert "Found unconscious" in page
    assert ">cannot_say<" not in page
    assert f'action="{address}"' in page
    sent = again.post(address, {"reason": "cannot_say", "words": "Found unconscious", "kept_draft": str(draft.pk)})
    assert sent.status_code == 302
    assert BreakGlass.objects.filter(person=joan).exists()
    assert not Draft.objects.exists()


def test_nothing_is_kept_for_a_browser_nobody_was_signed_in_with(db, person):
    answer = Client().post(reverse("break_glass", args=[person("Preston").id]), {"words": "anything"})
    assert answer.status_code == 302
    assert not Draft.objects.exists()


def test_nothing_is_kept_from_another_site(client_as, account_of, person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(account_of("Sam Okafor"))
    client.get(reverse("find_anywhere"))
    run_out()
    answer = client.post(reverse("break_glass", args=[person("Preston").id]), {"words": "planted"})
    assert answer.status_code == 403
    assert not Draft.objects.exists()


def test_a_forged_owner_cookie_keeps_nothing(client_as, person):
    client = client_as("Sam Okafor")
    client.get(reverse("find_anywhere"))
    run_out()
    client.cookies["ambit_owner"] = "Mw:forged:signature"
    client.post(reverse("break_glass", args=[person("Preston").id]), {"words": "planted"})
    assert not Draft.objects.exists()


def test_signing_out_forgets_the_owner(client_as):
    client = client_as("Sam Okafor")
    client.get(reverse("find_anywhere"))
    assert client.cookies["ambit_owner"].value
    client.post(reverse("account_logout"))
    assert not client.cookies["ambit_owner"].value


def test_a_draft_that_is_not_wanted_is_let_go(client_as, reader):
    draft = keep_draft(by=reader("Sam Okafor"), path="/access/find/", data={"words": ["no"]})
    answer = client_as("Sam Okafor").post(reverse("discard_draft", args=[draft.pk]))
    assert answer.url == "/access/find/"
    assert not Draft.objects.exists()


def test_pages_say_when_somebody_is_signed_out(client_as, settings):
    page = client_as("Sam Okafor").get(reverse("find_anywhere")).content.decode()
    assert f'data-seconds="{settings.CONFIG.idle_minutes * 60}"' in page
    assert "You will be signed out in 2 minutes" in page
    assert client_as("Sam Okafor").get(reverse("stay_signed_in")).status_code == 204


def test_the_session_is_written_at_most_once_a_minute(client_as, django_assert_num_queries):
    client = client_as("Sam Okafor")
    client.get(reverse("stay_signed_in"))
    client.get(reverse("find_anywhere"))
    with django_assert_num_queries(2):
        client.get(reverse("find_anywhere"))


def test_pages_of_those_signed_in_are_not_stored(client_as):
    assert client_as("Sam Okafor").get(reverse("find_anywhere"))["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("role", "address", "heading"),
    [
        ("practice_administrator", "audit_trail", "This is not open to your role: Practice administrator"),
        ("auditor", "caseload", "This is not open to your role: Auditor"),
    ],
)
def test_the_wrong_role_is_told_in_words_whose_page_it_is(client_as, role, address, heading):
    page = client_as(role).get(reverse(address))
    said = page.text.split("<main")[1]
    assert page.status_code == 403
    assert heading in said
    assert "Privacy officer, Auditor" in said if address == "audit_trail" else "Community nurse" in said
    assert "_" not in said.split("What to do:")[0].split("<h1>")[1]

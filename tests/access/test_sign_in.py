"""Signing in: password, second factor, lockout; every page of it is drawn."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from ambit.access.actions import deactivate_account
from ambit.access.queries import operator
from ambit.audit.models import AuditLine

PASSWORD = "blackthorn-harbour-71"


@pytest.fixture
def sam(account_of):
    account = account_of("Sam Okafor")
    account.set_password(PASSWORD)
    account.save()
    cache.clear()
    return account


@pytest.fixture
def strict(settings):
    """A live deployment: staff need a second factor."""
    settings.CONFIG = settings.CONFIG.model_copy(update={"require_second_factor": True})


def sign_in(email, password=PASSWORD, client=None, **more):
    client = client or Client()
    return client, client.post(reverse("account_login"), {"login": email, "password": password, **more})


def code_now(authenticator) -> str:
    secret = authenticator.wrap().instance.data["secret"]
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def test_sign_in_and_out_is_audited(sam):
    client, answer = sign_in(sam.email.upper(), next="/access/find/")
    assert (answer.status_code, answer.url) == (302, "/access/find/")
    assert client.get("/access/find/").status_code == 200
    client.post(reverse("account_logout"))
    assert client.get("/access/find/").status_code == 302
    assert set(AuditLine.objects.filter(account_id=sam.pk).values_list("what", flat=True)) >= {
        "signed in",
        "signed out",
    }


def test_nobody_signs_up(client, db):
    assert client.get("/account/signup/").status_code == 404


def test_a_wrong_password_is_audited_without_what_was_typed(sam):
    _, answer = sign_in(sam.email, "wrong")
    assert answer.status_code == 200
    assert "do not belong together" in answer.text
    line = AuditLine.objects.get(what="failed to sign in")
    assert line.account_id == sam.pk
    assert "wrong" not in str(line.details)
    sign_in("my-password-typed-here@example.org", "wrong")
    assert "typed-here" not in str(list(AuditLine.objects.values()))


def test_five_wrong_passwords_lock_the_account_for_a_while(sam):
    for _ in range(5):
        sign_in(sam.email, "wrong")
    _, answer = sign_in(sam.email)
    assert "Wait 15 minutes" in answer.content.decode()
    assert AuditLine.objects.filter(what="was kept out after too many failed sign-ins").exists()


def test_attempts_are_counted_in_the_database(sam):
    """Every web process sees every attempt."""
    sign_in(sam.email, "wrong")
    assert type(cache._connections[cache._alias]).__name__ == "DatabaseCache"


def test_a_closed_account_does_not_sign_in(sam):
    deactivate_account(by=operator(), account_id=sam.pk)
    client, answer = sign_in(sam.email)
    assert answer.url == reverse("account_inactive")
    assert "This account is closed" in client.get(answer.url).content.decode()


def test_a_closed_account_is_out_at_the_next_request(sam):
    client, _ = sign_in(sam.email)
    assert client.get("/access/find/").status_code == 200
    deactivate_account(by=operator(), account_id=sam.pk)
    assert client.get("/access/find/").status_code == 302


# --- second factor ---


def test_staff_set_up_a_second_factor_before_anything_else(sam, strict):
    client, _ = sign_in(sam.email)
    assert client.get("/access/find/").url == reverse("mfa_index")
    page = client.get(reverse("mfa_index")).content.decode()
    assert "Set up a second factor before you go on" in page

    confirm = client.get(reverse("mfa_activate_totp"))
    assert confirm.url.startswith(reverse("account_reauthenticate"))
    assert client.get(confirm.url).status_code == 200
    client.post(confirm.url, {"password": PASSWORD, "next": reverse("mfa_activate_totp")})

    form = client.get(reverse("mfa_activate_totp"))
    assert form.status_code == 200
    secret = re.search("<code>([A-Z2-7]+)</code>", form.content.decode())[1]
    code = totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))
    done = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert done.url == reverse("mfa_view_recovery_codes")
    assert client.get(done.url).status_code == 200
    assert client.get("/access/find/").status_code == 200
    for name in ("mfa_index", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
                 "mfa_add_webauthn", "mfa_list_webauthn", "mfa_reauthenticate", "account_change_password"):  # fmt: skip
        assert client.get(reverse(name)).status_code == 200, name


@pytest.fixture
def with_app(sam):
    return totp.TOTP.activate(sam, totp.generate_totp_secret()).instance


def test_the_second_factor_is_asked_for(sam, with_app, strict):
    client, answer = sign_in(sam.email)
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert client.get(answer.url).status_code == 200
    assert client.get("/access/find/").url.startswith(reverse("account_login"))
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert AuditLine.objects.filter(what="gave a wrong second factor", account_id=sam.pk).exists()
    right = client.post(reverse("mfa_authenticate"), {"code": code_now(with_app)})
    assert right.status_code == 302
    assert client.get("/access/find/").status_code == 200


def test_the_demonstration_asks_for_none(sam, settings):
    assert settings.CONFIG.deployment == "demonstration"
    client, _ = sign_in(sam.email)
    assert client.get("/access/find/").status_code == 200


def test_keys_are_listed_renamed_and_removed(sam):
    client, _ = sign_in(sam.email)
    key = Authenticator.objects.create(
        user=sam, type=Authenticator.Type.WEBAUTHN, data={"name": "Blue key", "passwordless": True}
    )
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert "Blue key" in client.get(reverse("mfa_list_webauthn")).content.decode()
    assert client.get(reverse("mfa_edit_webauthn", args=[key.pk])).status_code == 200
    assert client.get(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 200
    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 302
    assert not Authenticator.objects.exists()


# --- forgotten password ---


def test_a_forgotten_password_is_chosen_anew_once(sam):
    client = Client()
    assert client.post(reverse("account_reset_password"), {"email": sam.email}).status_code == 302
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    assert form.status_code == 200
    address = form.redirect_chain[-1][0]
    new = "hawthorn-lighthouse-38"
    assert client.post(address, {"password1": new, "password2": new}).status_code == 302
    assert sign_in(sam.email, new)[1].status_code == 302
    assert "used or has run out" in Client().get(link, follow=True).content.decode()


def test_an_unknown_address_reads_the_same_and_gets_nothing(db):
    answer = Client().post(reverse("account_reset_password"), {"email": "nobody@example.org"}, follow=True)
    assert "a link is on its way" in answer.content.decode()
    assert mail.outbox == []

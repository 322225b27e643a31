"""NHS login for the person themselves: OpenID Connect at identity level P9, with nonce, PKCE and private_key_jwt, by Authlib.

Off unless the site names an issuer, a client and a key. Nobody is made known by it who is not known: the NHS number and the
birth date that NHS login proved must be those of a living person of this site.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from ambit.access import actions
from ambit.access.models import Account
from ambit.access.queries import operator
from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.people.models import Person
from ambit.people.rules import NumberRefused, nhs_number

LEVEL = "P9"
"""Identity proven by a document and a likeness: what seeing one's own plan needs (trust.md, NHS login)."""
VECTOR_OF_TRUST = '["P9.Cp.Cd","P9.Cp.Ck","P9.Cm"]'
SCOPE = "openid profile profile_extended email"


class NotKnown(Exception):
    """NHS login said who somebody is, and there is no plan here for them; says nothing of why."""


def is_on() -> bool:
    config = settings.CONFIG
    return bool(config.nhs_login_issuer and config.nhs_login_client_id and config.nhs_login_key)


def client() -> Any:
    """The client of NHS login, made anew for each use: there are few, and a new key counts at once."""
    from authlib.integrations.django_client import OAuth
    from authlib.oauth2.rfc7523 import PrivateKeyJWT

    config = settings.CONFIG
    issuer = config.nhs_login_issuer.rstrip("/")
    if config.nhs_login_key is None:
        raise ImproperlyConfigured("AMBIT_NHS_LOGIN_KEY names no file, so nobody can come in by NHS login.")
    return OAuth().register(
        "nhs_login",
        client_id=config.nhs_login_client_id,
        client_secret=Path(config.nhs_login_key).read_text(),
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_auth_methods=[PrivateKeyJWT(f"{issuer}/token", alg="RS512")],
        client_kwargs={
            "scope": SCOPE,
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": "private_key_jwt",
        },
    )


def begin(request: HttpRequest, redirect_uri: str) -> HttpResponse:
    """Send the browser to NHS login; the state, nonce and code verifier wait in the session."""
    answer: HttpResponse = client().authorize_redirect(request, redirect_uri, vtr=VECTOR_OF_TRUST)
    return answer


def account_by(request: HttpRequest) -> Account:
    """The account of who came back, checked: signature, issuer, audience, nonce, level, number and birth date."""
    app = client()
    token = app.authorize_access_token(request)
    said = {**token["userinfo"], **app.userinfo(token=token)}
    if said.get("sub") != token["userinfo"]["sub"]:
        raise NotKnown("the two answers are about different people")
    return account_of(said, address=request.META.get("REMOTE_ADDR") or "")


@transaction.atomic
def account_of(said: Mapping[str, Any], *, address: str) -> Account:
    """The account of the person whom these claims prove; made the first time they come."""
    person = _person(said)
    if person is None:
        by = Reader(name="nobody signed in", role="", address=address)
        audit.record(by=by, what="came by NHS login and has no plan here")
        raise NotKnown("no living person of this site")
    account = Account.objects.filter(person=person, role=Account.Role.PERSON).order_by("-is_active", "pk").first()
    if account is None:
        email = str(said.get("email") or "")
        account, _password = actions.make_account(
            by=operator("NHS login"),
            email=email,
            role=Account.Role.PERSON,
            person=person,
            name=f"{person.given_names} {person.family_name}".strip(),
        )
    if not account.is_active:
        raise NotKnown("the account was closed")
    return account


def _person(said: Mapping[str, Any]) -> Person | None:
    if said.get("identity_proofing_level") != LEVEL:
        return None
    number = nhs_number(str(said.get("nhs_number", "")), demonstration=settings.DEMONSTRATION)
    if isinstance(number, NumberRefused):
        return None
    found = Person.objects.filter(
        numbers__kind="nhs", numbers__value=number.value, numbers__is_current=True, merged_into=None, died_on=None
    ).first()
    if found is None or found.born_on is None or found.born_on.isoformat() != said.get("birthdate"):
        return None
    return found

"""NHS login against a mock issuer on this machine: PKCE, nonce, private_key_jwt, identity level P9."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.urls import reverse
from joserfc import jwt
from joserfc.jwk import RSAKey

from ambit.access.actions import deactivate_account
from ambit.access.models import Account
from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.people import actions as people

pytestmark = pytest.mark.django_db
PEGGY = {
    "nhs_number": "9997170326",
    "birthdate": "1943-03-14",
    "identity_proofing_level": "P9",
    "email": "peggy@example.org",
}


def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


class Issuer:
    """What NHS login does, as far as a client can tell; remembers what it was asked."""

    def __init__(self, client_key: str) -> None:
        self.key = RSAKey.import_key(private_key(), {"kid": "one", "use": "sig", "alg": "RS512"})
        self.client_key = RSAKey.import_key(client_key)
        self.claims = dict(PEGGY)
        self.nonce = self.challenge = ""
        self.sub_of_userinfo = "somebody"
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def token(self, form):
        assert form["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        assertion = jwt.decode(form["client_assertion"], self.client_key, algorithms=["RS512"])
        assert (assertion.claims["iss"], assertion.claims["sub"]) == ("ambit", "ambit")
        assert assertion.claims["aud"] == f"{self.address}/token"
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.challenge
        now = int(time.time())
        said = {
            "iss": self.address, "sub": "somebody", "aud": "ambit", "exp": now + 60, "iat": now, "nonce": self.nonce,
            "identity_proofing_level": self.claims.get("identity_proofing_level"),
        }  # fmt: skip
        id_token = jwt.encode({"alg": "RS512", "kid": "one"}, said, self.key, algorithms=["RS512"])
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 600, "id_token": id_token}

    def handler(self):
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self, said):
                body = json.dumps(said).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                at = issuer.address
                self.answer(
                    {
                        "/.well-known/openid-configuration": {
                            "issuer": at,
                            "authorization_endpoint": f"{at}/authorize",
                            "token_endpoint": f"{at}/token",
                            "userinfo_endpoint": f"{at}/userinfo",
                            "jwks_uri": f"{at}/jwks",
                            "id_token_signing_alg_values_supported": ["RS512"],
                        },
                        "/jwks": {"keys": [issuer.key.as_dict(private=False)]},
                        "/userinfo": {"sub": issuer.sub_of_userinfo, **issuer.claims},
                    }[urlsplit(self.path).path]
                )

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.answer(issuer.token({name: values[0] for name, values in parse_qs(body).items()}))

            def log_message(self, *said):
                pass

        return Handler


@pytest.fixture
def issuer(tmp_path, settings):
    pem = private_key()
    (tmp_path / "key.pem").write_text(pem)
    found = Issuer(pem)
    settings.CONFIG = settings.CONFIG.model_copy(
        update={
            "nhs_login_issuer": found.address,
            "nhs_login_client_id": "ambit",
            "nhs_login_key": tmp_path / "key.pem",
        }
    )
    yield found
    found.server.shutdown()
    found.server.server_close()


def come_back(client, issuer, **but):
    there = client.get(reverse("nhs_login_begin"))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(there.url).query).items()}
    assert asked["code_challenge_method"] == "S256"
    assert "P9" in asked["vtr"]
    issuer.nonce, issuer.challenge = asked["nonce"], asked["code_challenge"]
    for name, value in but.items():
        setattr(issuer, name, value)
    return client.get(reverse("nhs_login_return"), {"code": "c", "state": asked["state"]})


def test_off_unless_set_up(client, db):
    assert client.get(reverse("nhs_login_begin")).status_code == 404
    assert client.get(reverse("nhs_login_return")).status_code == 404
    assert "NHS login" not in client.get(reverse("account_login")).content.decode()


def test_the_person_signs_in_and_comes_to_their_own_plan(client, person, issuer):
    ashworth = person("Ashworth")
    assert "Continue to NHS login" in client.get(reverse("account_login")).content.decode()
    assert come_back(client, issuer).url == "/"
    account = Account.objects.get(email="peggy@example.org")
    assert (account.role, account.person_id) == ("person", ashworth.id)
    assert "Your plan, Peggy" in client.get(reverse("my_plan", args=[ashworth.id])).content.decode()
    assert AuditLine.objects.filter(what="signed in with NHS login").count() == 1
    come_back(client, issuer)
    assert Account.objects.filter(person=ashworth).count() == 1


@pytest.mark.parametrize(
    "but",
    [
        {"claims": PEGGY | {"identity_proofing_level": "P5"}},
        {"claims": PEGGY | {"birthdate": "1944-03-14"}},
        {"claims": PEGGY | {"nhs_number": "9990000018"}},
        {"claims": PEGGY | {"nhs_number": "not a number"}},
        {"nonce": "another"},
        {"sub_of_userinfo": "somebody else"},
    ],
    ids=["level", "birth date", "somebody not here", "no number", "nonce", "two people"],
)
def test_what_does_not_fit_signs_nobody_in(client, person, issuer, but):
    person("Ashworth")
    answer = come_back(client, issuer, **but)
    assert answer.status_code == 403
    assert "NHS login did not bring you to a plan" in answer.content.decode()
    assert not Account.objects.filter(role="person").exists()


def test_a_state_that_was_never_given_is_refused(client, person, issuer):
    person("Ashworth")
    assert client.get(reverse("nhs_login_return"), {"code": "c", "state": "made up"}).status_code == 403


def test_nobody_comes_in_as_the_dead_or_by_a_closed_account(client, person, issuer):
    ashworth = person("Ashworth")
    come_back(client, issuer)
    client.logout()
    deactivate_account(by=operator(), account_id=Account.objects.get(email="peggy@example.org").pk)
    assert come_back(client, issuer).status_code == 403
    people.record_death(
        by=operator(), person_id=ashworth.id, seen=ashworth.version, died_on=ashworth.created_at.date(), place="21"
    )
    assert come_back(client, issuer).status_code == 403

"""A code list comes from a site's terminology server page by page, whole or not at all; the server is a small one of ours."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner

from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.design.refusals import Refused
from ambit.packs.queries import site_library
from ambit.population.codelists import terminology
from ambit.population.codelists.commands import codelists
from ambit.population.codelists.terminology import Server, expand, value_set_of

RELEASE = "http://snomed.info/sct|http://snomed.info/sct/83821000000107/version/20261001"
CODES = ["84114007", "56675007", "42343007", "85232009", "88805009"]  # heart failure and kinds of it
KNOWN = {
    "http://snomed.info/sct?fhir_vs=ecl/%3C%3C84114007": CODES,
    "http://snomed.info/sct?fhir_vs=refset/999000001": CODES[:1],
}


def contained(code: str) -> dict:
    return {"system": "http://snomed.info/sct", "code": code, "display": f"Concept {code}"}


@pytest.fixture
def server(monkeypatch):
    """Answers $expand as terminology servers do: pages of two at the most, an OperationOutcome for a set it does not know."""
    asked: list[tuple[str, dict, str]] = []
    answers = SimpleNamespace(asked=asked, known=dict(KNOWN), instead=None)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            told = {name: value for name, (value,) in parse_qs(urlsplit(self.path).query).items()}
            asked.append((urlsplit(self.path).path, told, self.headers.get("Authorization", "")))
            status, body = answers.instead(told) if answers.instead else self.expansion(told)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def expansion(self, told):
            codes, offset = answers.known.get(told["url"]), int(told["offset"])
            if codes is None:
                return 404, json.dumps({"resourceType": "OperationOutcome", "issue": [
                    {"severity": "error", "code": "not-found", "diagnostics": "No such ValueSet."}]}).encode()  # fmt: skip
            page = [contained(code) for code in codes[offset : offset + 2]]
            return 200, json.dumps({"resourceType": "ValueSet", "expansion": {
                "total": len(codes), "offset": offset, "contains": page,
                "parameter": [{"name": "used-codesystem", "valueUri": RELEASE}]}}).encode()  # fmt: skip

        def log_message(self, *told):
            pass

    here = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=here.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    serving.start()
    answers.address = f"http://127.0.0.1:{here.server_port}/fhir"
    yield answers
    here.shutdown()
    here.server_close()
    serving.join()


@pytest.fixture
def site(db, tmp_path, settings, server):
    settings.HOME = tmp_path
    settings.CONFIG = settings.CONFIG.model_copy(
        update={"terminology_server": server.address, "terminology_token": "s3"}
    )
    return tmp_path


def run(*arguments: str, ok: int = 0) -> dict:
    ran = CliRunner().invoke(codelists, ["expand", *arguments, "--licence", "SNOMED UK", "--json"], obj=operator())
    assert ran.exit_code == ok, ran.output
    return json.loads(ran.stdout) if ok == 0 else {"said": ran.output}


def test_a_list_comes_page_by_page_and_says_its_release(site, server):
    told = run("heart-failure", "--ecl", "<<84114007")
    assert (told["id"], told["version"], told["codes"]) == ("heart-failure", "2", 5)
    assert [query["offset"] for _, query, _ in server.asked] == ["0", "2", "4"]
    assert {(path, token) for path, _, token in server.asked} == {("/fhir/ValueSet/$expand", "Bearer s3")}
    kept = site_library().get("codelists", "heart-failure")
    assert (kept.origin, kept.problems, {code.code for code in kept.content.codes}) == ("site", (), set(CODES))
    assert kept.source == f"http://snomed.info/sct?fhir_vs=ecl/%3C%3C84114007, expanded by 127.0.0.1; {RELEASE}"
    assert AuditLine.objects.filter(what="imported a code list").count() == 1


def test_the_next_release_is_the_next_version_and_the_same_is_none(site, server):
    run("heart-failure", "--ecl", "<<84114007")
    assert run("heart-failure", "--ecl", "<<84114007")["version"] == "2"
    server.known["http://snomed.info/sct?fhir_vs=ecl/%3C%3C84114007"] = CODES[:4]
    told = run("heart-failure", "--ecl", "<<84114007")
    assert (told["version"], told["added"], told["removed"]) == ("3", [], ["88805009"])
    assert run("own", "--refset", "999000001", "--polarity", "declined")["codes"] == 1
    assert site_library().get("codelists", "own").content.codes[0].polarity == "declined"


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        (None, "refused (404): No such ValueSet."),
        (lambda told: (401, b""), "refused (401): it gave no reason."),
        (lambda told: (302, b""), "refused (302)"),
        (lambda told: (200, b"<html>Sign in</html>"), "did not send JSON"),
        (lambda told: (200, b'{"resourceType": "ValueSet"}'), "did not send an expansion"),
        (lambda told: (200, b'{"resourceType": "ValueSet", "expansion": {"total": 3, "contains": []}}'), "0 of 3 codes"),
        (lambda told: (200, b'{"resourceType": "ValueSet", "expansion": {"total": 0}}'), "holds no codes"),
        (
            lambda told: (200, json.dumps({"expansion": {"contains": [contained("84114008")]}}).encode()),
            "84114008 is not a SNOMED CT identifier",
        ),
    ],
)  # fmt: skip
def test_what_a_server_does_wrong_changes_nothing(site, server, instead, said):
    server.instead = instead
    assert said in run("heart-failure", "--refset", "123456", ok=1)["said"]
    assert not (site / "packs").exists()
    assert not AuditLine.objects.exists()


def test_a_site_without_a_server_or_with_one_that_is_gone(site, server, settings):
    settings.CONFIG = settings.CONFIG.model_copy(update={"terminology_server": ""})
    assert "Set AMBIT_TERMINOLOGY_SERVER" in run("own", "--refset", "999000001", ok=1)["said"]
    settings.CONFIG = settings.CONFIG.model_copy(update={"terminology_server": "http://127.0.0.1:9/fhir"})
    assert "did not answer" in run("own", "--refset", "999000001", ok=1)["said"]
    assert "small letters" in run("Our List", "--refset", "999000001", ok=1)["said"]
    with pytest.raises(Refused, match="over HTTPS only"):
        expand(Server("http://terminology.example/fhir", "s3"), "x")


@pytest.mark.parametrize("told", [{}, {"refset": "1", "ecl": "<<1"}])
def test_one_value_set_is_named(told):
    with pytest.raises(Refused, match="Name one of"):
        value_set_of(**told)


def test_a_server_without_an_end_is_stopped(server, monkeypatch):
    monkeypatch.setattr(terminology, "MOST_PAGES", 3)
    server.instead = lambda told: (
        200,
        json.dumps({"expansion": {"total": 10**9, "contains": [contained("84114007")]}}).encode(),
    )
    with pytest.raises(Refused, match="had not come to an end"):
        expand(Server(server.address), "x")

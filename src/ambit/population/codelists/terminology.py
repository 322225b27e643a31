"""Asks a site's FHIR terminology server which codes a value set holds (FHIR R4, ValueSet/$expand).

The NHS Terminology Server, Ontoserver, Snowstorm and HAPI answer alike. Large sets come in pages; what came is either whole or refused.
"""

import json
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from ambit.design.refusals import Refused

PAGE = 1000
PATIENCE = 60.0  # seconds for each page: a wide expression takes a server long
MOST_BYTES = 64 * 1024 * 1024
MOST_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Server:
    """Where the terminology server is, as https://terminology.example/fhir, and the token it asks for, if any."""

    address: str
    token: str = ""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A value set as the server expanded it, as one FHIR ValueSet; `releases` are the code systems it used, with their versions."""

    text: str
    releases: tuple[str, ...]


class _Stay(HTTPRedirectHandler):
    """A token is not carried to wherever a server points."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def value_set_of(*, refset: str = "", ecl: str = "", url: str = "") -> str:
    """The address of a value set: of a SNOMED CT reference set, of an expression (ECL), or given as it is.

    SNOMED's implicit value sets are named as HL7's “Using SNOMED CT with FHIR” says.
    """
    given = [told for told in (refset, ecl, url) if told.strip()]
    if len(given) != 1:
        raise Refused("Name one of: a reference set, an expression (ECL), or the address of a value set.")
    if refset:
        return f"http://snomed.info/sct?fhir_vs=refset/{refset.strip()}"
    return f"http://snomed.info/sct?fhir_vs=ecl/{quote(ecl.strip(), safe='')}" if ecl else url.strip()


def expand(server: Server, value_set: str) -> Expanded:
    """Every code of a value set, asked page by page; refused in words when the server cannot be reached, refuses, or stops halfway."""
    where = urlsplit(server.address)
    if where.scheme not in ("https", "http") or not where.netloc:
        raise Refused(
            "This site has no terminology server. Set AMBIT_TERMINOLOGY_SERVER to its address, as "
            "https://terminology.example/fhir, or import a file instead: `ambit codelists import`."
        )
    if server.token and where.scheme != "https" and where.hostname not in ("localhost", "127.0.0.1"):
        raise Refused("A token is sent over HTTPS only: write AMBIT_TERMINOLOGY_SERVER with https://.")
    contained: list[Any] = []
    releases: dict[str, None] = {}
    for _ in range(MOST_PAGES):
        expansion = _page(server, value_set, offset=len(contained))
        page = expansion.get("contains") or []
        releases |= dict.fromkeys(_releases(expansion))
        contained += page
        total = expansion.get("total")
        if total is None or not page or len(contained) >= total:
            break
    else:
        raise Refused(f"The server sent {MOST_PAGES} pages and had not come to an end.")
    if total is not None and len(contained) < total:
        raise Refused(f"The server sent {len(contained)} of {total} codes and then no more. Nothing was imported.")
    told = {"resourceType": "ValueSet", "expansion": {"contains": contained}}
    return Expanded(json.dumps(told), tuple(releases))


def _page(server: Server, value_set: str, *, offset: int) -> dict[str, Any]:
    asked = urlencode({"url": value_set, "count": PAGE, "offset": offset, "includeDesignations": "false"})
    headers = {"Accept": "application/fhir+json"}
    if server.token:
        headers["Authorization"] = f"Bearer {server.token}"
    request = Request(f"{server.address.rstrip('/')}/ValueSet/$expand?{asked}", headers=headers)  # noqa: S310 (checked in `expand`)
    try:
        with build_opener(_Stay).open(request, timeout=PATIENCE) as answer:
            body = answer.read(MOST_BYTES + 1)
    except HTTPError as error:
        with error:
            said = _outcome(error.read(MOST_BYTES))
        raise Refused(f"The terminology server refused ({error.code}): {said}") from error
    except (URLError, HTTPException, OSError) as error:
        reason = getattr(error, "reason", error)
        raise Refused(f"The terminology server did not answer: {reason}. Nothing was imported; try again.") from error
    if len(body) > MOST_BYTES:
        raise Refused("The terminology server sent more than 64 MB in one page. Ask for a smaller value set.")
    try:
        told = json.loads(body)
    except ValueError as error:
        raise Refused("The terminology server did not send JSON. Is its address that of the FHIR endpoint?") from error
    expansion = told.get("expansion") if isinstance(told, dict) else None
    if not isinstance(expansion, dict):
        raise Refused(f"The terminology server did not send an expansion: {_outcome(body)}")
    return expansion


def _releases(expansion: dict[str, Any]) -> list[str]:
    """Which releases of code systems the server used (the parameters “version” and “used-codesystem” of an expansion)."""
    named = ("version", "used-codesystem")
    several = [one for one in expansion.get("parameter") or [] if one.get("name") in named]
    return [uri for one in several if (uri := one.get("valueUri") or one.get("valueString"))]


def _outcome(body: bytes) -> str:
    """What an OperationOutcome says, or the beginning of whatever else came."""
    try:
        issues = json.loads(body)["issue"]
        told = [one.get("diagnostics") or one.get("details", {}).get("text") or one["code"] for one in issues]
        return " ".join(told) or "it gave no reason."
    except (ValueError, KeyError, TypeError, AttributeError):
        return body[:200].decode("utf-8", "replace").strip() or "it gave no reason."

"""Every route, as everybody, with the keys of somebody who is none of their business (hazard H16).

The routes are those that Django resolves, so a new page, form or download is walked from the day it is written.
"""

import re
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path, reverse

from ambit.access.actions import give_grant, make_account, put_on_duty
from ambit.access.models import Account
from ambit.access.queries import operator
from ambit.access.routes import Route, as_markdown, routes
from ambit.access.sign_in import BACKEND
from ambit.organisations.models import Role
from tests.world import cast
from tests.world.foreign import SECRETS, foreign_world, tables

TABLE = Path(__file__).parents[2] / "docs" / "safety" / "route-by-role.md"

# routes that name a person and open no record, each with the reason
OPENS_NOTHING = {
    "break_glass": "asks for, or records, an emergency opening; says nothing of the person",
}
# walking these would sign the walker out
NOT_POSTED = {"account_logout"}
OUTSIDERS = ["person", "proxy", "carer", "nobody"]


def test_every_route_says_who_may_use_it():
    assert [r.address for r in routes() if r.rule is None] == []


def test_no_two_routes_share_a_name():
    """An address made from a name would otherwise be that of whichever was listed last."""
    named = Counter(name for name, _address in {(route.name, route.address) for route in routes()} if name)
    shared = {name: sorted({r.address for r in routes() if r.name == name}) for name, n in named.items() if n > 1}
    assert shared == {}


def test_every_route_about_a_person_goes_through_the_door():
    beside_the_door = [
        r.address
        for r in routes()
        if "person_id" in r.address and r.name not in OPENS_NOTHING and not (r.rule and r.rule.person == "person_id")
    ]
    assert beside_the_door == []


def test_the_table_of_routes_and_roles_is_true():
    assert TABLE.read_text() == as_markdown(), "Run: ./ambit access matrix > docs/safety/route-by-role.md"


def test_every_role_is_walked():
    assert {role for _, _, role, _ in cast.STAFF} == set(Role.values)


def unruled(request):
    return HttpResponse("reached")


urlpatterns = [path("new/", unruled), path("", include("ambit.site.urls"))]
handler403 = "ambit.design.pages.views.not_allowed"


def test_a_route_without_a_rule_is_refused_and_found(client_as, settings):
    """A page that somebody forgot to rule: nobody gets in, and the first test above names it."""
    client = client_as("gp")
    settings.ROOT_URLCONF = __name__
    assert [r.address for r in routes() if r.rule is None] == ["/new/"]
    answer = client.get("/new/")
    assert answer.status_code == 403
    assert b"reached" not in answer.content


# --- the walk ---


@pytest.fixture
def foreign(place):
    return foreign_world()


def walker(who, account_of, person) -> Client:
    """A browser signed in with a role of the cast, as the person, a proxy, a carer, or as nobody."""
    client = Client(raise_request_exception=False)
    if who == "nobody":
        return client
    if who in OUTSIDERS:
        ashworth = person("Ashworth")
        account, _ = make_account(
            by=operator(), email=f"{who}@example.org", role=who, person=ashworth if who == "person" else None, name=who
        )
        if who != "person":
            give_grant(by=operator(), person_id=ashworth.id, kind=who, account_id=account.pk, basis="leave given")
    else:
        account = account_of(who)
    client.force_login(Account.objects.get(pk=account.pk), backend=BACKEND)
    return client


def keys(route: Route, kind: str, name: str, foreign) -> list[str]:
    """What a part of the address may be filled with: keys of the rows it is called after, else of all of the page's slice."""
    if kind not in ("uuid", "int"):
        return ["cpr"]
    if name == "person_id":
        return [str(foreign.person.pk)]
    rows = {m: row.pk for m, row in foreign.rows.items() if isinstance(row.pk, UUID if kind == "uuid" else int)}
    called = [key for model, key in rows.items() if name.removesuffix("_id") in model.__name__.lower()]
    own = [
        key
        for model, key in rows.items()
        if model.__module__.split(".")[1] == route.pattern.callback.__module__.split(".")[1]
    ]
    return sorted({str(key) for key in (called or own)} | {str(foreign.person.pk) if kind == "uuid" else "1"})


def addresses(route: Route, foreign) -> list[str]:
    """The route about the foreign person, or with every key of a row it can mean; words where it takes words."""
    parts = re.findall(r"<(?:(\w+):)?(\w+)>", route.address)
    if "(?P" in route.address:
        return [re.sub(r"\(\?P<\w+>[^)]*\)", "1abc", route.address)]
    options = {name: keys(route, kind, name, foreign) for kind, name in parts}
    made = []
    for turn in range(max(map(len, options.values()), default=1)):
        address = route.address
        for kind, name in parts:
            fill = options[name][turn % len(options[name])]
            address = address.replace(f"<{kind}:{name}>" if kind else f"<{name}>", fill)
        made.append(address)
    return made


def is_closed_to(who: str, route: Route) -> bool:
    """Whether the rule alone turns this reader away, whoever the page is about: then one address shows what all would."""
    if who == "nobody":
        return bool(route.rule and route.rule.signed_in)
    return route.use(who) == "no"


@pytest.mark.parametrize("who", [*Role.values, *OUTSIDERS])
def test_nothing_foreign_comes_back(who, account_of, person, place, foreign):
    """H16: no reader gets the name, number or birth date of somebody they have no tie to, from any route."""
    put_on_duty(by=operator(), organisation=place["ZAM"], area=place["QZZ"])
    put_on_duty(by=operator(), organisation=place["ZHS"], area=place["QZZ"])
    client = walker(who, account_of, person)
    posted = {
        name: str(foreign.person.pk)
        for name in ("person", "person_id", "kept", "other", "into", "about", "to", "seen", "version")
    }
    client.get(reverse("live"))  # the session is kept alive now, not again by each request that is taken back
    leaks = []
    for route in routes():
        closed = is_closed_to(who, route)
        for address in addresses(route, foreign)[: 1 if closed else None]:
            for send in ("get", "post"):
                if send == "post" and route.name in NOT_POSTED:
                    continue
                with transaction.atomic():
                    answer = client.get(address) if send == "get" else client.post(address, posted)
                    transaction.set_rollback(True)
                said = (b"".join(answer) + str(answer.headers).encode()).decode(errors="replace").lower()
                came_in = closed and answer.status_code == 200
                if came_in or answer.status_code >= 500 or any(secret in said for secret in SECRETS):
                    leaks.append((send, address, answer.status_code))
    assert leaks == []


def test_the_foreign_person_is_held_in_every_table(foreign):
    """The walk means something only while there is something to find."""
    assert tables() - foreign.made == set()


def test_somebody_with_a_tie_does_see_them(client_as, account_of, foreign, place):
    """The same secrets are seen by who may: the walk looks for the right words."""
    answer = client_as("Sam Okafor").post(reverse("find_anywhere"), {"nhs_number": SECRETS[2]})
    said = answer.content.decode().lower()
    assert SECRETS[0] in said
    assert SECRETS[5] in said

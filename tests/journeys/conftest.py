"""What every journey needs: a site of its own with a store of coded records, and people who can really sign in."""

from types import SimpleNamespace

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from ambit.access import actions as access
from ambit.access.models import Account
from ambit.demonstration.cast import PASSWORD, email_of
from ambit.organisations.models import Membership
from tests.world.browser import axe


def pytest_collection_modifyitems(items):
    for item in items:
        if "/journeys/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    """Coded records of one journey are not those of the next."""
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def scripts(request):
    return request.param


@pytest.fixture
def story(place, reader, open_browser, live_server, scripts):
    """Steps that every journey shares."""

    def given_they_can_sign_in(*names: str) -> None:
        for name in names:
            account = Account.objects.get(email=email_of(name))
            account.set_password(PASSWORD)
            account.save()

    def given_on_duty(name: str) -> None:
        access.put_on_duty(
            by=reader("operator"), area=place["ZZ01"], membership=Membership.objects.get(staff__name=name)
        )

    def when_signs_in(name: str, *, width: int = 1440):
        """Through the real page, in a browser of their own."""
        page = open_browser(width=width, scripts=scripts)
        page.goto(reverse("account_login"))
        page.locator("input[name=login]").fill(email_of(name))
        page.locator("input[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "login" not in url)
        return page

    def then_nothing_stands_in_the_way(page) -> None:
        """axe finds nothing; it needs scripts, so without them there is nothing to run."""
        if scripts:
            assert axe(page) == []

    def fill_day(page, name: str, day) -> None:
        for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
            page.locator(f"input[name='{name}-{part}']").fill(str(value))

    return SimpleNamespace(
        given_they_can_sign_in=given_they_can_sign_in,
        given_on_duty=given_on_duty,
        when_signs_in=when_signs_in,
        then_nothing_stands_in_the_way=then_nothing_stands_in_the_way,
        fill_day=fill_day,
        today=timezone.localdate(),
    )

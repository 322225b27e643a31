"""What every test shares: the cast, readers of each role, and browsers signed in as them."""

from tests.world.browser import browser_page, chromium, open_browser  # noqa: F401
from tests.world.fixtures import *  # noqa: F403


def pytest_configure() -> None:
    from tests.world import append_only  # noqa: F401  (tests may empty the audit trail after themselves)

"""What every test shares: the cast, readers of each role, and browsers signed in as them."""

from tests.world.fixtures import *  # noqa: F403

from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path, settings) -> Path:
    """A site of its own: nothing in the population store."""
    settings.HOME = tmp_path
    return tmp_path

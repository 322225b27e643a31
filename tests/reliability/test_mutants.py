"""Small faults in the rules of law, CPR and consent are seen by their tests (hazards H4, H5, H6)."""

import subprocess
import sys

import pytest

from ambit.site.config import CHECKOUT


def are_seen(*modules):
    done = subprocess.run(
        [sys.executable, "-m", "tests.reliability.mutants", *modules],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_faults_in_what_is_kept_back_are_seen():
    are_seen("ambit.access.keeping_back")


@pytest.mark.long
def test_faults_in_law_cpr_and_consent_are_seen():
    are_seen()

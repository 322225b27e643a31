"""What tasks say, and to whom."""

import pytest

from ambit.coordination import rules


@pytest.mark.parametrize(
    ("what", "closed", "said"),
    [
        ("She told me she is frightened", (), "She told me she is frightened"),
        ("She told me she is frightened", ("talks",), rules.ASK_WHO_RAISED_IT),
        (rules.SETTLE, ("talks",), rules.SETTLE),
        (rules.BRING_MEDICINES_HOME, ("talks",), rules.BRING_MEDICINES_HOME),
        (rules.BRING_MEDICINES_HOME, ("place_of_care",), rules.ASK_WHO_RAISED_IT),
        (rules.SOMEBODY_AT_NIGHT, ("place_of_care",), rules.ASK_WHO_RAISED_IT),
        (rules.COUNT_AGAIN, ("medicines_at_home",), rules.ASK_WHO_RAISED_IT),
        (rules.RECORD_A_DEATH, ("dying",), rules.ASK_WHO_RAISED_IT),
        (rules.TO_ADULT_CARE % "1 May 2027", ("talks",), rules.TO_ADULT_CARE % "1 May 2027"),
    ],
)
def test_a_task_tells_nothing_that_is_kept_back(what, closed, said):
    """Free words may repeat what is kept back; Ambit's own stay unless they tell it (H6, H16)."""
    assert rules.shown(what, closed=closed) == said

"""Commands speak to people on standard error and give programs one JSON object."""

import json

from ambit.design.terminal import Terminal


def test_progress_does_not_reach_standard_output(capsys):
    terminal = Terminal(json=True)
    with terminal.progress("Reading", total=3) as advance:
        for _ in range(3):
            advance()
        advance(0, total=3)
    terminal.answer({"files": 3})
    assert json.loads(capsys.readouterr().out) == {"files": 3}

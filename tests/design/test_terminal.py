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


def test_what_stands_in_brackets_is_printed_and_a_line_stays_one(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    terminal = Terminal(json=False)
    terminal.say("line 3 [bold] of it")
    address = "/srv/" + "a-long-name/" * 12
    table = terminal.table("Set aside", ["Why"], [("expected [red]",)])
    terminal.answer({}, words=f"{address} holds [dim]", tables=[table])
    told = capsys.readouterr()
    assert f"{address} holds [dim]" in told.out
    assert "expected [red]" in told.out
    assert "line 3 [bold] of it" in told.err

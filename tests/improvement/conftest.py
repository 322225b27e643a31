"""A round of the place on a short framework, with who leads and who answers it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from ambit.access.models import Account
from ambit.improvement import actions
from ambit.improvement.actions import Period
from ambit.improvement.models import Round
from ambit.improvement.rules.plans import ActionSaid, MilestoneSaid
from ambit.improvement.rules.rounds import Said
from tests.improvement.sheets import Filled
from tests.world.cast import email_of

SHORT = "scotland-ia-advice"
PERIOD = Period(from_on=date(2026, 4, 1), until_on=date(2027, 3, 31), answers_due_on=date(2026, 12, 18))
MET = Said(level="met", position="In place everywhere.", confidence="high")


@pytest.fixture
def lead(reader):
    return reader("place_lead")


@pytest.fixture
def start(lead) -> Callable[..., Round]:
    def begin(framework: str = SHORT, *, by: Any = None, title: str = "Autumn 2026", **more: Any) -> Round:
        return actions.start_round(by=by or lead, framework_id=framework, title=title, period=PERIOD, **more)

    return begin


@pytest.fixture
def ask(lead, place) -> Callable[..., Any]:
    def asked(one: Round, name: str, **more: Any) -> Any:
        account = Account.objects.get(email=email_of(name))
        return actions.invite_assessor(by=lead, round_id=one.pk, account_id=account.pk, **more)

    return asked


@pytest.fixture
def agree(lead) -> Callable[..., Any]:
    """The lead agrees on these statements, or on all of the short framework."""

    def agreed(one: Round, said: Said = MET, nodes: Any = tuple(f"scot.c{n}" for n in range(1, 6))) -> None:
        for node in nodes:
            actions.moderate_statement(by=lead, round_id=one.pk, node_id=node, seen=0, said=said)

    return agreed


def keep(lead, kind, of, said):
    return actions.keep_row(by=lead, kind=kind, of=of.pk, row_id=None, seen=0, said=said)


@pytest.fixture
def one(start):
    return start()


@pytest.fixture
def client(client_as):
    return client_as("place_lead")


@pytest.fixture
def filled(client, one):
    answer = client.post(reverse("send_workbook", args=["round", one.pk]), {"whose": "agreed"})
    assert answer["Content-Disposition"] == 'attachment; filename="self-assessment-autumn-2026.xlsx"'
    assert answer["Cache-Control"] == "private, no-store"
    return Filled(answer.content)


@pytest.fixture
def plan_to_publish(lead, place):
    one = actions.start_plan(
        by=lead, title="Our plan", from_on=date(2026, 4, 1), until_on=date(2028, 3, 31), aim="Find people earlier."
    )
    said = ActionSaid(
        what="A night car", owner="Dr Amina Rahman", due="Q4 2026/27", progress="started", indicator="ind.ident.screened",
        progress_note="Ruth Tannahill is off sick.",
    )  # fmt: skip
    car = keep(lead, "action", one, said)
    keep(lead, "action", one, ActionSaid(what="A carers’ lead", owner="J. Unknown"))
    keep(lead, "milestone", one, MilestoneSaid(what="Nurses in post", action=str(car.pk), due="31 March 2027"))
    return one

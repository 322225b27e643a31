"""What was signed stays, whatever happens afterwards; another edition takes answers over as people decide."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as some

from ambit.access.queries import operator
from ambit.demonstration.clock import clock_at
from ambit.design.refusals import Refused
from ambit.improvement import actions, queries, registry
from ambit.improvement.models import Answer, Carrying, Edition, SignedStatement, SignOff
from ambit.improvement.rules.editions import digest
from ambit.improvement.rules.rounds import Said
from ambit.measures import actions as measures
from ambit.measures.models import Figure, Snapshot
from ambit.measures.rules.periods import Month
from ambit.organisations.models import Membership, Organisation, Staff
from ambit.people import actions as people
from ambit.people.rules import Identity
from ambit.register import actions as register
from ambit.register.models import RegisterEntry
from tests.improvement.conftest import MET

KEPT = ("node", "number", "answer", "assessors", "evidence", "figures", "proposal")
STATEMENT = "amb.a4.bb5.s3"  # a coordinator for everybody: 0 of 20


def at(year, month, day):
    return clock_at(datetime.combine(date(year, month, day), time(12), tzinfo=timezone.get_current_timezone()))


def admit(reader, practice, many, first=0):
    for number in range(first, first + many):
        somebody = people.admit(
            by=operator(),
            identity=Identity(
                family_name=f"Signed{number:02}", given_names="Ann", born_on=date(1940, 1, 1 + number % 28), sex="female",
                no_number_reason="visitor", practice_id=practice.id,
            ),
        )  # fmt: skip
        register.add_to_register(
            by=reader("gp"),
            person=somebody,
            on=timezone.localdate(),
            found_by="by_hand",
            stage="months",
            told=True,
            reason="",
        )


@pytest.fixture
def signed(place, reader, start, lead):
    """Signed in November on the figures of October: 20 people on the register, none with a coordinator."""
    with at(2026, 10, 4):
        admit(reader, place["Z90001"], 20)
    with at(2026, 11, 20):
        measures.take_snapshots(by=operator(), months=[Month(2026, 10)], on=date(2026, 11, 20))
        one = start("ambitions-2015")
        actions.moderate_statement(
            by=lead, round_id=one.pk, node_id=STATEMENT, seen=0, said=Said(level="planned", position="Named by April.")
        )
        actions.sign_round(by=lead, round_id=one.pk, seen=queries.state_of(one.pk), leave_unanswered=True)
    return one


def test_the_figures_and_what_they_proposed_are_kept_with_the_answer(signed, reader):
    found = queries.statement_page(reader("place_lead"), signed.pk, STATEMENT, moderates=False)
    (figure,) = found.figures
    assert (figure.month, figure.shown.numerator, figure.shown.denominator) == ("2026-10", 0, 20)
    assert found.proposal.level == ""
    assert "0 of 2 tests are met" in found.proposal.why
    assert SignOff.objects.get().figures_of == "2026-10"


def main_of(answer):
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def test_a_signed_page_says_the_same_after_everything_has_changed(signed, client_as, reader, place):
    there = reverse("answer_statement", args=[signed.pk, STATEMENT])
    with at(2026, 11, 21):
        before = main_of(client_as("analyst").get(there))
    assert "0 of 20" in before
    with at(2026, 11, 25):
        admit(reader, place["Z90001"], 15, first=20)
        RegisterEntry.objects.update(left_on=date(2026, 11, 26), reason="moved away")
    with at(2026, 12, 10):
        measures.take_snapshots(by=operator(), months=[Month(2026, 11)], on=date(2026, 12, 10))
        assert Figure.objects.filter(snapshot__month=date(2026, 11, 1), indicator="ind.coord.named").exists()
    Organisation.objects.filter(code="ZZ01").update(name=place["ZZ01"].name)
    Staff.objects.filter(name="Leila Garside").update(name="Somebody Else")
    with at(2026, 11, 21):
        assert main_of(client_as("analyst").get(there)) == before


def test_nothing_that_anybody_does_changes_what_was_signed(signed, lead, reader, place):
    kept = SignOff.objects.get()
    said = queries.positions(lead, signed.pk)

    def tampered():
        with transaction.atomic():
            SignedStatement.objects.filter(node=STATEMENT).update(answer={})

    acts = {
        "answer": lambda: actions.moderate_statement(by=lead, round_id=signed.pk, node_id=STATEMENT, seen=1, said=MET),
        "evidence": lambda: actions.add_evidence(
            by=lead, round_id=signed.pk, node_id=STATEMENT, shown=actions.Shown(title="t", note="n")
        ),
        "ask": lambda: actions.invite_assessor(by=lead, round_id=signed.pk, account_id=reader("gp").account_id),
        "sign": lambda: actions.sign_round(by=lead, round_id=signed.pk, seen=1),
        "tamper": tampered,
        "remove": lambda: SignedStatement.objects.all().delete(),
        "rows": lambda: Answer.objects.update(level="embedded", position="Rewritten"),
        "name": lambda: Staff.objects.update(title="Prof"),
        "move": lambda: Membership.objects.filter(staff__name="Edie Marchetti").update(organisation=place["ZZ01"]),
    }

    @settings(max_examples=12)
    @given(some.lists(some.sampled_from(sorted(acts)), max_size=6))
    def whatever_is_done(names):
        with transaction.atomic():
            for name in names:
                try:
                    with transaction.atomic():
                        acts[name]()
                except (Refused, IntegrityError):
                    pass
            rows = list(SignedStatement.objects.filter(sign_off=kept).order_by("number").values(*KEPT))
            assert digest([signed.edition_id, rows]) == kept.sha256
            assert queries.positions(lead, signed.pk) == said

    whatever_is_done()


def test_what_is_hidden_is_not_kept_either(place, reader, start, lead):
    """Five people in the whole place are too few to be told (hazard H21): no number of theirs is shown, tested or kept."""
    with at(2026, 10, 4):
        admit(reader, place["Z90001"], 5)
    with at(2026, 11, 20):
        measures.take_snapshots(by=operator(), months=[Month(2026, 10)], on=date(2026, 11, 20))
        one = start("ambitions-2015")
        actions.sign_round(by=lead, round_id=one.pk, seen=0, leave_unanswered=True)
    kept = SignedStatement.objects.get(node=STATEMENT)
    (figure,) = kept.figures
    assert {figure["shown"][name] for name in ("denominator", "value", "lower", "upper", "completeness")} == {None}
    assert {row["why"] for row in kept.proposal["results"]} == {"hidden, because the number is small"}
    assert {row["found"] for row in kept.proposal["results"]} == {None}


# --- another edition ---


def test_another_edition_takes_over_what_people_decide(start, agree, lead, monkeypatch):
    one = start()
    agree(one)
    actions.sign_round(by=lead, round_id=one.pk, seen=queries.state_of(one.pk))
    shipped = registry.frameworks()["scotland-ia-advice"]
    c1, c2, c3, c4, c5 = shipped.nodes
    changed = replace(
        shipped,
        nodes=(
            replace(c1, id="scot.c6", title="Deaths and use together", replaces=("scot.c1", "scot.c2")),
            replace(c1, retired_in="2"), replace(c2, retired_in="2"), replace(c3, text="Another wording."), c4,
            replace(c5, id="scot.c7", title="Something new"),
        ),
    )  # fmt: skip
    monkeypatch.setattr(registry, "frameworks", lambda: {"scotland-ia-advice": changed})
    after = start(title="On the second edition", follows=one.pk)
    assert Edition.objects.count() == 2
    kinds = {row.node: (row.kind, row.sources) for row in Carrying.objects.filter(round=after)}
    assert kinds == {
        "scot.c6": ("replaced", ["scot.c1", "scot.c2"]), "scot.c3": ("reworded", ["scot.c3"]), "scot.c4": ("same", ["scot.c4"]),
        "scot.c7": ("new", []), "scot.c5": ("retired", []),
    }  # fmt: skip
    actions.decide_carrying(
        by=lead, round_id=after.pk, decisions={"scot.c6": "scot.c2", "scot.c3": "", "scot.c4": "scot.c4", "scot.c5": ""}
    )
    answers = {row.node: row for row in Answer.objects.filter(round=after)}
    assert {node: row.carried_from.node for node, row in answers.items()} == {
        "scot.c6": "scot.c2",
        "scot.c4": "scot.c4",
    }
    assert all(row.is_carried for row in answers.values())
    # the earlier round still reads in its own words
    assert [row.node.id for row in queries.positions(lead, one.pk)] == [f"scot.c{n}" for n in range(1, 6)]
    assert len(queries.positions(lead, after.pk)) == 4


def test_figures_of_a_month_that_has_not_ended_are_no_evidence(signed, lead, start, reader):
    """In October the snapshot of October is not there yet, whoever looks back from it."""
    assert Snapshot.objects.exists()
    with at(2026, 10, 20):
        one = start("ambitions-2015", title="Before")
        found = queries.statement_page(lead, one.pk, STATEMENT, moderates=True)
    assert found.figures[0].shown is None

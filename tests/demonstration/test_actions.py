"""The place is made once, whole or not at all, and never among real people."""

import pytest
from django.conf import settings
from django.utils import timezone

from ambit.access.models import BreakGlass
from ambit.access.queries import reader_named
from ambit.casefinding.models import Candidate
from ambit.coordination.models import Coordinator, Task
from ambit.coordination.rules import NAME_A_COORDINATOR
from ambit.demonstration import actions, cast, queries
from ambit.demonstration.models import Storey
from ambit.design.documents import can_make_pdf
from ambit.design.terminal import Terminal
from ambit.events.models import OutboxEvent
from ambit.people.models import Person
from ambit.register.models import RegisterEntry
from ambit.urgent import queries as urgent
from ambit.urgent.documents.paper import as_it_stood
from ambit.urgent.documents.summaries import one_side
from ambit.urgent.fitting import fit

STOREYS = [
    "organisations", "people", "plans", "register", "records", "candidates", "own_pages", "documents", "sharing",
    "children", "papers", "tuesday",
    "measures",
    "rounds",
]  # fmt: skip


@pytest.fixture
def terminal(db, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "HOME", tmp_path)
    return Terminal(json=True)


def test_the_place_stands_whole_and_is_made_once(terminal):
    assert actions.make_place(terminal, people=120) == dict.fromkeys(STOREYS, True)
    assert Person.objects.count() == 120
    on_register = RegisterEntry.objects.filter(left_on=None)
    assert on_register.count() >= 12
    assert not on_register.exclude(person__died_on=None).exists()
    assert RegisterEntry.objects.get(person__family_name="Pym").reason == "died"
    without = on_register.exclude(person__in=Coordinator.objects.filter(until_at=None).values("person"))
    asked = Task.objects.filter(done_at=None, what=NAME_A_COORDINATOR, person__in=on_register.values("person"))
    assert set(asked.values_list("person", flat=True)) == set(
        without.filter(told=True).values_list("person", flat=True)
    )
    assert BreakGlass.objects.filter(outcome="").count() == 2
    assert not OutboxEvent.objects.filter(delivered_at=None).exists()
    assert not Candidate.objects.filter(practice__code="Z90008").exists()
    assert {"gp", "urgent_clinician", "privacy_officer", "person", "proxy", "carer"} <= {
        user["role"] for user in queries.sign_ins()
    }
    the_fullest_plan_stands_on_one_side()
    assert actions.make_place(terminal, people=120) == dict.fromkeys(STOREYS, False)
    assert Person.objects.count() == 120


def the_fullest_plan_stands_on_one_side():
    """On paper what is to be done is whole, and what there is no room for is named (design: print rules)."""
    peggy = Person.objects.get(family_name="Ashworth", given_names="Margaret Jean")
    shown = urgent.now(reader_named(cast.email_of("Sam Okafor")), peggy, at=timezone.now())
    side = fit(shown, foot=as_it_stood(shown))
    whole = {box.key: box for box in (*shown.main, *shown.side)}
    protects = {
        "need_to_know",
        "if_this_happens",
        "treatment_limits",
        "medicines_at_home",
        "who_decides",
        "advance_decision",
    }
    set_there = {box.key: box for box in (*side.main, *side.side)}
    assert protects <= {key for key, box in set_there.items() if box == whole[key]}
    for key in whole.keys() - set_there.keys() - {"also"}:
        assert whole[key].heading in side.left_out
    assert not can_make_pdf() or len(one_side(shown).pages) == 1


def test_a_storey_that_breaks_leaves_nothing_and_is_made_again(terminal, monkeypatch):
    def broken(**_said):
        raise OSError("no space left on the disk")

    with monkeypatch.context() as patched:
        patched.setattr(actions.people, "add_important_person", broken)
        with pytest.raises(OSError, match="no space"):
            actions.make_place(terminal, people=50)
    assert list(Storey.objects.values_list("name", flat=True)) == ["organisations"]
    assert not Person.objects.exists()
    assert actions.make_place(terminal, people=50)["people"]


def test_never_in_a_live_deployment(terminal, monkeypatch):
    monkeypatch.setattr(settings, "DEMONSTRATION", False)
    with pytest.raises(actions.NotADemonstration, match="live deployment"):
        actions.make_place(terminal, people=50)
    assert not Person.objects.exists()

"""The place is made once, whole or not at all, and never among real people."""

import pytest
from django.conf import settings

from ambit.casefinding.models import Candidate
from ambit.demonstration import actions, queries
from ambit.demonstration.models import Storey
from ambit.design.terminal import Terminal
from ambit.people.models import Person
from ambit.register.models import RegisterEntry

STOREYS = ["organisations", "people", "plans", "records", "candidates"]


@pytest.fixture
def terminal(db, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "HOME", tmp_path)
    return Terminal(json=True)


def test_the_place_stands_whole_and_is_made_once(terminal):
    assert actions.make_place(terminal, people=120) == dict.fromkeys(STOREYS, True)
    assert Person.objects.count() == 120
    assert RegisterEntry.objects.count() >= 7
    assert not Candidate.objects.filter(practice__code="Z90008").exists()
    assert {"gp", "urgent_clinician", "privacy_officer"} <= {user["role"] for user in queries.sign_ins()}
    assert actions.make_place(terminal, people=120) == dict.fromkeys(STOREYS, False)
    assert Person.objects.count() == 120


def test_a_storey_that_breaks_leaves_nothing_and_is_made_again(terminal, monkeypatch):
    def broken(**_said):
        raise OSError("no space left on the disk")

    with monkeypatch.context() as patched:
        patched.setattr(actions.people, "add_important_person", broken)
        with pytest.raises(OSError, match="no space"):
            actions.make_place(terminal, people=60)
    assert list(Storey.objects.values_list("name", flat=True)) == ["organisations"]
    assert not Person.objects.exists()
    assert actions.make_place(terminal, people=60)["people"]


def test_never_in_a_live_deployment(terminal, monkeypatch):
    monkeypatch.setattr(settings, "DEMONSTRATION", False)
    with pytest.raises(actions.NotADemonstration, match="live deployment"):
        actions.make_place(terminal, people=60)
    assert not Person.objects.exists()

"""Snapshots: taken of months that have ended, once, and never changed."""

import json
from datetime import date, datetime, time, timedelta

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from ambit.access.queries import NotAllowed, operator
from ambit.audit import actions as audit
from ambit.audit.models import AuditLine
from ambit.coordination import actions as coordination
from ambit.demonstration.clock import clock_at
from ambit.design.refusals import Refused
from ambit.measures import actions, queries, registry
from ambit.measures.models import Behind, Figure, Snapshot
from ambit.measures.rules.periods import Month
from ambit.organisations.models import Membership
from ambit.people import actions as people
from ambit.register import actions as register
from ambit.site.main import main

ON = date(2026, 11, 25)
OCTOBER = Month(2026, 10)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "HOME", tmp_path)
    return tmp_path


@pytest.fixture
def registered(reader, person, home):
    """Peggy on the register since September, with a coordinator since October; and Arthur, who joined in November."""
    gp = reader("gp")

    def join(family_name, on):
        somebody = person(family_name)
        with clock_at(_moment(on)):
            register.add_to_register(
                by=gp, person=somebody, on=on, found_by="by_hand", stage="months", told=True, reason=""
            )
        return somebody

    peggy = join("Ashworth", date(2026, 9, 10))
    with clock_at(_moment(date(2026, 10, 5))):
        named = Membership.objects.get(staff__name="Bea Lindqvist")
        coordination.name_coordinator(by=gp, person_id=peggy.id, membership_id=named.id, seen=None)
    join("Longworth", date(2026, 11, 2))
    return peggy


def _moment(day):
    return datetime.combine(day, time(12), tzinfo=timezone.get_current_timezone())


def take(*months, on=ON):
    return actions.take_snapshots(by=operator(), months=list(months) or [OCTOBER], on=on)


def figure(name, area="ZZ01", month=OCTOBER):
    return Figure.objects.get(snapshot__month=month.first, indicator=name, area=area)


def test_the_figures_of_a_month(registered):
    (snapshot,) = take()
    assert (snapshot.pack, snapshot.pack_version) == ("ambit-indicators", registry.pack().version)
    named = figure("ind.coord.named")
    assert (named.numerator, named.denominator, named.value, named.completeness) == (1, 1, 100, 1)
    assert named.hides == "both"
    assert named.groups["practice"]["Z90001"]["numerator"] == 1
    assert Behind.objects.get(indicator="ind.coord.named").counted == [str(registered.pk)]
    line = AuditLine.objects.get(what="took the snapshot of a month")
    assert line.details["month"] == "2026-10"


def test_an_earlier_month_is_as_it_stood_then(registered):
    take(Month(2026, 9))
    september = figure("ind.coord.named", month=Month(2026, 9))
    assert (september.numerator, september.denominator) == (0, 1)


def test_a_month_that_has_not_ended_is_refused_and_nothing_is_taken(registered):
    with pytest.raises(Refused, match="2026-11 has not ended"):
        take(OCTOBER, Month(2026, 11))
    assert not Snapshot.objects.exists()


def test_on_its_last_day_a_month_has_not_ended(registered):
    with pytest.raises(Refused, match="has not ended"):
        take(on=OCTOBER.last)
    take(on=OCTOBER.last + timedelta(days=1))


def test_what_stands_is_handed_back_and_never_changes(registered, reader):
    take()
    with clock_at(_moment(date(2026, 11, 3))):
        register.leave(by=reader("gp"), person_id=registered.pk, seen=1, reason="wrong", on=date(2026, 11, 3))
    take()
    assert Snapshot.objects.count() == 1
    assert figure("ind.coord.named").denominator == 1
    for model, column in ((Snapshot, "taken_by"), (Figure, "indicator"), (Behind, "practice")):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(**{column: "another"})
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()


def test_another_version_of_the_pack_makes_another_snapshot_beside_it(registered, monkeypatch):
    take()
    other = registry.pack().__class__(**{**vars_of(registry.pack()), "version": "1.1", "sha256": "f" * 64})
    monkeypatch.setattr(registry, "pack", lambda: other)
    take()
    assert list(Snapshot.objects.order_by("taken_at").values_list("pack_version", flat=True)) == ["1.0", "1.1"]


def vars_of(pack):
    return {name: getattr(pack, name) for name in pack.__dataclass_fields__}


def test_a_failed_audit_line_undoes_the_snapshot(registered, monkeypatch):
    def broken(**_said):
        raise OSError("no space left on the disk")

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(OSError, match="no space"):
        take()
    assert not Snapshot.objects.exists()
    assert not Figure.objects.exists()


@pytest.mark.parametrize("role", ["gp", "place_lead", "analyst"])
def test_only_the_machine_takes_snapshots(registered, reader, role):
    with pytest.raises(NotAllowed):
        actions.take_snapshots(by=reader(role), months=[OCTOBER], on=ON)


def test_the_clock_makes_up_for_months_that_were_missed(registered):
    assert [str(Month.of(s.month)) for s in actions.take_what_is_missing(by=operator(), on=date(2026, 9, 2))] == [
        "2026-08"
    ]
    assert [str(Month.of(s.month)) for s in actions.take_what_is_missing(by=operator(), on=ON)] == [
        "2026-09",
        "2026-10",
    ]
    assert actions.take_what_is_missing(by=operator(), on=ON) == []


def test_a_pack_that_may_not_run_here_takes_nothing(registered, monkeypatch):
    monkeypatch.setattr(settings, "DEMONSTRATION", False)
    with pytest.raises(Refused, match="has not been reviewed"):
        take()
    assert actions.take_what_is_missing(by=operator(), on=ON) == []


def test_whoever_died_before_the_end_of_the_month_is_not_on_the_register(registered):
    with clock_at(_moment(date(2026, 10, 20))):
        registered.refresh_from_db()
        people.record_death(
            by=operator(),
            person_id=registered.pk,
            seen=registered.version,
            died_on=date(2026, 10, 19),
            place="40",
            was_expected=True,
        )
    take()
    assert figure("ind.coord.named").denominator == 0
    assert figure("ind.register.coverage").value == 100
    assert figure("ind.register.lead_time").value == 39


def test_the_command_answers_as_it_is_promised(registered, capsysbinary):
    found = CliRunner().invoke(main, ["measures", "compute", "--period", "2026-10", "--json"])
    assert found.exit_code == 0, found.output
    answer = json.loads(capsysbinary.readouterr().out or found.stdout)
    assert set(answer) == {"period", "indicators", "seconds"}
    asked = {"id", "numerator", "denominator", "value", "lower", "upper", "completeness", "suppressed", "not_collected"}
    assert all(asked <= set(row) for row in answer["indicators"])
    named = next(row for row in answer["indicators"] if row["id"] == "ind.coord.named")
    assert (named["suppressed"], named["numerator"], named["value"]) == (True, None, None)
    assert {row["id"] for row in answer["indicators"] if row["not_collected"]} >= {
        "ind.carer.offered",
        "ind.line.volume",
    }


def test_the_command_refuses_a_month_that_has_not_ended(registered):
    month = str(Month.of(timezone.localdate()))
    found = CliRunner().invoke(main, ["measures", "compute", "--period", month])
    assert found.exit_code == 1
    assert "has not ended" in found.output
    assert CliRunner().invoke(main, ["measures", "compute", "--period", "soon"]).exit_code == 2


def test_figures_above_are_those_that_count_somebody(registered):
    take()
    assert "ind.coord.named" in queries.computed_in_site()
    assert "ind.phb.count" not in queries.computed_in_site()

"""Recording assessments and phases, correcting them, and what is refused."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from ambit.access.queries import NotAllowed, Reader, operator
from ambit.access.rules import ABILITIES
from ambit.audit.models import AuditLine
from ambit.design.refusals import Refused
from ambit.outcomes import actions, facts, queries
from ambit.outcomes.models import Measure, PhaseStart
from ambit.outcomes.rules.change import Share, change
from ambit.people import actions as people
from ambit.people.rules import Identity
from tests.outcomes.conftest import DAY, IPOS, ipos, said


def start(by, person, phase, began_on=DAY, key=None, on=DAY):
    return actions.start_phase(by=by, person=person, phase=phase, began_on=began_on, on=on, key=key or uuid4())


def fails(**_):
    raise OSError("disk full")


# --- recording ---


def test_record_and_read_back(gp, ashworth, record):
    record(day=DAY - timedelta(days=9))
    record(ipos(pain="3", peace="0"), extras=[("Itch", 2)], problems=["Not sleeping"], setting="own_home")
    line = queries.outcomes_of(gp, ashworth).line(IPOS)
    assert (line.latest.total, line.moved_by) == (18, 1)
    assert line.latest.subscales == {"physical": 12, "emotional": 3, "communication_practical": 3}
    assert (line.change.worse, line.change.better) == (("pain",), ("peace",))
    assert line.latest.extras == [{"words": "Itch", "value": 2}]
    assert line.latest.author == "Dr Amina Rahman, GP, Brackenhill Surgery"
    assert AuditLine.objects.filter(what="recorded an assessment", about=ashworth.id).count() == 2


def test_what_is_missing_stays_missing(gp, ashworth, record):
    record()
    record(ipos(depression="missing"))
    line = queries.outcomes_of(gp, ashworth).line(IPOS)
    assert line.latest.total is None
    assert line.latest.missing == ["depression"]
    assert line.moved_by is None
    assert line.why_no_total == "No total: 1 of 17 items missing."
    assert "depression" in line.change.unknown


def test_only_like_is_compared_with_like(gp, ashworth, record):
    patient = "ipos-patient-3-day"
    record(instrument=patient, respondent="person", day=DAY - timedelta(days=3))
    record(ipos(2), instrument=patient, respondent="proxy")
    assert queries.outcomes_of(gp, ashworth).line(patient).before is None


def test_a_form_sent_twice_is_one_assessment(record):
    key = uuid4()
    assert record(key=key) == record(key=key)
    assert Measure.objects.count() == 1


@pytest.mark.parametrize(
    ("but", "field"),
    [
        ({"answers": ipos(pain="")}, "pain"),
        ({"answers": ipos(pain="9")}, "pain"),
        ({"day": DAY + timedelta(days=1)}, "assessed_on"),
        ({"respondent": "person"}, "respondent"),
        ({"setting": "moon"}, "setting"),
        ({"phase": "deceased"}, "phase"),
        ({"extras": [("Itch", 5)]}, "extras"),
        ({"extras": [(f"{n}", 1) for n in range(4)]}, "extras"),
        ({"problems": ["a", "b", "c", "d"]}, "problems"),
        ({"instrument": "cpos-uk", "answers": {}}, ""),
        ({"instrument": "phase-of-illness", "answers": {"phase": "1"}}, ""),
        ({"instrument": "nothing"}, ""),
    ],
)
def test_refused_at_the_field(record, but, field):
    with pytest.raises(Refused) as refused:
        record(**but)
    assert set(refused.value.problems) == {field}
    assert not Measure.objects.exists()


def test_a_live_site_uses_nothing_unreviewed_or_unlicensed(record, settings, monkeypatch):
    settings.DEMONSTRATION = False
    with pytest.raises(Refused, match="not been reviewed by a clinician"):
        record()
    monkeypatch.setattr("ambit.packs.rules.Pack.reviewed", True)
    with pytest.raises(Refused, match="Needs a licence of the POS team"):
        record()
    settings.CONFIG = settings.CONFIG.model_copy(update={"licensed_instruments": f"akps, {IPOS}"})
    record()


def test_who_may_record(reader, ashworth, record):
    with pytest.raises(NotAllowed):
        record(by=reader("urgent_clinician"))
    herself = Reader(name="Peggy", role="person", person_id=ashworth.id, abilities=ABILITIES["person"])
    record(by=herself, instrument="ipos-patient-3-day", respondent="person")
    with pytest.raises(NotAllowed):
        record(by=herself)
    other = Reader(name="Somebody", role="person", person_id=uuid4(), abilities=ABILITIES["person"])
    with pytest.raises(NotAllowed):
        record(by=other, instrument="ipos-patient-3-day", respondent="person")


def test_nothing_is_saved_when_the_audit_line_fails(gp, ashworth, record, monkeypatch):
    monkeypatch.setattr("ambit.outcomes.actions.audit.record", fails)
    with pytest.raises(OSError, match="disk full"):
        record(phase="unstable")
    with pytest.raises(OSError, match="disk full"):
        start(gp, ashworth, "stable")
    assert not Measure.objects.exists()
    assert not PhaseStart.objects.exists()


def test_after_death_only_what_was_wrong_is_corrected(gp, ashworth, record):
    wrong = record()
    phase = start(gp, ashworth, "stable", DAY - timedelta(days=2))
    ashworth.died_on = DAY
    with pytest.raises(Refused, match="died on 21 November 2026"):
        record()
    with pytest.raises(Refused, match="died"):
        start(gp, ashworth, "dying")
    actions.correct_measure(
        by=gp, person=ashworth, measure_id=wrong.id, said=said(ipos(2)), reason="Read off wrongly", on=DAY, key=uuid4()
    )
    actions.correct_phase(
        by=gp,
        person=ashworth,
        phase_id=phase.id,
        phase="dying",
        began_on=DAY - timedelta(days=1),
        reason="Late",
        on=DAY,
    )
    outcomes = queries.outcomes_of(gp, ashworth)
    assert outcomes.line(IPOS).latest.total == 34
    assert [p.phase for p in outcomes.phases] == ["dying", "deceased"]


# --- correcting ---


def test_a_correction_follows_and_the_wrong_one_is_kept(gp, ashworth, record):
    wrong = record()
    right = actions.correct_measure(
        by=gp, person=ashworth, measure_id=wrong.id, said=said(ipos(pain="4")), reason="Pain was 4", on=DAY, key=uuid4()
    )
    line = queries.outcomes_of(gp, ashworth).line(IPOS)
    assert [one.id for one in line.assessments] == [right.id]
    found = queries.measure(gp, ashworth, wrong.id)
    assert [v.id for v in found.versions] == [right.id, wrong.id]
    assert not found.is_current
    assert queries.measure(gp, ashworth, right.id).is_current


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_correction_says_why(gp, ashworth, record, reason):
    wrong = record()
    with pytest.raises(Refused, match="what was wrong"):
        actions.withdraw_measure(by=gp, person=ashworth, measure_id=wrong.id, reason=reason)


def test_what_somebody_corrected_is_not_corrected_again(gp, ashworth, record):
    wrong = record()
    withdraw = {"by": gp, "person": ashworth, "measure_id": wrong.id, "reason": "Somebody else's"}
    actions.withdraw_measure(**withdraw)
    with pytest.raises(Refused, match="Somebody else corrected this"):
        actions.withdraw_measure(**withdraw)
    assert queries.outcomes_of(gp, ashworth).lines == ()
    assert Measure.objects.count() == 2


def test_the_database_itself_refuses_a_change(record, gp, ashworth):
    measure = record()
    phase = start(gp, ashworth, "stable")
    for row, change_of in ((measure, {"total": 0}), (phase, {"phase": "dying"})):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**change_of)


def test_an_assessment_of_somebody_else_is_not_found(gp, person, record):
    from django.http import Http404

    wrong = record()
    other = person("Longworth")
    with pytest.raises(Http404):
        queries.measure(gp, other, wrong.id)
    with pytest.raises(Refused):
        actions.withdraw_measure(by=gp, person=other, measure_id=wrong.id, reason="x")


# --- phases ---


def test_one_phase_at_a_time(gp, ashworth):
    start(gp, ashworth, "stable", DAY - timedelta(days=9))
    start(gp, ashworth, "unstable", DAY - timedelta(days=2))
    assert [(p.phase, p.days(DAY)) for p in queries.phases_of(ashworth)] == [("stable", 7), ("unstable", 2)]


@pytest.mark.parametrize(
    ("phase", "days", "field"),
    [("stable", 0, "phase"), ("deceased", 0, "phase"), ("well", 0, "phase"), ("dying", 1, "began_on")],
)
def test_a_phase_that_cannot_be(gp, ashworth, phase, days, field):
    start(gp, ashworth, "stable", DAY - timedelta(days=9))
    with pytest.raises(Refused) as refused:
        start(gp, ashworth, phase, DAY + timedelta(days=days))
    assert set(refused.value.problems) == {field}


def test_a_phase_sent_twice_is_one(gp, ashworth):
    key = uuid4()
    assert start(gp, ashworth, "stable", key=key) == start(gp, ashworth, "stable", key=key)


def test_a_phase_given_with_an_assessment_begins_when_it_is_another(gp, ashworth, record):
    record(phase="stable", day=DAY - timedelta(days=5))
    record(phase="stable", day=DAY - timedelta(days=3))
    record(phase="unstable")
    assert [p.phase for p in queries.phases_of(ashworth)] == ["stable", "unstable"]
    assert PhaseStart.objects.count() == 2


def test_a_withdrawn_phase_lets_the_one_before_go_on(gp, ashworth):
    start(gp, ashworth, "stable", DAY - timedelta(days=9))
    wrong = start(gp, ashworth, "dying")
    actions.withdraw_phase(by=gp, person=ashworth, phase_id=wrong.id, reason="Meant the next bed")
    assert [(p.phase, p.ended_on) for p in queries.phases_of(ashworth)] == [("stable", None)]
    rows = queries.phase_rows(gp, ashworth)
    assert [(row.phase, row.is_current) for row in rows] == [("dying", False), ("dying", False), ("stable", True)]


# --- for measuring, and for lists ---


def test_facts_have_both_ends_of_each_finished_phase(gp, ashworth, record):
    record(ipos(pain="3"), phase="unstable", day=DAY - timedelta(days=9))
    record(ipos(pain="1"), phase="stable", day=DAY - timedelta(days=2))
    record(ipos(pain="0"), phase="dying")
    found = facts.finished_phases(IPOS)
    assert [(f.phase.phase, f.start["pain"], f.end["pain"]) for f in found] == [("unstable", 3, 1), ("stable", 1, 0)]
    came_to = change([(f.start["pain"], f.end["pain"]) for f in found], low_at_most=1)
    assert (came_to.responsive, came_to.anticipatory) == (Share(1, 1), Share(1, 1))
    assert [(f.instrument, f.total) for f in facts.assessments()] == [(IPOS, 19), (IPOS, 17), (IPOS, 16)]


def test_latest_of_many_is_one_statement(gp, person, record, django_assert_num_queries):
    one, two, three = person("Ashworth"), person("Longworth"), person("Preston")
    record({"performance": "60"}, instrument="akps", day=DAY - timedelta(days=4), phase="stable")
    record({"performance": "40"}, instrument="akps", phase="unstable")
    start(gp, two, "dying")
    with django_assert_num_queries(1):
        found = queries.latest_of(gp, [one.id, two.id, three.id])
    amina = "Dr Amina Rahman, GP"
    assert found[one.id] == queries.Latest("unstable", DAY, amina, 40, DAY, amina)
    assert found[two.id] == queries.Latest("dying", DAY, amina)
    assert three.id not in found


def test_everything_moves_when_two_records_are_one(gp, place, ashworth, record):
    record()
    twin = people.admit(
        by=operator(),
        identity=Identity(
            family_name="Ashworth", given_names="Peggy", born_on=ashworth.born_on, no_number_reason="not_known",
            practice_id=place["Z90001"].id,
        ),
    )  # fmt: skip
    record(ipos(2), person=twin, phase="unstable")
    people.merge(
        by=gp, keep_id=ashworth.id, other_id=twin.id, seen_keep=ashworth.version, seen_other=twin.version, reason="One"
    )
    outcomes = queries.outcomes_of(gp, ashworth)
    assert len(outcomes.line(IPOS).assessments) == 2
    assert outcomes.phase.phase == "unstable"

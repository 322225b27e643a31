"""What is done with outcomes: assessments recorded and corrected, phases of illness begun and corrected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Person, Reader
from ambit.audit import actions as audit
from ambit.design.refusals import Refused
from ambit.outcomes import queries, registry
from ambit.outcomes.models import SETTINGS, Measure, PhaseStart
from ambit.outcomes.rules.instruments import Instrument, read_answers, score
from ambit.outcomes.rules.phases import phase_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An assessment as somebody gives it: numbers, or “missing”, by item; and what stands beside them."""

    respondent: str
    answers: Mapping[str, str]
    assessed_on: date
    setting: str = ""
    phase: str = ""
    extras: Sequence[tuple[str, int]] = field(default=())
    problems: Sequence[str] = field(default=())


@transaction.atomic
def record_measure(*, by: Reader, person: Person, instrument_id: str, said: Said, on: date, key: UUID) -> Measure:
    """Record an assessment. A phase of illness given with it that is another than now begins on that day.

    `key` is the page's own number, so that a form sent twice is one assessment. Totals are worked out here, never given.
    """
    _must_record(by, person, said.respondent)
    _refuse_after_death(person)
    known = Measure.objects.filter(pk=key, person=person).first()
    if known:
        return known
    here = queries.instruments_here().get(instrument_id)
    if here is None or here.instrument.has_phases:
        raise Refused("This site has no such instrument.")
    if not here.use.allowed:
        raise Refused(f"{here.instrument.title} is not in use here. {here.use.why}")
    values = _checked(here.instrument, said, person=person, on=on)
    measure = _save(by=by, person=person, instrument=here.instrument, values=values, id=key)
    audit.record(
        by=by,
        what="recorded an assessment",
        about=person.id,
        details={"measure": str(measure.id), "instrument": f"{measure.instrument} {measure.version}"},
    )
    if said.phase:
        now = phase_on(queries.phases_of(person), said.assessed_on)
        if now is None or now.phase != said.phase:
            _begin(by=by, person=person, phase=said.phase, began_on=said.assessed_on, setting=said.setting)
    return measure


@transaction.atomic
def correct_measure(
    *, by: Reader, person: Person, measure_id: UUID, said: Said, reason: str, on: date, key: UUID
) -> Measure:
    """Put a following version in the place of an assessment that was recorded wrongly; the wrong one is kept.

    It is read by the version of the instrument that is here now; also after death, since a mistake is a mistake.
    """
    _must_record(by, person, said.respondent)
    known = Measure.objects.filter(pk=key, person=person).first()
    if known:
        return known
    wrong = _to_correct(Measure, person, measure_id, reason)
    instrument = registry.instrument(wrong.instrument)
    if instrument is None or instrument.version != wrong.version:
        raise Refused(
            f"This was recorded with version {wrong.version}, which this site no longer has. Withdraw it, and assess again."
        )
    values = _checked(instrument, said, person=person, on=on)
    measure = _save(
        by=by, person=person, instrument=instrument, values=values, id=key, corrects=wrong, reason=reason.strip()
    )
    audit.record(
        by=by,
        what="corrected an assessment",
        about=person.id,
        details={"measure": str(measure.id), "corrects": str(wrong.id)},
    )
    return measure


@transaction.atomic
def withdraw_measure(*, by: Reader, person: Person, measure_id: UUID, reason: str) -> Measure:
    """Say that an assessment should not be there at all, as when it was of somebody else. It is kept, and counts no more."""
    by.must("edit_plan")
    wrong = _to_correct(Measure, person, measure_id, reason)
    names = ("setting", "instrument", "version", "respondent", "assessed_on", "phase", "answers", "missing", "total",
             "subscales", "extras", "problems")  # fmt: skip
    measure = Measure.objects.create(
        person=person,
        corrects=wrong,
        reason=reason.strip(),
        is_withdrawn=True,
        **{name: getattr(wrong, name) for name in names},
        **_recorded(by),
    )
    audit.record(by=by, what="withdrew an assessment", about=person.id, details={"measure": str(wrong.id)})
    return measure


@transaction.atomic
def start_phase(
    *, by: Reader, person: Person, phase: str, began_on: date, on: date, key: UUID, setting: str = ""
) -> PhaseStart:
    """Say that a phase of illness begins; the one before ends on that day. Death is recorded where deaths are."""
    by.must("edit_plan")
    _refuse_after_death(person)
    known = PhaseStart.objects.filter(pk=key, person=person).first()
    if known:
        return known
    problems = _problems_of_phase(person, phase, began_on, on)
    now = phase_on(queries.phases_of(person), began_on)
    if not problems and now and now.phase == phase:
        problems["phase"] = (
            f"{registry.phase_name(phase)} is recorded already, since {now.began_on:%-d %B %Y}. It goes on by itself."
        )
    if problems:
        raise Refused(problems)
    return _begin(by=by, person=person, phase=phase, began_on=began_on, setting=setting, key=key)


@transaction.atomic
def correct_phase(
    *, by: Reader, person: Person, phase_id: UUID, phase: str, began_on: date, reason: str, on: date
) -> PhaseStart:
    """Put another phase or day in the place of one that was recorded wrongly; the wrong one is kept."""
    by.must("edit_plan")
    wrong = _to_correct(PhaseStart, person, phase_id, reason)
    if problems := _problems_of_phase(person, phase, began_on, on):
        raise Refused(problems)
    return _follow(by=by, person=person, wrong=wrong, phase=phase, began_on=began_on, reason=reason, withdrawn=False)


@transaction.atomic
def withdraw_phase(*, by: Reader, person: Person, phase_id: UUID, reason: str) -> PhaseStart:
    """Say that a phase should not be there at all; the one before it goes on."""
    by.must("edit_plan")
    wrong = _to_correct(PhaseStart, person, phase_id, reason)
    return _follow(
        by=by, person=person, wrong=wrong, phase=wrong.phase, began_on=wrong.began_on, reason=reason, withdrawn=True
    )


def _must_record(by: Reader, person: Person, respondent: str) -> None:
    """Those who may write the plan record assessments; somebody's own answers come from themselves as well."""
    if by.person_id == person.id and respondent == "person":
        by.must("see_own_record")
    else:
        by.must("edit_plan")


def _refuse_after_death(person: Person) -> None:
    if person.died_on is not None:
        raise Refused(
            f"This person died on {person.died_on:%-d %B %Y}. What was recorded wrongly may be corrected; nothing new is added."
        )


def _checked(instrument: Instrument, said: Said, *, person: Person, on: date) -> dict[str, Any]:
    """What is stored of an assessment, with its totals; refused with every problem at its field."""
    answers = read_answers(instrument, said.answers)
    problems = dict(answers.problems)
    if said.respondent not in instrument.respondents:
        problems["respondent"] = "Choose who answered: this instrument is not made for the one chosen."
    problems |= _problems_of_day("assessed_on", said.assessed_on, person, on)
    if said.setting and said.setting not in SETTINGS:
        problems["setting"] = "Choose one of the places shown."
    if said.phase and said.phase not in _choosable():
        problems["phase"] = "Choose one of the phases shown."
    if len(said.extras) > instrument.extras:
        problems["extras"] = f"At most {instrument.extras} more symptoms."
    if any(not words.strip() or not 0 <= value <= 4 for words, value in said.extras):
        problems["extras"] = "Give each further symptom a name and a number from 0 to 4."
    if len(said.problems) > instrument.problems:
        problems["problems"] = f"At most {instrument.problems} main problems."
    if problems:
        raise Refused(problems)
    came_to = score(instrument, answers.given)
    return {
        "respondent": said.respondent,
        "assessed_on": said.assessed_on,
        "setting": said.setting,
        "phase": said.phase,
        "answers": dict(answers.given),
        "missing": list(answers.missing),
        "total": came_to.total,
        "subscales": dict(came_to.subscales),
        "extras": [{"words": words.strip(), "value": value} for words, value in said.extras],
        "problems": [words.strip() for words in said.problems if words.strip()],
    }


def _problems_of_day(name: str, day: date, person: Person, on: date) -> dict[str, str]:
    if day > on:
        return {name: "The day lies ahead. Write the day on which it was so."}
    if person.born_on and day < person.born_on:
        return {name: "The day lies before this person was born."}
    if person.died_on and day > person.died_on:
        return {name: f"The day lies after this person’s death on {person.died_on:%-d %B %Y}."}
    return {}


def _choosable() -> set[str]:
    return {code for code, level in registry.phases().items() if not level.ends}


def _problems_of_phase(person: Person, phase: str, began_on: date, on: date) -> dict[str, str]:
    problems = _problems_of_day("began_on", began_on, person, on)
    level = registry.phases().get(phase)
    if level is None:
        problems["phase"] = "Choose one of the phases shown."
    elif level.ends:
        problems["phase"] = "Record the death on the person’s details. The phase then ends by itself."
    return problems


def _to_correct[M: (Measure, PhaseStart)](model: type[M], person: Person, key: UUID, reason: str) -> M:
    """The row to correct, locked; refused without a reason, and when somebody else has corrected it since."""
    if not reason.strip():
        raise Refused({"reason": "Write what was wrong."})
    wrong = (
        model.objects.select_for_update(of=("self",))
        .filter(person=person, pk=key, corrected_by=None, is_withdrawn=False)
        .first()
    )
    if wrong is None:
        raise Refused("Somebody else corrected this since you opened the page. Look again.")
    return wrong


def _recorded(by: Reader) -> dict[str, Any]:
    return {
        "recorded_at": timezone.now(),
        "recorded_by": by.name,
        "recorded_by_role": by.role,
        "recorded_by_organisation": by.organisation_name,
    }


def _save(*, by: Reader, person: Person, instrument: Instrument, values: dict[str, Any], **more: Any) -> Measure:
    return Measure.objects.create(
        person=person, instrument=instrument.id, version=instrument.version, **values, **more, **_recorded(by)
    )


def _begin(
    *, by: Reader, person: Person, phase: str, began_on: date, setting: str, key: UUID | None = None
) -> PhaseStart:
    started = PhaseStart.objects.create(
        **({"id": key} if key else {}),
        person=person,
        phase=phase,
        began_on=began_on,
        setting=setting,
        **_recorded(by),
    )
    audit.record(by=by, what="recorded a phase of illness", about=person.id, details={"phase": str(started.id)})
    return started


def _follow(
    *, by: Reader, person: Person, wrong: PhaseStart, phase: str, began_on: date, reason: str, withdrawn: bool
) -> PhaseStart:
    followed = PhaseStart.objects.create(
        person=person,
        phase=phase,
        began_on=began_on,
        setting=wrong.setting,
        corrects=wrong,
        reason=reason.strip(),
        is_withdrawn=withdrawn,
        **_recorded(by),
    )
    what = "withdrew a phase of illness" if withdrawn else "corrected a phase of illness"
    audit.record(by=by, what=what, about=person.id, details={"phase": str(followed.id), "corrects": str(wrong.id)})
    return followed

"""What is asked at the urgent door: one person, now; and whom I opened today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils import timezone

from ambit.access.queries import Person, Reader, details_of, easily_mistaken, people_of
from ambit.access.rules import RESTRICTED
from ambit.audit.models import AuditLine
from ambit.careplan import queries as careplan
from ambit.careplan import registry
from ambit.careplan.rules import DATE, ROWS, Life, Section, parents
from ambit.careplan.rules import cpr as careplan_cpr
from ambit.design.rules import Banner, Chip
from ambit.outcomes import queries as outcomes
from ambit.people.rules import values
from ambit.people.rules.dates import age_words, born_words, long_date
from ambit.people.rules.numbers import KINDS
from ambit.register import queries as register
from ambit.urgent import legal
from ambit.urgent.beside import beside
from ambit.urgent.order import at_birth, in_order
from ambit.urgent.ringing import in_an_emergency
from ambit.urgent.rules import (
    Box,
    Cpr,
    Medicine,
    Now,
    Number,
    Row,
    Source,
    answers,
    chart,
    places,
    ring_first,
)
from ambit.urgent.yours import YOURS, yours

NEAR_DEATH = ("days", "weeks")
# boxes about documents with legal force; each of what the person may keep back
LEGAL = {
    "treatment_limits": "Treatment limits",
    "advance_decision": "Advance decision (ADRT)",
    "emergency": "Emergency recommendations",
    "who_decides": "Who decides if the person cannot",
}
SAYS = {"treatment_limits": {"emergency", "escalation"}, "who_decides": {"authority"}}
NEVER_WRITTEN = "Not recorded. Nobody has written this yet; it must not be read as “none”."


def now(reader: Reader, person: Person, *, at: datetime) -> Now:
    """The plan of a person the reader has opened, as it stands at this moment: four statements, however long.

    A section that is kept back from this reader says so, and nothing of it is shown.
    """
    reader.must("see_urgent")
    on = timezone.localdate(at)
    plan = careplan.current(reader, person.id)
    sections = _sections(plan, careplan.life_of(person, on=on, has_childs_plan=careplan.has_childs_plan(plan)))
    unborn = person.birth_precision == "unborn"
    birth = at_birth(person.born_on, unborn=unborn, on=on)
    main, side = in_order([*sections, *LEGAL, "illness", "devices", "also"], role=reader.role, birth=birth)
    said = details_of(person)
    written = _numbers(plan, hour=timezone.localtime(at).hour)
    numbers = () if plan.withholds("people_to_ring") else ring_first([*written, *in_an_emergency(said, written)])
    around = beside(reader, person)
    stage = register.stage_of(reader, person.id, rows=around.entry)
    measured = outcomes.latest_of(reader, [person.id], rows=around.measured).get(person.id)

    def box(name: str) -> Box | None:
        if kept_back := _withheld(plan, name):
            return Box(key=name, heading=sections[name].title if name in sections else LEGAL[name], missing=kept_back)
        if name == "treatment_limits":
            return legal.treatment_limits(plan.directives, plan.conflicts)
        if name == "advance_decision":
            return legal.refusal(plan.directives)
        if name == "emergency":
            return legal.emergency(plan.directives)
        if name == "who_decides" and parents.is_child(person.born_on, unborn=unborn, on=on):
            first = parents.who_may_decide(person.born_on, unborn=unborn, on=on)
            return legal.who_decides_for_a_child(parents.holders(said), plan.directives, first=first)
        if name == "who_decides":
            return legal.who_decides(plan.directives, _named_attorneys(said), on=on)
        if name == "illness":
            return _illness(stage, measured, plan, died=person.died_on is not None, on=on)
        if name == "devices":
            return _devices(plan)
        if name == "also":
            return _also(plan)
        return _box(sections[name], plan.sections.get(name), on=on)

    return Now(
        person_id=person.id,
        banner=_banner(reader, person, plan, said, on=on),
        version=plan.version,
        saved_at=plan.saved_at,
        opened_at=at,
        cpr=_cpr(plan, on=on),
        disagreements=legal.disagreements(
            [one for one in plan.conflicts if not one.is_prompt or (stage and stage.stage in NEAR_DEATH)],
            plan.directives,
            ring_first(written),
            on=on,
        ),
        numbers=numbers,
        main=tuple(found for name in main if (found := box(name))),
        side=tuple(found for name in side if (found := box(name))),
        nobody_to_ring=plan.withholds("people_to_ring"),
        opens_in_emergency=RESTRICTED in plan.kept_back.values() and reader.may("break_glass"),
        yours=yours(reader, person, plan, around, on=on) if reader.role in YOURS and person.died_on is None else None,
    )


def _sections(plan: careplan.CurrentPlan, life: Life) -> dict[str, Section]:
    """The sections that the page shows: expected of every plan at this age, written or not; and those of another age if written."""
    known = plan.sections.keys() | plan.kept_back.keys()
    return {
        section.id: section
        for section in registry.plan().sections()
        if section.expected and not section.decision and (section.id in known or section.ages.include(life))
    }


def _withheld(plan: careplan.CurrentPlan, name: str) -> str:
    """What is said in place of a box when all that it would say is kept back; "" otherwise."""
    words = [plan.withholds(section) for section in sorted(SAYS.get(name, {name}))]
    return words[0] if all(words) else ""


def banner(reader: Reader, person: Person, *, on: date) -> Banner:
    """Who a page at the urgent door is about."""
    reader.must("see_urgent")
    said = details_of(person)
    return _banner(reader, person, careplan.current(reader, person.id), said, on=on)


def _banner(reader: Reader, person: Person, plan: careplan.CurrentPlan, said: Mapping[str, Any], *, on: date) -> Banner:
    current = [number for number in said.get("numbers", ()) if number["is_current"]]
    first = min(current, key=lambda number: ("nhs", "chi", "hc").index(number["kind"]), default=None)
    age = age_words(person.born_on, person.birth_precision, person.died_on or on)
    return Banner(
        family_name=person.family_name,
        given_names=person.given_names,
        title=person.title,
        preferred_name=person.preferred_name,
        born_on=person.born_on,
        born_words=born_words(person.born_on, person.birth_precision),
        age=age,
        sex=person.get_sex_display() if person.sex else "",
        number=first["value"] if first else "",
        number_label=KINDS[first["kind"]][1] if first else "NHS number",
        no_number_reason=values.NO_NUMBER_REASONS.get(person.no_number_reason, ""),
        chips=_allergies(plan) + _adjustments(said.get("details", {})),
        similar=easily_mistaken(reader, person),
        died_on=person.died_on,
        died_words=f"{long_date(person.died_on)}, aged {age}" if person.died_on else "",
    )


def _allergies(plan: careplan.CurrentPlan) -> tuple[Chip, ...]:
    if kept_back := plan.withholds("allergies"):
        return (Chip(kind="allergy", words=kept_back),)
    return chips(plan.says("allergies"))


def chips(plan_says: Mapping[str, Any]) -> tuple[Chip, ...]:
    """Allergies as the banner says them: what to and what happens, none known, or not recorded; never nothing."""
    status = plan_says.get("allergies.status")
    if status == "some":
        rows = plan_says.get("allergies.list", [])
        return tuple(
            Chip(
                kind="allergy",
                words=f"{row['substance']}: {row['reaction']}" + (f" ({row['when']})" if row.get("when") else ""),
            )
            for row in rows
        )
    words = {"none_known": "Asked, none known", "not_known": "Could not be asked, not known"}
    return (Chip(kind="allergy", words=words.get(status or "", "Not recorded")),)


def _adjustments(details: Mapping[str, Any]) -> tuple[Chip, ...]:
    """What somebody needs so that they can be cared for as well as anybody (Equality Act 2010, section 20)."""
    words = [values.ADJUSTMENTS.get(code, code) for code in details.get("adjustments", [])]
    if details.get("adjustment_notes"):
        words.append(details["adjustment_notes"])
    if details.get("needs_interpreter"):
        language = details.get("language", "")
        words.append(f"Needs an interpreter: {values.LANGUAGES.get(language, language)}".rstrip(": "))
    return tuple(Chip(kind="adjustment", words=one) for one in words)


def _named_attorneys(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Those named as attorney among the people who matter, with their telephone."""
    rows = [row for row in said.get("important_people", ()) if row["until_on"] is None]
    return [(row["name"], row["telephone"]) for row in rows if "attorney_health" in row["roles"]]


def _illness(
    stage: register.Stage | None,
    measured: outcomes.Latest | None,
    plan: careplan.CurrentPlan,
    *,
    died: bool,
    on: date,
) -> Box:
    """That they are thought to be dying first; the illness, the stage, and with their own days phase of illness and AKPS."""
    rows = []
    judged = plan.dying
    if died:
        measured = judged = None
    if judged:
        at = timezone.localtime(judged.at)
        since = f"since {_day_and_age(at.date(), on)}, {at:%H:%M}. Judged by {judged.judge}. {judged.causes_in_words}."
        rows.append(Row(label="Thought to be dying", words=since))
    if main := plan.says("illness").get("illness.main", ""):
        rows.append(Row(label=f"{main.rstrip('.')}.", words=""))
    rows += [Row(label=f"{stage.in_words}.", words=stage.reason)] if stage else []
    if measured and measured.phase_since:
        since = f"since {_day_and_age(measured.phase_since, on)}; {measured.phase_by}."
        rows.append(Row(label=measured.phase_name, words=since))
    if measured and measured.akps_on:
        rows.append(
            Row(label=f"AKPS {measured.akps}", words=f"on {_day_and_age(measured.akps_on, on)}; {measured.akps_by}.")
        )
    return Box(
        key="dying" if judged else "illness",
        heading="Illness and stage",
        rows=tuple(rows),
        run_in=bool(rows),
        missing="" if rows else "Not on the register.",
        source=Source(who=_named(stage.by_name, stage.by_role), on=stage.given_on) if stage else None,
    )


def _day_and_age(day: date, on: date) -> str:
    days = (on - day).days
    return f"{long_date(day)}, {'today' if days == 0 else '1 day ago' if days == 1 else f'{days} days ago'}"


def _named(name: str, role: str) -> str:
    return ", ".join(part for part in (name, careplan.ROLES.get(role, "")) if part)


def _cpr(plan: careplan.CurrentPlan, *, on: date) -> Cpr:
    standing, form = plan.cpr, plan.cpr.newest
    if standing.kept_back:
        return Cpr(reading="not_recorded", kept_back=plan.withholds("cpr"))
    if form is None or standing.disagree:
        return Cpr(reading="not_recorded")
    return Cpr(
        reading=standing.reading,
        reason=form.reason,
        told=_told(form),
        source=_decided(form),
        review_by=form.review_on,
        review_overdue=form.review_overdue(on),
        paper=form.paper_at,
        reported=" ".join(
            part
            for part in (
                "Made as a child: look at it again." if form.made_as_a_child(on) else "",
                f"{form.report}." if form.incomplete else "",
            )
            if part
        ),
    )


def _told(form: careplan_cpr.Recorded) -> str:
    words = careplan_cpr.TALKED.get(form.talked, "")
    return f"{words}." if words else ""


def _decided(form: careplan_cpr.Recorded) -> Source:
    return Source(who=form.who, on=form.made_on)


def _numbers(plan: careplan.CurrentPlan, *, hour: int) -> list[Number]:
    rows = plan.says("people_to_ring").get("people_to_ring.people", [])
    return [_number(row, hour=hour) for row in rows]


def _number(row: Mapping[str, Any], *, hour: int) -> Number:
    held = " ".join(f"{part.rstrip('.')}." for part in (row.get("relation", ""), row.get("when", "")) if part)
    kept = answers(row.get("hours", ""), row.get("opens", ""), row.get("closes", ""), hour=hour)
    return Number(
        name=row["name"], telephone=row["telephone"], holds=held, is_open=kept.is_open, now=kept.now, hours=kept.hours
    )


def _box(section: Section, fact: careplan.SectionFact | None, *, on: date) -> Box:
    """One section as it stands; what was never written says so."""
    if fact is None:
        return Box(key=section.id, heading=section.title, missing=NEVER_WRITTEN)
    content = fact.content
    rows: list[Row] = []
    ends_on = None
    medicines: tuple[Medicine, ...] = ()
    if section.id == "place_of_care":
        rows += _places(section, content)
    for item in section.items if section.id != "place_of_care" else ():
        value = content.get(item.id)
        if value in (None, "", []):
            continue
        if item.id == "medicines_at_home.medicines":
            medicines = tuple(
                Medicine(
                    name=row["name"],
                    what_for=row.get("for", ""),
                    left=row.get("count", ""),
                    expires=row.get("expires", ""),
                )
                for row in value
            )
        elif item.id == "medicines_at_home.box" and value == "yes" and content.get("medicines_at_home.kept"):
            continue  # where it is kept says that there is one
        elif item.id == "medicines_at_home.kept":
            rows.append(Row(label=f"{value.rstrip('.')}.", words=""))
        elif item.id == "medicines_at_home.chart_until_on":
            rows.append(Row(label="", words=chart(date.fromisoformat(value), on=on)))
        elif item.type == DATE and item.when == "future":
            ends_on = date.fromisoformat(value)
        elif item.type == ROWS:
            label, *others = item.items
            for row in value:
                said = ". ".join(part.words(row[part.id]) for part in others if row.get(part.id))
                rows.append(Row(label=label.words(row.get(label.id)), words=said))
        else:
            rows.append(Row(label=item.label, words=item.words(value)))
    if len(rows) == 1:
        rows = [Row(label="", words=rows[0].words)]
    return Box(
        key=section.id,
        heading=section.title,
        rows=tuple(rows),
        medicines=medicines,
        run_in=section.id in ("place_of_care", "medicines_at_home"),
        source=Source(
            who=_named(fact.author_name, fact.author_role) + _unchanged(fact),
            on=fact.checked_on,
            review_after=section.review_after_days,
            ask_again_after=section.ask_again_after_days,
        ),
        ends_on=ends_on,
        has_ended=ends_on is not None and ends_on < on,
    )


def _unchanged(fact: careplan.SectionFact) -> str:
    """Who asked since and found it unchanged, beside whose words they are."""
    return f"; asked, unchanged: {_named(fact.confirmed.name, fact.confirmed.role)}" if fact.confirmed else ""


def _devices(plan: careplan.CurrentPlan) -> Box | None:
    """An implanted defibrillator, oxygen and a syringe driver: what changes what is done tonight."""
    section, fact = registry.section("equipment"), plan.sections.get("equipment")
    if section is None or fact is None:
        return None
    rows = []
    for name in ("defibrillator", "oxygen", "driver"):
        value, item = fact.content.get(f"equipment.{name}", ""), section.item(f"equipment.{name}")
        if value not in ("", "none", "no"):
            rows.append(Row(label=f"{item.brief}:", words=f"{item.words(value)}."))
    who = _named(fact.author_name, fact.author_role) + _unchanged(fact)
    source = Source(
        who=who,
        on=fact.checked_on,
        review_after=section.review_after_days,
        ask_again_after=section.ask_again_after_days,
    )
    return (
        Box(key="devices", heading="Devices and oxygen", rows=tuple(rows), run_in=True, source=source) if rows else None
    )


def _also(plan: careplan.CurrentPlan) -> Box | None:
    """What else the plan says, by its titles; and what another record said before both were joined, until it is settled."""
    expected = {section.id for section in registry.plan().sections() if section.expected}
    titles = {section.id: section.title for section in registry.plan().sections()}
    written = ", ".join(title for name, title in titles.items() if name in plan.sections and name not in expected)
    rows = [Row(label="Written in the plan:", words=written)] if written else []
    for fact in plan.beside:
        section = registry.section(fact.section)
        if section is not None:
            rows.append(
                Row(
                    label=f"{section.title}, from another record of this person, not settled:",
                    words=section.in_brief(fact.content),
                )
            )
    return Box(key="also", heading="More on the live record", rows=tuple(rows), run_in=True) if rows else None


def _places(section: Section, content: Mapping[str, Any]) -> tuple[Row, ...]:
    def said(part: str) -> str:
        item = section.item(f"place_of_care.{part}")
        return item.words(content.get(item.id))

    return places(
        said("care_first"), said("care_second"), said("death_first"), said("death_second"), said("which"), said("words")
    )


def with_a_summary(reader: Reader) -> list[Person]:
    """The living whom this reader has a tie to and of whom a night clinician would read something: on the register, or planned for."""
    reader.must("see_urgent")
    mine = people_of(reader).filter(died_on=None)
    known = careplan.written_about(reader, mine) | register.on_register(reader, mine)
    return list(mine.filter(pk__in=known).select_related("practice"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Somebody I opened today."""

    person_id: UUID
    name: str
    born_on: date | None
    at: datetime


def opened_today(reader: Reader, *, at: datetime) -> tuple[Opened, ...]:
    """Whom this reader opened since midnight and may still open, the latest first."""
    midnight = datetime.combine(timezone.localdate(at), time.min, tzinfo=timezone.get_current_timezone())
    lines = AuditLine.objects.filter(account_id=reader.account_id, what="opened a record", at__gte=midnight)
    latest: dict[UUID, datetime] = {}
    for about, opened_at in lines.order_by("at").values_list("about", "at"):
        if about is not None:
            latest[about] = opened_at
    people = people_of(reader).filter(pk__in=latest)
    found = [
        Opened(
            person_id=person.id,
            name=f"{person.family_name.upper()}, {person.given_names}",
            born_on=person.born_on,
            at=latest[person.id],
        )
        for person in people
    ]
    return tuple(sorted(found, key=lambda opened: opened.at, reverse=True)[:20])

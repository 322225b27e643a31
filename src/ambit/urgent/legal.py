"""What documents with legal force say on the urgent page: disagreements, treatment limits, refusals, who decides. No clock."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.utils import timezone

from ambit.careplan.rules import attorneys, documents, parents, wording
from ambit.careplan.rules.conflicts import Conflict, whom_to_ask
from ambit.careplan.rules.directives import Directives
from ambit.careplan.rules.document import Document
from ambit.careplan.rules.treatments import LIMITED
from ambit.urgent.rules import Box, Disagreement, Number, Row, Side, Source

LIMITS_MISSING = (
    "Not recorded. No limit to any treatment is recorded; it must not be read as “everything” or “nothing”."
)
REFUSAL_MISSING = "None recorded. Ask, and look for paper."
NOBODY = "Nobody is recorded as attorney for health. Those who care decide in the person’s best interests."
ONLY = "Only when the person lacks capacity for that decision."
# a document says who and when; it is not asked again like a section, its review is said where it is overdue
NEVER_ASKED = 100_000


def disagreements(
    conflicts: Iterable[Conflict], directives: Directives, numbers: Sequence[Number], *, on: date
) -> tuple[Disagreement, ...]:
    """What differs, all sides alike, and whom to ask; the order of danger is that of the plan."""
    asked = whom_to_ask(directives, on=on)
    ring = f"ring {numbers[0].name}, {numbers[0].telephone}" if numbers else "ring 111 and speak to a clinician"
    then = (
        f"{asked.removesuffix('.')}, and {ring}." if "If they cannot" in asked else f"{asked} If they cannot, {ring}."
    )
    whom = f"{then} If you cannot wait, use your judgement."
    return tuple(
        Disagreement(
            about=one.about,
            heading=one.heading,
            sides=tuple(
                Side(
                    name=side.name,
                    says=side.says,
                    force=side.force,
                    source=Source(who=side.who, on=side.made_on) if side.who else None,
                )
                for side in one.sides
            ),
            whom_to_ask=whom,
            concerns_cpr=one.concerns_cpr,
        )
        for one in conflicts
    )


def treatment_limits(directives: Directives, conflicts: Iterable[Conflict]) -> Box:
    """The answer for each treatment: of the newest that says anything, or that documents disagree about it."""
    plans = [one for one in directives.current if wording.limits_of(one)]
    differ = {treatment for one in conflicts for treatment in one.treatments}
    newest = {limit.treatment: limit for one in reversed(plans) for limit in wording.limits_of(one)}
    rows = [
        Row(label=name, words="See above: documents say different things.", answer="disagreement")
        if code in differ
        else Row(label=name, words=newest[code].words, answer=newest[code].answer)
        for code, name in LIMITED.items()
        if code in newest
    ]
    emergency = next(iter(directives.of(documents.EmergencyRecommendations)), None)
    if emergency and emergency.priority:
        rows.append(Row(label="Priority", words=f"{documents.PRIORITIES[emergency.priority]}."))
    source = plans[0] if plans else emergency
    return Box(
        key="treatment_limits",
        heading="Treatment limits",
        rows=tuple(rows),
        missing="" if rows else LIMITS_MISSING,
        source=_source(source) if source else None,
    )


def emergency(directives: Directives) -> Box | None:
    """What emergency recommendations say besides CPR and limits; no box where nothing of it is recorded."""
    one = next(iter(directives.of(documents.EmergencyRecommendations)), None)
    if one is None:
        return None
    said = (("", one.summary), ("Values most", one.value_most), ("Fears most", one.fear_most))
    rows = tuple(Row(label=f"{label}:" if label else "", words=words) for label, words in said if words)
    report = Row(label="", words=f"{one.report}.") if one.incomplete else None
    return Box(
        key="emergency",
        heading="Emergency recommendations",
        rows=(*rows, *([report] if report else ())),
        run_in=True,
        source=_source(one),
    )


def refusal(directives: Directives) -> Box:
    """Advance decisions and written wishes: what is refused, what it weighs and why, where the paper is."""
    several = (*directives.refusals(), *directives.wishes())
    rows = []
    for one in several:
        check = directives.check(one)
        parts = [
            f"{check.label}.",
            f"{one.report}." if one.incomplete else "",
            f"Paper: {one.paper_at}." if one.paper_at else "",
        ]
        parts += [f"{view.by} takes a different view: {view.reason.rstrip('.')}." for view in one.views]
        circumstances = f" When: {one.circumstances.rstrip('.')}." if one.circumstances else ""
        rows.append(Row(label=f"{one.in_brief}.{circumstances}", words=" ".join(part for part in parts if part)))
    return Box(
        key="advance_decision",
        heading="Advance decision (ADRT)",
        rows=tuple(rows),
        run_in=True,
        missing="" if rows else REFUSAL_MISSING,
        source=_source(several[0]) if several else None,
    )


def who_decides(directives: Directives, named: Sequence[tuple[str, str]], *, on: date) -> Box:
    """Attorneys and deputies by document, what they may decide; those named without a document; open disputes.

    Whoever is named as attorney among those who matter is shown even if no document is recorded, and so labelled (L22).
    """
    powers = directives.of(documents.Authority)
    rows = []
    for one in powers:
        check = directives.check(one, on=on)
        telephones = ", ".join(holder.telephone for holder in one.holders if holder.telephone)
        scope = (
            "may decide about life-sustaining treatment" if attorneys.may_decide_about_life(one) else one.type_in_words
        )
        words = f"{check.label}. {ONLY}" if check.force == "authority" else f"{one.type_in_words}. {check.label}."
        if check.force == "authority" and attorneys.may_decide_about_life(one):
            words = f"attorney for health and welfare, {scope}. {ONLY}"
        if one.registered_on:
            words = f"{words} Registered {one.registered_on:%-d %B %Y}."
        rows.append(Row(label=f"{one.names}{', ' + telephones if telephones else ''}:", words=words))
    telephone_of = dict(named)
    for name in attorneys.undocumented([name for name, _ in named], powers):
        telephone = telephone_of[name]
        rows.append(
            Row(
                label=f"{name}{telephone and ', '}{telephone}:",
                words=f"named as attorney for health and welfare; no document is recorded. {ONLY}",
            )
        )
    rows += [Row(label="Dispute:", words=f"{one.in_brief}.") for one in directives.of(documents.Dispute)]
    decides = bool(powers or named)
    return Box(
        key="who_decides",
        heading="Who decides if the person cannot",
        rows=tuple(rows) if decides else (Row(label="", words=NOBODY), *rows) if rows else (),
        run_in=True,
        missing="" if rows else NOBODY,
        source=_source(powers[0]) if powers else None,
    )


def who_decides_for_a_child(holders: Sequence[parents.Holder], directives: Directives, *, first: str) -> Box:
    """Who holds parental responsibility, with what a court restricts; what the child may decide; open disputes."""
    rows = [Row(label="Dispute:", words=f"{one.in_brief}.") for one in directives.of(documents.Dispute)]
    rows += [
        Row(label=f"{one.name}, {one.relation.lower()}{one.telephone and ', '}{one.telephone}:", words=one.words)
        for one in holders
    ]
    if not holders and first != parents.BEFORE_BIRTH:
        rows.append(Row(label="", words=parents.NOBODY))
    rows += [Row(label="Child:", words=f"{one.in_brief}.") for one in directives.of(documents.GillickAssessment)]
    if first:
        rows.append(Row(label="", words=first))
    return Box(key="who_decides", heading="Who decides for this child", rows=tuple(rows), run_in=True)


def _source(one: Document) -> Source:
    """Who says so and when: whoever decided, on that day; of what was only recorded here, who recorded it and what they saw."""
    seen = {"original": "original seen", "copy": "copy seen", "reported": "told of, not seen"}.get(one.seen, "")
    recorder = one.author == one.recorded_by
    who = ", ".join(part for part in (one.author, one.recorded_by_role if recorder else "", seen) if part)
    day = timezone.localdate(one.recorded_at) if recorder else one.made_on
    return Source(who=who, on=day, review_after=NEVER_ASKED, ask_again_after=NEVER_ASKED)

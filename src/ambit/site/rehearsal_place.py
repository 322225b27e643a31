"""What a place that improves itself has, for measurements: a round on the Ambitions, a gap analysis, two years of figures."""

import math
from datetime import date, timedelta
from typing import Any, Final

STATEMENTS: Final = 100
"""Rows of the gap analysis; the Ambitions have 96 statements, and a few rows are the place's own."""
FRAMEWORK: Final = "ambitions-2015"
MONTHS: Final = 24
WORDS: Final = (
    "Most practices hold a monthly meeting with community nurses, and what is agreed is written into the plan the same day; "
    "care homes are asked every quarter. Out of hours the plan is seen by the ambulance service and by the out-of-hours doctors."
)


def fill_place(*, practice: Any, emails: list[str], staff: int, hashed: str, today: date) -> dict[str, Any]:
    """A place with `staff` leads, whose practice's people answer its round: three have handed in, all others are asked."""
    from django.utils import timezone

    from ambit.access.models import Account
    from ambit.access.queries import reader_named
    from ambit.improvement import actions, queries
    from ambit.improvement.models import Assessor
    from ambit.improvement.rules import plans
    from ambit.improvement.rules.rounds import Said
    from ambit.organisations.models import Membership, Organisation, Staff

    place = Organisation.objects.create(code="Z90010", name="Brackendale", kind="place")
    practice.part_of = place
    practice.save(update_fields=["part_of"])
    leads = [f"lead{number}@ambit.example" for number in range(staff)]
    # beside those who are asked, three who have handed in
    ready = [f"answered{number}@ambit.example" for number in range(3)]
    for works_at, role, several in ((place, "place_lead", leads), (practice, "gp", ready)):
        for number, email in enumerate(several):
            somebody = Staff.objects.create(name=f"Sam Rehearsal {number}", email=email)
            Membership.objects.create(staff=somebody, organisation=works_at, role=role, from_on=date(2020, 1, 1))
            Account.objects.create(email=email, staff=somebody, name=somebody.name, password=hashed)
    lead = reader_named(leads[0])
    figures_of(place.code, today)
    period = actions.Period(from_on=today - timedelta(days=365), until_on=today, answers_due_on=today)
    one = actions.start_round(by=lead, framework_id=FRAMEWORK, title="Rehearsal", period=period)
    nodes = queries.wording(one.edition_id).statements(one.rates)
    for email in [*ready, *emails]:
        # asked without the mail that an invitation sends
        account = Account.objects.get(email=email)
        Assessor.objects.create(
            round=one, account=account, name=account.name, speaks_for=email, asked_at=timezone.now(), asked_by=lead.name
        )
    levels = [level.id for level in queries.wording(one.edition_id).scale_of(nodes[0]).levels]
    for turn, email in enumerate(ready):
        by = reader_named(email)
        for number, node in enumerate(nodes):
            said = Said(level=levels[(turn + number) % len(levels)], position=WORDS, confidence="high")
            actions.answer_statement(by=by, round_id=one.pk, node_id=node.id, seen=0, said=said)
        actions.hand_in(by=by, round_id=one.pk)
    analysis = actions.start_gap_analysis(by=lead, title="Rehearsal", framework_id=FRAMEWORK)
    rows = queries.gap_rows(lead, analysis.pk)
    for number in range(STATEMENTS):
        row = rows[number] if number < len(rows) else None
        said_of_row = plans.GapSaid(
            foundation=row.said.foundation if row else f"Our own {number}",
            meaning=row.said.meaning if row else "Something that only this place asks of itself",
            position=WORDS,
            action="" if number % 3 == 0 else "Ask the four practices that do not, and offer them a half-day together.",
            rating=plans.RATINGS[number % 3],
            owner="" if number % 7 == 0 else f"Owner {number % 9}",
            due=("ongoing", "Q4 2026/27", "tbc", "31 March 2026")[number % 4],
        )
        seen = row.revision if row else 0
        actions.keep_row(
            by=lead, kind=plans.GAP, of=analysis.pk, row_id=row.id if row else None, seen=seen, said=said_of_row
        )
    return {
        "lead_emails": leads,
        "round": str(one.pk),
        "analysis": str(analysis.pk),
        "statements": [node.id for node in nodes],
        "level": levels[1],
    }


def figures_of(area: str, today: date) -> None:
    """Two years of figures of every indicator that is collected, each a wave of its own, with groups by practice."""
    from django.utils import timezone

    from ambit.measures import registry
    from ambit.measures.models import Figure, Snapshot
    from ambit.measures.rules.periods import Month

    pack = registry.pack()
    last = Month.of(today).after(-1)
    for back in range(MONTHS):
        month = last.after(-back)
        taken = Snapshot.objects.create(
            month=month.first,
            pack=pack.id,
            pack_version=pack.version,
            pack_sha256=pack.sha256,
            taken_at=timezone.now(),
            taken_by="rehearsal",
        )
        Figure.objects.bulk_create(
            Figure(
                snapshot=taken,
                indicator=one.id,
                area=area,
                groups={"practice": {f"Z92{group:03}": _figure(number + group, back) for group in range(12)}},
                **_figure(number, back),
            )
            for number, one in enumerate(registry.indicators().indicators.values())
            if one.is_collected
        )


def _figure(number: int, back: int) -> dict[str, Any]:
    of = 400 + 13 * number
    value = 55 + 12 * math.sin(back / 3 + number) - back / 2
    return {
        "numerator": float(round(of * value / 100)),
        "denominator": float(of),
        "value": value,
        "lower": value - 4,
        "upper": value + 4,
        "completeness": 97.0,
        "hides": "",
    }

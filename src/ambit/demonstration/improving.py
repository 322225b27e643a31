"""Gap analyses, a plan, a board and named leads of the first place: some of it late, one thing done, a cycle under way, one lead missing."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from ambit.access.queries import Reader, operator
from ambit.demonstration.assessing import LEADS
from ambit.demonstration.caring import who
from ambit.demonstration.clock import clock_at, moment
from ambit.improvement import actions, queries
from ambit.improvement.models import GapAnalysis, Plan, Round
from ambit.improvement.rules.plans import ActionSaid, CycleSaid, LeverSaid, MilestoneSaid, Quarter

CHILDREN = "lsc-cyp-gap"
GP, NURSE, HOSPICE, HUB = "Dr Amina Rahman", "Ruth Tannahill", "Dr Sofia Quayle", "Bea Lindqvist"

# row of the children's framework: where we are, what we will do, rating now, rating when it was signed, lead
CHILDRENS_ROWS: tuple[tuple[str, str, str, str, str], ...] = (
    ("Found late: most are known to the hospital, few to their practice.", "Monthly case-finding in all eight practices.", "amber", "amber", GP),
    ("Plans of children stay on paper at the hospital.", "One plan for children, readable at night.", "amber", "red", "Leila Garside"),
    ("Place of death is known for nearly all; need is an estimate.", "", "green", "amber", "Leila Garside"),
    ("Few carers are offered an assessment. The carers’ lead post is empty.", "", "red", "amber", ""),
    ("Two hospice nurses teach; care homes have had no offer.", "Joint training offer, care homes first.", "amber", "amber", HOSPICE),
    ("The advice line answers day and night. No night visits in Eskvale.", "Second night car.", "amber", "amber", NURSE),
    ("The carers’ group meets monthly and signs each change.", "", "green", "green", HUB),
    ("A board lead is named. Nobody leads for children.", "Name a children’s lead.", "amber", "amber", "Executive lead"),
    ("Three contracts, three sets of hours.", "", "unrated", "unrated", "Leila Garside"),
)  # fmt: skip
DUES = (
    "31 March {year}",
    "end of December",
    "",
    "not agreed",
    "Q1 {next}/{after}",
    "14 November",
    "ongoing",
    "January board",
    "tbc",
)


def improve(today: date) -> None:
    """What stands beside the self-assessments of the first place; the second has taken up nothing yet."""
    lead = who(LEADS[0])
    _taken_up(lead, today)
    children = _children(lead, today)
    plan = _plan(lead, today, children)
    _board(lead, today, plan)
    _leads(lead, today)
    _levers(lead)


def _taken_up(lead: Reader, today: date) -> None:
    """What last year's signed round proposed: the red ones were taken up, and later some got a lead and a day."""
    one = Round.objects.filter(organisation=lead.organisation_id, signed_at__isnull=False).get()
    with clock_at(moment(today, 365)):
        analysis = actions.propose_gaps(by=operator("Ambit"), round_id=one.pk)
    if analysis is None:
        return
    rows = queries.gap_rows(lead, analysis.pk)
    with clock_at(moment(today, 340)):
        for row in rows:
            actions.decide_gap(by=lead, analysis_id=analysis.pk, gap_id=row.id, seen=row.revision, takes=True)
    with clock_at(moment(today, 120)):
        _sign(lead, analysis_id=analysis.pk, words="Taken up by the board in July.")
    with clock_at(moment(today, 30)):
        for number, row in enumerate(rows[::5]):
            owner, due = ((GP, f"31 March {today.year + 1}"), (HUB, "ongoing"), (NURSE, "end of October"))[number % 3]
            cells = {"rating": "amber", "action": "Taken into the improvement plan.", "owner": owner, "due": due}
            actions.change_cells(by=lead, kind="gap", of=analysis.pk, row_id=row.id, seen=row.revision + 1, cells=cells)


def _sign(lead: Reader, *, words: str, analysis_id: UUID | None = None, plan_id: UUID | None = None) -> None:
    opened = (
        queries.open_analysis(lead, analysis_id) if analysis_id else queries.open_plan(lead, plan_id or UUID(int=0))
    )
    seen = queries.state_of_table(opened.table)
    actions.sign_table(by=lead, analysis_id=analysis_id, plan_id=plan_id, seen=seen, words=words, share=True)


def _children(lead: Reader, today: date) -> GapAnalysis:
    """The nine rows that people know, for children and young people: signed in May, changed since."""
    with clock_at(moment(today, 200)):
        one = actions.start_gap_analysis(
            by=lead,
            title="Gap analysis, children and young people",
            framework_id=CHILDREN,
            population="Children and young people",
        )
        rows = queries.gap_rows(lead, one.pk)
        for row, (position, action, _now, before, owner) in zip(rows, CHILDRENS_ROWS, strict=True):
            cells = {"position": position, "action": action, "rating": before, "owner": owner}
            _change(lead, "gap", one.pk, row, cells)
        _sign(lead, analysis_id=one.pk, words="Agreed with the children’s hospital and the hospice.")
    with clock_at(moment(today, 25)):
        for row, due, told in zip(queries.gap_rows(lead, one.pk), DUES, CHILDRENS_ROWS, strict=True):
            year = today.year
            words = due.format(year=year + 1, next=year + 1, after=(year + 2) % 100)
            _change(lead, "gap", one.pk, row, {"rating": told[2], "due": words})
    return one


def _change(lead: Reader, kind: str, of: UUID, row: Any, cells: dict[str, Any]) -> None:
    actions.change_cells(by=lead, kind=kind, of=of, row_id=row.id, seen=row.revision, cells=cells)


def _keep(lead: Reader, kind: str, of: UUID, said: Any) -> Any:
    return actions.keep_row(by=lead, kind=kind, of=of, row_id=None, seen=0, said=said)


def _plan(lead: Reader, today: date, children: GapAnalysis) -> Plan:
    """Six actions: late, at risk, on track, done, led by nobody, not begun; their milestones, and a cycle under way."""
    first = Quarter.of(today).after(-2).first
    gaps = queries.gap_rows(lead, children.pk)
    with clock_at(moment(today, 150)):
        plan = actions.start_plan(
            by=lead,
            title=f"Palliative and end of life care, {today.year} to {today.year + 2}",
            from_on=first,
            until_on=date(today.year + 2, 3, 31),
            aim="Find people earlier, so that each has a plan that is read at night.",
        )
        kept = [_keep(lead, "action", plan.pk, said) for said in _actions(today, [str(row.id) for row in gaps])]
        for number, what, due, reached in _milestones(today):
            said = MilestoneSaid(
                what=what, action=str(kept[number].pk), owner=kept[number].owner, due=due, reached_on=reached,
                shown_by="Board report" if reached else "",
            )  # fmt: skip
            _keep(lead, "milestone", plan.pk, said)
        for cycle in _cycles(today):
            _keep(lead, "cycle", kept[0].pk, cycle)
        _sign(lead, plan_id=plan.pk, words="Agreed by the board.")
        actions.publish_plan(by=lead, plan_id=plan.pk, version=1)
    with clock_at(moment(today, 12)):
        asks = "Fund the carers’ lead by January, or accept the gap.\nAsk Old Tannery what it needs to begin case-finding.\nName a lead for children and young people."
        actions.change_plan(by=lead, plan_id=plan.pk, seen=1, title=plan.title, aim=plan.aim, asks=asks)
        cells = {
            "forecast": f"end of February {today.year + 1}",
            "progress_note": "Two homes signed in; the others wait for laptops.",
        }
        actions.change_cells(by=lead, kind="action", of=plan.pk, row_id=kept[1].pk, seen=1, cells=cells)
    return plan


def _before(today: date, days: int) -> date:
    return today - timedelta(days=days)


def _actions(today: date, gaps: list[str]) -> Iterable[ActionSaid]:
    year, ago = today.year, partial(_before, today)
    yield ActionSaid(
        what="Case-finding every month in all eight practices", gap=gaps[0], owner=GP, starts_on=ago(140), due=f"Q4 {year}/{(year + 1) % 100:02d}",
        driver="People are found before a crisis", lever="Local quality contract", progress="started",
        progress_note="Seven of eight practices run it; Old Tannery has not begun.", indicator="ind.ident.screened",
        effect="Every list searched each month, by March",
    )  # fmt: skip
    yield ActionSaid(
        what="Sign-in for every care home", gap=gaps[1], owner="Leila Garside", starts_on=ago(120), due=f"31 December {year}",
        driver="Who is called at night can read the plan", progress="started", indicator="ind.record.single_flag_orgs", effect="All four homes",
    )  # fmt: skip
    yield ActionSaid(
        what="Second night car for Eskvale", gap=gaps[5], owner=NURSE, starts_on=ago(130), due=f"14 November {year}",
        driver="Somebody comes at night", lever="Community contract", progress="started",
        progress_note="Three of four nurses in post; the fourth starts in January.", indicator="ind.death.hospital", effect="Fewer deaths in hospital",
    )  # fmt: skip
    yield ActionSaid(
        what="One number for the advice line", owner=HOSPICE, starts_on=ago(150), due="Q2", progress="complete", done_on=ago(62),
        shown_by="Call figures, September", progress_note="One number since September, day and night.",
    )  # fmt: skip
    yield ActionSaid(
        what="Help for carers: offer every carer an assessment",
        gap=gaps[3],
        due=f"31 March {year + 1}",
        driver="Carers who are well can go on caring",
    )
    yield ActionSaid(
        what="One plan for children", gap=gaps[1], owner=HOSPICE, starts_on=date(year + 1, 4, 1), due=f"Q4 {year + 1}/{(year + 2) % 100:02d}",
        indicator="ind.acp.required_vs_placed_cyp", effect="Every child who needs one",
    )  # fmt: skip


def _milestones(today: date) -> Iterable[tuple[int, str, str, date | None]]:
    """Which action, what, when it is due, when it was reached."""
    now = Quarter.of(today)
    yield 0, "Six practices live", now.after(-1).name, today - timedelta(days=70)
    yield 0, "All eight practices live", now.name, None
    yield 0, "Run again and compare", now.after(2).name, None
    yield 1, "First two homes", now.name, today - timedelta(days=20)
    yield 1, "All four homes", now.after(1).name, None
    yield 2, "Nurses recruited", f"14 October {today.year}", None
    yield 2, "Car on the road", now.after(1).name, None
    yield 3, "Line open", now.after(-1).name, today - timedelta(days=62)
    yield 4, "Carers’ lead in post", "January board", None
    yield 5, "Form agreed with the hospital", now.after(2).name, None


def _cycles(today: date) -> Iterable[CycleSaid]:
    ago = partial(_before, today)
    yield CycleSaid(
        title="Two practices look at the list every Friday", tries="Larkfield and Brackenhill review found people for ten minutes each Friday.",
        prediction="Half of those found are answered within a month.", begins_on=ago(140), ends_on=ago(100),
        data="31 of 44 were answered within a month.", study="It worked where the administrator kept the list.", decision="adapt",
        next_step="Try it with the administrator leading.",
    )  # fmt: skip
    yield CycleSaid(
        title="The administrator leads the Friday list", tries="Three practices; the administrator opens the list and asks the GP.",
        prediction="Three in four are answered within a month.", begins_on=ago(45), ends_on=ago(4), data="28 of 36 so far.",
    )  # fmt: skip


MINUTES = """1. Welcome. Apologies from the council.
2. The plan. Case-finding runs in seven of eight practices. The night car is late: one nurse short.
3. Carers. The post is still empty. The board asked for a figure for the winter.
4. Children. The hospice offered to lead on one plan for children.
5. Next meeting as in the calendar."""


def _board(lead: Reader, today: date, plan: Plan) -> None:
    """A board with a meeting whose minutes are signed, one whose minutes are not, and one to come."""
    with clock_at(moment(today, 150)):
        board = actions.make_board(
            by=lead,
            said=actions.BoardSaid(
                name="Palliative and end of life care board", chair="Dr Sofia Quayle", meets="on the first Thursday of each quarter",
                purpose="Watches over the plan of the place, and answers for it to the system.", reports_to="the place partnership board",
            ),
        )  # fmt: skip
    several = queries.plan_rows(lead, plan.pk)
    for days, is_signed in ((136, True), (45, False)):
        with clock_at(moment(today, days - 2)):
            held = actions.call_meeting(
                by=lead, board_id=board.pk, held_on=today - timedelta(days=days), where="Thornmere Town Hall",
                agenda="The plan\nCarers\nChildren",
            )  # fmt: skip
            actions.record_decision(
                by=lead, meeting_id=held.pk, what="Begin the plan as shown." if is_signed else "Ask for a figure for the carers’ lead.",
                owner="Leila Garside", due="by the next meeting", action_id=None if is_signed else several[4].id,
            )  # fmt: skip
            actions.write_minutes(by=lead, meeting_id=held.pk, seen=0, words=MINUTES)
            if is_signed:
                actions.write_minutes(
                    by=lead, meeting_id=held.pk, seen=1, words=MINUTES.replace("the council", "the council and the hospital"),
                    what_changed="Apologies of the hospital added",
                )  # fmt: skip
                actions.sign_minutes(by=lead, meeting_id=held.pk, version=2, words="Agreed at the meeting after it.")
    with clock_at(moment(today, 10)):
        actions.call_meeting(
            by=lead, board_id=board.pk, held_on=today + timedelta(days=9), where="By video",
            agenda="Off track: the night car\nCarers’ lead: fund it or accept the gap\nPlan on a page",
        )  # fmt: skip


def _leads(lead: Reader, today: date) -> None:
    """Palliative care has a lead; bereavement has had none since the summer."""
    with clock_at(moment(today, 400)):
        first = today - timedelta(days=400)
        actions.name_lead(
            by=lead,
            subject="palliative",
            name="Leila Garside",
            role="Place lead",
            contact="leila.garside@eskvale.example",
            from_on=first,
        )
        left = actions.name_lead(
            by=lead, subject="bereavement", name="Hilary Cole", role="Bereavement service", from_on=first
        )
    with clock_at(moment(today, 150)):
        actions.end_lead(by=lead, lead_id=left.pk, until_on=today - timedelta(days=150))


def _levers(lead: Reader) -> None:
    """Rows that a site would write for itself."""
    for audience, foundation, lever, measure in (
        ("commissioner", "24/7 access", "Night visits in the community contract", "Visits made between 10pm and 8am"),
        (
            "commissioner",
            "Personalised care and support planning",
            "Case-finding in the local quality contract",
            "Practices that ran it this month",
        ),
        ("provider", "Education and training", "Study time in the rota of care homes", "Staff trained at their level"),
    ):
        said = LeverSaid(
            audience=audience, foundation=foundation, lever=lever, measure=measure, source="Written by the place"
        )
        assert lead.organisation_id is not None
        _keep(lead, "lever", lead.organisation_id, said)

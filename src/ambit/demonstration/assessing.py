"""Self-assessments of two places: signed last year, and one under way in which three people have answered half."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import cycle

from ambit.access.models import Account
from ambit.access.queries import Reader
from ambit.demonstration import cast
from ambit.demonstration.caring import who
from ambit.demonstration.clock import clock_at, moment
from ambit.improvement import actions, queries
from ambit.improvement.models import Round
from ambit.improvement.rules.frameworks import Node
from ambit.improvement.rules.rounds import Said

FRAMEWORK = "ambitions-2015"
LEADS = ("Leila Garside", "Callum Rigby")
# who answers this year's, for whom, and how their levels run; the last has handed in
ASSESSORS = (
    ("Ruth Tannahill", "", ("partly", "planned", "in_place", "partly")),
    ("Amina Rahman", "", ("in_place", "partly", "partly")),
    (
        "Sofia Quayle",
        "Merrowdale Hospice, with the carers’ group",
        ("planned", "partly", "not_started", "in_place", "partly"),
    ),
)
# where things stood, in words; none of it is about anybody
WORDS = {
    "not_started": ("Nobody has taken this up yet.", "Talked about at the March meeting; no lead and no date."),
    "planned": ("A lead is named and the first steps are dated.", "Agreed with the hospice for next spring; nothing runs yet."),
    "partly": (
        "Running in five of eight practices; care homes not yet.", "In place for adults. Children’s plans stay with the hospital.",
        "Works on weekdays. At night it depends on who is on.",
    ),
    "in_place": ("Everywhere since the summer, looked at each quarter.", "In place in every organisation that signed the agreement."),
    "embedded": ("Measured monthly and checked for fairness; the carers’ group agrees.",),
}  # fmt: skip
GAPS = {"not_started": "red", "planned": "amber", "partly": "amber", "in_place": "green", "embedded": "green"}


def assess(today: date) -> None:
    """Last year's round of each place, signed; this year's of the first, with three assessors half way."""
    before = [_signed(who(name), today, number) for number, name in enumerate(LEADS)]
    _under_way(who(LEADS[0]), today, before[0])


def _period(start: date, due_on: date | None = None) -> actions.Period:
    april = date(start.year if start.month >= 4 else start.year - 1, 4, 1)
    return actions.Period(
        from_on=april, until_on=april.replace(year=april.year + 1) - timedelta(days=1), answers_due_on=due_on
    )


def _said(level: str, number: int, gap: str = "") -> Said:
    words = WORDS[level]
    return Said(
        level=level, position=words[number % len(words)], confidence=("high", "medium", "low")[number % 3], gap=gap
    )


def _signed(lead: Reader, today: date, number: int) -> Round:
    """A round that was agreed at a meeting and signed a year ago; the second place rated only what is asked of a place."""
    with clock_at(moment(today, 380)):
        one = actions.start_round(
            by=lead,
            framework_id=FRAMEWORK,
            title=f"Autumn {(today - timedelta(days=380)).year}",
            period=_period(today - timedelta(days=380)),
            whole=number == 0,
        )
        levels = cycle(("partly", "planned", "in_place", "not_started", "partly", "planned")[number:])
        for place, node in enumerate(_statements(one)):
            level = next(levels)
            actions.moderate_statement(
                by=lead, round_id=one.pk, node_id=node.id, seen=0, said=_said(level, place, gap=GAPS[level])
            )
        actions.add_evidence(
            by=lead,
            round_id=one.pk,
            node_id="amb.calls.s1" if "amb.calls.s1" in {n.id for n in _statements(one)} else _statements(one)[0].id,
            shown=actions.Shown(title="Minutes of the palliative care board", note="The lead organisation was named."),
            url="https://board.example/minutes/october",
        )
    with clock_at(moment(today, 366)):
        actions.sign_round(
            by=lead,
            round_id=one.pk,
            seen=queries.state_of(one.pk),
            words="Agreed by the palliative care board.",
            share=True,
        )
    return one


def _statements(one: Round) -> Sequence[Node]:
    return queries.wording(one.edition_id).statements(one.rates)


def _under_way(lead: Reader, today: date, before: Round) -> None:
    """Begun three weeks ago, due in two and a half; one assessor has handed in, the foundations are agreed in part."""
    with clock_at(moment(today, 21)):
        one = actions.start_round(
            by=lead,
            framework_id=FRAMEWORK,
            title=f"Autumn {today.year}",
            period=_period(today, today + timedelta(days=18)),
            follows=before.pk,
        )
        for name, speaks_for, _levels in ASSESSORS:
            account = Account.objects.get(email=cast.email_of(name))
            actions.invite_assessor(by=lead, round_id=one.pk, account_id=account.pk, speaks_for=speaks_for)
    statements = _statements(one)
    with clock_at(moment(today, 9)):
        for number, (name, _speaks_for, levels) in enumerate(ASSESSORS):
            by, several = who(name), cycle(levels)
            for place, node in enumerate(statements[: len(statements) // 2 : 2]):
                actions.answer_statement(
                    by=by, round_id=one.pk, node_id=node.id, seen=0, said=_said(next(several), place + number)
                )
        actions.hand_in(by=who(ASSESSORS[-1][0]), round_id=one.pk)
    with clock_at(moment(today, 4)):
        actions.hand_in(by=who(ASSESSORS[0][0]), round_id=one.pk)
        for place, node in enumerate(statements[:8]):
            actions.moderate_statement(
                by=lead,
                round_id=one.pk,
                node_id=node.id,
                seen=0,
                said=_said("in_place" if place % 3 else "partly", place, gap="amber"),
            )

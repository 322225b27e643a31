"""Gap analyses and plans: rows with revisions, what a signed round proposes, ratings from dates, signing, who may."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404

from ambit.access.queries import NotAllowed, operator
from ambit.audit.models import AuditLine
from ambit.design.refusals import Refused, Stale
from ambit.events.delivery import deliver_due
from ambit.improvement import actions, queries
from ambit.improvement.models import Gap, GapAnalysis, PlanAction, RowVersion, SignedCopy
from ambit.improvement.rules import plans as rules
from ambit.improvement.rules.plans import ActionSaid, CycleSaid, GapSaid, LeverSaid, MilestoneSaid, Quarter
from ambit.improvement.rules.rounds import Said

CYP = "lsc-cyp-gap"
ROW = GapSaid(
    foundation="4 Those important to the person", meaning="Support before and after.", rating="red", due="tbc"
)
DO = ActionSaid(what="Name a carers’ lead", owner="Dr Amina Rahman", due="31 December 2026", progress="started")


@pytest.fixture
def analysis(lead):
    return actions.start_gap_analysis(by=lead, title="Gap analysis, carers")


@pytest.fixture
def plan(lead):
    return actions.start_plan(by=lead, title="Plan 2026 to 2028", from_on=date(2026, 4, 1), until_on=date(2028, 3, 31))


def gap(lead, analysis, said=ROW, **more):
    return actions.keep_row(by=lead, kind="gap", of=analysis.pk, row_id=None, seen=0, said=said, **more)


def action(lead, plan, said=DO, **more):
    return actions.keep_row(by=lead, kind="action", of=plan.pk, row_id=None, seen=0, said=said, **more)


# --- rows ---


def test_a_row_is_kept_with_its_words_and_the_day_they_mean(lead, analysis):
    row = gap(lead, analysis, replace(ROW, due="Financial year 26-27", owner="Dr Amina Rahman"))
    shown = queries.gap_rows(lead, analysis.pk)[0]
    assert (shown.id, shown.revision, shown.said.due, shown.due_until) == (
        row.pk, 1, "Financial year 26-27", date(2027, 3, 31)
    )  # fmt: skip
    assert row.owner_account.email.startswith("amina")
    assert AuditLine.objects.filter(what="wrote a row").latest("pk").details["row"] == str(row.pk)


def test_each_revision_is_kept_whole_and_is_the_base_of_a_merge(lead, analysis):
    row = gap(lead, analysis)
    actions.change_cells(
        by=lead, kind="gap", of=analysis.pk, row_id=row.pk, seen=1, cells={"position": "84 of 457"}, how="workbook"
    )
    told = queries.row_versions(lead, [(row.pk, 1), (row.pk, 2), (row.pk, 3), (uuid4(), 1)], analysis_id=analysis.pk)
    assert {key[1]: said.position for key, said in told.items()} == {1: "", 2: "84 of 457"}
    assert RowVersion.objects.get(row=row.pk, revision=2).how == "workbook"
    with pytest.raises(IntegrityError), transaction.atomic():
        RowVersion.objects.filter(row=row.pk).update(how="typed")


def test_the_same_words_make_no_revision(lead, analysis):
    row = gap(lead, analysis)
    again = actions.keep_row(by=lead, kind="gap", of=analysis.pk, row_id=row.pk, seen=1, said=replace(ROW, due=" tbc "))
    assert again.revision == 1


def test_a_stale_save_is_refused_with_both_versions(lead, analysis):
    row = gap(lead, analysis)
    actions.change_cells(by=lead, kind="gap", of=analysis.pk, row_id=row.pk, seen=1, cells={"rating": "amber"})
    with pytest.raises(Stale) as stale:
        actions.change_cells(by=lead, kind="gap", of=analysis.pk, row_id=row.pk, seen=1, cells={"rating": "green"})
    assert (stale.value.saved["rating"], stale.value.yours["rating"]) == ("amber", "green")
    assert Gap.objects.get().rating == "amber"


def test_words_keep_their_day_when_another_cell_changes_later(lead, analysis, monkeypatch):
    row = gap(lead, analysis, replace(ROW, due="end of March"))
    before = row.due_until
    monkeypatch.setattr("ambit.improvement.actions.rows.timezone.localdate", lambda: date(2031, 6, 1))
    actions.change_cells(by=lead, kind="gap", of=analysis.pk, row_id=row.pk, seen=1, cells={"position": "x"})
    assert Gap.objects.get().due_until == before


@pytest.mark.parametrize(
    ("kind", "said", "cell"),
    [
        ("gap", GapSaid(), "foundation"),
        ("gap", replace(ROW, rating="purple"), "rating"),
        ("gap", replace(ROW, position="x" * 4001), "position"),
        ("action", ActionSaid(), "what"),
        ("action", replace(DO, delivery="on_track"), "why_delivery"),
        ("action", replace(DO, progress="complete"), "done_on"),
        ("action", replace(DO, done_on=date(2026, 11, 1)), "progress"),
        ("action", replace(DO, indicator="ind.none"), "indicator"),
        ("action", replace(DO, gap=str(uuid4())), "gap"),
        ("action", replace(DO, gap="row 4"), "gap"),
        ("milestone", MilestoneSaid(what="All homes", action=str(uuid4())), "action"),
    ],
)
def test_what_no_row_may_say(lead, analysis, plan, kind, said, cell):
    of = analysis.pk if kind == "gap" else plan.pk
    with pytest.raises(Refused) as refused:
        actions.keep_row(by=lead, kind=kind, of=of, row_id=None, seen=0, said=said)
    assert list(refused.value.problems) == [cell]
    assert not RowVersion.objects.exists()


def test_a_cycle_is_decided_after_it_was_studied(lead, plan):
    row = action(lead, plan)
    said = CycleSaid(title="Two practices try it", begins_on=date(2026, 10, 1), decision="adopt")
    with pytest.raises(Refused) as refused:
        actions.keep_row(by=lead, kind="cycle", of=row.pk, row_id=None, seen=0, said=said)
    assert list(refused.value.problems) == ["study"]
    kept = actions.keep_row(
        by=lead, kind="cycle", of=row.pk, row_id=None, seen=0, said=replace(said, study="Calls were answered.")
    )
    assert [one.id for one in queries.plan_rows(lead, plan.pk, "cycle")] == [kept.pk]


def test_a_row_taken_out_is_kept_and_can_come_back(lead, analysis):
    row = gap(lead, analysis)
    with pytest.raises(Refused):
        actions.remove_row(by=lead, kind="gap", of=analysis.pk, row_id=row.pk, seen=1, why=" ")
    actions.remove_row(by=lead, kind="gap", of=analysis.pk, row_id=row.pk, seen=1, why="Entered twice")
    assert queries.gap_rows(lead, analysis.pk) == ()
    with pytest.raises(Refused):
        actions.change_cells(by=lead, kind="gap", of=analysis.pk, row_id=row.pk, seen=1, cells={"position": "x"})
    actions.bring_back_row(by=lead, kind="gap", of=analysis.pk, row_id=row.pk)
    assert len(queries.gap_rows(lead, analysis.pk)) == 1


def test_a_failed_audit_undoes_the_row(lead, analysis, monkeypatch):
    def fails(**_):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("ambit.improvement.actions.rows.audit.record", fails)
    with pytest.raises(RuntimeError):
        gap(lead, analysis)
    assert not Gap.objects.exists()
    assert not RowVersion.objects.exists()


@pytest.mark.parametrize(
    ("words", "account", "organisation"),
    [("Amina Rahman", True, True), ("dr amina rahman", True, True), ("Carers’ lead (vacant)", False, False), ("", False, False)],
)  # fmt: skip
def test_an_owner_is_found_by_their_name(lead, plan, words, account, organisation):
    row = action(lead, plan, replace(DO, owner=words))
    assert (row.owner_account_id is not None, row.owner_organisation_id is not None) == (account, organisation)


def test_who_owns_an_action_says_how_it_is_going_and_nothing_else(lead, plan, reader):
    row, gp = action(lead, plan), reader("gp")
    actions.report_progress(by=gp, action_id=row.pk, seen=1, cells={"forecast": "end of January 2027"})
    assert PlanAction.objects.get().forecast_until == date(2027, 1, 31)
    with pytest.raises(Refused):
        actions.report_progress(by=gp, action_id=row.pk, seen=2, cells={"due": "2030"})
    with pytest.raises(NotAllowed):
        actions.report_progress(by=reader("community_nurse"), action_id=row.pk, seen=2, cells={"forecast": "x"})


# --- who may ---


@pytest.mark.parametrize("who", ["gp", "educator", "analyst"])
def test_others_read_and_do_not_write(lead, analysis, reader, who):
    with pytest.raises(NotAllowed):
        gap(reader(who), analysis)
    assert queries.gap_rows(reader(who), analysis.pk) == ()


@pytest.mark.parametrize("who", ["auditor", "urgent_clinician"])
def test_who_sees_nothing(lead, analysis, plan, reader, who):
    for asked, name in ((queries.open_analysis, analysis.pk), (queries.open_plan, plan.pk)):
        with pytest.raises((NotAllowed, Http404)):
            asked(reader(who), name)


def test_levers_are_of_ones_own_organisation(lead, reader):
    said = LeverSaid(
        audience="commissioner", foundation="24/7 access", lever="Contract for nights", measure="Calls answered"
    )
    row = actions.keep_row(by=lead, kind="lever", of=lead.organisation_id, row_id=None, seen=0, said=said)
    assert [one.id for one in queries.lever_rows(lead)] == [row.pk]
    with pytest.raises(NotAllowed):
        actions.keep_row(by=reader("analyst"), kind="lever", of=lead.organisation_id, row_id=None, seen=0, said=said)


# --- what a signed round proposes ---


def test_a_signed_round_proposes_gaps_once_and_a_person_decides(start, lead, agree):
    one = start()
    agree(one, Said(level="not_met", position="Nobody has it.", gap="red"), ("scot.c1", "scot.c2"))
    agree(one, nodes=("scot.c3", "scot.c4", "scot.c5"))
    actions.sign_round(by=lead, round_id=one.pk, seen=queries.state_of(one.pk), without_waiting=True)
    deliver_due()
    actions.propose_gaps(by=operator("Ambit"), round_id=one.pk)
    analysis = GapAnalysis.objects.get()
    rows = queries.gap_rows(lead, analysis.pk)
    assert [(row.node, row.is_proposed, row.said.rating, row.said.position) for row in rows] == [
        ("scot.c1", True, "red", "Nobody has it."), ("scot.c2", True, "red", "Nobody has it.")
    ]  # fmt: skip
    with pytest.raises(Refused):
        actions.sign_table(by=lead, analysis_id=analysis.pk, seen=2, words="", share=False)
    taken = actions.decide_gap(by=lead, analysis_id=analysis.pk, gap_id=rows[0].id, seen=1, takes=True)
    left = actions.decide_gap(by=lead, analysis_id=analysis.pk, gap_id=rows[1].id, seen=1, takes=False, why="Not ours")
    assert (taken.is_proposed, left.removed_by) == (False, "Leila Garside")


def test_a_later_round_stands_beside_a_gap_and_changes_nothing_by_itself(start, lead, agree):
    for title, level in (("Autumn 2026", "not_met"), ("Spring 2027", "met")):
        one = start(title=title)
        agree(one, Said(level=level, position=title, gap="red" if level == "not_met" else "green"))
        actions.sign_round(by=lead, round_id=one.pk, seen=queries.state_of(one.pk), without_waiting=True)
        analysis = actions.propose_gaps(by=operator("Ambit"), round_id=one.pk)
        assert analysis is not None
        for row in Gap.objects.filter(is_proposed=True):
            actions.decide_gap(by=lead, analysis_id=analysis.pk, gap_id=row.pk, seen=1, takes=True)
    row = Gap.objects.get(node="scot.c1")
    assert (row.rating, row.position, row.proposal["rating"]) == ("red", "Autumn 2026", "green")
    row = actions.decide_gap(by=lead, analysis_id=analysis.pk, gap_id=row.pk, seen=row.revision, takes=True)
    assert (row.rating, row.position, row.proposal) == ("green", "Spring 2027", {})


def test_a_gap_analysis_on_a_framework_has_a_row_for_each_statement(lead):
    one = actions.start_gap_analysis(by=lead, title="Children", framework_id=CYP, population="children")
    rows = queries.gap_rows(lead, one.pk)
    assert [row.said.foundation for row in rows][:2] == [
        "1 Personalised care and support planning",
        "2 Shared care records",
    ]
    assert (len(rows), {row.said.rating for row in rows}) == (9, {"unrated"})


# --- delivery, quarters, changes ---

ON = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("said", "due", "forecast", "value", "by_rule"),
    [
        (ActionSaid(progress="started"), date(2026, 12, 31), None, "on_track", ""),
        (ActionSaid(progress="started"), date(2026, 11, 30), None, "on_track", ""),
        (ActionSaid(progress="started"), date(2026, 11, 29), None, "off_track", ""),
        (ActionSaid(progress="started"), date(2026, 12, 31), date(2027, 2, 1), "at_risk", ""),
        (ActionSaid(progress="started"), None, None, "on_track", ""),
        (ActionSaid(starts_on=date(2026, 11, 1)), date(2026, 12, 31), None, "at_risk", ""),
        (ActionSaid(starts_on=date(2027, 1, 1)), date(2027, 12, 31), None, "not_due", ""),
        (ActionSaid(), None, None, "not_due", ""),
        (ActionSaid(progress="complete", shown_by="Minutes"), date(2026, 1, 1), None, "complete", ""),
        (ActionSaid(progress="complete"), None, None, "at_risk", ""),
        (ActionSaid(progress="started", delivery="on_track", why_delivery="New date agreed"), date(2026, 1, 1), None, "on_track", "off_track"),
    ],
)  # fmt: skip
def test_delivery_follows_dates_and_a_person_may_say_otherwise(said, due, forecast, value, by_rule):
    told = rules.delivery_of(said, due_until=due, forecast_until=forecast, on=ON)
    assert (told.value, told.by_rule) == (value, by_rule)
    assert told.why


@pytest.mark.parametrize(
    ("day", "name", "first", "last"),
    [
        (date(2026, 4, 1), "Q1 2026/27", date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 11, 30), "Q3 2026/27", date(2026, 10, 1), date(2026, 12, 31)),
        (date(2027, 3, 31), "Q4 2026/27", date(2027, 1, 1), date(2027, 3, 31)),
    ],
)
def test_quarters_of_the_financial_year(day, name, first, last):
    one = Quarter.of(day)
    assert (one.name, one.first, one.last) == (name, first, last)
    assert Quarter.of(one.after(1).first) == one.after(1) > one


def test_a_signed_copy_is_kept_and_shows_what_changed_since(lead, analysis):
    row = gap(lead, analysis)
    with pytest.raises(Stale):
        actions.sign_table(by=lead, analysis_id=analysis.pk, seen=9, words="", share=False)
    copy = actions.sign_table(by=lead, analysis_id=analysis.pk, seen=1, words="Agreed", share=True)
    actions.change_cells(by=lead, kind="gap", of=analysis.pk, row_id=row.pk, seen=1, cells={"rating": "amber"})
    added = gap(lead, analysis, replace(ROW, foundation="5 Education"))
    now = queries.content_of(analysis)["rows"]["gap"]
    told = rules.changes(copy.content["rows"]["gap"], now)
    assert [(one.id, one.kind) for one in told] == [(str(row.pk), "changed"), (str(added.pk), "added")]
    assert "rating" in told[0].cells
    with pytest.raises(IntegrityError), transaction.atomic():
        SignedCopy.objects.update(words="no")


def test_a_plan_is_signed_with_actions_milestones_and_cycles(lead, plan):
    row = action(lead, plan)
    said = MilestoneSaid(what="Lead in post", action=str(row.pk), due="Q4 2026/27")
    actions.keep_row(by=lead, kind="milestone", of=plan.pk, row_id=None, seen=0, said=said)
    copy = actions.sign_table(by=lead, plan_id=plan.pk, seen=queries.state_of_table(plan), words="", share=False)
    assert {kind: len(rows) for kind, rows in copy.content["rows"].items()} == {"action": 1, "milestone": 1, "cycle": 0}
    with pytest.raises(Stale):
        actions.change_plan(by=lead, plan_id=plan.pk, seen=7, title="x", aim="", asks="")
    assert actions.change_plan(by=lead, plan_id=plan.pk, seen=1, title="x", aim="", asks="Fund").revision == 2

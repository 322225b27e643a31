"""Pages of gap analyses, plans, boards and leads: who sees which, what they say, how many statements they ask of the database."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ambit.access.queries import operator
from ambit.design.refusals import Refused, Stale
from ambit.improvement import actions, queries
from ambit.improvement.actions import BoardSaid
from ambit.improvement.models import Gap, Minutes, NamedLead, PlanAction
from ambit.improvement.rules.plans import ActionSaid, CycleSaid, GapSaid, LeverSaid, MilestoneSaid
from ambit.improvement.rules.rounds import Said
from tests.improvement.conftest import keep

LATE = "1 January 2020"


def text_of(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def world(lead):
    """A gap analysis of two rows, a plan of two actions, a milestone and a cycle."""
    analysis = actions.start_gap_analysis(by=lead, title="Carers and nights")
    rows = [
        keep(lead, "gap", analysis, GapSaid(foundation="4 Carers", meaning="Support", rating="red", due=LATE)),
        keep(
            lead, "gap", analysis, GapSaid(foundation="6 Nights", rating="amber", owner="Amina Rahman", action="A car")
        ),
    ]
    plan = actions.start_plan(by=lead, title="Our plan", from_on=date(2026, 4, 1), until_on=date(2028, 3, 31))
    car = ActionSaid(what="A night car", gap=str(rows[1].pk), owner="Amina Rahman", due=LATE, progress="started")
    acts = [keep(lead, "action", plan, car), keep(lead, "action", plan, ActionSaid(what="A carers’ lead"))]
    keep(lead, "milestone", plan, MilestoneSaid(what="Nurses in post", action=str(acts[0].pk), due="ongoing"))
    ended = timezone.localdate() - timedelta(days=2)
    keep(lead, "cycle", acts[0], CycleSaid(title="One night a week", prediction="Ten visits", ends_on=ended))
    return {"analysis": analysis, "rows": rows, "plan": plan, "actions": acts}


@pytest.fixture
def board(lead):
    return actions.make_board(by=lead, said=BoardSaid(name="Palliative care board"))


@pytest.fixture
def meeting(lead, board):
    return actions.call_meeting(by=lead, board_id=board.pk, held_on=timezone.localdate() - timedelta(days=3))


# --- gap analysis ---


def test_the_table_says_how_many_gaps_have_no_plan(client_as, world):
    said = text_of(client_as("place_lead").get(reverse("gap_analysis", args=(world["analysis"].pk,))))
    assert "Gap analysis: 1 gap has no plan, 1 have one, 0 are closed" in said
    assert "Red: no plan" in said
    assert LATE in said
    assert "late" in said


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("?rating=red", {"4 Carers"}),
        ("?owner=Amina+Rahman", {"6 Nights"}),
        ("?owner=nobody", {"4 Carers"}),
        ("?late=1", {"4 Carers"}),
        ("?foundation=6+Nights", {"6 Nights"}),
        ("?rating=red&owner=Amina+Rahman", set()),
        ("?rating=purple", set()),
    ],
)
def test_filters_add_up(client_as, world, asked, shown):
    said = text_of(client_as("place_lead").get(reverse("gap_analysis", args=(world["analysis"].pk,)) + asked))
    assert (f"{len(shown)} of 2 rows: " in said) == ("purple" not in asked)  # in words: paper has no filters
    assert {name for name in ("4 Carers", "6 Nights") if f'">{name}</a>' in said} == shown


def test_a_row_is_changed_and_a_stale_one_shows_both(client_as, world, lead):
    client, row = client_as("place_lead"), world["rows"][0]
    address = reverse("gap", args=(world["analysis"].pk, row.pk))
    said = {"foundation": "4 Carers", "rating": "amber", "due": "end of March", "seen": 1}
    assert client.post(address, said).status_code == 302
    assert Gap.objects.get(pk=row.pk).due_until.month == 3
    assert client.post(address, said | {"rating": "green"}).status_code == 409
    assert client.post(address, {"foundation": "", "rating": "red", "seen": 2}).status_code == 422


def test_what_a_round_proposes_is_decided_on_a_page(client_as, start, agree, lead):
    one = start()
    agree(one, Said(level="not_met", position="Nobody has it.", gap="red"))
    actions.sign_round(by=lead, round_id=one.pk, seen=queries.state_of(one.pk), without_waiting=True)
    analysis = actions.propose_gaps(by=operator("Ambit"), round_id=one.pk)
    client, (first, second, *_rest) = client_as("place_lead"), queries.gap_rows(lead, analysis.pk)
    assert "5 rows" in text_of(client.get(reverse("gap_analysis", args=(analysis.pk,))))
    client.post(reverse("proposed_gaps", args=(analysis.pk,)), {f"take-{first.id}": 1})
    client.post(reverse("decide_gap", args=(analysis.pk, second.id)), {"takes": "no", "why": "Not ours", "seen": 1})
    rows = queries.gap_rows(lead, analysis.pk)
    assert [row.is_proposed for row in rows] == [False, True, True, True]


def test_signing_and_what_changed_since(client_as, world, lead):
    client, analysis = client_as("place_lead"), world["analysis"]
    client.post(reverse("sign_gap_analysis", args=(analysis.pk,)), {"seen": 2, "words": "Agreed", "share": "on"})
    assert client.post(reverse("sign_gap_analysis", args=(analysis.pk,)), {"seen": 9}).status_code == 409
    actions.change_cells(
        by=lead, kind="gap", of=analysis.pk, row_id=world["rows"][0].pk, seen=1, cells={"rating": "amber"}
    )
    assert "1 row changed since version 1" in text_of(client.get(reverse("gap_changes", args=(analysis.pk,))))
    assert "was Red" in text_of(client.get(reverse("gap_analysis", args=(analysis.pk,))))


def test_places_are_compared_by_what_they_share(client_as, world, lead):
    other = actions.start_gap_analysis(by=lead, title="Another")
    keep(lead, "gap", other, GapSaid(foundation="4 Carers", meaning="Support", rating="green"))
    address = reverse("compare_gaps") + f"?table={world['analysis'].pk}&table={other.pk}"
    assert "1 of 1 shared rows rated differently; 1 in one of them only" in text_of(
        client_as("place_lead").get(address)
    )
    assert "Fewer than two" in text_of(client_as("place_lead").get(reverse("compare_gaps")))
    assert client_as("place_lead").get(reverse("compare_gaps") + "?table=x&table=y").status_code == 404


# --- plan ---


def test_the_plan_says_what_is_off_track_and_shows_quarters(client_as, world):
    said = text_of(client_as("place_lead").get(reverse("improvement_plan", args=(world["plan"].pk,))))
    assert "1 of 2 actions is off track" in said
    assert "Other times, or no day" in said
    assert "Nurses in post" in said
    said = text_of(client_as("place_lead").get(reverse("plan_on_a_page", args=(world["plan"].pk,))))
    assert "A night car" in said


def test_who_owns_an_action_reports_and_others_read(client_as, world):
    address = reverse("plan_action", args=(world["plan"].pk, world["actions"][0].pk))
    mine = client_as("gp").get(address)
    assert "How it is going" in text_of(mine)
    assert "What will be done" not in text_of(mine)
    client_as("gp").post(address, {"progress": "started", "progress_note": "Three of four nurses", "seen": 1})
    assert PlanAction.objects.get(pk=world["actions"][0].pk).progress_note == "Three of four nurses"
    assert "Save the action" not in text_of(client_as("community_nurse").get(address))


def test_an_action_is_written_by_who_leads(client_as, world):
    client = client_as("place_lead")
    new = {"what": "A phone tree", "progress": "not_started", "due": "Q4 2026/27", "seen": 0}
    assert client.post(reverse("add_action", args=(world["plan"].pk,)), new).status_code == 302
    row = PlanAction.objects.get(what="A phone tree")
    assert row.due_until == date(2027, 3, 31)
    address = reverse("plan_action", args=(world["plan"].pk, row.pk))
    assert client.post(address, new | {"progress": "complete", "seen": 1}).status_code == 422
    client.post(reverse("remove_action", args=(world["plan"].pk, row.pk)), {"seen": 1, "why": "Twice"})
    assert client.get(address).status_code == 404


# --- fronts ---


def test_home_says_what_needs_the_lead(client_as, world, meeting):
    said = text_of(client_as("place_lead").get(reverse("improvement")))
    for words in (
        "things need you this week",
        "A night car",
        "Nobody leads it",
        "One night a week",
        "has no minutes",
        "Name a lead for bereavement",
    ):
        assert words in said


def test_home_of_a_provider_shows_what_is_theirs(client_as, world):
    said = text_of(client_as("gp").get(reverse("improvement")))
    assert "1 of your 1 actions is late" in said
    assert "No action of a plan is yours" in text_of(client_as("social_worker").get(reverse("improvement")))


def test_the_boards_page_and_levers(client_as, world, board, lead):
    assert "1 action is off track" in text_of(client_as("analyst").get(reverse("board", args=(board.pk,))))
    said = LeverSaid(audience="provider", foundation="Nights", lever="Rota")
    actions.keep_row(by=lead, kind="lever", of=lead.organisation_id, row_id=None, seen=0, said=said)
    assert "1 lever to close gaps" in text_of(client_as("place_lead").get(reverse("levers")))


@pytest.mark.parametrize("name", ["improvement", "gap_analyses", "plans", "boards", "named_leads", "levers"])
def test_before_there_is_any_and_for_whom(client_as, name):
    assert client_as("place_lead").get(reverse(name)).status_code == 200
    assert client_as("educator").get(reverse(name)).status_code == 200
    assert client_as("auditor").get(reverse(name)).status_code == 403


# --- governance ---


def test_minutes_are_versions_and_the_newest_is_signed_once(lead, meeting):
    write = {"by": lead, "meeting_id": meeting.pk}
    actions.write_minutes(**write, seen=0, words="We met.")
    with pytest.raises(Stale):
        actions.write_minutes(**write, seen=0, words="We met too.")
    with pytest.raises(Refused) as refused:
        actions.write_minutes(**write, seen=1, words="We met at two.")
    assert list(refused.value.problems) == ["what_changed"]
    actions.write_minutes(**write, seen=1, words="We met at two.", what_changed="The hour")
    with pytest.raises(Refused):
        actions.sign_minutes(by=lead, meeting_id=meeting.pk, version=1)
    actions.sign_minutes(by=lead, meeting_id=meeting.pk, version=2, words="Agreed")
    with pytest.raises(Refused):
        actions.sign_minutes(by=lead, meeting_id=meeting.pk, version=2)
    assert [bool(one.signed_at) for one in Minutes.objects.order_by("version")] == [False, True]


def test_a_meeting_on_pages(client_as, meeting, world):
    client = client_as("place_lead")
    client.post(reverse("write_minutes", args=(meeting.pk,)), {"words": "We met.", "seen": 0})
    client.post(
        reverse("record_decision", args=(meeting.pk,)),
        {"what": "Fund the car", "due": "end of March", "action_id": str(world["actions"][0].pk)},
    )
    client.post(reverse("sign_minutes", args=(meeting.pk,)), {"version": 1})
    said = text_of(client.get(reverse("board_meeting", args=(meeting.pk,))))
    assert "minutes agreed, version 1" in said
    assert "Fund the car" in said


def test_a_lead_follows_another_and_a_gap_is_loud(client_as, lead):
    actions.name_lead(by=lead, subject="palliative", name="Leila Garside", from_on=date(2025, 1, 1))
    with pytest.raises(Refused) as refused:
        actions.name_lead(by=lead, subject="palliative", name="Somebody", from_on=date(2024, 1, 1))
    assert list(refused.value.problems) == ["from_on"]
    actions.name_lead(by=lead, subject="palliative", name="Hilary Cole", from_on=date(2026, 1, 1))
    assert NamedLead.objects.get(name="Leila Garside").until_on == date(2025, 12, 31)
    said = text_of(client_as("place_lead").get(reverse("named_leads")))
    assert "Hilary Cole" in said
    # as loud as the heading counts: the advice note asks for two of the three
    assert "1 lead is not named" in said
    assert said.count("a-missing--loud") == 1


# --- how much they ask of the database ---


@pytest.mark.parametrize("name", ["gap_analysis", "improvement_plan"])
def test_a_longer_table_asks_no_more_of_the_database(client_as, lead, world, django_assert_max_num_queries, name):
    client = client_as("place_lead")
    table = world["analysis"] if name == "gap_analysis" else world["plan"]
    address = reverse(name, args=(table.pk,))
    client.get(address)
    for number in range(20):
        keep(lead, "gap", world["analysis"], GapSaid(foundation=f"{number}"))
        keep(lead, "action", world["plan"], ActionSaid(what=f"{number}"))
    with django_assert_max_num_queries(14):
        assert client.get(address).status_code == 200


def test_the_home_of_who_leads_asks_five_things_of_the_database(client_as, lead, world, django_assert_num_queries):
    """Beside who is signed in: the trail, everything of the organisation at once, what is near, own actions, open rounds."""
    client = client_as("place_lead")
    client.get(reverse("improvement"))
    for number in range(10):
        keep(lead, "action", world["plan"], ActionSaid(what=f"{number}", due=LATE))
        actions.start_gap_analysis(by=lead, title=f"{number}")
    signed_in = 2
    with django_assert_num_queries(signed_in + 5):
        said = text_of(client.get(reverse("improvement")))
    assert "15 things need you this week" in said

"""The urgent page: everything on it, in the order of danger, and what it says when there is nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ambit.careplan import queries as careplan
from ambit.careplan.rules import AGE_NOT_KNOWN


@pytest.fixture
def on_duty(place, reader, account_of):
    """Sam Okafor, paramedic, on duty for the place."""
    from ambit.access import actions as access
    from ambit.organisations.models import Membership

    access.put_on_duty(
        by=reader("operator"),
        area=place["ZZ01"],
        membership=Membership.objects.get(staff__name="Sam Okafor"),
    )


@pytest.fixture
def sam(on_duty, client_as):
    return client_as("Sam Okafor")


def opened(client, person):
    answer = client.get(reverse("now", args=[person.id]))
    return answer, answer.content.decode()


def test_everything_stands_on_the_page_most_dangerous_first(sam, peggy):
    answer, html = opened(sam, peggy)
    assert answer.status_code == 200
    places = [
        html.index(words)
        for words in (
            "ASHWORTH, Margaret Jean",
            "Penicillin: swollen throat (2009)",
            "Live record.",
            "Do not attempt CPR",
            "Ring now",
            "Merrowdale Hospice",
            "More breathless since Tuesday.",
            "Morphine 10mg/1ml injection",
        )
    ]
    assert places == sorted(places)
    assert "999\N{NO-BREAK SPACE}717\N{NO-BREAK SPACE}0326" in html


def test_nobody_is_said_to_lack_what_is_asked_at_another_age(sam, peggy):
    titles = ("Childhood, school and family", "Children's team", "Before and at birth")
    assert not [title for title in titles if title in opened(sam, peggy)[1].replace("&#39;", "'")]
    peggy.born_on = timezone.localdate() - timedelta(days=365 * 9)
    peggy.save(update_fields=["born_on"])
    shown = opened(sam, peggy)[1].replace("&#39;", "'")
    assert [title for title in titles if title in shown] == list(titles[:2])


def test_every_fact_says_who_and_when(sam, peggy):
    _, html = opened(sam, peggy)
    assert "Dr Amina Rahman, GP" in html
    assert html.count("Ruth Tannahill, Community nurse") >= 2


def test_nothing_recorded_is_said_in_words_and_is_no_decision(sam, person):
    _, html = opened(sam, person("Longworth"))
    assert "CPR: not recorded" in html
    assert "This is not a decision." in html
    assert "Attempt CPR" not in html
    assert "Not recorded. Nobody has written this yet" in html
    assert "Nobody has written a plan yet." in html
    assert "Nobody is recorded to ring." in html
    assert "<strong>Allergy</strong> <span>Not recorded</span>" in html


def test_two_cpr_decisions_that_disagree_take_the_place_of_the_block(sam, peggy, decide):
    decide(peggy, "attempt", paper=True, signature_seen=False, reason="She asked for everything.")
    _, html = opened(sam, peggy)
    assert "a-disagreement--cpr" in html
    assert "a-cpr__words" not in html
    assert "Ambit does not choose." in html
    assert "no signature seen" in html
    assert html.index("Do not attempt CPR") > 0


def test_a_talk_without_a_decision_reads_as_none(sam, person, decide):
    somebody = person("Longworth")
    decide(somebody, "not_decided", decided_by="")
    _, html = opened(sam, somebody)
    assert "CPR: talked about, not decided" in html
    assert "This is not a decision." in html


def test_somebody_off_duty_is_refused_and_may_open_in_an_emergency(client_as, peggy):
    answer, html = opened(client_as("Sam Okafor"), peggy)
    assert answer.status_code == 403
    assert "Do not attempt CPR" not in html
    assert reverse("break_glass", args=[peggy.id]) in html


def test_phase_of_illness_and_akps_stand_with_the_stage_and_say_how_old_they_are(reader, sam, peggy):
    from datetime import timedelta
    from uuid import uuid4

    from django.utils import timezone

    from ambit.outcomes import actions

    today = timezone.localdate()
    before, _ = opened(sam, peggy)
    assert "AKPS" not in before.text
    said = actions.Said(
        respondent="staff", answers={"performance": "40"}, assessed_on=today - timedelta(days=3), phase="unstable"
    )
    actions.record_measure(by=reader("gp"), person=peggy, instrument_id="akps", said=said, on=today, key=uuid4())
    after, _ = opened(sam, peggy)
    when = f"{today - timedelta(days=3):%-d %B %Y}, 3 days ago; Dr Amina Rahman, GP."
    assert f"<strong>Unstable</strong> since {when}" in after.text
    assert f"<strong>AKPS 40</strong> on {when}" in after.text


def test_a_role_without_the_ability_is_refused(client_as, peggy):
    answer, _ = opened(client_as("Tom Fenwick"), peggy)
    assert answer.status_code == 403


def test_the_page_asks_the_database_little(sam, peggy, django_assert_max_num_queries):
    opened(sam, peggy)
    with django_assert_max_num_queries(14):
        opened(sam, peggy)


def test_print_is_kept_in_the_trail_with_the_version(sam, peggy):
    from ambit.audit.models import AuditLine

    answer = sam.get(reverse("print_now", args=[peggy.id]))
    assert answer.status_code == 200
    line = AuditLine.objects.get(what="made the urgent page for print", about=peggy.id)
    assert line.details["version"] == 5
    html = answer.content.decode()
    assert "<svg" in html
    assert " style=" not in html
    assert "Check the live record." in html
    assert "by Sam Okafor" in html


def test_find_by_number_opens_at_once(sam, peggy):
    answer = sam.post(reverse("find_urgent"), {"number": "999 717 0326"})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("now", args=[peggy.id])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({}, "Enter the NHS number, or the family name and date of birth."),
        ({"number": "9997170327"}, "There is a problem"),
        ({"family_name": "Ashworth"}, "Enter the date of birth as well"),
    ],
)
def test_find_says_what_is_missing(sam, asked, words):
    answer = sam.post(reverse("find_urgent"), asked)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_find_by_name_and_birth_lists_them_and_nobody_is_not_no_plan(sam, peggy):
    asked = {"family_name": "Ashworth", "born_on-day": "14", "born_on-month": "3", "born_on-year": "1943"}
    html = sam.post(reverse("find_urgent"), asked).content.decode()
    assert "ASHWORTH, Margaret Jean" in html
    nobody = sam.post(reverse("find_urgent"), {"number": "9990000018"}).content.decode()
    assert "That does not mean that there is no plan." in nobody


def test_whom_i_opened_today_is_listed(sam, peggy):
    opened(sam, peggy)
    html = sam.get(reverse("find_urgent")).content.decode()
    assert reverse("now", args=[peggy.id]) in html


def test_somebody_easily_mistaken_is_named_with_the_difference(sam, peggy, place, reader):
    from datetime import date

    from ambit.people import actions as people
    from ambit.people.rules import Identity

    people.admit(
        by=reader("operator"),
        identity=Identity(
            family_name="Ashworth",
            given_names="Margaret Joan",
            born_on=date(1943, 4, 13),
            sex="female",
            nhs_number="9990000026",
            practice_id=place["Z90002"].id,
        ),
    )
    _, html = opened(sam, peggy)
    assert html.count("Somebody nearby has a similar name.") == 2  # on the screen and on the paper
    assert "13 April 1943" in html


def test_somebody_who_died_is_never_shown_as_living(sam, peggy, reader):
    from django.utils import timezone

    from ambit.people import actions as people

    people.record_death(
        by=reader("Amina Rahman"),
        person_id=peggy.id,
        seen=peggy.version,
        died_on=timezone.localdate(),
        place="21",
    )
    _, html = opened(sam, peggy)
    assert "This person has died" in html
    assert "a-banner--died" in html
    assert html.index("This person has died") < html.index("Ring now")


def test_when_the_trail_cannot_be_written_the_page_opens_and_says_so(sam, peggy, monkeypatch):
    from django.db import OperationalError

    from ambit.audit import actions as audit

    def full(**_said):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(audit, "record", full)
    answer, html = opened(sam, peggy)
    assert answer.status_code == 200
    assert "The audit trail cannot be written just now" in html
    assert "Do not attempt CPR" in html


def test_devices_and_oxygen_are_said_with_who_and_when_and_a_defibrillator_is_to_be_talked_about(
    sam, reader, peggy, write
):
    assert "Devices and oxygen" not in opened(sam, peggy)[1]
    write(
        peggy,
        "equipment",
        oxygen="yes",
        oxygen_words="2 litres, from the clinic letter",
        defibrillator="active",
        driver="no",
    )
    _, text = opened(sam, peggy)
    assert "Devices and oxygen" in text
    assert "Implanted defibrillator:" in text
    assert "Yes, active." in text
    assert "Syringe driver:" not in text
    plan = careplan.current(reader("gp"), peggy.id)
    settled = careplan.overview_of(plan, on=timezone.localdate(), life=AGE_NOT_KNOWN).to_settle
    assert any(one.about == "Implanted defibrillator" for one in settled)


def test_a_note_that_has_ended_is_kept_and_known_to_have_ended(reader, peggy):
    from datetime import timedelta

    from django.utils import timezone

    from ambit.urgent import queries

    in_twenty_days = timezone.now() + timedelta(days=20)
    shown = queries.now(reader("Amina Rahman"), peggy, at=in_twenty_days)
    note = next(box for box in shown.main if box.key == "need_to_know")
    assert note.has_ended
    assert "More breathless since Tuesday." in note.rows[0].words


def test_what_is_closed_moves_down_and_says_when_it_opens(reader, peggy, write):
    from datetime import datetime

    from django.utils import timezone

    from ambit.urgent import queries

    several = [
        {
            "name": "Night nurses",
            "relation": "Nurses",
            "telephone": "01632 960177",
            "hours": "daily",
            "opens": "20",
            "closes": "08",
        },
        {"name": "Advice line", "relation": "Hospice", "telephone": "01632 960140", "hours": "always"},
    ]
    write(peggy, "people_to_ring", base=1, people=several)
    noon, night = (datetime(2026, 11, 21, hour, tzinfo=timezone.get_current_timezone()) for hour in (12, 3))
    names = {at: [n.name for n in queries.now(reader("gp"), peggy, at=at).numbers] for at in (noon, night)}
    assert names == {noon: ["Advice line", "Night nurses"], night: ["Night nurses", "Advice line"]}
    assert queries.now(reader("gp"), peggy, at=noon).numbers[1].now == "Closed now. Opens at 8pm."


def test_who_decides_is_named_and_the_stage_is_said(sam, peggy, reader):
    from django.utils import timezone

    from ambit.people import actions as people
    from ambit.register import actions as register

    _, html = opened(sam, peggy)
    assert "Nobody is recorded as attorney for health." in html
    assert "Not on the register." in html
    gp = reader("Amina Rahman")
    register.add_to_register(by=gp, person=peggy, on=timezone.localdate(), found_by="referral", stage="weeks")
    people.add_important_person(
        by=gp,
        person_id=peggy.id,
        seen=peggy.version,
        name="Helen Doyle",
        relation="daughter",
        roles=["attorney_health"],
    )
    _, html = opened(sam, peggy)
    assert "Helen Doyle" in html
    assert "<strong>Weeks.</strong>" in html


def test_something_wrong_is_passed_on_to_the_practice_once(sam, peggy, client_as):
    from ambit.coordination.models import Task

    address = reverse("report_wrong", args=[peggy.id])
    asked = {"key": "0b2c5a4e-6c3f-4b8e-9a55-3f0f5b1c9d11", "words": "The daughter’s number is out of use."}
    assert sam.post(address, {**asked, "words": ""}).status_code == 422
    for _ in range(2):
        answer = sam.post(address, asked)
        assert "Brackenhill Surgery has it as a task." in answer.content.decode()
    task = Task.objects.get(person=peggy)
    assert task.owner_organisation.name == "Brackenhill Surgery"
    assert "Sam Okafor" in task.steps.get().note


def test_what_is_a_childs_stands_on_an_adults_page_only_where_it_was_written(sam, person, write):
    from datetime import timedelta

    from django.utils import timezone

    adult, child = person("Longworth"), person("Preston")
    type(child).objects.filter(pk=child.pk).update(born_on=timezone.localdate() - timedelta(days=9 * 365))
    titles = "Childhood, school and family", "Children&#39;s team"
    assert all(title in opened(sam, child)[1] for title in titles)
    assert not any(title in opened(sam, adult)[1] for title in (*titles, "Before and at birth"))
    child.refresh_from_db()
    write(child, "child", who="Amina Rahman", notes="Knows her best.")
    type(child).objects.filter(pk=child.pk).update(born_on=adult.born_on)
    assert "Knows her best." in opened(sam, child)[1]


@pytest.mark.parametrize(("who", "statements"), [("Sam Okafor", 4), ("Grace Nwosu", 4), ("Amina Rahman", 4)])
def test_the_page_is_asked_in_four_statements(reader, peggy, who, statements, django_assert_max_num_queries):
    """Sign-in, the opening of the record and its audit line apart, also with what a practice has to see to."""
    from django.utils import timezone

    from ambit.access.queries import kept
    from ambit.urgent import queries

    somebody, opened = reader(who), kept(peggy.id)
    with django_assert_max_num_queries(statements):
        queries.now(somebody, opened, at=timezone.now())


def test_a_code_from_the_persons_phone_opens_the_record(client_as, person):
    """The person shows it: no emergency opening, and a link that is only followed opens nothing."""
    from ambit.access import actions as access
    from ambit.access.models import CodeUse
    from ambit.access.queries import operator, reader_for

    ashworth = person("Ashworth")
    account, _ = access.make_account(by=operator(), email="self@example.org", role="person", person=ashworth, name="A")
    code = access.show_code(by=reader_for(account), person_id=ashworth.id).code
    client = client_as("Sam Okafor")
    scanned = client.get(reverse("use_code"), {"code": code}).content.decode()
    assert f'value="{code}"' in scanned
    assert "ASHWORTH" not in scanned
    assert not CodeUse.objects.exists()
    wrong = client.post(reverse("use_code"), {"code": "AAAA BBBB"})
    assert wrong.status_code == 422
    assert "Ask the person to show a new one" in wrong.content.decode()
    opened = client.post(reverse("use_code"), {"code": code}, follow=True)
    said = opened.content.decode()
    assert opened.status_code == 200
    assert "ASHWORTH" in said
    assert "the person has shown you the record with a code" in said


def test_the_printed_code_holds_the_opaque_address_and_no_number(client_as, person):
    """What a QR code holds can be read by any phone: the address of the record, which asks for a sign-in, and no more."""
    from unittest.mock import patch

    ashworth = person("Ashworth")
    with patch("ambit.urgent.pages.views.qr", return_value="") as drawn:
        client_as("gp").get(reverse("print_now", args=[ashworth.id]))
    (address,) = drawn.call_args.args
    assert address == f"http://testserver/urgent/{ashworth.id}/"

"""The pages of outcomes."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from ambit.access.actions import put_on_duty
from ambit.outcomes import queries, registry
from ambit.outcomes.models import Measure, PhaseStart
from ambit.packs.queries import checked_packs
from ambit.people import actions as people
from tests.outcomes.conftest import IPOS, ipos

TODAY = timezone.localdate()


def ago(days):
    return TODAY - timedelta(days=days)


def on(day, name="assessed_on"):
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def sent(answers=None, **more):
    return {"key": str(uuid4())} | on(TODAY) | {f"answer.{k}": v for k, v in (answers or ipos()).items()} | more


@pytest.fixture
def where(ashworth):
    return f"/people/{ashworth.id}/outcomes/"


@pytest.fixture
def history(record):
    """Three IPOS, two AKPS and three phases over a month."""
    record(ipos(2), day=ago(30), on=TODAY, phase="stable")
    record(ipos(2, pain="4", nausea="3"), day=ago(9), on=TODAY, phase="unstable")
    record(ipos(2, pain="1", depression="missing"), day=ago(2), on=TODAY, phase="deteriorating")
    record({"performance": "60"}, instrument="akps", day=ago(30), on=TODAY)
    return record({"performance": "40"}, instrument="akps", day=ago(2), on=TODAY)


def test_nothing_measured_says_so(client_as, where):
    shown = client_as("gp").get(where).text
    assert "Outcomes: nothing measured yet" in shown
    assert "That says nothing of how this person is" in shown
    assert "No phase is recorded." in shown


def test_the_heading_is_how_somebody_is(client_as, where, history):
    shown = client_as("gp").get(where).text
    assert "Deteriorating for 2 days; AKPS 40, was 60</h1>" in shown
    assert "Down 20 since" in shown
    assert "worse" in shown
    assert "No total: 1 of 17 items missing." in shown
    assert f"Better than on {ago(9):%-d %B %Y}: pain and feeling sick" in shown


def test_one_instrument_over_time(client_as, where, history):
    shown = client_as("gp").get(f"{where}{IPOS}/").text
    assert f"IPOS, staff, last 3 days; 0 worse and 2 better than on {ago(9):%-d %B %Y}</h1>" in shown
    assert f"Better than on {ago(9):%-d %B %Y}: pain and feeling sick" in shown
    assert "2 of 2 finished phases have an assessment at their start and at their end" in shown
    assert "None: 1 item missing" in shown
    assert "Not known: an item is missing" in shown
    assert "2 of 3 assessments have a total" in shown
    assert "Not reviewed by a clinician" in shown
    assert shown.count("<svg") >= 2


def test_the_figures_go_out_as_csv(client_as, where, history):
    gp = client_as("gp")
    figures = gp.get(f"{where}{IPOS}/figures.csv").content.decode("utf-8-sig").splitlines()
    assert figures[0].startswith("Assessed,Answered by,Total,Pain")
    assert figures[1].startswith(f"{ago(2)},Staff,none,1")
    assert len(figures) == 4
    assert "Deteriorating" in gp.get(f"{where}phase/figures.csv").content.decode().splitlines()[1]


def test_every_instrument_that_may_be_used_has_a_form(client_as, where, reader):
    gp = client_as("gp")
    here = queries.instruments(reader("gp"))
    assert len(here) == 13
    for name, one in here.items():
        answer = gp.get(f"{where}{name}/record/")
        assert answer.status_code == (200 if one.use.allowed and not one.instrument.has_phases else 404), name
    assert not here["cpos-uk"].use.allowed


def test_numbers_that_mean_the_same_are_told_once_and_keys_only_where_they_work(client_as, where):
    gp = client_as("gp")
    sas = gp.get(f"{where}pcoc-sas/record/").text
    assert "<strong>1 to 3</strong> Mild" in sas
    assert "Press a number" not in sas
    assert "Press a number" in gp.get(f"{where}{IPOS}/record/").text
    assert "Dead" not in gp.get(f"{where}akps/record/").text


def test_record_measure(client_as, where, ashworth):
    gp = client_as("gp")
    more = {
        "extra_1": "Itch",
        "extra_1_value": "2",
        "problems": "Not sleeping\nHer son",
        "phase": "unstable",
        "setting": "own_home",
    }
    answer = gp.post(f"{where}{IPOS}/record/", sent(ipos(pain="3", mouth="missing"), **more), follow=True)
    assert "Saved: IPOS, staff, last 3 days." in answer.text
    saved = Measure.objects.get()
    assert (saved.total, saved.missing) == (None, ["mouth"])
    assert saved.problems == ["Not sleeping", "Her son"]
    assert PhaseStart.objects.get().phase == "unstable"
    shown = gp.get(f"{where}assessments/{saved.id}/").text
    assert "Itch" in shown
    assert "2, not in the total" in shown
    assert "Cannot assess" in shown


def test_what_was_forgotten_is_told_at_its_item_and_nothing_is_lost(client_as, where):
    answers = ipos(pain="3", mouth="")
    answer = client_as("gp").post(f"{where}{IPOS}/record/", sent(answers))
    assert answer.status_code == 422
    assert "Sore or dry mouth: choose a number, or “Cannot assess”." in answer.text
    assert "#id_answer.mouth" in answer.text
    assert answer.text.count(" checked") == 16
    assert not Measure.objects.exists()


@pytest.mark.parametrize(
    ("but", "said"),
    [
        ({"answer.pain": "7"}, "Choose one of the answers shown"),
        (on(TODAY + timedelta(days=1)), "The day lies ahead"),
        ({"assessed_on-day": "31", "assessed_on-month": "2"}, "is not a date"),
        ({"extra_1": "Itch"}, "a name and a number from 0 to 4"),
        ({"problems": "a\nb\nc\nd"}, "At most 3 main problems"),
    ],
)
def test_wrong_input_is_answered_at_the_field(client_as, where, but, said):
    answer = client_as("gp").post(f"{where}{IPOS}/record/", sent() | but)
    assert answer.status_code == 422
    assert said in answer.text


def test_correct_and_withdraw(client_as, where, record):
    gp = client_as("gp")
    wrong = record(on=TODAY, day=TODAY)
    assert gp.get(f"{where}assessments/{wrong.id}/correct/").text.count(" checked") == 17
    assert gp.post(f"{where}assessments/{wrong.id}/correct/", sent(ipos(2))).status_code == 422
    answer = gp.post(f"{where}assessments/{wrong.id}/correct/", sent(ipos(2), reason="Misread"), follow=True)
    assert "Misread" in answer.text
    assert "This assessment no longer counts" in gp.get(f"{where}assessments/{wrong.id}/").text
    assert gp.get(f"{where}assessments/{wrong.id}/correct/").status_code == 404
    right = Measure.objects.get(corrects=wrong)
    assert gp.post(f"{where}assessments/{right.id}/withdraw/", {"reason": "Of somebody else"}).status_code == 302
    assert "nothing measured yet" in gp.get(where).text


def test_record_and_correct_phase(client_as, where):
    gp = client_as("gp")
    assert gp.post(f"{where}phase/", {"phase": "unstable"} | on(TODAY, "began_on")).status_code == 302
    refused = gp.post(f"{where}phase/", {"phase": "unstable"} | on(TODAY, "began_on"))
    assert "recorded already" in refused.text
    row = PhaseStart.objects.get()
    page = f"{where}phase/{row.id}/"
    said = {"phase": "dying", "reason": "Pressed the wrong one"} | on(TODAY, "began_on")
    assert gp.post(f"{page}correct/", said).status_code == 302
    shown = gp.get(f"{where}phase/").text
    assert "Dying since today" in shown
    assert "no longer counts" in shown
    right = PhaseStart.objects.get(corrects=row)
    assert gp.post(f"{where}phase/{right.id}/withdraw/", {"reason": "Nobody judged"}).status_code == 302
    assert "No phase of illness is recorded" in gp.get(f"{where}phase/").text


def test_who_only_reads_is_offered_nothing(client_as, place, where, ashworth, history, reader):
    put_on_duty(by=reader("operator"), organisation=place["ZAM"], area=place["QZZ"])
    paramedic = client_as("urgent_clinician")
    shown = paramedic.get(where).text
    assert "AKPS 40" in shown
    assert "Assess now" not in shown
    assert "Save phase" not in paramedic.get(f"{where}phase/").text
    assert paramedic.get(f"{where}{IPOS}/record/").status_code == 403
    assert paramedic.post(f"{where}phase/", {"phase": "dying"} | on(TODAY, "began_on")).status_code == 200
    assert PhaseStart.objects.count() == 3


def test_after_death_the_forms_are_gone_and_a_mistake_can_be_corrected(client_as, gp, where, ashworth, history):
    ashworth.refresh_from_db()
    people.record_death(
        by=gp, person_id=ashworth.id, seen=ashworth.version, died_on=TODAY, place="21", was_expected=True
    )
    client = client_as("gp")
    shown = client.get(where).text
    assert "Assess now" not in shown
    assert f"Until death on {TODAY:%-d %B %Y}: Deteriorating for 2 days" in shown
    answer = client.post(f"{where}{IPOS}/record/", sent())
    assert "nothing new is added" in answer.text
    assert "Correct this" in client.get(f"{where}assessments/{history.id}/").text


def test_an_address_of_somebody_else_is_not_found(client_as, person, where, history):
    other = f"/people/{person('Longworth').id}/outcomes/"
    gp = client_as("gp")
    assert gp.get(f"{other}assessments/{history.id}/").status_code == 404
    assert gp.get(f"{other}{IPOS}/").status_code == 404
    assert gp.get(f"{other}{IPOS}/figures.csv").status_code == 404


def statements(client, address, django_assert_max_num_queries, most):
    client.get(address)
    with django_assert_max_num_queries(most) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


@pytest.mark.parametrize("address", ["", f"{IPOS}/", "phase/", f"{IPOS}/record/"])
def test_statements_do_not_grow(client_as, where, record, history, address, django_assert_max_num_queries):
    gp = client_as("gp")
    few = statements(gp, where + address, django_assert_max_num_queries, 14)
    for days in range(12):
        record(ipos(3), day=ago(days + 40), on=TODAY)
    assert statements(gp, where + address, django_assert_max_num_queries, 14) == few


HEADER = 'id: ipos-english\nversion: "1.0"\ntitle: T\nsource: S\nlicence: Held by us\nreviewer: ""\nreview_date: ""\n'


def forget():
    """As when the site starts anew."""
    registry.packs.cache_clear()
    registry.wordings.cache_clear()


@pytest.fixture
def own_packs(tmp_path, settings):
    """A site with packs of its own: a folder to write them to; the registry reads them anew, and forgets them after."""

    settings.HOME = tmp_path
    forget()
    yield tmp_path / "packs"
    forget()


def wording(own_packs, items, instrument=IPOS, version="1.0"):
    folder = own_packs / "instrument-wordings" / "ipos-english"
    folder.mkdir(parents=True)
    lines = "\n".join(f"  {name}: Licensed words for {name}" for name in items)
    (folder / "pack.yaml").write_text(
        f'{HEADER}instrument: {instrument}\ninstrument_version: "{version}"\nlanguage: en\nitems:\n{lines}\n'
        "scales:\n  trouble: {0: Licensed nought}\n"
    )
    forget()


def test_a_sites_own_wording_is_shown(client_as, where, own_packs):
    wording(own_packs, ipos())
    shown = client_as("gp").get(f"{where}{IPOS}/record/").text
    assert "Licensed words for pain" in shown
    assert "Licensed nought" in shown
    assert "Short words of our own" not in shown


@pytest.mark.parametrize(
    ("items", "instrument", "version", "said"),
    [
        (list(ipos())[1:], IPOS, "1.0", "“pain” is missing"),
        ([*ipos(), "itch"], IPOS, "1.0", "“itch” is not known"),
        (ipos(), IPOS, "2.0", "This words version 2.0"),
        (ipos(), "ipos-stafff-3-day", "1.0", "Did you mean “ipos-staff-3-day”?"),
    ],
)
def test_a_wording_that_does_not_fit_is_told_and_not_used(
    client_as, where, own_packs, reader, items, instrument, version, said
):
    wording(own_packs, items, instrument, version)
    (row,) = [row for row in checked_packs(reader("operator")) if row.kind == "instrument-wordings"]
    assert said in " ".join(row.problems)
    assert "Short words of our own" in client_as("gp").get(f"{where}{IPOS}/record/").text


def test_a_site_brings_the_items_of_a_childrens_scale(client_as, where, own_packs):
    folder = own_packs / "instruments" / "cpos-uk-proxy"
    folder.mkdir(parents=True)
    (folder / "pack.yaml").write_text(
        HEADER.replace("ipos-english", "cpos-uk-proxy").replace("title: T", "title: C-POS:UK, proxy")
        + "extends: cpos-uk\nscales:\n  s: [{value: 0, words: A}, {value: 1, words: B}]\n"
        "items:\n  - {id: one, topic: First thing, scale: s}\n  - {id: two, topic: Second thing, scale: s}\n"
    )
    gp = client_as("gp")
    assert "First thing" in gp.get(f"{where}cpos-uk-proxy/record/").text
    answer = gp.post(f"{where}cpos-uk-proxy/record/", sent({"one": "1", "two": "0"}, respondent="proxy"), follow=True)
    assert "how to score it is not confirmed" in gp.get(where).text
    assert answer.status_code == 200


def test_headings_are_true_of_the_numbers(client_as, where, record):
    """The finding is worked out: nothing changed, only worse, both."""
    gp = client_as("gp")
    record(ipos(0), day=ago(20), on=TODAY)
    assert "No trouble on" in gp.get(f"{where}{IPOS}/").text
    record(ipos(0), day=ago(15), on=TODAY)
    assert "Nothing known has changed since" in gp.get(f"{where}{IPOS}/").text
    record(ipos(0, pain="2"), day=ago(10), on=TODAY)
    heading = re.search('a-chart__finding">(.*?)</h2>', gp.get(f"{where}{IPOS}/").text).group(1)
    assert heading == f"Worse than on {ago(15):%-d %B %Y}: pain"
    record(ipos(0, nausea="1"), day=ago(5), on=TODAY)
    heading = re.search('a-chart__finding">(.*?)</h2>', gp.get(f"{where}{IPOS}/").text).group(1)
    assert heading == f"Worse than on {ago(10):%-d %B %Y}: feeling sick; better: pain"

"""A validation report over a store, counted again in plain Python from the lines that were taken in."""

import csv
import io
import json
from datetime import date, timedelta
from random import Random

import pytest
from click.testing import CliRunner

from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.casefinding import actions, reports, tasks, validation
from ambit.casefinding.commands import casefinding
from ambit.casefinding.models import Validation
from ambit.design.documents import can_make_pdf
from ambit.design.refusals import Refused
from ambit.population import actions as population
from ambit.population import following

ON = date(2020, 6, 1)
UNTIL = ON + timedelta(days=365)
TODAY = date(2021, 9, 1)
PALLIATIVE, NOT_NOW, CANCER, LEARNING, INDIAN = (
    "103735009",
    "1048611000000104",
    "128462008",
    "416075005",
    "110751000000108",
)
SEXES = ("female", "male", "unknown")


def take(home, people, events, deaths, source="practice"):
    folder = home / source
    folder.mkdir(exist_ok=True)

    def write(name, columns, rows):
        (folder / name).write_text("\n".join([columns, *(",".join(map(str, row)) for row in rows)]) + "\n")

    write("people.csv", "person,born_on,sex,nhs_number,practice,registered", people)
    write("events.csv", "person,date,system,code,term", [(who, day, "snomed", code, "x") for who, day, code in events])
    write("deaths.csv", "person,died_on", deaths)
    population.take_in(by=operator(), paths=[folder], source=source, layout="csv")


def report(*packs, on=(ON,), horizon=365, practice=""):
    return validation.report(validation.Wanted(packs or ("qof-pc001",), tuple(on), horizon, practice), today=TODAY)


def cells(told, day=0, result=0):
    return told["days"][day]["results"][result]["cells"]


FOUR = {  # one for each cell: when palliative care was coded, when they died
    "tp": ("2020-05-01", "2020-12-01"), "fp": ("2020-05-01", None), "fn": (None, "2020-12-01"), "tn": (None, None),
}  # fmt: skip


def four(home, extra_people=(), extra_events=(), extra_deaths=()):
    take(
        home,
        [(who, "1940-01-01", "female", "", "Z90001", "yes") for who in FOUR] + list(extra_people),
        [(who, coded, PALLIATIVE) for who, (coded, _) in FOUR.items() if coded] + list(extra_events),
        [(who, died) for who, (_, died) in FOUR.items() if died] + list(extra_deaths),
    )


def test_one_on_each_cell(db, home):
    four(home)
    told = report()
    assert cells(told) == {"tp": 1, "fp": 1, "fn": 1, "tn": 1}
    assert told["days"][0]["results"][0]["shares"]["sensitivity"]["value"] == 0.5
    assert told["lead_time"]["results"][0]["deaths"] == 2


@pytest.mark.parametrize(("day", "changes"), [(ON, True), (ON + timedelta(days=1), False), (UNTIL, False)])
def test_nothing_dated_after_the_day_is_evidence(db, home, day, changes):
    four(home)
    before = report()["days"]
    after_codes = [("fn", day, PALLIATIVE), ("tn", day, PALLIATIVE), ("fp", day, CANCER), ("tn", day, LEARNING)]
    four(home, extra_events=after_codes)
    assert (report()["days"] != before) is changes
    if changes:
        assert cells(report()) == {"tp": 2, "fp": 2, "fn": 0, "tn": 0}


def test_a_later_end_of_palliative_care_is_no_evidence_either(db, home):
    four(home, extra_events=[("tp", ON + timedelta(days=1), NOT_NOW)])
    assert cells(report())["tp"] == 1
    four(home, extra_events=[("tp", ON, NOT_NOW)])
    assert cells(report())["tp"] == 0


def test_who_cannot_be_followed_is_counted(db, home):
    born = "1940-01-01"
    four(
        home,
        extra_people=[
            ("left", born, "male", "", "Z90001", "no"),
            ("left-by-death", born, "male", "", "Z90001", "no"),
            ("no-day", born, "male", "", "Z90001", "yes"),
            ("dead-before", born, "male", "", "Z90001", "yes"),
            ("dead-on-the-day", born, "male", "", "Z90001", "yes"),
            ("born-later", "2020-06-02", "male", "", "Z90001", "yes"),
            ("dead-at-the-end", born, "male", "", "Z90001", "yes"),
            ("dead-after", born, "male", "", "Z90001", "yes"),
        ],
        extra_deaths=[
            ("left-by-death", "2020-09-01"), ("no-day", ""), ("dead-before", "2020-01-01"), ("dead-on-the-day", ON),
            ("dead-at-the-end", UNTIL), ("dead-after", UNTIL + timedelta(days=1)),
        ],
    )  # fmt: skip
    told = report()
    assert cells(told) == {"tp": 1, "fp": 1, "fn": 3, "tn": 2}
    assert told["days"][0]["left_out"] == {
        "dead_without_a_day": 1,
        "left": 1,
        "not_seen_to_the_end": 0,
        "died_twice": 0,
    }


def test_somebody_two_sources_know_is_counted_once(db, home):
    number = "9990000018"
    take(home, [("a", "1940-01-01", "male", number, "Z90001", "yes")], [("a", "2020-05-01", PALLIATIVE)], [])
    take(home, [("b", "1940-01-01", "male", number, "Z90001", "yes")], [], [("b", "2020-08-01")], source="hospital")
    assert cells(report()) == {"tp": 1, "fp": 0, "fn": 0, "tn": 0}
    assert report()["lead_time"]["results"][0]["deaths"] == 1


def test_who_is_seen_only_until_earlier_is_left_out(db, home, monkeypatch):
    four(home)
    monkeypatch.setattr(following, "_seen", lambda until: following_seen(until, on="2021-01-01"))
    told = report()
    assert cells(told) == {"tp": 1, "fp": 0, "fn": 1, "tn": 0}
    assert told["days"][0]["left_out"]["not_seen_to_the_end"] == 2


def following_seen(until, *, on):
    """As if every source had been taken in on an earlier day."""
    return f"coalesce(e.died_on <= DATE '{until}', false) OR DATE '{on}' >= DATE '{until}'"


def test_a_store_counted_again_in_plain_python(db, home):
    """Three hundred people with a fixed seed: the four counts, every group, and lead time, from the lines alone."""
    dice = Random(5)
    people, events, deaths = [], [], {}
    for number in range(300):
        who = f"p{number}"
        born = date(1925 + dice.randrange(90), dice.randint(1, 12), dice.randint(1, 28))
        people.append((who, born, dice.choice(SEXES), "", dice.choice(["Z90001", "Z90002"]), "yes"))
        for code in (PALLIATIVE, NOT_NOW, CANCER, LEARNING, INDIAN):
            if dice.random() < 0.3:
                events.append((who, ON - timedelta(days=dice.randrange(-400, 700)), code))
        if dice.random() < 0.4:
            deaths[who] = ON + timedelta(days=dice.randrange(-100, 500))
    take(home, people, events, sorted(deaths.items()))

    def days(who, code):
        return [day for one, day, told in events if one == who and told == code]

    def is_found(who, on):
        palliative = max((day for day in days(who, PALLIATIVE) if day <= on), default=None)
        ended = max((day for day in days(who, NOT_NOW) if day <= on), default=date.min)
        return palliative is not None and ended <= palliative

    wanted, groups = dict.fromkeys(("tp", "fp", "fn", "tn"), 0), {}
    lead = []
    for who, born, sex, _, _, _ in people:
        died = deaths.get(who)
        if died and ON < died <= UNTIL:
            lead.append(max((d for d in range(1, 722, 30) if is_found(who, died - timedelta(days=d))), default=None))
        if born > ON or (died and died <= ON):
            continue
        cell = ("t" if is_found(who, ON) == bool(died and died <= UNTIL) else "f") + ("p" if is_found(who, ON) else "n")
        wanted[cell] += 1
        age = ON.year - born.year - ((ON.month, ON.day) < (born.month, born.day))
        band = next(band for last, band in ((17, "0-17"), (44, "18-44"), (54, "45-54"), (64, "55-64"), (74, "65-74"), (84, "75-84"), (200, "85+")) if age <= last)  # fmt: skip
        for group in (
            ("age", band), ("sex", sex), ("ethnicity", "H" if days(who, INDIAN) else "unknown"), ("deprivation", "unknown"),
            ("learning_disability", "yes" if any(day <= ON for day in days(who, LEARNING)) else "no"),
            ("condition", "cancer" if any(day <= ON for day in days(who, CANCER)) else "none_coded"),
        ):  # fmt: skip
            groups.setdefault(group, dict.fromkeys(wanted, 0))[cell] += 1
    told = report()
    assert cells(told) == wanted
    assert min(wanted.values()) > 3
    mine = told["days"][0]["results"][0]["groups"]
    assert {(one, name): table for one, several in mine.items() for name, table in several.items()} == groups
    found = told["lead_time"]["results"][0]
    ever = sorted(days for days in lead if days)
    assert (found["deaths"], found["ever"]["count"]) == (len(lead), len(ever))
    assert {days: found["at_least"][str(days)]["count"] for days in (90, 182, 365)} == {
        days: sum(one >= days for one in ever) for days in (90, 182, 365)
    }
    of_one = cells(report(practice="Z90001"))
    of_other = cells(report(practice="Z90002"))
    assert {cell: of_one[cell] + of_other[cell] for cell in wanted} == wanted


def test_what_cannot_be_answered_is_refused_in_words(db, home):
    four(home)
    with pytest.raises(Refused, match="have not passed"):
        report(on=[TODAY - timedelta(days=364)])
    with pytest.raises(Refused, match="30 to 730 days"):
        report(horizon=5000)
    with pytest.raises(Refused, match="at most 12 days"):
        report(on=[ON - timedelta(days=number) for number in range(13)])
    with pytest.raises(Refused, match="no case-finding pack"):
        report("nothing-such")


def test_an_empty_store_says_how_far_it_reaches(db, home):
    with pytest.raises(Refused, match="Nobody can be followed"):
        report()


def run(*arguments, ok=0):
    told = CliRunner().invoke(casefinding, ["validate", *arguments], obj=operator())
    assert told.exit_code == ok, told.output
    return told


def test_the_command_keeps_a_report_and_hides_small_numbers(db, home):
    four(home)
    where = home / "figures.csv"
    told = json.loads(run("--pack", "qof-pc001", "--on", str(ON), "--csv", str(where), "--json").stdout)
    (result,) = told["results"]
    assert told["hides_small_numbers"] is True
    assert (result["sensitivity"], result["cells"]["tp"]) == (None, None)
    assert {
        row["Hidden"]
        for row in csv.DictReader(io.StringIO(where.read_text("utf-8-sig")))
        if row["Group"] == "Everybody"
    } == {"hidden"}
    (result,) = json.loads(run("--pack", "qof-pc001", "--on", str(ON), "--unhidden", "--json").stdout)["results"]
    assert result["cells"] == {"tp": 1, "fp": 1, "fn": 1, "tn": 1}
    assert result["sensitivity"]["count"] == 1
    assert Validation.objects.filter(state="done").count() == 2
    assert AuditLine.objects.filter(what="made a validation report").count() == 2
    assert "There is no practice" in run("--pack", "qof-pc001", "--on", str(ON), "--practice", "X", ok=2).output
    assert "have not passed" in run("--pack", "qof-pc001", "--on", "2999-01-01", ok=1).output


@pytest.mark.skipif(not can_make_pdf(), reason="Pango is missing")
def test_the_command_writes_a_pdf(db, home):
    four(home)
    run("--pack", "qof-pc001", "--on", str(ON), "--unhidden", "--pdf", str(home / "report.pdf"))
    assert (home / "report.pdf").read_bytes().startswith(b"%PDF")


@pytest.fixture
def made(place, home):
    """A report of everybody and one of a single practice."""
    four(home)

    def make(practice=None):
        asked = actions.ask_for_validation(
            by=operator(), pack_ids=["qof-pc001"], on=[ON], horizon=365, today=TODAY,
            practice_id=place[practice].id if practice else None,
        )  # fmt: skip
        tasks.make_validation.call(str(asked.id))
        tasks.make_validation.call(str(asked.id))
        return asked

    return make


def test_validation(client_as, made):
    """Everybody's small numbers are hidden; a practice sees its own."""
    everybody, own = made(), made("Z90001")
    lead, gp, other = client_as("place_lead"), client_as("gp"), client_as("Owen Shah")
    where = f"/case-finding/validation/{everybody.id}/"
    for reader in (lead, gp, other):
        assert "is hidden: the numbers are small" in reader.get(where).text
    where = f"/case-finding/validation/{own.id}/"
    assert "Found before: 1 of the 2 people who died within a year (50%)" in gp.get(where).text
    for reader in (lead, other):
        assert "is hidden: the numbers are small" in reader.get(where).text
        assert reader.get(where + "report.json").json()["results"][0]["cells"]["tp"] is None
        assert "Everybody,sensitivity,,,,,,hidden" in reader.get(where + "figures.csv").text
    assert gp.get(where + "report.json").json()["results"][0]["cells"]["tp"] == 1
    assert client_as("community_nurse").get(where).status_code == 403
    if can_make_pdf():
        assert gp.get(where + "report.pdf").content.startswith(b"%PDF")


def in_three(name, day):
    """A day as a form sends it."""
    return {f"{name}-day": day.day, f"{name}-month": day.month, f"{name}-year": day.year}


def test_validations(client_as, place, home):
    four(home)
    administrator, lead = client_as("system_administrator"), client_as("place_lead")
    where = "/case-finding/validation/"
    assert "No report has been made yet" in lead.get(where).text
    assert "Ask for a report" not in lead.get(where).text
    assert "Ask for a report" in administrator.get(where).text
    said = {"packs": ["qof-pc001"], **in_three("on", date(2999, 1, 1)), "horizon": "365", "practice": ""}
    right = said | in_three("on", ON)
    refused = administrator.post(where + "new/", said)
    assert refused.status_code == 422
    assert "have not passed" in refused.text
    assert administrator.post(where + "new/", right).status_code == 302
    asked = Validation.objects.get()
    assert "Waiting to begin" in lead.get(where).text
    assert client_as("gp").get(f"{where}{asked.id}/").status_code == 404
    tasks.make_validation.call(str(asked.id))
    assert f"{where}{asked.id}/" in lead.get(where).text
    assert lead.post(where + "new/", right).status_code == 403
    assert Validation.objects.count() == 1


def test_a_report_that_cannot_be_made_says_why(client_as, place, home):
    asked = actions.ask_for_validation(by=operator(), pack_ids=["qof-pc001"], on=[ON], horizon=365, today=TODAY)
    tasks.make_validation.call(str(asked.id))
    assert "Nobody can be followed" in client_as("place_lead").get("/case-finding/validation/").text


def test_what_was_found_is_the_same_by_every_way(place, made):
    """The four counts on the page are those that were kept."""
    asked = made()
    told = reports.report(operator(), asked.id, unhidden=True)
    assert dict(told.parts[0].cells) == cells(asked.kept.figures)

"""The demonstration place as plain lists, and the indicators counted over them by hand: no word of `gathering`, `rules` or a pack."""

import csv
from collections import defaultdict
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from ambit.access import facts as access
from ambit.audit import facts as audit
from ambit.careplan import facts as careplan
from ambit.casefinding import facts as casefinding
from ambit.coordination import facts as coordination
from ambit.organisations.facts import organisations
from ambit.packs.library import CHECKOUT
from ambit.people.facts import people
from ambit.population.store import Store
from ambit.register.facts import times_on_register

HOSPITALS, HOMES = {"10", "11", "13"}, {"20", "21", "22", "40"}
NAMED = {"own_home", "other_home", "care_home", "hospice", "hospital", "community_hospital", "other"}
ETHNIC = {"A": "white", "B": "white", "C": "white", "D": "mixed", "E": "mixed", "F": "mixed", "G": "mixed", "H": "asian",
          "J": "asian", "K": "asian", "L": "asian", "M": "black", "N": "black", "P": "black", "R": "other", "S": "other",
          "Z": "not_stated"}  # fmt: skip
MAIN = [
    ("cancer", ["cancer-metastatic", "cancer-poor-prognosis"]),
    ("neurological", ["motor-neurone-disease", "neurological-progressive", "efi-parkinsonism"]),
    ("dementia", ["dementia"]), ("heart", ["heart-failure", "nyha-3-4"]),
    ("lungs", ["lung-disease-severe", "copd", "long-term-oxygen"]), ("liver", ["liver-cirrhosis"]),
    ("kidneys", ["ckd-4-5"]), ("childhood", ["life-limiting-childhood"]), ("frailty", ["severe-frailty"]),
    ("stroke", ["stroke"]),
]  # fmt: skip
EUROPE = [
    5000,
    5500,
    5500,
    5500,
    6000,
    6000,
    6500,
    7000,
    7000,
    7000,
    7000,
    6500,
    6000,
    5500,
    5000,
    4000,
    2500,
    1500,
    1000,
]
SYSTEMS = {"snomed": "http://snomed.info/sct", "read2": "http://read.info/readv2", "ctv3": "http://read.info/ctv3",
           "loinc": "http://loinc.org", "icd10": "http://hl7.org/fhir/sid/icd-10"}  # fmt: skip


def years(born, on):
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def band(age):
    if age is None:
        return ""
    for first, words in ((85, "85+"), (75, "75-84"), (65, "65-74"), (55, "55-64"), (45, "45-54"), (18, "18-44")):
        if age >= first:
            return words
    return "0-17"


class Exported:
    """The facts of the place as plain lists, and what follows from them for one month."""

    def __init__(self, month):
        self.first, self.last = month.first, month.last
        self.end = datetime.combine(month.last + timedelta(days=1), time.min, tzinfo=timezone.get_current_timezone())
        self.begin = datetime.combine(month.first, time.min, tzinfo=timezone.get_current_timezone())
        self.year_first = month.after(-11).first
        middle = month.after(-6)
        self.middle = date(middle.year, middle.month, min(month.last.day, middle.last.day))
        self.people = {one.id: one for one in people()}
        self.by_number = {one.nhs_number: one for one in self.people.values() if one.nhs_number}
        self.organisations = {one.id: one for one in organisations()}
        self.times = times_on_register()
        self.saves = defaultdict(list)
        for save in careplan.saves():
            self.saves[save.person_id].append(save)
        self.forms = defaultdict(list)
        for form in careplan.forms():
            self.forms[form.person_id].append(form)
        self.fifths = {}
        with (CHECKOUT / "areas" / "northmarch" / "areas.csv").open() as file:
            self.fifths = {row["area"]: row["deprivation_fifth"] for row in csv.DictReader(file)}
        self._store()

    def _store(self):
        with Store(settings.HOME / "population").open() as (con, _):
            columns = "person, nhs_number, practice, born_on, sex, dead, died_on, active"
            self.registered = con.execute(f"SELECT {columns} FROM people ORDER BY person").fetchall()
            events = con.execute(
                "SELECT e.person, c.system, c.value, e.day FROM events e JOIN codes c USING (code) WHERE e.usable"
            ).fetchall()
            self.encounters = con.execute("SELECT person, class, method, day FROM encounters").fetchall()
        groups = defaultdict(set)
        for group, lists in MAIN:
            for name in lists:
                with (CHECKOUT / "codelists" / name / "codes.csv").open() as file:
                    for row in csv.DictReader(file):
                        if row["polarity"] == "has":
                            groups[SYSTEMS.get(row["system"], row["system"]), row["code"]].add(group)
        self.coded = defaultdict(dict)
        for person, system, code, day in events:
            for group in groups.get((system, code), ()):
                if day is not None:
                    self.coded[person][group] = min(day, self.coded[person].get(group, day))
        self.store_number = {number: person for person, number, *_ in self.registered if number}

    # columns

    def practice(self, practice_id):
        practice = self.organisations.get(practice_id)
        place = self.organisations.get(practice.part_of) if practice else None
        return (practice.code, place.code) if practice and place else ("", "")

    def main(self, number, on):
        if not number or number not in self.store_number:
            return ""
        coded = self.coded[self.store_number[number]]
        return next((group for group, _ in MAIN if group in coded and coded[group] <= on), "none_coded")

    def who(self, person_id, practice_id, on):
        one = self.people[person_id]
        practice, place = self.practice(practice_id)
        age = years(one.born_on, on) if one.born_on and one.is_born and one.born_on <= on else None
        return {
            "id": str(person_id), "practice": practice, "place": place, "age": age, "age_band": band(age),
            "sex": one.sex or "", "ethnicity": ETHNIC.get(one.ethnicity, ""), "deprivation": self.fifths.get(one.area, ""),
            "condition_group": self.main(one.nhs_number, on), "inclusion_group": "in_a_group" if one.inclusion_groups else "",
        }  # fmt: skip

    # tables

    def on_register(self):
        found = {}
        for one in self.times:
            died = self.people[one.person_id].died_on
            if (
                one.joined_on <= self.last
                and not (one.left_on and one.left_on <= self.last)
                and not (died and died <= self.last)
            ):
                found[one.person_id] = one
        return found

    def members(self):
        return [self.who(person_id, one.practice_id, self.last) for person_id, one in self.on_register().items()]

    def said(self, person_id, item, before=None):
        """The answer in the last save of the item's section."""
        section = item.split(".")[0]
        saved = [s for s in self.saves[person_id] if s.section == section and s.at < (before or self.end)]
        return saved[-1].answers.get(item, ()) if saved else ()

    def deaths(self):
        return [one for one in careplan.deaths() if self.first <= one.died_on <= self.last]

    def holds(self, form):
        return form.from_at < self.end and (form.until_at is None or form.until_at >= self.end)

    def plan_moments(self, person_id):
        saved = [s.at for s in self.saves[person_id] if s.at < self.end and s.section != "talks"]
        return saved + [f.from_at for f in self.forms[person_id] if self.holds(f)]

    def is_shared(self, person_id, practice_id, at):
        return any(
            tie.person_id == person_id and tie.organisation_id != practice_id and tie.from_at < at
            and (tie.until_at is None or tie.until_at >= at)
            for tie in access.ties()
        )  # fmt: skip


def rows_of(place, name):
    """(who, does it count) for each one in the denominator of an indicator, by hand."""
    register = place.on_register()
    uuid_of = {str(one): one for one in place.people}

    def members(counts, among=lambda _who, _id: True):
        return [(who, counts(who, uuid_of[who["id"]])) for who in place.members() if among(who, uuid_of[who["id"]])]

    def deaths(counts, among):
        return [
            (place.who(one.person_id, one.practice_id, one.died_on), counts(one))
            for one in place.deaths()
            if among(one)
        ]

    def joined_before(one):
        return one.joined_on is not None and one.joined_on < one.died_on

    def met(one):
        return {"met": True, "met_second": True, "cannot_tell": None}.get(one.outcome or one.proposed, False)

    expected = {one.id: one.death_was_expected for one in place.people.values()}
    if name == "ind.register.coverage":
        return deaths(joined_before, lambda one: expected[one.person_id] is True)
    if name == "ind.register.non_cancer_share":

        def known(who, person_id):
            return place.people[person_id].nhs_number in place.store_number

        def no_cancer(who, person_id):
            since = place.coded[place.store_number[place.people[person_id].nhs_number]].get("cancer")
            return not (since and since <= place.last)

        return members(no_cancer, known)
    if name == "ind.acp.offered":
        return members(lambda _w, p: place.said(p, "talks.answer") not in ((), ("not_asked",)))
    if name == "ind.acp.in_place":
        return members(
            lambda _w, p: bool(place.plan_moments(p)), lambda _w, p: place.said(p, "talks.answer") == ("accepted",)
        )
    if name == "ind.acp.required_vs_placed_cyp":
        return members(lambda _w, p: bool(place.plan_moments(p)), lambda w, _p: w["age"] is not None and w["age"] < 18)
    if name == "ind.acp.reviewed_6m":
        back = place.last
        month = (back.year * 12 + back.month - 1 - 6) // 12, (back.year * 12 + back.month - 1 - 6) % 12 + 1
        last_day = (date(month[0] + month[1] // 12, month[1] % 12 + 1, 1) - timedelta(days=1)).day
        six = date(*month, min(back.day, last_day))
        return members(
            lambda _w, p: timezone.localdate(max(place.plan_moments(p))) > six,
            lambda _w, p: bool(place.plan_moments(p)),
        )
    if name == "ind.acp.person_access":
        opened = {
            one.person_id for one in audit.opened(["person", "proxy", "carer"], since=place.begin) if one.at < place.end
        }
        return members(lambda _w, p: p in opened, lambda _w, p: bool(place.plan_moments(p)))
    if name == "ind.respect.in_place":
        return members(lambda _w, p: any(f.kind == "emergency" and place.holds(f) for f in place.forms[p]))
    if name == "ind.prefs.place_recorded":
        return members(
            lambda _w, p: all(
                place.said(p, f"place_of_care.{which}") not in ((), ("not_asked",))
                for which in ("care_first", "death_first")
            )
        )
    if name == "ind.prefs.place_achieved":
        return deaths(lambda one: met(one) is True, lambda one: one.preferred in NAMED and met(one) is not None)
    if name == "ind.prefs.reason_recorded":
        return deaths(lambda one: bool(one.variance), lambda one: one.preferred in NAMED and met(one) is False)
    if name == "ind.coord.named":
        held = {
            c.person_id for c in coordination.coordinated()
            if c.from_at < place.end and (c.until_at is None or c.until_at >= place.end)
        }  # fmt: skip
        return members(lambda _w, p: p in held)
    if name == "ind.death.hospital":
        where = {"20", "21", "22", "40", "30", "12", "50", *HOSPITALS}
        return deaths(
            lambda one: one.place in HOSPITALS, lambda one: expected[one.person_id] is True and one.place in where
        )
    if name == "ind.equity.recording":
        return members(lambda _w, p: place.people[p].details_recorded == 5)
    if name == "ind.record.sharing":
        agreed = {
            a.person_id for a in access.agreements()
            if a.from_at < place.end and (a.until_at is None or a.until_at >= place.end)
        }  # fmt: skip
        return members(lambda _w, p: p in agreed and place.is_shared(p, register[p].practice_id, place.end))
    if name == "ind.meds.anticipatory":

        def at_hand(one):
            after = datetime.combine(one.died_on + timedelta(days=1), time.min, tzinfo=timezone.get_current_timezone())
            return place.said(one.person_id, "medicines_at_home.box", after) == ("yes",)

        return deaths(at_hand, lambda one: joined_before(one) and one.place in HOMES)
    if name == "ind.ident.reviewed":
        found = []
        for one in casefinding.suggestions():
            answered = one.answered_on if one.answered_on and one.answered_on <= place.last else None
            if not place.first <= one.found_on + timedelta(days=28) <= place.last or (
                one.is_superseded and not answered
            ):
                continue
            practice, in_place = place.practice(one.practice_id)
            known = place.by_number.get(one.nhs_number)
            who = {"id": "", "practice": practice, "place": in_place,
                   "age_band": band(years(one.born_on, place.last) if one.born_on else None), "sex": one.sex or "",
                   "ethnicity": ETHNIC.get(known.ethnicity, "") if known else "",
                   "deprivation": place.fifths.get(known.area, "") if known else "",
                   "condition_group": place.main(one.nhs_number, place.last)}  # fmt: skip
            found.append((who, answered is not None and (answered - one.found_on).days <= 28))
        return found
    if name == "ind.record.access_ooh":
        number_of = {person: number for person, number, *_ in place.registered}
        crews = audit.opened(
            ["urgent_clinician", "advice_line_nurse"], since=datetime(2000, 1, 1, tzinfo=place.end.tzinfo)
        )
        found = []
        days = {
            (number_of[person], day) for person, kind, method, day in place.encounters
            if day and (kind == "EMER" or method == "emergency")
        }  # fmt: skip
        for number, day in days:
            known = place.by_number.get(number)
            if known is None or not place.first <= day <= place.last:
                continue
            then = [
                t for t in place.times
                if t.person_id == known.id and t.joined_on <= day and (t.left_on is None or t.left_on >= day)
            ]  # fmt: skip
            after = datetime.combine(day + timedelta(days=1), time.min, tzinfo=place.end.tzinfo)
            if then and place.is_shared(known.id, then[-1].practice_id, after):
                opened = any(one.person_id == known.id and timezone.localdate(one.at) == day for one in crews)
                found.append((place.who(known.id, then[-1].practice_id, day), opened))
        return found
    if name == "ind.record.single_flag_orgs":
        able = defaultdict(set)
        for one in access.what_organisations_can_do():
            if one.from_on <= place.last and (one.until_on is None or one.until_on > place.last):
                able[one.organisation_id] |= {"see"} if one.sees_flag else set()
                able[one.organisation_id] |= {"set"} if one.sets_flag else set()
        found = []
        for one in place.organisations.values():
            if one.kind in ("system", "place", "other"):
                continue
            over = place.organisations.get(one.part_of)
            where = over.code if over and over.kind == "place" else ""
            who = {"id": "", "place": where, "organisation": one.code, "practice": ""}
            found.append((who, able[one.id] == {"see", "set"}))
        return found
    return None

"""The living page: every part in every state, with long names, long labels and nothing recorded. Everybody is invented."""

from datetime import date, timedelta
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from ambit.design import forms, rules
from ambit.design.charts import Drawn, csv_answer, draw
from ambit.design.conflict import stale_page
from ambit.design.page import page
from ambit.design.pages import views
from ambit.design.refusals import Stale
from ambit.design.routes import everyone

PEGGY = rules.Banner(
    family_name="Ashworth",
    given_names="Margaret Jean",
    title="Mrs",
    preferred_name="Peggy",
    born_on=date(1943, 3, 14),
    age="83 years",
    sex="Female",
    number="9997170326",
    chips=(
        rules.Chip(kind="adjustment", words="Hard of hearing: face her, speak to the right ear"),
        rules.Chip(kind="allergy", words="Penicillin: swollen throat (2009)"),
        rules.Chip(kind="disagreement", words="Mask ventilation"),
        rules.Chip(kind="cpr", words="Do not attempt CPR", reading="do_not_attempt"),
    ),
)
LONG_NAME = rules.Banner(
    family_name="Featherstonehaugh-Cholmondeley-Wolfeschlegelsteinhausenbergerdorff",
    given_names="Maximiliana Alexandrina Oluwaseun Anastasia Wilhelmina Bronwen",
    title="The Right Honourable Professor",
    preferred_name="Max, but only to those who have known her since Eskmouth Grammar School",
    born_words="about 1938, estimated",
    age="about 88 years",
    no_number_reason="No NHS number: came from abroad and is not registered with a practice yet",
    similar="Maximilian Featherstonehaugh, born 2 May 1938, Ferry View. Check the date of birth and NHS number aloud.",
    chips=(
        rules.Chip(
            kind="staff_safety",
            words="Visit in pairs after dark: a large dog that is not hers, and steps without light",
        ),
        rules.Chip(kind="getting_in", words="Key safe right of the back door, behind the third flowerpot, code 4471"),
        rules.Chip(kind="cpr", words="CPR: not recorded. This is not a decision.", reading="not_recorded"),
    ),
)
WILFRED = rules.Banner(
    family_name="Stott",
    given_names="Wilfred",
    title="Mr",
    born_on=date(1938, 6, 2),
    sex="Male",
    number="9990445311",
    died_on=date(2026, 11, 20),
    died_words="20 November 2026 at 4:35am, aged 88, at home",
    dead_note="This record is closed to changes. Messages and tasks have stopped. His wife has been offered support.",
)
RINGS = (
    {
        "name": "24-hour advice line",
        "number": "01632 960 140",
        "detail": "Merrowdale Hospice. Open now. Nurse answers, doctor on call.",
    },
    {
        "name": "Helen Ashworth-Doyle",
        "number": "07700 900 418",
        "detail": "Daughter, lives with her. Attorney for health.",
    },
    {"name": "District nurses, night", "number": "01632 960 177", "detail": "Open now until 8am. Holds her box."},
)
CLOSED = ({"name": "Brackenhill Surgery", "number": "01632 960 101", "detail": "Closed. Opens Monday at 8am."},)
SIDES = (
    {
        "title": "Her written refusal (ADRT)",
        "words": "Refuses all ventilation, mask included.",
        "detail": "12 June 2024. Not binding for life-sustaining treatment: no witness. Still her stated wish.",
    },
    {
        "title": "Her emergency plan",
        "words": "Accepts a trial of mask ventilation in hospital.",
        "detail": "2 September 2026, made with Peggy. Newer. A recommendation.",
    },
)
TREATMENTS = (
    ("Go to hospital", "only_if", "If comfort cannot be reached at home, or a broken bone"),
    ("Antibiotics", "yes", "By mouth or vein at home, through Eskvale Hospital at Home"),
    ("Mask ventilation", "disagreement", "See above: her written refusal and her plan say different things"),
    ("Intensive care, tube ventilation", "no", "Would not help; she does not want it"),
    ("Fluids by vein or under skin", "ask", "Peggy or, if she cannot decide, her daughter"),
    ("Implanted defibrillator", "not_recorded", ""),
)
FOUND = (
    ("Old Tannery Practice", 0, 55), ("Moss Bank Practice", 14, 66), ("Kiln Street Surgery", 19, 60),
    ("St Aldhelm’s Practice", 29, 76), ("Larkfield Health Centre", 50, 101), ("Quayside Medical Group", 79, 131),
    ("Brackenhill Surgery", 61, 84), ("Fellside Surgery", 52, 58),
)  # fmt: skip


class MedicinesForm(forms.Form):
    """Every kind of field."""

    box = forms.ChoiceField(
        label="Is there a box in the home?",
        choices=[("yes", "Yes"), ("prescribed", "Prescribed, not there yet"), ("no", "No"), ("unknown", "Not known")],
        inline=True,
    )
    where = forms.CharField(
        label="Where is it kept?",
        hint="Words a stranger can follow at night",
        required_words="Say where in the home the box is kept",
        max_length=200,
    )
    chart_ends_on = forms.DateField(label="Last day of the administration chart", hint="For example, 30 11 2026")
    number = forms.NHSNumberField(label="NHS number", required=False)
    left = forms.IntegerField(label="Ampoules left", width=3, min_value=0, max_value=99)
    stage = forms.SelectField(
        label="Stage", required=False, choices=[("", "Not staged"), ("days", "Days"), ("weeks", "Weeks")]
    )
    told = forms.MultipleChoiceField(
        label="Who has been told?",
        required=False,
        choices=[("person", "Peggy"), ("daughter", "Helen"), ("practice", "The practice")],
        hints={"practice": "They are told by message when you save"},
    )
    passed_on = forms.ChoiceField(
        label="What should happen?",
        choices=[("add", "Add to the register"), ("later", "Not now, look again"), ("no", "No, not right for her")],
        hints={"add": "Asks for a coordinator and starts a plan", "later": "You choose the date", "no": "You say why"},
        required=False,
    )
    note = forms.TextField(label="Anything else", required=False, count_to=500)
    agreed = forms.BooleanField(label="I have told her, or will before it is shared")
    seen = forms.SeenField()


@everyone
def living_page(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        "design/living/parts.jinja",
        people=(PEGGY, LONG_NAME, WILFRED, rules.Banner(family_name="Unknown")),
        rings=RINGS,
        closed=CLOSED,
        sides=SIDES,
        treatments=TREATMENTS,
        fact_dates=[timezone.localdate() - timedelta(days=days) for days in (0, 1, 12, 94, 190, 400, 1200)],
        signed_on=timezone.localdate() - timedelta(days=80),
        review_on=timezone.localdate() + timedelta(days=30),
        overdue_on=timezone.localdate() - timedelta(days=30),
        table_rows=_medicine_rows(),
        picture=_chart(),
    )


@everyone
def living_record(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        "design/living/record.jinja",
        banner=PEGGY,
        rings=RINGS,
        sides=SIDES,
        treatments=TREATMENTS,
        signed_on=timezone.localdate() - timedelta(days=80),
        review_on=timezone.localdate() + timedelta(days=11),
        place_on=timezone.localdate() - timedelta(days=191),
        table_rows=_medicine_rows(),
    )


@everyone
def living_died(request: HttpRequest) -> HttpResponse:
    return page(request, "design/living/died.jinja", banner=WILFRED)


@everyone
def living_form(request: HttpRequest) -> HttpResponse:
    kept = {"seen": 6, "box": "yes", "chart_ends_on": date(2026, 11, 30)}
    form = MedicinesForm(request.POST) if request.method == "POST" else MedicinesForm(initial=kept)
    return page(request, "design/living/form.jinja", form=form, banner=LONG_NAME)


@everyone
def living_conflict(request: HttpRequest) -> HttpResponse:
    """What a stale save answers, made from two versions of the sample form."""
    yours = {
        "box": "yes", "where": "Top shelf, kitchen cupboard right of the sink", "chart_ends_on-day": "30",
        "chart_ends_on-month": "11", "chart_ends_on-year": "2026", "left": "5", "told": ["person"], "agreed": "on",
        "note": "Sit up, fan, window open. Oxygen up to 2 litres for comfort.", "seen": "8",
    }  # fmt: skip
    form = MedicinesForm(_query(yours))
    form.is_valid()
    saved = {
        **form.cleaned_data,
        "where": "Top shelf, kitchen cupboard left of the sink",
        "chart_ends_on": date(2026, 12, 14),
        "note": "Sit up, fan, window open. Morphine by mouth 2.5mg.",
    }
    before = {**saved, "note": "Sit up, fan, window open.", "chart_ends_on": date(2026, 11, 30)}
    before["where"] = "Kitchen cupboard left of the sink"
    return stale_page(
        request,
        Stale(what="Just-in-case medicines", seen=8, current=9, saved=saved),
        form,
        before=before,
        saved_by="Dr Leila Haddad",
        saved_at=timezone.now() - timedelta(minutes=12),
        telephone="01632 960 140",
    )


@everyone
def living_list(request: HttpRequest) -> HttpResponse:
    here = request.path
    words = ("Caseload", "Find a person", "Case-finding", "Advice line", "Measures")
    request.sections = tuple((one, here, one == "Caseload") for one in words)  # type: ignore[attr-defined]
    return page(request, "design/living/list.jinja", rows=_list_rows(), count=50)


@everyone
def living_person(request: HttpRequest) -> HttpResponse:
    return page(request, "design/living/person.jinja", form=PersonForm())


class PersonForm(forms.Form):
    """A form on the person's own pages: larger, one thing."""

    compact = False
    words = forms.TextField(
        label="What should be different?",
        hint="Use your own words. Ruth will read it by Monday and tell you what she did.",
    )
    helper = forms.BooleanField(label="I am Helen, writing for Peggy", required=False)


@everyone
def living_chart_csv(request: HttpRequest) -> HttpResponse:
    picture = _chart()
    return csv_answer("register-and-expected-need", picture.columns, picture.rows)


@everyone
def living_went_wrong(request: HttpRequest, status: int) -> HttpResponse:
    refusal = PermissionDenied("You cannot open this record.")
    refusal.who_may = "Her team is Eskvale Community Nursing."  # type: ignore[attr-defined]
    refusal.what_to_do = "Ring 01632 960 177 to be added."  # type: ignore[attr-defined]
    pages = {
        400: lambda: views.bad_request(request, ValueError()),
        403: lambda: views.not_allowed(request, refusal),
        404: lambda: views.not_found(request, Http404()),
        500: lambda: views.went_wrong(request),
        503: lambda: views.unavailable(request),
    }
    if status not in pages:
        raise Http404
    return pages[status]()


def _query(values: dict[str, Any]) -> Any:
    from django.http import QueryDict

    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def _medicine_rows() -> tuple[tuple[str, str, int], ...]:
    return (
        ("Morphine 2.5mg to 5mg injection", "Pain, breathlessness", 5),
        ("Midazolam 2.5mg to 5mg injection", "Agitation", 5),
        ("Levomepromazine 6.25mg injection", "Sickness", 4),
        ("Glycopyrronium 200 micrograms injection", "Secretions", 5),
    )


def _list_rows() -> list[dict[str, Any]]:
    """Fifty people in three groups, as a caseload shows them."""
    first = ["Ashworth", "Bello-Krawczyk", "Cardew", "Dhaliwal", "Elliott", "Fenwick", "Grimshaw", "Hussain", "Iwu"]
    later = [
        "Jackson",
        "Kaur",
        "Lowther",
        "McAllister",
        "Nowak",
        "Osborne",
        "Patel",
        "Quigley",
        "Rawlinson",
        "Singleton",
    ]
    names = [*first, *later, *[f"{later[n % 10]}-{first[n % 9]}" for n in range(31)]]
    stages = ("weeks", "days", "days", "weeks", "months", "a_year_or_more", "")
    return [
        {
            "family": name,
            "given": ("Margaret", "Oluwaseun", "Ivy", "Gurpreet", "Jean")[number % 5],
            "number": f"999{number:03}{7000 + number * 37}",
            "born_on": date(1930 + number % 30, 1 + number % 12, 1 + number % 28),
            "age": 96 - number % 30,
            "stage": stages[number % 7],
            "due": (("disagreement", "Two documents disagree"), ("today", "Visit today"), ("harm", "No CPR decision"))[
                number % 3
            ],
            "group": 0 if number < 9 else 1 if number < 21 else 2,
            "reviewed_on": timezone.localdate() - timedelta(days=(number * 23) % 200),
            "coordinator": ("R Tannahill", "J Mbeki", "S Quayle", "")[number % 4],
        }
        for number, name in enumerate(names)
    ]


@cache
def _chart() -> Drawn:
    import altair

    values = [
        {"practice": name, "kind": kind, "people": people, "order": order}
        for name, found, expected in FOUND
        for order, (kind, people) in enumerate(
            [("On the register", found), ("Expected, still to find", expected - found)]
        )
    ]
    bars = (
        altair.Chart(altair.Data(values=values))
        .mark_bar(stroke="#425563", strokeWidth=0.5, height=16)
        .encode(
            x=altair.X("people:Q", title="People", axis=altair.Axis(tickCount=6)),
            y=altair.Y("practice:N", sort=[name for name, _f, _e in FOUND], title=None),
            order="order:Q",
            color=altair.Color(
                "kind:N",
                title=None,
                sort=["On the register", "Expected, still to find"],
                scale=altair.Scale(domain=["On the register", "Expected, still to find"], range=["#12294a", "#dbe6ef"]),
            ),
        )
        .properties(width=460, height=240)
    )
    found, expected = sum(row[1] for row in FOUND), sum(row[2] for row in FOUND)
    return draw(
        bars,
        finding=f"{found} people are on a register, about {expected - found} more are likely to be missing",
        measured="Register on 20 November 2026 against expected need. Expected is an estimate, about 1 in 10 either way.",
        description=f"Bars for {len(FOUND)} practices, each with people on the register out of people expected.",
        columns=[
            {"words": "Practice"},
            {"words": "On the register", "numeric": True},
            {"words": "Expected", "numeric": True},
        ],
        rows=[(name, found, f"about {expected}") for name, found, expected in FOUND],
        csv_url="/design/chart.csv",
        legend="Invented figures.",
    )

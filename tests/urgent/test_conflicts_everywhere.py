"""Whatever is recorded, what contradicts what stands on every page, print and list; no attempt at CPR is invented (H4, H5)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ambit.careplan import actions as careplan
from ambit.careplan import queries
from ambit.register.actions import add_to_register
from tests.urgent.test_cpr_everywhere import ATTEMPT, words_of

TODAY = timezone.localdate()
TREATED = st.lists(st.sampled_from(["cpr", "dialysis", "mask_ventilation"]), max_size=3, unique=True)
AGO = st.sampled_from([None, 0, 30, 900])
LIMITS = st.lists(
    st.tuples(st.sampled_from(["dialysis", "mask_ventilation", "hospital"]), st.sampled_from(["yes", "no", "only_if", "ask"])),
    max_size=3, unique_by=lambda one: one[0],
)  # fmt: skip
documents = st.one_of(
    st.fixed_dictionaries({
        "kind": st.just("advance_decision"), "ago": AGO, "treatments": TREATED, "witnessed": st.sampled_from(["yes", "no", "not_known"]),
        "form": st.sampled_from(["refusal", "refusal", "wish"]), "jurisdiction": st.sampled_from(["EW", "EW", "SCT"]),
    }),
    st.fixed_dictionaries({
        "kind": st.just("authority"), "ago": AGO, "life_sustaining": st.sampled_from(["yes", "no", "not_known"]),
        "type": st.sampled_from(["lpa_health", "lpa_property"]),
    }),
    st.fixed_dictionaries({
        "kind": st.just("emergency"), "ago": AGO, "limits": LIMITS,
        "cpr": st.sampled_from(["", "attempt", "do_not_attempt"]), "signed": st.sampled_from(["yes", "no"]),
    }),
    st.fixed_dictionaries({"kind": st.just("escalation"), "ago": AGO, "limits": LIMITS}),
    st.fixed_dictionaries({"kind": st.just("cpr"), "ago": AGO, "reading": st.sampled_from(["attempt", "do_not_attempt", "not_decided"])}),
)  # fmt: skip


def record(by, person, said):
    """Everything as it may stand on paper: with any of its parts missing."""
    said = dict(said)
    kind, ago = said.pop("kind"), said.pop("ago")
    made_on = None if ago is None else TODAY - timedelta(days=ago)
    if kind == "cpr":
        form = careplan.CPRForm(reading=said["reading"], made_on=made_on)
        careplan.transcribe_cpr_form(by=by, person=person, form=form, signature_seen=True, on=TODAY, key=uuid4())
        return
    if "limits" in said:
        said["limits"] = [{"treatment": treatment, "answer": answer} for treatment, answer in said["limits"]]
    if kind == "authority":
        said["holders"] = [{"name": "Helen Doyle"}]
    careplan.record_directive(
        by=by, person=person, kind=kind, source="transcribed", said=said | {"made_on": made_on, "seen": "copy"}, on=TODAY, key=uuid4()
    )  # fmt: skip


def everywhere(by, client, person, told):
    plan = queries.current(by, person.id)
    readings = {one.get("reading", "") or one.get("cpr", "") for one in told}
    pages = {
        name: words_of(client.get(reverse(name, args=[person.id])).text)
        for name in (
            "plan",
            "now",
            "print_now",
            "cpr_decision",
            "advance_decision",
            "emergency",
            "escalation",
            "authority",
        )
    }
    for name, text in pages.items():
        assert bool(ATTEMPT.search(text)) <= ("attempt" in readings), (name, text)
    for one in plan.conflicts:
        heading = one.heading or f"Two documents disagree: {one.about}"
        for name in ("plan", "now"):
            assert heading in pages[name], (name, heading)
        # on paper the last of several may be a sentence instead of two columns
        assert heading in pages["print_now"] or f"{one.about}: " in pages["print_now"]
        for side in one.sides:
            for name in ("plan", "now", "print_now"):
                assert side.says in pages[name], (name, side)
        if one.concerns_cpr:
            assert heading in pages["cpr_decision"]
            assert "CPR" in pages["now"].split("Ring now")[0]
    caseload = words_of(client.get(reverse("caseload")).text)
    assert ("Two documents disagree" in caseload) == bool(plan.conflicts)


@pytest.fixture
def world(client_as, reader, person):
    gp, ashworth = reader("Amina Rahman"), person("Ashworth")
    add_to_register(by=gp, person=ashworth, on=TODAY, found_by="by_hand", stage="weeks", told=True)
    return gp, client_as("Amina Rahman"), ashworth


def tried(world, told):
    by, client, ashworth = world
    with transaction.atomic():
        for said in told:
            record(by, ashworth, said)
        everywhere(by, client, ashworth, told)
        transaction.set_rollback(True)


SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
ADRT = {"kind": "advance_decision", "ago": 900, "treatments": ["cpr", "dialysis"], "witnessed": "no", "form": "refusal", "jurisdiction": "EW"}  # fmt: skip
PLAN = {"kind": "emergency", "ago": 0, "limits": [("dialysis", "yes")], "cpr": "attempt", "signed": "no"}
LPA = {"kind": "authority", "ago": 30, "life_sustaining": "yes", "type": "lpa_health"}


@settings(max_examples=6, deadline=None, suppress_health_check=SLOW)
@example([ADRT])
@example(
    [
        ADRT,
        PLAN,
        LPA,
        ADRT | {"ago": None},
        PLAN | {"cpr": "do_not_attempt"},
        {"kind": "cpr", "ago": 30, "reading": "do_not_attempt"},
    ]
)
@given(st.lists(documents, max_size=4))
def test_what_disagrees_is_shown_everywhere(world, told):
    tried(world, told)


@pytest.mark.long
@settings(max_examples=200, deadline=None, suppress_health_check=SLOW)
@given(st.lists(documents, max_size=6))
def test_what_disagrees_is_shown_everywhere_in_two_hundred_plans(world, told):
    tried(world, told)


def test_the_page_of_many_disagreements_still_prints_on_one_side(world):
    """Seven documents that contradict each other: all are said, the last in a sentence each."""
    by, client, ashworth = world
    for said in (ADRT, ADRT | {"ago": None}, PLAN, LPA, LPA | {"ago": 0}, PLAN | {"cpr": "do_not_attempt"}):
        record(by, ashworth, said)
    text = words_of(client.get(reverse("print_now", args=[ashworth.id])).text)
    assert "Also in disagreement, more on the live record:" in text

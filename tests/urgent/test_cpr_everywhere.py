"""No page, print or list ever shows an attempt at CPR where none was recorded, or hides a "do not" (H4).

Every reading, made here or transcribed from paper, with any of its parts missing, ended or not, alone or beside others.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ambit.careplan.models import CPRDecision, CPREnding
from ambit.register.actions import add_to_register

NOW = timezone.now()
TODAY = timezone.localdate()


@dataclass(frozen=True)
class Form:
    """One form as it may come to be recorded, by us, by another system, or from paper."""

    reading: str
    source: str
    days_ago: int | None
    ended: str
    review_in: int | None
    said: bool
    signed: bool
    talked: str

    @property
    def counts(self) -> bool:
        return not self.ended


forms = st.builds(
    Form,
    reading=st.sampled_from(["attempt", "do_not_attempt", "modified", "not_decided"]),
    source=st.sampled_from(["made_here", "transcribed"]),
    days_ago=st.sampled_from([None, 0, 1, 400, 4000]),
    ended=st.sampled_from(["", "", "", "withdrawn", "wrong"]),
    review_in=st.sampled_from([None, -30, 30]),
    said=st.booleans(),
    signed=st.booleans(),
    talked=st.sampled_from(["", "person", "harm", "nobody"]),
)
ATTEMPT = re.compile(r"(?<!not )\battempt CPR|(?<!not )\bfor CPR\b", re.IGNORECASE)
DO_NOT = re.compile(r"do not attempt CPR|not for CPR", re.IGNORECASE)
DECIDED = {"attempt", "do_not_attempt", "modified"}


def record(person, form: Form, number: int) -> None:
    made_on = None if form.days_ago is None else TODAY - timedelta(days=form.days_ago)
    if form.source == "made_here":
        made_on = made_on or TODAY  # the database lets no decision made here be without its day
    decision = CPRDecision.objects.create(
        id=uuid4(),
        person=person,
        reading=form.reading,
        source=form.source,
        made_on=made_on,
        reason="Her heart is failing." if form.said else "",
        talked=form.talked,
        decided_by="Dr Amina Rahman" if form.said else "",
        decided_by_role="GP" if form.said else "",
        review_on=None if form.review_in is None else TODAY + timedelta(days=form.review_in),
        paper_at="yellow folder" if form.said else "",
        signature_seen=form.signed,
        recorded_at=NOW - timedelta(hours=number),
        recorded_by="Ruth Tannahill",
        recorded_by_role="community_nurse",
    )
    if form.ended:
        CPREnding.objects.create(
            decision=decision, how=form.ended, reason="It was hers no longer", ended_at=NOW, ended_by="Dr Amina Rahman",
            ended_by_role="gp",
        )  # fmt: skip


def words_of(html: str) -> str:
    """What somebody reads: no markup, no style, and nothing of forms that are shown as ended."""
    text = re.sub(r"(?s)<(style|script|select)\b.*?</\1>", " ", html)
    text = re.sub(r"<[^>]+>", " ", text)
    return re.sub(r"\s+", " ", unescape(text)).split("Forms that no longer count")[0]


def pages_about(person) -> list[str]:
    return [
        reverse("plan", args=[person.id]),
        reverse("cpr_decision", args=[person.id]),
        reverse("save_section", args=[person.id, "need_to_know"]),
        reverse("now", args=[person.id]),
        reverse("print_now", args=[person.id]),
    ]


LISTS = ("caseload", "register", "tasks", "find_urgent")


def readings_are_true(client, person, told: list[Form]) -> None:
    decided = {form.reading for form in told if form.counts} & DECIDED
    for path in [*pages_about(person), *map(reverse, LISTS)]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        # what the place calls a filter ("No CPR decision") says nothing about somebody
        text = words_of(answer.content.decode())
        shows_attempt, shows_do_not = bool(ATTEMPT.search(text)), bool(DO_NOT.search(text))
        assert not shows_attempt or "attempt" in decided, (path, text)
        assert not shows_do_not or "do_not_attempt" in decided, (path, text)
        if path in pages_about(person) and "do_not_attempt" in decided:
            assert shows_do_not or "disagree" in text.lower(), (path, text)
        if path in (reverse("now", args=[person.id]), reverse("print_now", args=[person.id])):
            assert shows_do_not == ("do_not_attempt" in decided), (path, text)
            assert shows_attempt == ("attempt" in decided), (path, text)
            if not decided:
                assert "not recorded" in text or "not decided" in text, (path, text)
                assert "This is not a decision." in text, (path, text)


@pytest.fixture
def client_and_person(client_as, reader, person):
    somebody = person("Ashworth")
    add_to_register(by=reader("gp"), person=somebody, on=TODAY, found_by="by_hand", stage="weeks", told=True)
    return client_as("Amina Rahman"), somebody


def tried(client_and_person, told: list[Form]) -> None:
    client, person = client_and_person
    with transaction.atomic():
        for number, form in enumerate(told):
            record(person, form, number)
        readings_are_true(client, person, told)
        transaction.set_rollback(True)


SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=20, deadline=None, suppress_health_check=SLOW)
@given(st.lists(forms, max_size=3))
def test_no_attempt_is_invented_and_no_do_not_is_hidden(client_and_person, told):
    tried(client_and_person, told)


@pytest.mark.long
@settings(max_examples=1500, deadline=None, suppress_health_check=SLOW)
@given(st.lists(forms, max_size=5))
def test_no_attempt_is_invented_and_no_do_not_is_hidden_in_many_plans(client_and_person, told):
    tried(client_and_person, told)


@pytest.mark.parametrize("reading", ["attempt", "do_not_attempt", "modified", "not_decided"])
@pytest.mark.parametrize("source", ["made_here", "transcribed"])
def test_every_reading_alone(client_and_person, reading, source):
    tried(client_and_person, [Form(reading, source, None, "", None, False, False, "")])

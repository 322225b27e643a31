"""A plan of forty versions a section: the statements of its pages, whatever their number."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ambit.access.models import Draft
from ambit.careplan import queries, registry
from ambit.careplan.models import SectionVersion
from tests.careplan.test_pages import words

VERSIONS = 40


@pytest.fixture
def ashworth(person):
    somebody, now = person(), timezone.now()
    SectionVersion.objects.bulk_create(
        SectionVersion(
            person=somebody, section=section.id, number=number, base=number - 1, pack="ambit-plan 0.2.0",
            content={item.id: f"Words {number}" for item in section.items if item.type in ("line", "text")},
            author_name="Dr Amina Rahman", author_role="gp", saved_at=now - timedelta(days=VERSIONS - number),
        )
        for section in registry.plan().sections() if not section.decision
        for number in range(1, VERSIONS + 1)
    )  # fmt: skip
    return somebody


def statements_of(act):
    with CaptureQueriesContext(connection) as asked:
        act()
    return [query["sql"] for query in asked.captured_queries]


def test_the_whole_plan_takes_at_most_four_statements(ashworth, reader):
    gp = reader("gp")
    assert len(statements_of(lambda: queries.current(gp, ashworth.id))) <= 4
    plan = queries.current(gp, ashworth.id)
    assert {fact.number for fact in plan.sections.values()} == {VERSIONS}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite looks things up")
def test_the_current_versions_are_found_in_the_index(ashworth, reader):
    gp = reader("gp")
    sql = statements_of(lambda: queries.current(gp, ashworth.id))[0]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [row[3] for row in cursor.fetchall()]
    assert any("COVERING INDEX" in step for step in steps), steps
    assert not any(step.startswith("SCAN careplan_sectionversion") for step in steps), steps


def test_the_history_of_a_section_takes_one_statement(ashworth, reader):
    gp = reader("gp")
    assert len(statements_of(lambda: queries.history(gp, ashworth.id, "what_matters"))) == 1
    assert len(queries.history(gp, ashworth.id, "what_matters")) == VERSIONS


def test_what_was_typed_in_a_section_is_kept_when_the_sign_in_has_run_out(client_as, person):
    somebody, gp = person(), client_as("gp")
    where = reverse("save_section", kwargs={"person_id": somebody.id, "section_id": "what_matters"})
    gp.get(where)
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    assert gp.post(where, words("The cat, and half a sentence")).status_code == 302
    draft = Draft.objects.get()
    again = client_as("gp")
    assert "The cat, and half a sentence" in again.get(reverse("draft", args=[draft.pk])).text
    assert again.post(where, words("The cat, and a sentence", kept_draft=str(draft.pk))).status_code == 302
    assert SectionVersion.objects.get().content["what_matters.words"] == "The cat, and a sentence"
    assert not Draft.objects.exists()

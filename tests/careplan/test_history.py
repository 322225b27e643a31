# ruff: noqa: PT017  (what a refusal carries is asserted where it is caught)
"""Nothing acknowledged is ever lost: races, long lives, merges."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ambit.access.queries import operator
from ambit.careplan import actions, queries, registry, rules
from ambit.careplan.models import CPRDecision, SectionVersion
from ambit.design.refusals import Stale
from ambit.people import actions as people
from ambit.people.rules import Identity
from ambit.urgent import queries as urgent

DAY = date(2026, 11, 21)
WORDS = "what_matters.words"


def admit(family_name="Ashworth", number="9997170326"):
    identity = Identity(family_name=family_name, given_names="Peggy", born_on=date(1943, 3, 14), nhs_number=number)
    return people.admit(by=operator(), identity=identity)


def save(person, words, base, by=None):
    return actions.save_section(
        by=by or operator(), person=person, section=registry.section("what_matters"), base=base, on=DAY,
        content={WORDS: words, "what_matters.who_said": "person"},
    )  # fmt: skip


def said(person):
    return [fact.content[WORDS] for fact in reversed(queries.history(READER, person.id, "what_matters"))]


class Sees:
    """A reader who may see plans, for looking at what was written."""

    role, account_id, organisation_id = "gp", 0, None

    def must(self, ability, or_else=""):
        assert ability == "see_plan"


READER = Sees()


@pytest.mark.django_db(transaction=True)
def test_sixteen_editors_on_one_section(in_parallel):
    person = admit()
    registry.plan()

    def editor(number):
        def edit():
            kept, refused, base = [], 0, 0
            for turn in range(4):
                words = f"editor {number}, turn {turn}"
                while True:
                    try:
                        base = save(person, words, base).number
                        kept.append(words)
                        break
                    except Stale as stale:
                        assert stale.seen == base
                        assert stale.saved.number == stale.current > base
                        assert stale.yours[WORDS] == words
                        refused, base = refused + 1, stale.current
            return kept, refused

        return edit

    answers = in_parallel([editor(number) for number in range(16)])
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    acknowledged = [words for kept, _ in answers for words in kept]
    (history,) = in_parallel([lambda: said(person)], again=True)
    assert sorted(history) == sorted(acknowledged)
    assert len(history) == 64
    (numbers,) = in_parallel(
        [lambda: list(SectionVersion.objects.order_by("number").values_list("number", flat=True))], again=True
    )
    assert numbers == list(range(1, 65))
    assert sum(refused for _, refused in answers) > 0


class PlanOfALife(RuleBasedStateMachine):
    """Several writers, each with the version they last saw; some save on an old one."""

    def __init__(self):
        super().__init__()
        self.life = transaction.atomic()
        self.life.__enter__()
        self.person = admit()
        self.history = []
        self.seen = dict.fromkeys("abc", 0)

    def teardown(self):
        transaction.set_rollback(True)
        self.life.__exit__(None, None, None)

    @rule(who=st.sampled_from("abc"), words=st.text("xyz ", min_size=1, max_size=5).filter(str.strip))
    def save(self, who, words):
        base, now = self.seen[who], len(self.history)
        mark = f"{words.strip()} {len(self.history)} {who}"
        try:
            saved = save(self.person, mark, base)
        except Stale as stale:
            assert base != now
            assert (stale.seen, stale.current) == (base, now)
        else:
            assert base == now
            assert saved.number == now + 1
            self.history.append(mark)
            self.seen[who] = saved.number

    @rule(who=st.sampled_from("abc"))
    def look(self, who):
        self.seen[who] = len(self.history)

    @precondition(lambda self: self.history)
    @rule()
    def send_again(self):
        """The last form sent twice adds nothing."""
        save(self.person, self.history[-1], len(self.history) - 1)

    @invariant()
    def everything_acknowledged_is_there(self):
        assert said(self.person) == self.history

    @invariant()
    def the_newest_is_current(self):
        fact = queries.current(READER, self.person.id).sections.get("what_matters")
        assert (fact.content[WORDS] if fact else None) == (self.history[-1] if self.history else None)


class TestPlanOfALife(TestCase):
    def test_plan_of_a_life(self):
        with transaction.atomic():
            run_state_machine_as_test(
                PlanOfALife,
                settings=settings(
                    max_examples=15,
                    stateful_step_count=20,
                    deadline=None,
                    suppress_health_check=[HealthCheck.too_slow],
                ),
            )


def test_two_plans_become_one_and_come_apart_again(reader, person, client_as):
    gp = reader("gp")
    kept, other = person("Ashworth"), person("Longworth")
    for words, whose, base in (("k1", kept, 0), ("o1", other, 0), ("k2", kept, 1), ("o2", other, 1)):
        save(whose, words, base, by=gp)
    type(other).objects.filter(pk=other.pk).update(
        family_name=kept.family_name, given_names=kept.given_names, born_on=kept.born_on, sex=kept.sex
    )
    merge = people.merge(
        by=gp,
        keep_id=kept.id,
        other_id=other.id,
        seen_keep=kept.version,
        seen_other=other.version,
        reason="Same letter",
    )
    assert said(kept) == ["k1", "o1", "k2", "o2"]
    assert said(other) == []
    plan = queries.current(gp, kept.id)
    assert plan.sections["what_matters"].content[WORDS] == "o2"
    assert [(fact.content[WORDS], fact.beside) for fact in plan.beside] == [("k2", 4)]
    assert "joined" in str(queries.overview_of(plan, on=DAY, life=rules.Life(83)).to_settle)
    page = client_as("gp").get(f"/people/{kept.id}/plan/what_matters/")
    assert "Two records were joined" in page.text
    assert "k2" in page.text
    people.unmerge(by=gp, merge_id=merge.id, reason="Twins")
    assert (said(kept), said(other)) == (["k1", "k2"], ["o1", "o2"])
    assert queries.current(gp, kept.id).beside == queries.current(gp, other.id).beside == ()


def test_what_a_merge_left_beside_is_settled_by_the_next_version(reader, person):
    gp = reader("gp")
    kept, other = person("Ashworth"), person("Longworth")
    save(other, "from the other", 0, by=gp)
    save(kept, "from the kept", 0, by=gp)
    type(other).objects.filter(pk=other.pk).update(
        family_name=kept.family_name, given_names=kept.given_names, born_on=kept.born_on, sex=kept.sex
    )
    people.merge(
        by=gp,
        keep_id=kept.id,
        other_id=other.id,
        seen_keep=kept.version,
        seen_other=other.version,
        reason="Same letter",
    )
    assert [fact.content[WORDS] for fact in queries.current(gp, kept.id).beside] == ["from the other"]
    assert "from the other" in str(urgent.now(gp, kept, at=timezone.now()).side)
    save(kept, "both, settled", 2, by=gp)
    assert queries.current(gp, kept.id).beside == ()


def test_what_was_said_cannot_be_changed(person):
    somebody = person()
    save(somebody, "The cat", 0)
    with pytest.raises(Exception, match="never changed"), transaction.atomic():
        SectionVersion.objects.update(content={})
    actions.transcribe_cpr_form(
        by=operator(), person=somebody, form=actions.CPRForm(reading="attempt", made_on=None), signature_seen=True,
        on=DAY, key=uuid4(),
    )  # fmt: skip
    with pytest.raises(Exception, match="never changed"), transaction.atomic():
        CPRDecision.objects.update(reading="do_not_attempt")

"""A plan's life: saved, decided, recorded, reviewed, withdrawn, merged, taken apart, corrected, died. Nothing acknowledged is lost.

What must hold after every step is asked of a ledger kept beside the product, which knows only what was acknowledged.
"""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ambit.access.queries import operator
from ambit.careplan import actions, queries, registry
from ambit.careplan.actions.directives import record_directive
from ambit.design.refusals import Refused
from ambit.people import actions as people
from ambit.people.models import Person
from ambit.people.rules import Identity

DAY = date(2026, 11, 21)
BORN = date(1943, 3, 14)


def clinician():
    """The operator, in the role of somebody who makes decisions and joins records."""
    return replace(operator(), role="gp", abilities=operator().abilities | {"merge_people", "see_plan"})


def admit(number):
    identity = Identity(family_name="Ashworth", given_names="Peggy", born_on=BORN, nhs_number=number)
    return people.admit(by=operator(), identity=identity)


class LifeOfDirectives(RuleBasedStateMachine):
    """Two records, later perhaps one; on each a ledger of what counts and what has ended."""

    def __init__(self):
        super().__init__()
        self.life = transaction.atomic()
        self.life.__enter__()
        self.by = self.reader = clinician()
        self.kept, self.other = admit("9997170326"), admit("9990000042")
        self.owner = {}  # document: whose it is
        self.ended = set()
        self.readings = {}  # CPR form: what it says
        self.words = {self.kept.id: [], self.other.id: []}
        self.merge = None
        self.died = False

    def teardown(self):
        transaction.set_rollback(True)
        self.life.__exit__(None, None, None)

    def person(self, which):
        return self.kept if self.merge or which else self.other

    def refused(self, act, *args, **kwargs):
        """After a death the plan is kept as it was: the same act is refused, and nothing of it is stored."""
        with pytest.raises(Refused), transaction.atomic():
            act(*args, **kwargs)

    @rule(which=st.booleans(), words=st.text("xyz", min_size=1, max_size=3))
    def save(self, which, words):
        person = self.person(which)
        mine = self.words[person.id]
        mark = f"{words} {len(mine)} {uuid4()}"
        said = {"what_matters.words": mark, "what_matters.who_said": "person"}
        save = {"by": self.by, "person": person, "section": registry.section("what_matters"), "base": len(mine), "content": said, "on": DAY}  # fmt: skip
        if self.died and person == self.kept:
            return self.refused(actions.save_section, **save)
        actions.save_section(**save)
        mine.append(mark)
        return None

    @rule(
        which=st.booleans(),
        reading=st.sampled_from(["attempt", "do_not_attempt", "not_decided"]),
        days=st.integers(0, 900),
    )
    def decide(self, which, reading, days):
        person, key = self.person(which), uuid4()
        form = actions.CPRForm(
            reading=reading, made_on=DAY - timedelta(days=days), reason="Heart", talked="person", decided_by="Dr Rahman"
        )
        act = {"by": self.by, "person": person, "form": form, "replaces": (), "on": DAY, "key": key}
        if self.died and person == self.kept:
            return self.refused(actions.make_cpr_decision, **act)
        actions.make_cpr_decision(**act)
        self.owner[key], self.readings[key] = person.id, reading
        return None

    @rule(which=st.booleans(), witnessed=st.sampled_from(["yes", "no"]), cpr=st.booleans(), days=st.integers(0, 900))
    def refuse(self, which, witnessed, cpr, days):
        said = {
            "form": "refusal", "treatments": ["cpr"] if cpr else ["dialysis"], "in_writing": "yes", "signed": "person",
            "at_risk": "yes", "witnessed": witnessed, "witness": "Ade Cole", "made_on": DAY - timedelta(days=days),
        }  # fmt: skip
        self._record(which, "advance_decision", said)

    @rule(which=st.booleans(), days=st.integers(0, 900), over_life=st.sampled_from(["yes", "no"]))
    def appoint(self, which, days, over_life):
        made = DAY - timedelta(days=days)
        said = {
            "type": "lpa_health", "holders": [{"name": "Helen"}], "made_on": made, "registered_on": made, "seen": "copy",
            "life_sustaining": over_life,
        }  # fmt: skip
        self._record(which, "authority", said, source="transcribed")

    @rule(
        which=st.booleans(), cpr=st.sampled_from(["attempt", "do_not_attempt"]), answer=st.sampled_from(["yes", "no"])
    )
    def recommend(self, which, cpr, answer):
        said = {
            "priority": "comfort", "cpr": cpr, "cpr_reason": "Heart", "has_capacity": "yes", "involvement": "A",
            "clinician": "Dr Rahman", "limits": [{"treatment": "dialysis", "answer": answer}], "made_on": DAY,
        }  # fmt: skip
        key = self._record(which, "emergency", said)
        if key:
            self.readings[key] = cpr

    def _record(self, which, kind, said, source="made_here"):
        person, key = self.person(which), uuid4()
        act = {"by": self.by, "person": person, "kind": kind, "source": source, "said": said, "on": DAY, "key": key}
        if self.died and person == self.kept:
            self.refused(record_directive, **act)
            return None
        record_directive(**act)
        record_directive(**act)  # the same form sent twice is one document
        self.owner[key] = person.id
        return key

    @precondition(lambda self: set(self.owner) - self.ended)
    @rule(data=st.data(), how=st.sampled_from(["withdrawn", "wrong"]))
    def withdraw(self, data, how):
        key = data.draw(st.sampled_from(sorted(set(self.owner) - self.ended)))
        person = self.kept if self.owner[key] == self.kept.id else self.other
        plan = queries.current(self.reader, person.id)
        if key in {form.id for form in plan.cpr.current if not form.of_emergency_plan}:
            actions.end_cpr_form(by=self.by, person=person, decision_id=key, how=how, reason="x")
        else:
            actions.end_directive(by=self.by, person=person, directive_id=key, how=how, reason="x")
        self.ended.add(key)

    @precondition(lambda self: not self.merge and not self.died)
    @rule()
    def join(self):
        self.merge = people.merge(
            by=self.by, keep_id=self.kept.id, other_id=self.other.id, reason="Same letter",
            seen_keep=Person.objects.get(pk=self.kept.pk).version, seen_other=Person.objects.get(pk=self.other.pk).version,
        )  # fmt: skip
        self.before = (dict(self.owner), {one: list(words) for one, words in self.words.items()})
        self.owner = dict.fromkeys(self.owner, self.kept.id)
        both = self.words[self.kept.id] + self.words[self.other.id]
        history = [fact.content["what_matters.words"] for fact in reversed(queries.history(self.reader, self.kept.id, "what_matters"))]  # fmt: skip
        assert sorted(history) == sorted(both)
        self.words = {self.kept.id: history, self.other.id: []}

    @precondition(lambda self: not self.died)
    @rule(days=st.integers(0, 3))
    def die(self, days):
        Person.objects.filter(pk=self.kept.pk).update(died_on=DAY - timedelta(days=days))
        self.kept.refresh_from_db()
        self.died = True

    @precondition(lambda self: self.died)
    @rule()
    def correct(self):
        """The death was recorded in error: the plan may be written again, and is as it was."""
        Person.objects.filter(pk=self.kept.pk).update(died_on=None)
        self.kept.refresh_from_db()
        self.died = False

    @invariant()
    def everything_acknowledged_is_there_and_counts_as_it_should(self):
        for person in (self.kept, self.other):
            plan = queries.current(self.reader, person.id)
            mine = {key for key, whose in self.owner.items() if whose == person.id}
            documents = plan.directives.documents
            live = {one.id for one in documents if one.is_current} | {form.id for form in plan.cpr.current}
            assert live == mine - self.ended
            assert {one.id for one in documents if one.ended} <= self.ended
            fact = plan.sections.get("what_matters")
            said = self.words[person.id]
            assert (fact.content["what_matters.words"] if fact else None) == (said[-1] if said else None)
            self._nothing_is_invented_or_hidden(plan, live)

    def _nothing_is_invented_or_hidden(self, plan, live):
        readings = {self.readings[key] for key in live if key in self.readings}
        refused = [one for one in plan.directives.refusals() if one.refuses_cpr]
        assert plan.cpr.reading != "attempt" or "attempt" in readings
        if {"attempt", "do_not_attempt"} <= readings or (refused and readings - {"not_decided"} != {"do_not_attempt"}):
            assert any(one.concerns_cpr for one in plan.conflicts)
        for one in plan.directives.refusals():
            check = plan.directives.check(one)
            later = [
                a
                for a in plan.directives.of_kind("authority")
                if a.made_on > one.made_on and a.life_sustaining == "yes"
            ]
            assert (check.force == "not_binding") >= (bool(later) or one.witnessed == "no")


def live(test, *, examples, steps):
    with transaction.atomic():
        run_state_machine_as_test(
            LifeOfDirectives,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                suppress_health_check=[HealthCheck.too_slow],
            ),
        )


class TestLifeOfDirectives(TestCase):
    def test_life_of_directives(self):
        live(self, examples=6, steps=15)

    @pytest.mark.long
    def test_life_of_directives_over_ten_thousand_steps(self):
        live(self, examples=200, steps=50)

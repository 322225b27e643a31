"""Saving sections, keeping drafts, CPR decisions made, transcribed and ended."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from ambit.access.queries import NotAllowed
from ambit.audit.models import AuditLine
from ambit.careplan import actions, queries, registry, rules
from ambit.careplan.actions import CPRForm
from ambit.careplan.models import CPRDecision, SectionDraft, SectionVersion
from ambit.design.refusals import Refused, Stale
from ambit.events.models import OutboxEvent
from ambit.organisations.models import Membership

DAY = date(2026, 11, 21)


@pytest.fixture
def gp(reader):
    return reader("gp")


@pytest.fixture
def ashworth(person):
    return person()


def save(by, person, words="The cat", base=0):
    return actions.save_section(
        by=by, person=person, section=registry.section("what_matters"), base=base, on=DAY,
        content={"what_matters.words": words, "what_matters.who_said": "person"},
    )  # fmt: skip


def decide(by, person, reading="do_not_attempt", replaces=(), key=None, **more):
    given = {"made_on": DAY, "reason": "Heart failure", "talked": "person", "decided_by": "Dr Amina Rahman"} | more
    return actions.make_cpr_decision(
        by=by, person=person, form=CPRForm(reading=reading, **given), replaces=replaces, on=DAY, key=key or uuid4()
    )


def transcribe(by, person, reading="do_not_attempt", made_on=None, **more):
    return actions.transcribe_cpr_form(
        by=by, person=person, form=CPRForm(reading=reading, made_on=made_on), on=DAY, key=uuid4(),
        **{"signature_seen": False} | more,
    )  # fmt: skip


def test_save_and_read_back(gp, ashworth):
    save(gp, ashworth)
    save(gp, ashworth, "The cat and the garden", base=1)
    fact = queries.current(gp, ashworth.id).sections["what_matters"]
    assert (fact.number, fact.content["what_matters.words"]) == (2, "The cat and the garden")
    assert fact.author == "Dr Amina Rahman, GP, Brackenhill Surgery"
    assert [f.number for f in queries.history(gp, ashworth.id, "what_matters")] == [2, 1]
    assert AuditLine.objects.filter(what="saved a section", about=ashworth.id).count() == 2
    assert "cat" not in str(OutboxEvent.objects.values_list("payload", flat=True))


def test_a_stale_save_is_refused_with_both_versions(gp, reader, ashworth):
    save(gp, ashworth)
    with pytest.raises(Stale) as stale:
        save(reader("palliative_specialist"), ashworth, "The dog")
    assert (stale.value.seen, stale.value.current) == (0, 1)
    assert stale.value.saved.content["what_matters.words"] == "The cat"
    assert stale.value.yours["what_matters.words"] == "The dog"
    assert SectionVersion.objects.count() == 1


def test_a_form_sent_twice_is_one_save(gp, ashworth):
    assert save(gp, ashworth) == save(gp, ashworth)
    assert SectionVersion.objects.count() == 1


def test_problems_are_refused_and_nothing_saved(gp, ashworth):
    with pytest.raises(Refused) as refused:
        save(gp, ashworth, "")
    assert set(refused.value.problems) == {"what_matters.words"}
    assert not SectionVersion.objects.exists()


def test_after_death_the_plan_is_kept_and_not_changed(gp, ashworth):
    ashworth.died_on = DAY
    with pytest.raises(Refused, match="died on 21 November 2026"):
        save(gp, ashworth)
    with pytest.raises(Refused, match="died"):
        decide(gp, ashworth)


def test_who_may_not(reader, gp, ashworth):
    with pytest.raises(NotAllowed):
        save(reader("urgent_clinician"), ashworth)
    with pytest.raises(NotAllowed):
        actions.save_section(by=gp, person=ashworth, section=registry.section("cpr"), base=0, content={}, on=DAY)


def test_nothing_is_saved_when_the_audit_line_fails(gp, ashworth, monkeypatch):
    def fails(**_):
        raise OSError("disk full")

    monkeypatch.setattr("ambit.careplan.actions.sections.audit.record", fails)
    with pytest.raises(OSError, match="disk full"):
        save(gp, ashworth)
    with pytest.raises(OSError, match="disk full"):
        decide(gp, ashworth)
    assert not SectionVersion.objects.exists()
    assert not CPRDecision.objects.exists()


def test_a_draft_is_the_writers_own_and_goes_with_the_save(gp, reader, ashworth):
    section = registry.section("what_matters")
    actions.keep_draft(by=gp, person=ashworth, section=section, base=0, content={"what_matters.words": "half"})
    actions.keep_draft(by=gp, person=ashworth, section=section, base=0, content={"what_matters.words": "more"})
    assert queries.section_page(gp, ashworth.id, section).draft.content == {"what_matters.words": "more"}
    assert queries.section_page(reader("palliative_specialist"), ashworth.id, section).draft is None
    save(gp, ashworth)
    assert not SectionDraft.objects.exists()


def test_a_draft_can_be_dropped(gp, ashworth):
    section = registry.section("what_matters")
    actions.keep_draft(by=gp, person=ashworth, section=section, base=0, content={})
    actions.drop_draft(by=gp, person=ashworth, section=section)
    assert not SectionDraft.objects.exists()


def test_not_recorded_is_the_absence_of_any(gp, ashworth):
    assert queries.current(gp, ashworth.id).cpr.reading == "not_recorded"


def test_a_decision_replaces_only_what_it_names(gp, ashworth):
    first = decide(gp, ashworth, "attempt", made_on=DAY - timedelta(days=30))
    decide(gp, ashworth, "do_not_attempt", replaces=[first.id])
    assert queries.current(gp, ashworth.id).cpr.reading == "do_not_attempt"
    assert [form.ended for form in queries.cpr_forms(gp, ashworth.id)] == ["", "replaced"]


def test_two_that_disagree_both_stay(gp, reader, ashworth):
    decide(gp, ashworth, "attempt", made_on=DAY - timedelta(days=30))
    transcribe(reader("community_nurse"), ashworth, "do_not_attempt", made_on=DAY - timedelta(days=400))
    standing = queries.current(gp, ashworth.id).cpr
    assert standing.disagree
    assert {form.reading for form in standing.current} == {"attempt", "do_not_attempt"}
    event = OutboxEvent.objects.filter(name="careplan.CPRRecorded").order_by("id").last()
    assert event.payload["disagree"] is True


def test_a_decision_cannot_replace_a_later_one(gp, ashworth):
    later = decide(gp, ashworth, "attempt")
    with pytest.raises(Refused) as refused:
        decide(gp, ashworth, made_on=DAY - timedelta(days=1), replaces=[later.id])
    assert "replaces" in refused.value.problems


def test_a_decision_cannot_replace_what_somebody_else_ended(gp, ashworth):
    first = decide(gp, ashworth, "attempt", made_on=DAY - timedelta(days=3))
    actions.end_cpr_form(by=gp, person=ashworth, decision_id=first.id, how="withdrawn", reason="She changed her mind")
    with pytest.raises(Refused) as refused:
        decide(gp, ashworth, replaces=[first.id])
    assert "replaces" in refused.value.problems
    assert CPRDecision.objects.count() == 1


def test_a_cpr_form_sent_twice_is_one_decision(gp, ashworth):
    key = uuid4()
    assert decide(gp, ashworth, key=key) == decide(gp, ashworth, key=key)
    assert CPRDecision.objects.count() == 1


def test_a_nurse_transcribes_what_she_may_not_decide(reader, ashworth):
    nurse = reader("community_nurse")
    with pytest.raises(Refused):
        decide(nurse, ashworth)
    form = transcribe(nurse, ashworth)
    assert queries.current(nurse, ashworth.id).cpr.newest.report.startswith("Reported, incomplete: no signature seen")
    with pytest.raises(Refused):
        actions.end_cpr_form(by=nurse, person=ashworth, decision_id=form.id, how="withdrawn", reason="x")


def test_the_whole_plan_in_two_statements(gp, ashworth, django_assert_num_queries):
    for base in range(5):
        save(gp, ashworth, f"Version {base}", base=base)
    decide(gp, ashworth)
    with django_assert_num_queries(2):
        plan = queries.current(gp, ashworth.id)
    assert plan.sections["what_matters"].number == 5
    assert plan.version == 6  # five saves and a CPR form: two papers can be told apart
    assert plan.saved_at is not None
    overview = queries.overview_of(plan, on=DAY, life=rules.Life(83))
    assert {row.section.id for row in overview.to_settle} == {
        "people_to_ring", "place_of_care", "need_to_know", "if_this_happens", "illness", "allergies", "medicines_at_home",
        "getting_in",
    }  # fmt: skip


def test_asked_and_unchanged_keeps_the_words_and_their_author(gp, reader, ashworth):
    save(gp, ashworth)
    nurse = reader("community_nurse")
    actions.confirm_section(by=nurse, person=ashworth, section=registry.section("what_matters"), seen=1, on=DAY)
    again = actions.confirm_section(by=nurse, person=ashworth, section=registry.section("what_matters"), seen=1, on=DAY)
    assert again.number == 2  # sent twice, it is one
    fact = queries.current(gp, ashworth.id).sections["what_matters"]
    assert (fact.number, fact.author, fact.confirmed.who) == (
        2,
        "Dr Amina Rahman, GP, Brackenhill Surgery",
        nurse_words(),
    )
    actions.confirm_section(by=gp, person=ashworth, section=registry.section("what_matters"), seen=2, on=DAY)
    fact = queries.current(gp, ashworth.id).sections["what_matters"]
    assert (fact.author_name, fact.confirmed.name) == ("Dr Amina Rahman", "Dr Amina Rahman")
    assert AuditLine.objects.filter(what="found a section unchanged").count() == 2


def nurse_words():
    row = Membership.objects.select_related("staff", "organisation").filter(role="community_nurse").first()
    return f"{row.staff.name}, Community nurse, {row.organisation.name}"


@pytest.mark.parametrize(
    ("section", "content", "seen", "words"),
    [
        ("what_matters", None, 0, "Somebody saved"),
        ("what_matters", {"what_matters.words": "x", "what_matters.who_said": "person"}, 0, "Somebody saved"),
        ("need_to_know", {"need_to_know.note": "x", "need_to_know.until_on": DAY + timedelta(days=1)}, 1, "day in it has passed"),
    ],
)  # fmt: skip
def test_unchanged_is_refused_when_stale_or_when_the_words_have_ended(gp, ashworth, section, content, seen, words):
    which = registry.section(section)
    if content:
        actions.save_section(by=gp, person=ashworth, section=which, base=0, content=content, on=DAY)
    with pytest.raises(Refused, match=words):
        actions.confirm_section(by=gp, person=ashworth, section=which, seen=seen, on=DAY + timedelta(days=2))


def test_only_those_who_may_write_a_prognosis_find_it_unchanged(gp, reader, ashworth):
    section = registry.section("prognosis")
    said = {
        "prognosis.expected": "weeks", "prognosis.assessed_by": "Dr Rahman", "prognosis.assessed_on": DAY,
        "prognosis.person_knows": "no",
    }  # fmt: skip
    nurse = reader("community_nurse")
    with pytest.raises(NotAllowed):
        actions.save_section(by=nurse, person=ashworth, section=section, base=0, content=said, on=DAY)
    actions.save_section(by=gp, person=ashworth, section=section, base=0, content=said, on=DAY)
    with pytest.raises(NotAllowed):
        actions.confirm_section(by=nurse, person=ashworth, section=section, seen=1, on=DAY)

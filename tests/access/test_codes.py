"""A person shows their record with a code: who may, for how long, how often, and what it opens."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from ambit.access import actions
from ambit.access.models import CodeUse, ShownCode
from ambit.access.queries import CannotOpen, answer_at_the_door, open_person, operator, people_of, reader_for, shown_to
from ambit.access.rules import CODE_LENGTH, CODE_LETTERS, WRONG_CODES_AT_MOST, Relation, code_as_kept, code_in_groups
from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.design.refusals import Refused
from ambit.people import actions as people


@pytest.fixture
def ashworth(person):
    return person("Ashworth")


@pytest.fixture
def self_reader(ashworth):
    account, _ = actions.make_account(by=operator(), email="self@example.org", role="person", person=ashworth, name="A")
    return reader_for(account)


@pytest.fixture
def acting(ashworth):
    """A reader who acts for Ashworth (`proxy`), or is their carer with leave."""

    def made(kind):
        account, _ = actions.make_account(by=operator(), email=f"{kind}@example.org", role=kind, name=kind)
        actions.give_grant(
            by=operator(), person_id=ashworth.id, kind=kind, account_id=account.pk, basis="attorney for health"
        )
        return reader_for(account)

    return made


@pytest.fixture
def paramedic(reader):
    return reader("Sam Okafor")


def object_to_everything(ashworth):
    actions.record_objection(
        by=operator(),
        person_id=ashworth.id,
        basis="person",
        informed_on=timezone.localdate(),
        not_even_in_emergency=True,
        told_what_would_not_be_seen=True,
    )


@pytest.mark.parametrize("typed", ["k7mp4wxd", "K7MP 4WXD", " k7mp-4wxd "])
def test_a_code_is_read_however_it_is_written(typed):
    assert code_as_kept(typed) == "K7MP4WXD"
    assert code_in_groups("K7MP4WXD") == "K7MP 4WXD"


def test_a_code_has_no_letters_taken_for_one_another():
    assert not set("01ILO") & set(CODE_LETTERS)


def test_the_person_shows_a_code_and_a_clinician_opens_the_record(self_reader, paramedic, ashworth):
    assert not answer_at_the_door(paramedic, ashworth).is_open
    shown = actions.show_code(by=self_reader, person_id=ashworth.id)
    assert len(shown.code) == CODE_LENGTH
    assert set(shown.code) <= set(CODE_LETTERS)
    assert actions.use_code(by=paramedic, code=shown.in_groups.lower()) == ashworth
    answer = answer_at_the_door(paramedic, ashworth)
    assert (answer.is_open, answer.relation) == (True, Relation.SHOWN)
    assert open_person(paramedic, ashworth.id) == ashworth
    assert AuditLine.objects.filter(what="showed a code", about=ashworth.id).count() == 1
    assert AuditLine.objects.get(what="opened a record that the person showed").about == ashworth.id
    assert not AuditLine.objects.filter(what__contains="in an emergency").exists()


def test_the_code_itself_is_kept_nowhere(self_reader, ashworth):
    code = actions.show_code(by=self_reader, person_id=ashworth.id).code
    kept = [str(value) for row in ShownCode.objects.values() for value in row.values()]
    said = [str(line.details) for line in AuditLine.objects.all()]
    assert not any(code in words for words in kept + said)


def test_what_the_person_shows_goes_before_every_objection(self_reader, paramedic, ashworth):
    object_to_everything(ashworth)
    code = actions.show_code(by=self_reader, person_id=ashworth.id).code
    actions.use_code(by=paramedic, code=code)
    assert answer_at_the_door(paramedic, ashworth).relation is Relation.SHOWN


def test_a_code_puts_nobody_on_a_list(self_reader, paramedic, ashworth):
    actions.use_code(by=paramedic, code=actions.show_code(by=self_reader, person_id=ashworth.id).code)
    assert not people_of(paramedic).filter(pk=ashworth.pk).exists()


def test_it_ends_by_itself(self_reader, paramedic, ashworth):
    code = actions.show_code(by=self_reader, person_id=ashworth.id).code
    ShownCode.objects.update(until_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused):
        actions.use_code(by=paramedic, code=code)
    code = actions.show_code(by=self_reader, person_id=ashworth.id).code
    actions.use_code(by=paramedic, code=code)
    CodeUse.objects.update(until_at=timezone.now() - timedelta(seconds=1))
    assert not answer_at_the_door(paramedic, ashworth).is_open
    with pytest.raises(Refused) as once:
        actions.use_code(by=paramedic, code=code)
    assert "used this code before" in str(once.value.problems)


def test_one_use_for_each_reader(self_reader, paramedic, reader, ashworth):
    code = actions.show_code(by=self_reader, person_id=ashworth.id).code
    actions.use_code(by=paramedic, code=code)
    first = CodeUse.objects.get().until_at
    actions.use_code(by=paramedic, code=code)
    assert CodeUse.objects.get().until_at == first
    actions.use_code(by=reader("Amir Haddad"), code=code)
    assert CodeUse.objects.count() == 2


def test_a_new_code_ends_the_one_before(self_reader, paramedic, ashworth):
    old = actions.show_code(by=self_reader, person_id=ashworth.id).code
    new = actions.show_code(by=self_reader, person_id=ashworth.id).code
    with pytest.raises(Refused):
        actions.use_code(by=paramedic, code=old)
    actions.use_code(by=paramedic, code=new)


def test_the_person_stops_showing_and_the_record_is_closed(self_reader, paramedic, ashworth):
    code = actions.show_code(by=self_reader, person_id=ashworth.id).code
    actions.use_code(by=paramedic, code=code)
    assert [(row.name, row.is_open) for row in shown_to(self_reader, ashworth)] == [("Sam Okafor", True)]
    actions.stop_showing(by=self_reader, person_id=ashworth.id)
    assert not answer_at_the_door(paramedic, ashworth).is_open
    assert [row.is_open for row in shown_to(self_reader, ashworth)] == [False]
    with pytest.raises(Refused):
        actions.use_code(by=paramedic, code=code)


def test_who_acts_for_the_person_shows_it_a_carer_does_not(acting, ashworth):
    assert actions.show_code(by=acting("proxy"), person_id=ashworth.id).code
    with pytest.raises(CannotOpen):
        actions.show_code(by=acting("carer"), person_id=ashworth.id)


def test_nobody_shows_somebody_elses_record(self_reader, person, reader):
    with pytest.raises(CannotOpen):
        actions.show_code(by=self_reader, person_id=person("Preston").id)
    with pytest.raises(NotAllowed):
        actions.show_code(by=reader("gp"), person_id=person("Ashworth").id)


def test_who_has_no_urgent_page_uses_no_code(self_reader, reader, ashworth):
    code = actions.show_code(by=self_reader, person_id=ashworth.id).code
    with pytest.raises(NotAllowed):
        actions.use_code(by=reader("social_worker"), code=code)
    with pytest.raises(NotAllowed):
        actions.use_code(by=self_reader, code=code)


def test_a_code_ends_with_death(self_reader, paramedic, ashworth):
    code = actions.show_code(by=self_reader, person_id=ashworth.id).code
    people.record_death(by=operator(), person_id=ashworth.id, seen=1, died_on=timezone.localdate(), place="21")
    with pytest.raises(Refused):
        actions.use_code(by=paramedic, code=code)
    with pytest.raises((Refused, CannotOpen)):
        actions.show_code(by=self_reader, person_id=ashworth.id)


def test_wrong_codes_are_audited_and_make_the_reader_wait(self_reader, paramedic, ashworth):
    code = actions.show_code(by=self_reader, person_id=ashworth.id).code
    for turn in range(WRONG_CODES_AT_MOST):
        with pytest.raises(Refused):
            actions.use_code(by=paramedic, code=f"WRONG{turn:03}")
    assert AuditLine.objects.filter(what="tried a code that shows nothing").count() == WRONG_CODES_AT_MOST
    with pytest.raises(Refused) as kept_out:
        actions.use_code(by=paramedic, code=code)
    assert "Too many wrong codes" in str(kept_out.value.problems)
    assert not CodeUse.objects.exists()


def test_codes_are_not_made_without_end(self_reader, ashworth, monkeypatch):
    monkeypatch.setattr("ambit.access.actions.codes.CODES_SHOWN_AT_MOST", 2)
    for _turn in range(2):
        actions.show_code(by=self_reader, person_id=ashworth.id)
    with pytest.raises(Refused):
        actions.show_code(by=self_reader, person_id=ashworth.id)


def test_without_its_audit_line_nothing_is_shown_or_opened(self_reader, paramedic, ashworth, monkeypatch):
    code = actions.show_code(by=self_reader, person_id=ashworth.id).code

    def broken(**_):
        raise DatabaseError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", broken)
    with pytest.raises(DatabaseError):
        actions.show_code(by=self_reader, person_id=ashworth.id)
    with pytest.raises(DatabaseError):
        actions.use_code(by=paramedic, code=code)
    assert ShownCode.objects.count() == 1
    assert not CodeUse.objects.exists()

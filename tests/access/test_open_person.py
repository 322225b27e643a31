"""The one door to people, and the lists that must agree with it."""

from datetime import timedelta
from itertools import product
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from django.http import Http404
from django.utils import timezone

from ambit.access.actions import (
    break_glass,
    deactivate_account,
    end_duty,
    end_grant,
    give_grant,
    make_account,
    put_on_duty,
    record_consent,
    record_objection,
)
from ambit.access.models import Account, Duty, Grant
from ambit.access.queries import (
    CannotOpen,
    answer_at_the_door,
    find_anywhere,
    open_person,
    opening,
    operator,
    people_of,
    reader_for,
    reader_named,
    theirs,
    theirs_by_tie,
)
from ambit.access.rules import NotAudited, Relation
from ambit.audit import spool
from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.organisations.models import Team
from ambit.statements import loaded_id


@pytest.fixture
def policy(settings):
    """Set the deployment's policies for one test."""

    def change(**values):
        settings.CONFIG = settings.CONFIG.model_copy(update=values)

    return change


def opens(reader, person) -> bool:
    """The door and the list, which must always say the same of standing ties."""
    at_the_door = answer_at_the_door(reader, person)
    listed = people_of(reader).filter(pk=person.pk).exists()
    assert listed == (at_the_door.is_open and at_the_door.relation is not Relation.EMERGENCY)
    for conditions in ([theirs(reader)], [theirs(reader, among_few=False)], theirs_by_tie(reader)):
        assert listed == (person.pk in named_by(conditions))
    return at_the_door.is_open


def named_by(conditions) -> set:
    """Whom statements that are written out find by any of these conditions."""
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ".join(f"SELECT p.id FROM people_person p WHERE {condition.sql}" for condition in conditions),
            [value for condition in conditions for value in condition.values],
        )
        return {loaded_id(row[0]) for row in cursor.fetchall()}


def test_own_practice_opens_and_is_audited(reader, person):
    ashworth = person("Ashworth")
    assert open_person(reader("Amina Rahman"), ashworth.id, why="/people/") == ashworth
    line = AuditLine.objects.get(about=ashworth.id, what="opened a record", name="Dr Amina Rahman")
    assert line.details == {"why": "/people/", "relation": "own_practice"}


def test_another_practice_is_refused_and_that_is_audited(reader, person):
    ashworth = person("Ashworth")
    with pytest.raises(CannotOpen) as refused:
        open_person(reader("Owen Shah"), ashworth.id)
    assert refused.value.may_break_glass
    assert AuditLine.objects.filter(about=ashworth.id, what="was refused a record", name="Dr Owen Shah").exists()


def test_no_such_record(reader, place):
    with pytest.raises(Http404):
        open_person(reader("Amina Rahman"), uuid4())


def test_two_statements_and_one_line_open_a_record(reader, person, django_assert_num_queries):
    own, other = reader("Amina Rahman"), reader("Ruth Tannahill")
    ashworth = person("Ashworth")
    give_grant(by=operator(), person_id=ashworth.id, kind="care_team", organisation_id=other.organisation_id)
    with django_assert_num_queries(2):  # the person, the audit line
        open_person(own, ashworth.id)
    with django_assert_num_queries(3):  # the person, ties and decisions, the audit line
        open_person(other, ashworth.id)


def test_only_roles_that_look_after_people_open_records_of_their_organisation(reader, person, place):
    """An auditor, or a system administrator, of a practice does not thereby open its list."""
    ashworth = person("Ashworth")
    gp = reader("Amina Rahman")
    for role in ("auditor", "system_administrator", "educator", "analyst", "place_lead", "privacy_officer"):
        other = reader(role)
        placed = type(gp)(
            **{field: getattr(other, field) for field in ("name", "role", "account_id", "abilities", "membership_id")},
            organisation_id=gp.organisation_id,
        )
        assert not opens(placed, ashworth)
        assert not opens(operator(), ashworth)


# --- grants ---


def test_a_grant_to_organisation_team_or_account_opens_and_ends(reader, person, place, account_of):
    ashworth, nurse = person("Ashworth"), reader("Ruth Tannahill")
    assert not opens(nurse, ashworth)
    grant = give_grant(
        by=reader("Amina Rahman"), person_id=ashworth.id, kind="care_team", organisation_id=nurse.organisation_id
    )
    assert opens(nurse, ashworth)
    assert opens(reader("Bea Lindqvist"), ashworth)
    assert not opens(reader("Sofia Quayle"), ashworth)
    end_grant(by=reader("Amina Rahman"), grant_id=grant.pk)
    assert not opens(nurse, ashworth)

    give_grant(by=operator(), person_id=ashworth.id, kind="shared", account_id=account_of("Tom Fenwick").pk)
    assert opens(reader("Tom Fenwick"), ashworth)

    team = Team.objects.create(organisation=place["ZHS"], name="Home team")
    account_of("Sofia Quayle").staff.memberships.update(team=team)
    give_grant(by=operator(), person_id=ashworth.id, kind="care_team", team_id=team.pk)
    assert opens(reader("Sofia Quayle"), ashworth)
    assert not opens(reader("Amir Haddad"), ashworth)


def test_a_grant_holds_from_its_beginning_until_its_end(reader, person, place):
    ashworth, nurse, now = person("Ashworth"), reader("Ruth Tannahill"), timezone.now()
    for begins, ends, is_open in [(1, 2, False), (-2, -1, False), (-1, 1, True)]:
        Grant.objects.all().delete()
        Grant.objects.create(
            person=ashworth,
            kind="care_team",
            organisation_id=nurse.organisation_id,
            from_at=now + timedelta(hours=begins),
            until_at=now + timedelta(hours=ends),
        )
        assert opens(nurse, ashworth) is is_open


def test_giving_twice_gives_once(reader, person, place):
    ashworth = person("Ashworth")
    given = [
        give_grant(by=operator(), person_id=ashworth.id, kind="residence", organisation_id=place["ZCH1"].id)
        for _ in range(2)
    ]
    assert given[0] == given[1]
    assert opens(reader("Grace Nwosu"), ashworth)


def test_nobody_reaches_somebody_close_to_them_through_their_work(reader, person):
    """A carer's leave given to an account of staff opens nothing: the private tie is the private account's."""
    ashworth, nurse = person("Ashworth"), reader("Ruth Tannahill")
    give_grant(by=operator(), person_id=ashworth.id, kind="carer", account_id=nurse.account_id, basis="her aunt")
    assert not opens(nurse, ashworth)


def test_somebody_without_a_tie_gives_none(reader, person, place):
    with pytest.raises(CannotOpen):
        give_grant(
            by=reader("Owen Shah"), person_id=person("Ashworth").id, kind="care_team", organisation_id=place["ZC1"].id
        )
    with pytest.raises(NotAllowed):
        give_grant(
            by=reader("Sam Okafor"), person_id=person("Ashworth").id, kind="care_team", organisation_id=place["ZC1"].id
        )


# --- duty ---


@pytest.mark.parametrize(
    ("area", "is_open"), [("QZZ", True), ("ZZ01", True), ("Z90001", True), ("Z90002", False), ("ZH1", False)]
)
def test_on_duty_opens_everybody_of_the_area(reader, person, place, area, is_open):
    ashworth, sam = person("Ashworth"), reader("Sam Okafor")
    assert not opens(sam, ashworth)
    duty = put_on_duty(by=operator(), organisation=place["ZAM"], area=place[area])
    assert opens(sam, ashworth) is is_open
    end_duty(by=operator(), duty_id=duty.pk)
    assert not opens(sam, ashworth)


def test_duty_is_for_roles_that_answer_for_an_area(reader, person, place, account_of):
    ashworth = person("Ashworth")
    for name in ("Amir Haddad", "Sofia Quayle"):
        membership = account_of(name).staff.memberships.get()
        put_on_duty(by=operator(), membership=membership, area=place["QZZ"])
    assert opens(reader("Amir Haddad"), ashworth)
    assert not opens(reader("Sofia Quayle"), ashworth)


def test_off_duty_before_and_after(reader, person, place):
    now, sam, ashworth = timezone.now(), reader("Sam Okafor"), person("Ashworth")
    for begins, ends in [(1, 9), (-9, -1)]:
        Duty.objects.create(
            organisation=place["ZAM"],
            area=place["QZZ"],
            from_at=now + timedelta(hours=begins),
            until_at=now + timedelta(hours=ends),
        )
    assert not opens(sam, ashworth)


# --- people, proxies, carers ---


@pytest.fixture
def own_account(place):
    """An account that is not staff: `own_account("person", ashworth)`."""

    def made(role, person=None) -> Account:
        account, _ = make_account(
            by=operator(), email=f"{role}@example.org", role=role, person=person, name=role.capitalize()
        )
        return account

    return made


def test_the_person_opens_their_own_record_only(own_account, person):
    ashworth, joan = person("Ashworth"), person("Preston")
    herself = reader_for(own_account("person", ashworth))
    assert opens(herself, ashworth)
    assert not opens(herself, joan)


@pytest.mark.parametrize("kind", ["proxy", "carer"])
def test_proxy_and_carer_until_ended_or_death(own_account, person, kind):
    ashworth = person("Ashworth")
    account = own_account(kind)
    other = reader_for(account)
    assert not opens(other, ashworth)
    give_grant(by=operator(), person_id=ashworth.id, kind=kind, account_id=account.pk, basis="registered attorney")
    assert opens(other, ashworth)
    ashworth.died_on = timezone.localdate()
    ashworth.save()
    assert not opens(other, ashworth)


def test_a_closed_account_is_nobody(own_account, account_of, person):
    email = account_of("Amina Rahman").email
    deactivate_account(by=operator(), account_id=account_of("Amina Rahman").pk)
    with pytest.raises(NotAllowed):
        reader_named(email)


# --- consent and objection: the list and the door agree in every combination ---

DECIDED = [
    (),
    ("agreed",),
    ("objected",),
    ("never",),
    ("agreed", "objected"),
    ("objected", "agreed here"),
    ("agreed here", "objected"),
    ("agreed", "objected here"),
    ("objected elsewhere",),
    ("item",),
]


def decide(ashworth, here, elsewhere, what):
    said = {"by": operator(), "person_id": ashworth.id, "basis": "person", "informed_on": timezone.localdate()}
    match what:
        case "agreed":
            record_consent(**said)
        case "objected":
            record_objection(**said)
        case "never":
            record_objection(**said, not_even_in_emergency=True, told_what_would_not_be_seen=True)
        case "agreed here":
            record_consent(**said, scope="organisation", organisation_id=here)
        case "objected here":
            record_objection(**said, scope="organisation", organisation_id=here)
        case "objected elsewhere":
            record_objection(**said, scope="organisation", organisation_id=elsewhere)
        case "item":
            record_objection(**said, scope="item", item="prognosis")


@pytest.mark.parametrize("sharing", ["implied_with_objection", "explicit_opt_in"])
@pytest.mark.parametrize("decided", DECIDED, ids=" then ".join)
def test_withdrawal_closes_door_and_lists_at_once(reader, person, place, policy, sharing, decided):
    """H6: after a withdrawal is acknowledged no service sees the record, at the door or in a list."""
    policy(sharing_policy=sharing)
    ashworth = person("Ashworth")
    nurse, sam, gp = reader("Ruth Tannahill"), reader("Sam Okafor"), reader("Amina Rahman")
    give_grant(by=operator(), person_id=ashworth.id, kind="care_team", organisation_id=place["ZC1"].id)
    put_on_duty(by=operator(), organisation=place["ZAM"], area=place["QZZ"])
    for what in decided:
        decide(ashworth, place["ZC1"].id, place["ZHS"].id, what)
    expected = {
        (): True,
        ("agreed",): True,
        ("objected", "agreed here"): True,
        ("objected elsewhere",): True,
        ("item",): True,
    }.get(decided, False)
    if sharing == "explicit_opt_in" and decided in {(), ("objected elsewhere",), ("item",)}:
        expected = False
    assert opens(nurse, ashworth) is expected
    opens(sam, ashworth)
    assert opens(gp, ashworth)


def test_objected_reads_like_no_relation_unless_policy_says_so(reader, person, place, policy):
    ashworth, nurse = person("Ashworth"), reader("Ruth Tannahill")
    give_grant(by=operator(), person_id=ashworth.id, kind="care_team", organisation_id=place["ZC1"].id)
    decide(ashworth, None, None, "objected")
    for existence, told in [("hidden", False), ("shown", True)]:
        policy(objected_record_existence=existence)
        with pytest.raises(CannotOpen) as refused:
            open_person(nurse, ashworth.id)
        assert refused.value.objected is told


# --- emergencies ---


def test_break_glass_opens_for_a_while_and_for_one_reader(reader, person):
    ashworth, sam = person("Ashworth"), reader("Sam Okafor")
    opened = break_glass(by=sam, person_id=ashworth.id, reason="cannot_say", words="Found unconscious")
    assert opening(sam, ashworth.id).answer.relation is Relation.EMERGENCY
    assert not opens(reader("Amir Haddad"), ashworth)
    opened.until_at = timezone.now()
    opened.save()
    assert not opens(sam, ashworth)


@pytest.mark.parametrize(("what", "is_open"), [("objected", True), ("never", False)])
def test_break_glass_and_objection(reader, person, what, is_open):
    ashworth, sam = person("Ashworth"), reader("Sam Okafor")
    decide(ashworth, None, None, what)
    if is_open:
        break_glass(by=sam, person_id=ashworth.id, reason="cannot_say", words="Found unconscious")
        assert opens(sam, ashworth)
        return
    with pytest.raises(CannotOpen):
        break_glass(by=sam, person_id=ashworth.id, reason="cannot_say", words="Found unconscious")
    assert AuditLine.objects.filter(what="was refused an emergency opening", about=ashworth.id).exists()


def test_never_said_later_closes_an_open_emergency_at_once(reader, person):
    ashworth, sam = person("Ashworth"), reader("Sam Okafor")
    break_glass(by=sam, person_id=ashworth.id, reason="cannot_say", words="Found unconscious")
    decide(ashworth, None, None, "never")
    assert not opens(sam, ashworth)


# --- merged records ---


def test_a_merged_record_leads_to_the_kept_one(reader, person):
    ashworth, longworth, gp = person("Ashworth"), person("Longworth"), reader("Amina Rahman")
    type(longworth).objects.filter(pk=longworth.pk).update(merged_into=ashworth)
    assert open_person(gp, longworth.id) == ashworth
    assert longworth not in people_of(gp)


# --- when the audit line cannot be written ---


@pytest.fixture
def full_disk():
    def refuse(execute, sql, *others):
        if sql.startswith("INSERT INTO audit_auditline"):
            raise DatabaseError("database or disk is full")
        return execute(sql, *others)

    with connection.execute_wrapper(refuse):
        yield


def test_ordinary_reads_stop_when_they_cannot_be_audited(reader, person, request):
    ashworth, gp = person("Ashworth"), reader("Amina Rahman")
    request.getfixturevalue("full_disk")
    with pytest.raises(NotAudited):
        open_person(gp, ashworth.id)


def test_the_urgent_page_opens_and_its_line_waits(reader, person, request):
    ashworth, gp = person("Ashworth"), reader("Amina Rahman")
    request.getfixturevalue("full_disk")
    before = len(list(spool.waiting()))
    opened = opening(gp, ashworth.id, why="/urgent/", urgent=True)
    assert (opened.person, opened.is_spooled) == (ashworth, True)
    assert len(list(spool.waiting())) == before + 1


# --- finding somebody anywhere ---


def test_find_anywhere_leaves_out_who_objected_unless_it_is_an_emergency(reader, person, policy):
    ashworth, sam = person("Ashworth"), reader("Sam Okafor")
    search = {"nhs_number": "9997170326"}
    assert [f.person_id for f in find_anywhere(sam, **search)] == [ashworth.id]
    decide(ashworth, None, None, "objected")
    assert find_anywhere(sam, **search) == []
    assert [f.person_id for f in find_anywhere(sam, **search, in_emergency=True)] == [ashworth.id]
    policy(objected_record_existence="shown")
    assert [f.person_id for f in find_anywhere(sam, **search)] == [ashworth.id]
    policy(objected_record_existence="hidden")
    decide(ashworth, None, None, "never")
    assert find_anywhere(sam, **search, in_emergency=True) == []
    assert [f.person_id for f in find_anywhere(reader("Amina Rahman"), **search)] == [ashworth.id]


def test_find_anywhere_by_name_and_birth_date(reader, person):
    ashworth, sam = person("Ashworth"), reader("Sam Okafor")
    assert [f.person_id for f in find_anywhere(sam, family_name="ASHWORTH", born_on=ashworth.born_on)] == [ashworth.id]
    assert find_anywhere(sam, family_name="Ash", born_on=ashworth.born_on) == []
    assert find_anywhere(sam, family_name="Ashworth") == []
    with pytest.raises(NotAllowed):
        find_anywhere(reader("social_worker"), nhs_number="9997170326")


def test_every_combination_of_ties_agrees(reader, person, place, account_of):
    """The list and the door are two statements of one rule."""
    ashworth = person("Ashworth")
    readers = [reader(who) for who in ("Amina Rahman", "Ruth Tannahill", "Sam Okafor", "Amir Haddad", "Tom Fenwick")]
    makers = SimpleNamespace(
        team=lambda: give_grant(
            by=operator(), person_id=ashworth.id, kind="care_team", organisation_id=place["ZC1"].id
        ),
        shared=lambda: give_grant(
            by=operator(), person_id=ashworth.id, kind="shared", account_id=account_of("Tom Fenwick").pk
        ),
        duty=lambda: put_on_duty(by=operator(), organisation=place["ZAM"], area=place["ZZ01"]),
    )
    for chosen in product([False, True], repeat=3):
        Grant.objects.all().delete()
        Duty.objects.all().delete()
        for wanted, make in zip(chosen, vars(makers).values(), strict=True):
            if wanted:
                make()
        for one in readers:
            opens(one, ashworth)

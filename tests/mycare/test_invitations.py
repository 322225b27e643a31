"""Somebody is invited by who saw who they are, and comes in once by the letter's code."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ambit.access.models import Account, Grant
from ambit.access.queries import operator, people_of, reader_for
from ambit.access.rules import eighteen_years_before
from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.careplan.models import Directive
from ambit.design.refusals import Refused
from ambit.mycare import actions, queries
from ambit.mycare.models import Invitation
from ambit.people import actions as people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("power")]
BORN = date(1943, 3, 14)
PASSWORD = "three-quiet-garden-windows"


def letter(by, person, **but):
    """A letter for Helen, by default on the power of attorney that is recorded for the person."""
    power = Directive.objects.filter(person=person, kind="authority").first()
    said = {
        "role": "proxy",
        "name": "Helen Ashworth-Doyle",
        "basis": "attorney",
        "evidence": "Passport seen; LPA of 3 May 2019, stamped on every page",
        "directive_id": power.pk if power else None,
    } | but
    return actions.invite(by=by, person=person, **said)


def begin(made, **but):
    said = {"code": made.in_groups, "born_on": BORN, "email": "helen@example.org", "password": PASSWORD, "address": ""}
    return actions.begin(**(said | but))


def test_an_attorney_comes_in_once_by_the_letter(ashworth, reader):
    made = letter(reader("gp"), ashworth)
    assert Invitation.objects.get().code_hash
    assert made.code not in str(Invitation.objects.values().get())
    account = begin(made)
    assert account.role == "proxy"
    assert list(people_of(reader_for(account))) == [ashworth]
    assert (
        Grant.objects.get(account=account).basis
        == "Helen Ashworth-Doyle: Lasting power of attorney, health and welfare, registered 8 May 2023"
    )
    with pytest.raises(Refused):
        begin(made, email="other@example.org")
    assert AuditLine.objects.filter(what="came to their own page", about=ashworth.id).count() == 1


@pytest.mark.parametrize(
    ("but", "field"),
    [
        ({"name": " "}, "name"),
        ({"evidence": ""}, "evidence"),
        ({"role": "person"}, "basis"),
        ({"role": "carer"}, "basis"),
        ({"basis": "own"}, "basis"),
        ({"basis": "parental"}, "parental_id"),
        ({"role": "carer", "basis": "leave", "leave_until_on": timezone.localdate()}, "leave_until_on"),
        ({"role": "friend"}, "role"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(ashworth, reader, but, field):
    with pytest.raises(Refused) as refused:
        letter(reader("gp"), ashworth, **but)
    assert list(refused.value.problems) == [field]
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("role", ["urgent_clinician", "privacy_officer", "social_worker"])
def test_who_may_not_give_access_invites_nobody(ashworth, reader, role):
    with pytest.raises(NotAllowed):
        letter(reader(role), ashworth)


def test_nobody_invites_to_a_record_that_is_not_theirs(ashworth, reader):
    with pytest.raises(NotAllowed):
        letter(reader("Owen Shah"), ashworth)


def test_wrong_birth_dates_close_the_letter(ashworth, reader):
    made = letter(reader("gp"), ashworth)
    for _ in range(5):
        with pytest.raises(Refused):
            begin(made, born_on=date(1944, 1, 1))
    with pytest.raises(Refused):
        begin(made)
    assert not Account.objects.filter(email="helen@example.org").exists()
    assert AuditLine.objects.filter(what="gave a wrong birth date with a letter code").count() == 5


def test_an_old_letter_and_one_made_anew(ashworth, reader, monkeypatch):
    gp = reader("gp")
    first = letter(gp, ashworth)
    Invitation.objects.update(code_until_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused):
        begin(first)
    second = actions.make_letter(by=gp, person=ashworth, invitation_id=first.invitation.id)
    with pytest.raises(Refused):
        begin(first)
    assert begin(second).role == "proxy"


def test_a_weak_password_leaves_the_letter_as_it_was(ashworth, reader):
    made = letter(reader("gp"), ashworth)
    with pytest.raises(Refused) as refused:
        begin(made, password="short")
    assert list(refused.value.problems) == ["password"]
    assert begin(made).is_active


def test_death_closes_every_letter(ashworth, reader):
    made = letter(reader("gp"), ashworth)
    people.record_death(
        by=operator(), person_id=ashworth.id, seen=ashworth.version, died_on=timezone.localdate(), place="21"
    )
    with pytest.raises(Refused):
        begin(made)


def test_the_person_comes_in_and_withdrawal_closes_their_account(ashworth, reader):
    gp = reader("gp")
    made = letter(gp, ashworth, role="person", basis="own", name="Peggy Ashworth")
    account = begin(made, email="peggy@example.org")
    assert reader_for(account).person_id == ashworth.id
    actions.withdraw_invitation(by=gp, person=ashworth, invitation_id=made.invitation.id)
    assert not Account.objects.get(pk=account.pk).is_active


# --- a parent ---


@pytest.fixture
def child(place):
    from ambit.people.rules import Identity

    return people.admit(
        by=operator(),
        identity=Identity(
            family_name="Thorne",
            given_names="Isla Rose",
            born_on=date(2019, 6, 21),
            sex="female",
            nhs_number="9990000042",
            practice_id=place["Z90001"].id,
        ),
    )


@pytest.fixture
def parental(child):
    mother = people.add_important_person(
        by=operator(), person_id=child.id, seen=child.version, name="Kerry Thorne", relation="mother", roles=[], rank=1
    )
    child.refresh_from_db()
    return people.record_parental_responsibility(
        by=operator(), person_id=child.id, seen=child.version, important_id=mother.id, basis="birth_mother"
    )


def come_in(gp, child, parental):
    made = letter(gp, child, basis="parental", parental_id=parental.id, name="Kerry Thorne")
    return reader_for(begin(made, born_on=child.born_on, email="kerry@example.org"))


def test_a_parent_sees_their_child(child, parental, reader):
    assert queries.holders_of_parental(child) == [(str(parental.id), "Kerry Thorne, Mother, by birth")]
    assert list(people_of(come_in(reader("gp"), child, parental))) == [child]


@pytest.mark.parametrize(
    "change",
    [
        {"restriction": "Not to be told where the child lives"},
        {"is_disputed": True},
        {"until_on": date(2020, 1, 1)},
    ],
)
def test_a_parents_access_ends_with_restriction_dispute_or_end(child, parental, reader, change):
    """H16: computed when read, at the door and in every list, from the moment it is recorded."""
    kerry = come_in(reader("gp"), child, parental)
    type(parental).objects.filter(pk=parental.pk).update(**change)
    assert list(people_of(kerry)) == []
    client = Client()
    client.force_login(Account.objects.get(email="kerry@example.org"), backend="ambit.access.sign_in.Backend")
    assert client.get(reverse("my_plan", args=[child.id])).status_code == 403
    with pytest.raises(Refused):
        letter(reader("gp"), child, basis="parental", parental_id=parental.id)


def test_a_parents_access_ends_at_eighteen(child, parental, reader):
    kerry = come_in(reader("gp"), child, parental)
    type(child).objects.filter(pk=child.pk).update(born_on=eighteen_years_before(timezone.localdate()))
    assert list(people_of(kerry)) == []
    type(child).objects.filter(pk=child.pk).update(
        born_on=eighteen_years_before(timezone.localdate()) + timedelta(days=1)
    )
    assert list(people_of(kerry)) == [child]


@pytest.mark.parametrize(
    ("day", "before"),
    [(date(2026, 11, 25), date(2008, 11, 25)), (date(2028, 2, 29), date(2010, 2, 28))],
)
def test_eighteen_years_before(day, before):
    assert eighteen_years_before(day) == before


# --- a carer, by the person's own wish ---


def test_the_person_asks_staff_check_and_the_person_ends_it(ashworth, outside, reader):
    peggy = outside("person")
    until = timezone.localdate() + timedelta(days=30)
    asked = actions.ask_for_carer(by=peggy, person=ashworth, name="Joe Doyle", leave_until_on=until)
    assert [row.state for row in queries.invitations(reader("gp"), ashworth.id)] == ["asked"]
    made = actions.make_letter(by=reader("gp"), person=ashworth, invitation_id=asked.id)
    joe = reader_for(begin(made, email="joe@example.org"))
    assert list(people_of(joe)) == [ashworth]
    assert timezone.localdate(Grant.objects.get(kind="carer").until_at) == until + timedelta(days=1)
    actions.withdraw_invitation(by=peggy, person=ashworth, invitation_id=asked.id)
    assert list(people_of(joe)) == []


def test_a_proxy_gives_nobody_leave_and_the_person_ends_no_attorney(ashworth, outside, reader):
    with pytest.raises(NotAllowed):
        actions.ask_for_carer(by=outside("proxy"), person=ashworth, name="Joe", leave_until_on=None)
    made = letter(reader("gp"), ashworth)
    with pytest.raises(Refused):
        actions.withdraw_invitation(by=outside("person"), person=ashworth, invitation_id=made.invitation.id)


# --- pages ---


def test_invite_prints_a_letter_and_begin_makes_a_sign_in(ashworth, client_as):
    gp = client_as("gp")
    address = reverse("invite", args=[ashworth.id])
    assert "Nobody uses the person’s own page yet" in gp.get(address).content.decode()
    refused = gp.post(address, {"role": "proxy", "name": "Helen", "basis": "attorney", "evidence": ""})
    assert refused.status_code == 422
    printed = gp.post(
        address,
        {
            "role": "proxy",
            "name": "Helen Ashworth-Doyle",
            "basis": "attorney",
            "evidence": "LPA seen",
            "directive_id": str(Directive.objects.get().pk),
        },
    ).content.decode()
    code = re.search(r'class="m-code">([A-Z0-9 ]+)<', printed).group(1)
    stranger = Client()
    assert stranger.get(reverse("begin")).status_code == 200
    said = {
        "code": code.lower(), "born_on-day": "14", "born_on-month": "3", "born_on-year": "1943",
        "email": "helen@example.org", "password": PASSWORD, "again": PASSWORD,
    }  # fmt: skip
    assert stranger.post(reverse("begin"), said | {"again": "another"}).status_code == 422
    assert stranger.post(reverse("begin"), said | {"born_on-year": "1944"}).status_code == 422
    assert stranger.post(reverse("begin"), said).url == reverse("account_login")
    signed_in = stranger.post(
        reverse("account_login"), {"login": "helen@example.org", "password": PASSWORD}, follow=True
    )
    assert "Peggy’s plan" in signed_in.content.decode()
    assert "1 sign-in to the person’s own page" in gp.get(address).content.decode()


def test_begin_stops_after_many_tries_from_one_place(db):
    client = Client()
    said = {
        "code": "AAAA BBBB CCCC", "born_on-day": "14", "born_on-month": "3", "born_on-year": "1943",
        "email": "x@example.org", "password": PASSWORD, "again": PASSWORD,
    }  # fmt: skip
    answers = [client.post(reverse("begin"), said).content.decode() for _ in range(21)]
    assert "Too many tries" in answers[-1]
    assert "Too many tries" not in answers[0]


def test_the_second_factor_is_for_everybody_in_a_live_place(ashworth, own_page, settings):
    settings.CONFIG = settings.CONFIG.model_copy(update={"require_second_factor": True})
    answer = own_page("person").get(reverse("my_plan", args=[ashworth.id]))
    assert answer.url == reverse("mfa_index")

"""A proxy's leave rests on a recorded document and ends with it; the same sign-in comes to another person's plan."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ambit.access.models import Account, Grant
from ambit.access.queries import operator, people_of, reader_for
from ambit.access.sign_in import BACKEND
from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.careplan import actions as careplan
from ambit.design.refusals import Refused
from ambit.events.delivery import deliver_due
from ambit.mycare import actions, queries
from ambit.mycare.models import AskedToSee, Invitation, Notice

pytestmark = pytest.mark.django_db
BORN, HELEN = date(1943, 3, 14), "Helen Ashworth-Doyle"
PASSWORD = "three-quiet-garden-windows"


def said(directive_id=None, **but):
    given = {
        "role": "proxy", "name": HELEN, "basis": "attorney", "evidence": "Passport and LPA seen", "directive_id": directive_id,
    }  # fmt: skip
    return actions.Said(**(given | but))


@pytest.fixture
def letter(ashworth, reader, power):
    given = said(power.pk)
    return actions.invite(
        by=reader("gp"), person=ashworth, role="proxy", name=HELEN, basis="attorney", evidence=given.evidence,
        directive_id=power.pk,
    )  # fmt: skip


@pytest.fixture
def helen(letter):
    account = actions.begin(code=letter.code, born_on=BORN, email="helen@example.org", password=PASSWORD, address="")
    return reader_for(account)


@pytest.fixture
def father(place):
    from ambit.people import actions as people
    from ambit.people.rules import Identity

    return people.admit(
        by=operator(),
        identity=Identity(
            family_name="Ashworth",
            given_names="Frank",
            born_on=date(1940, 2, 1),
            sex="male",
            nhs_number="9990000042",
            practice_id=place["Z90001"].id,
        ),
    )


def browser(reader):
    client = Client()
    client.force_login(Account.objects.get(pk=reader.account_id), backend=BACKEND)
    return client


# --- the document behind a grant ---


def test_leave_rests_on_the_document_and_both_say_so(ashworth, helen, power, client_as):
    assert list(people_of(helen)) == [ashworth]
    documents = client_as("gp").get(reverse("authority", args=[ashworth.id])).content.decode()
    assert "Helen Ashworth-Doyle opens the record by it" in documents
    sign_ins = client_as("gp").get(reverse("invite", args=[ashworth.id])).content.decode()
    assert "Rests on:" in sign_ins
    assert "Lasting power of attorney, health and welfare, made 1 March 2023" in sign_ins


@pytest.mark.parametrize("by", ["gp", "care_home_senior", "advice_line_nurse"])
def test_leave_ends_with_the_document_whoever_may_end_it(ashworth, helen, power, reader, by, client_as):
    """H16: also where they who end it may give no access."""
    careplan.end_directive(
        by=reader(by), person=ashworth, directive_id=power.pk, how="withdrawn", reason="Revoked by Peggy"
    )
    assert list(people_of(helen)) == []
    assert browser(helen).get(reverse("my_plan", args=[ashworth.id])).status_code == 403
    page = client_as("gp").get(reverse("invite", args=[ashworth.id])).content.decode()
    assert "It no longer counts: withdrawn." in page
    assert (
        "opened the record by it, until"
        in client_as("gp").get(reverse("authority", args=[ashworth.id])).content.decode()
    )


def test_leave_ends_when_a_clinician_holds_that_it_does_not_bind(ashworth, helen, power, reader):
    careplan.view_differently(
        by=reader("gp"), person=ashworth, directive_id=power.pk, force="doubtful", reason="The stamp looks odd"
    )
    assert list(people_of(helen)) == [ashworth]
    careplan.view_differently(
        by=reader("gp"), person=ashworth, directive_id=power.pk, force="not_binding", reason="For property only"
    )
    assert list(people_of(helen)) == []
    (row,) = queries.invitations(reader("gp"), ashworth.id)
    assert row.state == "ended"
    assert row.flag.endswith("holds that it is not binding: For property only")


def test_leave_stays_while_another_document_gives_the_same(ashworth, helen, power, power_of, reader):
    second = power_of(ashworth, made_on=date(2024, 3, 1), registered_on=date(2024, 5, 8))
    careplan.rest_on(document=_authority(ashworth, second), grant=Grant.objects.get(account_id=helen.account_id))
    careplan.end_directive(by=reader("gp"), person=ashworth, directive_id=power.pk, how="withdrawn", reason="Made anew")
    assert list(people_of(helen)) == [ashworth]
    careplan.view_differently(
        by=reader("gp"), person=ashworth, directive_id=second.pk, force="not_binding", reason="Forged"
    )
    assert list(people_of(helen)) == []


def _authority(person, row):
    from ambit.careplan.queries import authorities

    return authorities(person.id, on=timezone.localdate())[row.pk]


def test_a_deputys_leave_ends_on_the_last_day_of_the_appointment(ashworth, power_of, reader):
    until = timezone.localdate() + timedelta(days=30)
    row = power_of(ashworth, type="deputy", life_sustaining="no", registered_on=None, ends_on=until)
    made = actions.invite(
        by=reader("gp"), person=ashworth, role="proxy", name=HELEN, basis="deputy", evidence="Order seen",
        directive_id=row.pk,
    )  # fmt: skip
    actions.begin(code=made.code, born_on=BORN, email="helen@example.org", password=PASSWORD, address="")
    assert timezone.localdate(Grant.objects.get(kind="proxy").until_at) == until + timedelta(days=1)


@pytest.mark.parametrize(
    ("but", "words"),
    [
        ({"type": "lpa_property"}, "property and money"),
        ({"registered_on": None}, "Not registered"),
        ({"type": "deputy", "life_sustaining": "no", "ends_on": date(2024, 1, 1)}, "The appointment has ended"),
        ({"holders": [{"name": "Tom Ashworth"}]}, "It does not name Helen Ashworth-Doyle; it names Tom Ashworth."),
    ],
)
def test_what_gives_no_authority_opens_nothing(ashworth, power_of, reader, but, words):
    row = power_of(ashworth, **but)
    with pytest.raises(Refused) as refused:
        actions.invite(
            by=reader("gp"), person=ashworth, role="proxy", name=HELEN, basis="attorney", evidence="Seen",
            directive_id=row.pk,
        )  # fmt: skip
    assert words in refused.value.problems["directive_id"][0]
    assert not Invitation.objects.exists()


def test_without_a_recorded_document_nobody_is_invited_as_attorney(ashworth, reader):
    with pytest.raises(Refused) as refused:
        actions.invite(by=reader("gp"), person=ashworth, role="proxy", name=HELEN, basis="attorney", evidence="Seen")
    assert "Record it first" in refused.value.problems["directive_id"][0]


def test_a_letter_opens_nothing_when_its_document_ended_meanwhile(ashworth, letter, power, reader):
    careplan.end_directive(by=reader("gp"), person=ashworth, directive_id=power.pk, how="wrong", reason="Other person")
    with pytest.raises(Refused) as refused:
        actions.begin(code=letter.code, born_on=BORN, email="helen@example.org", password=PASSWORD, address="")
    assert "does not give leave any more" in refused.value.problems["code"][0]
    assert not Account.objects.filter(email="helen@example.org").exists()


def test_the_document_is_named_for_who_came_before(ashworth, helen, power, reader, client_as):
    Invitation.objects.update(directive=None)
    from ambit.careplan.models import AuthorityAccess

    gp = client_as("gp")
    (row,) = queries.invitations(reader("gp"), ashworth.id)
    assert row.needs_document
    address = reverse("name_document", args=[ashworth.id, row.id])
    assert address in gp.get(reverse("invite", args=[ashworth.id])).content.decode()
    assert gp.post(address, {"directive_id": ""}).status_code == 422
    assert gp.post(address, {"directive_id": str(power.pk)}).status_code == 302
    assert AuthorityAccess.objects.filter(directive=power).count() == 1
    assert AuditLine.objects.filter(what="named the document behind an invitation", about=ashworth.id).exists()
    (row,) = queries.invitations(reader("gp"), ashworth.id)
    assert (row.needs_document, row.flag) == (False, "")
    assert gp.post(address, {"directive_id": str(power.pk)}).status_code == 422


# --- another person's plan ---


def test_a_daughter_sees_both_parents_and_chooses(ashworth, helen, father, power_of, reader):
    row = power_of(father)
    actions.add_to_sign_in(by=reader("gp"), person=father, email="Helen@example.org", said=said(row.pk))
    assert set(people_of(helen)) == {ashworth, father}
    page = browser(helen).get(reverse("my_care")).content.decode()
    assert "Whose plan do you want to see?" in page
    assert "Frank Ashworth" in page
    assert "Born 1 February 1940" in page
    assert browser(helen).get(reverse("my_plan", args=[father.id])).status_code == 200


@pytest.mark.parametrize(
    "but",
    [
        {"email": "other@example.org"},
        {"name": "Somebody Else"},
        {"role": "carer", "basis": "leave", "directive_id": None},
    ],
)
def test_a_slip_of_the_pen_opens_nothing(ashworth, helen, father, power_of, reader, but):
    """H16: address, name and what they are invited as must belong to one sign-in."""
    row = power_of(father, holders=[{"name": HELEN}, {"name": "Somebody Else"}])
    email = but.pop("email", "helen@example.org") if "email" in but else "helen@example.org"
    with pytest.raises(Refused) as refused:
        actions.add_to_sign_in(
            by=reader("gp"), person=father, email=email, said=said(**({"directive_id": row.pk} | but))
        )
    assert list(refused.value.problems) == ["email"]
    assert list(people_of(helen)) == [ashworth]
    assert not Invitation.objects.filter(person=father).exists()


def test_nobody_is_added_twice_nor_by_who_may_not(ashworth, helen, power, father, reader):
    with pytest.raises(Refused, match="sees this plan already"):
        actions.add_to_sign_in(by=reader("gp"), person=ashworth, email="helen@example.org", said=said(power.pk))
    with pytest.raises(NotAllowed):
        actions.add_to_sign_in(
            by=reader("social_worker"), person=father, email="helen@example.org", said=said(power.pk)
        )


def test_a_second_letter_is_added_to_the_sign_in(helen, father, power_of, reader):
    row = power_of(father)
    made = actions.invite(
        by=reader("gp"), person=father, role="proxy", name=HELEN, basis="attorney", evidence="Seen", directive_id=row.pk
    )
    client = browser(helen)
    given = {
        "do": "letter", "letter-code": made.in_groups, "letter-born_on-day": "1", "letter-born_on-month": "2",
        "letter-born_on-year": "1940",
    }  # fmt: skip
    wrong = client.post(reverse("see_another"), given | {"letter-born_on-year": "1941"})
    assert wrong.status_code == 422
    assert "do not go together" in wrong.content.decode()
    assert Invitation.objects.get(pk=made.invitation.pk).wrong_tries == 1
    assert client.post(reverse("see_another"), given).status_code == 302
    assert father in people_of(helen)
    assert client.post(reverse("see_another"), given).status_code == 422


def ask(by, through, **but):
    given = {
        "name": "Frank Ashworth", "born_on": date(1940, 2, 1), "basis": "attorney", "words": "Registered in May",
        "key": uuid4(), "on": timezone.localdate(),
    }  # fmt: skip
    return actions.ask_to_see(by=by, through=through.id, **(given | but))


def test_a_request_is_answered_with_yes(ashworth, helen, father, power_of, reader, client_as):
    power = power_of(father)
    asked = ask(helen, ashworth)
    gp = client_as("gp")
    assert "1 person asks to see another plan" in gp.get(reverse("concerns")).content.decode()
    page = gp.get(reverse("answer_asked", args=[asked.id])).content.decode()
    yes = f"{reverse('invite', args=[father.id])}?asked={asked.id}"
    assert yes in page
    prefilled = gp.get(yes).content.decode()
    assert 'value="helen@example.org"' in prefilled
    given = {
        "role": "proxy", "name": HELEN, "email": "helen@example.org", "basis": "attorney", "evidence": "Passport seen",
        "directive_id": str(power.pk),
    }  # fmt: skip
    assert gp.post(yes, given).status_code == 302
    while deliver_due():
        pass
    assert father in people_of(helen)
    assert Notice.objects.get(kind="asked_answered").account_id == helen.account_id
    assert "Yes. You see their plan from now on." in browser(helen).get(reverse("see_another")).content.decode()
    assert gp.post(yes, given).status_code == 422


def test_a_request_is_answered_with_no_and_tells_nothing(ashworth, helen, reader, client_as):
    asked = ask(helen, ashworth, name="Nobody Known", born_on=date(1950, 1, 1))
    assert not AskedToSee.objects.get().answered_at
    gp, address = client_as("gp"), reverse("answer_asked", args=[asked.id])
    assert "Nobody of yours fits" in gp.get(address).content.decode()
    assert gp.post(address, {"answer": " "}).status_code == 422
    assert gp.post(address, {"answer": "Please bring the court’s order."}).status_code == 302
    assert "Please bring the court’s order." in browser(helen).get(reverse("see_another")).content.decode()
    with pytest.raises(Refused, match="answered already"):
        actions.refuse_to_show(by=reader("gp"), asked_id=asked.id, answer="No")


@pytest.mark.parametrize(
    ("but", "field"),
    [
        ({"name": " "}, "name"),
        ({"born_on": None}, "born_on"),
        ({"born_on": date(2999, 1, 1)}, "born_on"),
        ({"basis": "own"}, "basis"),
        ({"words": "x" * 1001}, "words"),
    ],
)
def test_what_a_request_lacks_is_said_at_its_field(ashworth, helen, but, field):
    with pytest.raises(Refused) as refused:
        ask(helen, ashworth, **but)
    assert list(refused.value.problems) == [field]
    assert not AskedToSee.objects.exists()


def test_requests_end_at_five_and_one_sent_twice_is_one(ashworth, helen, father):
    key = uuid4()
    assert ask(helen, ashworth, key=key).pk == ask(helen, ashworth, key=key).pk
    for _ in range(4):
        ask(helen, ashworth)
    with pytest.raises(Refused, match="5 requests wait"):
        ask(helen, ashworth)
    with pytest.raises(Refused):
        ask(helen, father)


def test_the_person_and_strangers_ask_and_answer_nothing(ashworth, helen, outside, reader, father, client_as, own_page):
    with pytest.raises(Refused):
        ask(outside("person"), ashworth)
    assert "for your own plan only" in own_page("person").get(reverse("see_another")).content.decode()
    asked = ask(helen, ashworth)
    stranger = reader("Owen Shah")
    assert queries.asked_of_area(stranger) == []
    with pytest.raises(Refused, match="no such request"):
        actions.refuse_to_show(by=stranger, asked_id=asked.id, answer="No")
    assert client_as("Owen Shah").get(reverse("answer_asked", args=[asked.id])).status_code == 404


def test_a_failed_audit_undoes_the_answer(ashworth, helen, father, power_of, reader, monkeypatch):
    row, asked = power_of(father), ask(helen, ashworth)

    def broken(**said):
        raise OSError("no line")

    monkeypatch.setattr("ambit.mycare.actions.another.audit.record", broken)
    with pytest.raises(OSError):
        actions.add_to_sign_in(
            by=reader("gp"), person=father, email="helen@example.org", said=said(row.pk), asked_id=asked.id
        )
    assert father not in people_of(helen)
    assert AskedToSee.objects.get().answered_at is None

"""What is kept back inside an open record: by the person from services, and by a seal; who may seal, and what."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ambit.access import actions
from ambit.access.models import OutsideConsent, Seal, SharingDecision
from ambit.access.queries import (
    CannotOpen,
    agreed_outside,
    kept_back_from,
    must_see,
    operator,
    reader_for,
    seals,
    sharing_decisions,
)
from ambit.access.rules import RESTRICTED, SEALED, SILENT, NotShown
from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.design.refusals import Refused

ITEM = "what_matters"


@pytest.fixture
def ashworth(person):
    return person("Ashworth")


@pytest.fixture
def hospice(reader, place, ashworth):
    """Dr Quayle of the hospice, whose organisation is in the care team of Ashworth."""
    actions.give_grant(by=operator(), person_id=ashworth.id, kind="care_team", organisation_id=place["ZHS"].id)
    return reader("Sofia Quayle")


def keeps(reader, person):
    return kept_back_from(reader, [person.id])[person.id]


def restrict(person, **changed):
    return actions.record_objection(
        **{
            "by": operator(),
            "person_id": person.id,
            "basis": "person",
            "informed_on": timezone.localdate(),
            "scope": "item",
            "item": ITEM,
            **changed,
        }
    )


def seal(person, **changed):
    return actions.seal_item(
        **{
            "by": operator(),
            "person_id": person.id,
            "item": ITEM,
            "hides_from": "staff",
            "why": "sensitive",
            "words": "She asked that only her GP sees it.",
            "until_on": timezone.localdate() + timedelta(days=30),
            **changed,
        }
    )


def in_an_emergency(by, person):
    actions.break_glass(by=by, person_id=person.id, reason="cannot_say", words="unconscious at home")


def test_an_item_kept_from_everybody_outside_the_practice(hospice, reader, ashworth):
    assert keeps(hospice, ashworth) == {}
    decision = restrict(ashworth)
    assert keeps(hospice, ashworth) == {ITEM: RESTRICTED}
    assert keeps(reader("gp"), ashworth) == {}
    with pytest.raises(NotShown):
        must_see(hospice, ashworth.id, ITEM, title="What matters to me")
    actions.withdraw_objection(by=operator(), decision_id=decision.pk)
    assert keeps(hospice, ashworth) == {}


def test_an_item_kept_from_one_organisation_or_shared_with_one_only(hospice, reader, ashworth, place):
    restrict(ashworth, organisation_id=place["ZCH1"].id)
    assert keeps(hospice, ashworth) == {}
    assert keeps(reader("care_home_senior"), ashworth) == {ITEM: RESTRICTED}
    restrict(ashworth)
    assert keeps(hospice, ashworth) == {ITEM: RESTRICTED}
    actions.record_consent(
        by=operator(), person_id=ashworth.id, basis="person", informed_on=timezone.localdate(), scope="item", item=ITEM,
        organisation_id=place["ZHS"].id,
    )  # fmt: skip
    assert keeps(hospice, ashworth) == {}
    assert SharingDecision.objects.filter(ended_at=None).count() == 3


def test_an_emergency_opening_shows_what_is_kept_back_but_never_what_is_sealed(hospice, ashworth):
    restrict(ashworth)
    seal(ashworth, item="place_of_care")
    in_an_emergency(hospice, ashworth)
    assert keeps(hospice, ashworth) == {"place_of_care": SEALED}


def test_a_code_shows_what_is_kept_back(hospice, ashworth):
    restrict(ashworth)
    account, _ = actions.make_account(by=operator(), email="s@example.org", role="person", person=ashworth, name="A")
    actions.use_code(by=hospice, code=actions.show_code(by=reader_for(account), person_id=ashworth.id).code)
    assert keeps(hospice, ashworth) == {}


def test_a_seal_passes_only_those_named(hospice, reader, account_of, ashworth):
    seal(ashworth, roles=["palliative_specialist"], account_ids=[account_of("Bea Lindqvist").pk])
    assert keeps(hospice, ashworth) == {}
    assert keeps(reader("Bea Lindqvist"), ashworth) == {}
    assert keeps(reader("gp"), ashworth) == {ITEM: SEALED}
    assert keeps(reader("Sam Okafor"), ashworth) == {ITEM: SEALED}


def test_a_seal_opens_by_itself_after_its_day(reader, ashworth):
    seal(ashworth)
    Seal.objects.update(until_on=timezone.localdate())
    assert keeps(reader("gp"), ashworth) == {ITEM: SEALED}
    Seal.objects.update(until_on=timezone.localdate() - timedelta(days=1))
    assert keeps(reader("gp"), ashworth) == {}


def test_policy_may_hide_that_a_seal_is_there(reader, ashworth, settings):
    seal(ashworth)
    settings.CONFIG = settings.CONFIG.model_copy(update={"sealed_existence": "hidden"})
    assert keeps(reader("gp"), ashworth) == {ITEM: SILENT}


@pytest.mark.parametrize(
    ("hides_from", "closed"), [("person", {"person", "proxy", "carer"}), ("proxies", {"proxy", "carer"})]
)
def test_what_is_hidden_from_the_person_or_from_proxies(reader, ashworth, hides_from, closed):
    seal(ashworth, hides_from=hides_from, why="serious_harm")
    readers = {}
    for role in ("person", "proxy", "carer"):
        account, _ = actions.make_account(
            by=operator(),
            email=f"{role}@example.org",
            role=role,
            person=ashworth if role == "person" else None,
            name=role,
        )
        readers[role] = reader_for(account)
    assert {role for role, one in readers.items() if keeps(one, ashworth)} == closed
    assert keeps(reader("gp"), ashworth) == {}


def test_who_seals_goes_on_seeing_it_and_opens_it_again(reader, ashworth):
    gp = reader("gp")
    made = seal(ashworth, by=gp)
    assert keeps(gp, ashworth) == {}
    assert [(row.title, row.mine, row.words) for row in seals(gp, ashworth)] == [
        ("What matters to me", True, "She asked that only her GP sees it.")
    ]
    with pytest.raises(Refused):
        actions.end_seal(by=gp, seal_id=made.pk, why=" ")
    actions.end_seal(by=gp, seal_id=made.pk, why="She told everybody.")
    assert seals(gp, ashworth) == []
    assert [
        line.what for line in AuditLine.objects.filter(about=ashworth.id, what__contains="seal").order_by("id")
    ] == [
        "sealed a part of the record",
        "opened a seal",
    ]


def test_who_may_not_see_it_learns_no_reason_and_opens_no_seal(reader, hospice, ashworth):
    made = seal(ashworth, by=reader("gp"))
    (row,) = seals(hospice, ashworth)
    assert (row.mine, row.why, row.words) == (False, "", "")
    with pytest.raises(NotShown):
        actions.end_seal(by=hospice, seal_id=made.pk, why="I should like to see it.")
    with pytest.raises(CannotOpen):
        actions.end_seal(by=reader("Owen Shah"), seal_id=made.pk, why="Not mine.")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"item": "cpr"}, "item"),
        ({"item": "allergies"}, "item"),
        ({"item": " "}, "item"),
        ({"hides_from": "everybody"}, "hides_from"),
        ({"why": "because"}, "why"),
        ({"words": "no"}, "words"),
        ({"until_on": timezone.localdate()}, "until_on"),
        ({"until_on": timezone.localdate() + timedelta(days=367)}, "until_on"),
        ({"roles": ["king"]}, "roles"),
        ({"account_ids": [0]}, "accounts"),
    ],
)
def test_what_no_seal_may_be(ashworth, changed, field):
    with pytest.raises(Refused) as refused:
        seal(ashworth, **changed)
    assert field in refused.value.problems
    assert not Seal.objects.exists()


def test_cpr_may_be_hidden_from_the_person_whom_it_would_harm(ashworth):
    assert seal(ashworth, item="cpr", hides_from="person", why="serious_harm")


def test_one_seal_of_a_kind(reader, ashworth):
    seal(ashworth, by=reader("gp"))
    with pytest.raises(Refused):
        seal(ashworth, by=reader("gp"))
    assert seal(ashworth, by=reader("gp"), hides_from="proxies")


def test_only_some_roles_seal(reader, ashworth):
    for role in ("community_nurse", "care_home_senior", "practice_administrator"):
        with pytest.raises(NotAllowed):
            seal(ashworth, by=reader(role))


# --- outside direct care ---


def agree(person, **changed):
    return actions.agree_outside(
        **{
            "by": operator(),
            "person_id": person.id,
            "party": "Harbour Insurance, Ms Reid",
            "purpose": "A claim",
            "items": [ITEM],
            "basis": "person",
            "agreed_on": timezone.localdate(),
            "until_on": timezone.localdate() + timedelta(days=14),
            **changed,
        }
    )


def test_sharing_outside_care_is_agreed_and_taken_back(reader, ashworth):
    agreed = agree(ashworth, by=reader("gp"))
    assert [(row.party, row.titles, row.stands) for row in agreed_outside(reader("gp"), ashworth)] == [
        ("Harbour Insurance, Ms Reid", ("What matters to me",), True)
    ]
    for _twice in range(2):
        actions.end_outside(by=reader("gp"), agreement_id=agreed.pk)
    assert [row.stands for row in agreed_outside(reader("gp"), ashworth)] == [False]
    assert AuditLine.objects.filter(what="ended sharing outside care").count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"party": " "}, "party"),
        ({"purpose": ""}, "purpose"),
        ({"items": []}, "items"),
        ({"basis": "best_interests", "decided_by": "Dr Rahman"}, "basis"),
        ({"basis": "attorney"}, "decided_by"),
        ({"basis": ""}, "basis"),
        ({"agreed_on": timezone.localdate() + timedelta(days=1)}, "agreed_on"),
        ({"until_on": timezone.localdate() - timedelta(days=1)}, "until_on"),
    ],
)
def test_what_is_no_agreement(ashworth, changed, field):
    with pytest.raises(Refused) as refused:
        agree(ashworth, **changed)
    assert field in refused.value.problems


def test_nothing_is_sealed_or_agreed_without_its_audit_line(ashworth, monkeypatch):
    def broken(**_):
        raise DatabaseError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", broken)
    for act in (seal, agree, restrict):
        with pytest.raises(DatabaseError):
            act(ashworth)
    assert [model.objects.count() for model in (Seal, OutsideConsent, SharingDecision)] == [0, 0, 0]


def test_it_is_one_statement_however_many_people(hospice, person, ashworth):
    restrict(ashworth)
    everybody = [ashworth.id, person("Preston").id]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        kept_back_from(hospice, everybody)
    assert len(asked) == 1


def test_the_decision_carries_its_code_and_the_version_of_what_was_explained(reader, ashworth):
    restrict(ashworth, material="Leaflet “Your plan and who sees it”, version 3")
    (row,) = sharing_decisions(reader("gp"), ashworth)
    assert (row.scci_code, row.material) == ("882941000000102", "Leaflet “Your plan and who sees it”, version 3")
    assert row.about == "What matters to me, everybody outside the practice"

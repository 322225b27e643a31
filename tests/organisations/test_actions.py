"""Opening, editing and closing organisations; teams, staff and roles."""

from datetime import date

import pytest
from django.db import IntegrityError

from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.design.refusals import Refused
from ambit.organisations import actions
from ambit.organisations.models import Membership, Organisation, Staff

DAY = date(2026, 4, 1)


@pytest.fixture
def by(reader):
    return reader("operator")


def opened(by, **said):
    return actions.open_organisation(**{"by": by, "code": "Z90009", "name": "Quarry Lane", "kind": "practice"} | said)


def test_open_organisation(by):
    quarry = opened(by, code="z90009", part_of="zz01", postcode="qz14ab")
    assert (quarry.code, quarry.part_of.code, quarry.postcode) == ("Z90009", "ZZ01", "QZ1 4AB")
    assert AuditLine.objects.filter(what="opened an organisation", details__organisation="Z90009").exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"code": "Z90001"}, "code"),
        ({"code": "z9"}, "code"),
        ({"name": " "}, "name"),
        ({"kind": "surgery"}, "kind"),
        ({"part_of": "NONE1"}, "part_of"),
        ({"postcode": "here"}, "postcode"),
        ({"telephone": "bell"}, "telephone"),
        ({"opened_on": DAY, "closed_on": date(2026, 3, 1)}, "closed_on"),
    ],
)
def test_open_organisation_refuses(by, said, field):
    with pytest.raises(Refused) as refused:
        opened(by, **said)
    assert field in refused.value.problems
    assert not Organisation.objects.filter(name="Quarry Lane").exists()


def test_only_those_who_may_edit(reader):
    with pytest.raises(NotAllowed):
        opened(reader("gp"))


def test_a_failed_audit_line_undoes_the_opening(by, monkeypatch):
    def fails(**_):
        raise OSError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", fails)
    with pytest.raises(OSError):
        opened(by)
    assert not Organisation.objects.filter(code="Z90009").exists()


def test_an_organisation_is_never_part_of_itself(by, place):
    with pytest.raises(Refused) as refused:
        actions.edit_organisation(
            by=by, organisation_id=place["QZZ"].id, name="Northmarch", kind="system", part_of="Z90001"
        )
    assert "part_of" in refused.value.problems


def test_close_ends_teams_and_roles(by, place):
    practice = place["Z90001"]
    team = actions.add_team(by=by, organisation_id=practice.id, name="Red list")
    actions.close_organisation(by=by, organisation_id=practice.id, on=DAY)
    team.refresh_from_db()
    assert team.closed_on == DAY
    assert set(practice.memberships.values_list("until_on", flat=True)) == {DAY}
    with pytest.raises(Refused, match="already"):
        actions.close_organisation(by=by, organisation_id=practice.id, on=DAY)
    with pytest.raises(Refused, match="closed"):
        actions.add_team(by=by, organisation_id=practice.id, name="Blue list")


def test_close_refuses_while_parts_are_open(by, place):
    with pytest.raises(Refused, match="Brackenhill"):
        actions.close_organisation(by=by, organisation_id=place["ZZ01"].id, on=DAY)


def test_give_and_end_a_role(by, place):
    staff = actions.add_staff(by=by, email="Joy.Mbeki@Ambit.example", name="Joy Mbeki")
    assert staff.email == "joy.mbeki@ambit.example"
    said = {"by": by, "staff_id": staff.id, "organisation_id": place["ZC1"].id, "role": "community_nurse"}
    held = actions.give_membership(**said, from_on=DAY)
    with pytest.raises(Refused, match="already have this role"):
        actions.give_membership(**said, from_on=date(2026, 5, 1))
    with pytest.raises(Refused):
        actions.end_membership(by=by, membership_id=held.id, on=date(2026, 3, 1))
    actions.end_membership(by=by, membership_id=held.id, on=date(2026, 5, 1))
    actions.give_membership(**said, from_on=date(2026, 6, 1))
    assert Membership.objects.filter(staff=staff).count() == 2


def test_roles_refused(by, place):
    staff = Staff.objects.first()
    other = actions.add_team(by=by, organisation_id=place["ZC1"].id, name="Night team")
    for said, field in (
        ({"role": "wizard"}, "role"),
        ({"role": "gp", "until_on": date(2026, 1, 1)}, "until_on"),
        ({"role": "gp", "team_id": other.id}, "team_id"),
    ):
        with pytest.raises(Refused) as refused:
            actions.give_membership(by=by, staff_id=staff.id, organisation_id=place["ZHS"].id, from_on=DAY, **said)
        assert field in refused.value.problems


def test_the_database_keeps_one_open_role(by, place):
    held = Membership.objects.filter(team=None).first()
    with pytest.raises(IntegrityError):
        Membership.objects.create(staff=held.staff, organisation=held.organisation, role=held.role, from_on=DAY)


@pytest.mark.parametrize("email", ["", "nobody", "amina.rahman@ambit.example"])
def test_staff_refused(by, email):
    with pytest.raises(Refused) as refused:
        actions.add_staff(by=by, email=email, name="Somebody")
    assert "email" in refused.value.problems


def test_edit_team_and_staff(by, place):
    team = actions.add_team(by=by, organisation_id=place["ZC1"].id, name="Night team")
    with pytest.raises(Refused):
        actions.add_team(by=by, organisation_id=place["ZC1"].id, name="night team")
    assert (
        actions.edit_team(by=by, team_id=team.id, telephone="01632 960 200", hours="8pm to 8am").hours == "8pm to 8am"
    )
    staff = Staff.objects.get(name="Amina Rahman")
    assert actions.edit_staff(by=by, staff_id=staff.id, name="Amina Rahman", title="Prof").title == "Prof"

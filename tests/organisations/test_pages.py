"""The address book on pages: seen by all staff, kept by the system administrator."""

from datetime import date

import pytest

from ambit.organisations.models import Membership, Organisation


@pytest.fixture
def administrator(client_as):
    return client_as("Dana Whitlock")


def test_everybody_who_works_here_sees_the_address_book(client_as, django_assert_max_num_queries):
    client = client_as("Amina Rahman")
    with django_assert_max_num_queries(8):
        shown = client.get("/organisations/").content.decode()
    assert "Brackenhill Surgery" in shown
    assert "GP practice" in shown
    assert "Add an organisation" not in shown
    one = client.get("/organisations/Z90001/").content.decode()
    assert "Dr Amina Rahman" in one
    assert "Thornmere and Eskvale" in one
    assert client.get("/organisations/NONE1/").status_code == 404
    assert client.get("/organisations/new").status_code == 403
    assert client.post("/organisations/Z90001/close", {}).status_code == 403


def test_open_edit_and_close(administrator):
    said = {"code": "z90009", "name": "Quarry Lane", "kind": "practice", "part_of": "ZZ01", "postcode": "qz14ab"}
    assert administrator.post("/organisations/new", said).headers["Location"] == "/organisations/Z90009/"
    again = administrator.post("/organisations/new", said)
    assert again.status_code == 422
    assert "Quarry Lane already has the code Z90009" in again.content.decode()
    assert 'value="Quarry Lane"' in administrator.get("/organisations/Z90009/edit").content.decode()
    said = {"name": "Quarry Lane Surgery", "kind": "practice", "part_of": "ZZ01", "opened_on-day": "31", "opened_on-month": "2", "opened_on-year": "2026"}  # fmt: skip
    assert administrator.post("/organisations/Z90009/edit", said).status_code == 422
    said |= {"opened_on-day": "28"}
    assert administrator.post("/organisations/Z90009/edit", said).status_code == 302
    day = {"on-day": "1", "on-month": "10", "on-year": "2026"}
    assert administrator.post("/organisations/Z90009/close", day).status_code == 302
    practice = Organisation.objects.get(code="Z90009")
    assert (practice.name, practice.closed_on) == ("Quarry Lane Surgery", date(2026, 10, 1))
    assert "Quarry Lane" not in administrator.get("/organisations/").content.decode()
    assert "Quarry Lane" in administrator.get("/organisations/?closed=yes").content.decode()


def test_teams_staff_and_roles(administrator):
    assert administrator.post("/organisations/ZC1/teams/new", {"name": "Night team"}).status_code == 302
    team = Organisation.objects.get(code="ZC1").teams.get()
    said = {
        "email": "joy.mbeki@ambit.example", "name": "Joy Mbeki", "role": "community_nurse", "team_id": str(team.id),
        "from_on-day": "1", "from_on-month": "4", "from_on-year": "2026",
    }  # fmt: skip
    assert administrator.post("/organisations/ZC1/staff/new", said).status_code == 302
    assert administrator.post("/organisations/ZC1/staff/new", said).status_code == 422
    assert "Night team" in administrator.get("/organisations/ZC1/").content.decode()
    held = Membership.objects.get(staff__email="joy.mbeki@ambit.example")
    day = {"on-day": "1", "on-month": "5", "on-year": "2026"}
    assert administrator.post(f"/organisations/ZC1/staff/{held.id}/end", day).status_code == 302
    assert administrator.get(f"/organisations/ZC1/staff/{held.id}/end").status_code == 404

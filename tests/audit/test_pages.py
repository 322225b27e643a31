"""The auditor's page: narrowed, paged, downloaded; and its reading is in the trail."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from ambit.audit import actions, queries
from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from tests.world import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(reader, person):
    """A record opened by two readers, twice and once."""
    about = person().id
    for who in ("gp", "community_nurse", "gp"):
        actions.record(by=reader(who), what="opened a record", about=about, details={"why": "/people/"})
    return about


@pytest.fixture
def auditor(client_as):
    return client_as("auditor")


def words(answer):
    return answer.content.decode()


def test_it_shows_who_did_what_and_its_reading_is_written_down(auditor, opened):
    answer = auditor.get("/audit/")
    assert answer.status_code == 200
    assert "Dr Amina Rahman" in words(answer)
    assert "Ruth Tannahill" in words(answer)
    line = AuditLine.objects.get(what="read the audit trail")
    assert (line.name, line.details["wanted"]) == ("Otto Lamb", {})
    assert "read the audit trail" in words(auditor.get("/audit/"))


def test_narrowed_by_record_account_what_and_day(auditor, opened, account_of):
    today = datetime.now(UTC).astimezone()

    def shown(**asked):
        answer = auditor.get("/audit/", asked)
        assert answer.status_code == 200, words(answer)
        return words(answer)

    assert "3 lines" in shown(about=str(opened), what="opened a record")
    assert "1 line" in shown(about=str(opened), account=account_of("community_nurse").pk)
    day = {"on-day": today.day, "on-month": today.month, "on-year": today.year}
    assert "3 lines" in shown(about=str(opened), what="opened a record", **day)
    assert "No line fits" in shown(about=str(opened), **{"on-day": 1, "on-month": 1, "on-year": 2020})
    assert "No line fits" in shown(about=str(uuid4()))


def test_what_cannot_be_understood_is_said(auditor, opened):
    answer = auditor.get("/audit/", {"about": "9997170326"})
    assert answer.status_code == 422
    assert "Give the identifier of a record" in words(answer)


def test_pages_meet_without_gap_or_double(reader, opened, auditor):
    for _ in range(2 * queries.PAGE):
        actions.record(by=reader("gp"), what="opened a record", about=opened)
    everything = set(AuditLine.objects.values_list("id", flat=True))
    seen, after = [], ""
    while True:
        found = queries.trail(reader("auditor"), queries.Wanted(), after=after)
        seen += [line.id for line in found.lines]
        after = found.next
        if not after:
            break
    assert len(seen) == len(set(seen))
    assert set(seen) == everything
    first = auditor.get("/audit/")
    assert "Earlier lines" in words(first)
    assert auditor.get("/audit/", {"after": "tampered"}).status_code == 200


def test_the_day_of_the_place_when_the_clocks_change(reader):
    """29 March 2026 has 23 hours in London."""
    line = {"name": "a", "role": "gp", "through": "web", "what": "opened a record"}
    begins = datetime(2026, 3, 29, tzinfo=UTC)
    for at in (
        begins - timedelta(seconds=1),
        begins,
        begins + timedelta(hours=23, seconds=-1),
        begins + timedelta(hours=23),
    ):
        AuditLine.objects.create(at=at, **line)
    found = queries.trail(reader("auditor"), queries.Wanted(on=begins.date()))
    assert [line.at for line in found.lines] == [begins + timedelta(hours=23, seconds=-1), begins]


def test_as_a_file_guarded_against_formulas(auditor, opened, reader):
    actions.record(by=reader("gp"), what="=HYPERLINK()", about=opened)
    answer = auditor.get("/audit/lines.csv", {"about": str(opened)})
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert len(rows) == AuditLine.objects.filter(about=opened).count()
    assert rows[0]["what"] == "'=HYPERLINK()"
    assert AuditLine.objects.get(what="downloaded the audit trail").details["wanted"] == {"about": str(opened)}


@pytest.mark.parametrize("role", sorted({role for _, _, role, _ in cast.STAFF}))
@pytest.mark.parametrize("address", ["/audit/", "/audit/lines.csv"])
def test_who_may(client_as, role, address):
    allowed = role in {"auditor", "privacy_officer"}
    assert client_as(role).get(address).status_code == (200 if allowed else 403)


def test_few_questions_however_many_lines(auditor, opened, reader, django_assert_max_num_queries):
    for _ in range(queries.PAGE):
        actions.record(by=reader("gp"), what="opened a record", about=opened)
    auditor.get("/audit/")
    with django_assert_max_num_queries(12):
        auditor.get("/audit/")


def test_who_opened_my_record(reader, opened):
    found = queries.who_opened(reader("auditor"), [opened])
    assert [(opening.name, opening.role, opening.times) for opening in found] == [
        ("Dr Amina Rahman", "gp", 2),
        ("Ruth Tannahill", "community_nurse", 1),
    ]
    assert found[0].first_at < found[0].last_at
    assert queries.who_opened(reader("auditor"), [uuid4()]) == ()


def test_who_opened_is_for_the_person_and_those_who_read_the_trail(reader, opened):
    from dataclasses import replace

    gp = reader("gp")
    with pytest.raises(NotAllowed):
        queries.who_opened(gp, [opened])
    assert len(queries.who_opened(replace(gp, person_id=opened), [opened])) == 2
    with pytest.raises(NotAllowed):
        queries.who_opened(replace(gp, person_id=opened), [uuid4()])

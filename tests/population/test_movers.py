"""People who move from one practice to another, leave, or are sent by two sources: found once, by the practice that has them now."""

from datetime import date

import pytest

from ambit.access.queries import operator
from ambit.casefinding import search
from ambit.design.refusals import Refused
from ambit.population import queries
from ambit.population.actions import take_in

ON = date(2026, 11, 3)
HEAD = "person,born_on,sex,nhs_number,practice,registered\n"
EVENTS = "person,date,system,code,term\n{key},2025-01-01,snomed,84114007,Heart failure\n{key},2026-06-01,snomed,160734000,Lives in nursing home\n"
ENCOUNTERS = (
    "person,kind,started_on,method\n{key},inpatient,2026-06-01,emergency\n{key},inpatient,2026-08-01,emergency\n"
)


@pytest.fixture
def send(db, home):
    """One person as a source sends them, by that source's key; several extracts of a source follow each other."""

    def sent(source: str, key: str, practice: str, *, registered: str = "yes", full: bool = True) -> None:
        folder = home / f"{source}-{key}"
        folder.mkdir(exist_ok=True)
        (folder / "people.csv").write_text(f"{HEAD}{key},1940-01-01,female,9990000018,{practice},{registered}\n")
        (folder / "events.csv").write_text(EVENTS.format(key=key))
        (folder / "encounters.csv").write_text(ENCOUNTERS.format(key=key))
        taken = take_in(by=operator(), paths=[folder], source=source, layout="csv", full=full)
        assert not taken.quarantined

    return sent


def found(practice: str = "") -> list[tuple[str, str]]:
    told = search.run(by=operator(), pack_ids=["ambit-first-signs"], on=ON, practice=practice)
    return sorted((one.identity.practice_code, one.source) for one in told.flagged)


def test_who_moves_within_one_source_is_the_new_practices(send):
    send("place", "1", "Z90001")
    assert (found(), found("Z90001")) == ([("Z90001", "place")], [("Z90001", "place")])
    send("place", "1", "Z90002")
    assert found() == [("Z90002", "place")]
    with pytest.raises(Refused, match="Nobody in the coded records is of a practice “Z90001”"):
        found("Z90001")
    assert [(one.code, one.people) for one in queries.status(operator()).practices] == [("Z90002", 1)]


def test_who_moves_between_two_practices_that_each_send_their_own_leaves_the_first_with_its_next_extract(send, home):
    send("first", "1", "Z90001")
    send("second", "77", "Z90002")
    assert found() == [("Z90001", "first"), ("Z90002", "second")]
    (home / "first-1" / "people.csv").write_text(HEAD + "2,1950-01-01,male,9990000026,Z90001,yes\n")
    (home / "first-1" / "events.csv").unlink()
    (home / "first-1" / "encounters.csv").unlink()
    take_in(by=operator(), paths=[home / "first-1"], source="first", layout="csv", full=True)
    assert found() == [("Z90002", "second")]


def test_who_is_no_longer_registered_is_not_searched_and_comes_back_when_registered_again(send):
    send("place", "1", "Z90001")
    send("place", "1", "Z90001", registered="no")
    told = search.run(by=operator(), pack_ids=["ambit-first-signs"], on=ON)
    assert (told.searched, told.flagged) == (0, ())
    send("place", "1", "Z90001")
    assert found() == [("Z90001", "place")]

"""The person, an attorney, a parent and a carer come to their own pages, and do there what people do."""

from datetime import date
from uuid import UUID, uuid4

from ambit.access import actions as access
from ambit.access.queries import Person, Reader, current_numbers, operator, reader_named
from ambit.careplan import actions as careplan
from ambit.demonstration import cast
from ambit.demonstration.caring import moment, who
from ambit.demonstration.clock import clock_at


def open_them(today: date) -> None:
    """Accounts for each, a month ago; then a change that waits for an answer, and one that was answered."""
    people = {
        row.value: row.person
        for row in current_numbers()
        .filter(value__in={whose for *_, whose, _ in cast.OWN_PAGES})
        .select_related("person")
    }
    with clock_at(moment(today, 30)):
        for name, email, role, whose, basis in cast.OWN_PAGES:
            _sign_in_for(name, email, role, people[whose], basis)
    peggy = people["9997170326"]
    _asks(
        reader_named("peggy.ashworth@ambit.example"),
        peggy,
        "",
        "I would like my grandson Joe to know about my plan too.",
        today,
        1,
    )
    asked = _asks(
        reader_named("helen.ashworth-doyle@ambit.example"), peggy, "getting_in",
        "The key safe is on the left of the door now, behind the drainpipe.", today, 12,
    )  # fmt: skip
    with clock_at(moment(today, 10)):
        careplan.answer_proposal(
            by=who("Ruth Tannahill"),
            person=peggy,
            proposal_id=asked,
            answer="done",
            why="Thank you. The plan says so now.",
        )


def _sign_in_for(name: str, email: str, role: str, person: Person, basis: str) -> None:
    account, _password = access.make_account(
        by=operator(),
        email=email,
        role=role,
        person=person if role == "person" else None,
        name=name,
        password=cast.PASSWORD,
    )
    if role != "person":
        access.give_grant(by=operator(), person_id=person.id, kind=role, account_id=account.pk, basis=basis)


def _asks(by: Reader, person: Person, section: str, words: str, today: date, days_ago: int) -> UUID:
    with clock_at(moment(today, days_ago)):
        return careplan.propose_change(by=by, person=person, section=section, words=words, key=uuid4()).id

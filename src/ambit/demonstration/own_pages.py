"""The person, an attorney, a parent and a carer come to their own pages, and do there what people do."""

from datetime import date
from uuid import UUID, uuid4

from django.utils import timezone

from ambit.access import actions as access
from ambit.access.queries import Person, Reader, current_numbers, reader_named
from ambit.careplan import actions as careplan
from ambit.careplan import queries as careplan_queries
from ambit.demonstration import cast
from ambit.demonstration.caring import moment, who
from ambit.demonstration.clock import clock_at
from ambit.events.delivery import deliver_due
from ambit.mycare import actions as mycare
from ambit.people import actions as people_actions

PEGGY, HELEN = "peggy.ashworth@ambit.example", "helen.ashworth-doyle@ambit.example"


def open_them(today: date) -> None:
    """Letters and sign-ins for each, three weeks ago; since then a change asked for and answered, and two worries."""
    while deliver_due():  # what was done before they came is no news to them
        pass
    numbers = {whose for *_, whose, _ in cast.OWN_PAGES}
    people = {row.value: row.person for row in current_numbers().filter(value__in=numbers).select_related("person")}
    with clock_at(moment(today, 24)):  # the documents were recorded a day before
        for name, email, role, whose, basis in cast.OWN_PAGES:
            _comes(name, email, role, people[whose], basis)
    peggy = people["9997170326"]
    _asks(PEGGY, peggy, "", "I would like my grandson Joe to know about my plan too.", today, 1)
    words = "The key safe is on the left of the door now, behind the drainpipe."
    asked = _asks(HELEN, peggy, "getting_in", words, today, 12)
    with clock_at(moment(today, 10)):
        careplan.answer_proposal(
            by=who("Ruth Tannahill"),
            person=peggy,
            proposal_id=asked,
            answer="done",
            why="Thank you. The plan says so now.",
        )
    _worries(peggy, today)
    _shows_a_code(peggy, today)


def _shows_a_code(peggy: Person, today: date) -> None:
    """Peggy shows her plan to a paramedic who came when she had fallen; he opens it with her code."""
    with clock_at(moment(today, 5)):
        shown = access.show_code(by=reader_named(PEGGY), person_id=peggy.id)
        access.use_code(by=who("Dev Chauhan"), code=shown.code)


def _comes(name: str, email: str, role: str, person: Person, basis: str) -> None:
    """Invited by who saw who they are, then in by the letter's code; the carer because Peggy asked for it."""
    gp = who("Amina Rahman")
    if role == "carer":
        wish = mycare.ask_for_carer(by=reader_named(PEGGY), person=person, name=name, leave_until_on=None)
        letter = mycare.make_letter(by=gp, person=person, invitation_id=wish.id)
    else:
        letter = mycare.invite(
            by=gp,
            person=person,
            role=role,
            name=name,
            basis=basis,
            evidence="Passport seen at the surgery; the document itself seen and copied.",
            parental_id=_parental(person) if basis == "parental" else None,
            directive_id=_document(person) if basis == "attorney" else None,
        )
    if person.born_on is None:
        raise LookupError(f"{name} comes to somebody without a birth date; demonstration/cast.py names them.")
    mycare.begin(code=letter.code, born_on=person.born_on, email=email, password=cast.PASSWORD, address="")


def _document(person: Person) -> UUID:
    known = careplan_queries.authorities(person.id, on=timezone.localdate()).values()
    found: UUID = next(one.id for one in known if not one.why_not)
    return found


def _parental(child: Person) -> UUID:
    mother = child.important_people.get(relation="mother")
    held = people_actions.record_parental_responsibility(
        by=who("Amina Rahman"), person_id=child.id, seen=child.version, important_id=mother.pk, basis="birth_mother"
    )
    found: UUID = held.pk
    return found


def _asks(email: str, person: Person, section: str, words: str, today: date, days_ago: int) -> UUID:
    with clock_at(moment(today, days_ago)):
        by = reader_named(email)
        found: UUID = careplan.propose_change(by=by, person=person, section=section, words=words, key=uuid4()).id
    return found


def _worries(peggy: Person, today: date) -> None:
    """One that the nurse has read and looks into, and one that nobody has read although its day has passed."""
    helen: Reader = reader_named(HELEN)
    with clock_at(moment(today, 2)):
        read = mycare.raise_concern(
            by=helen,
            person=peggy,
            kind="care",
            words="Nobody came on Sunday evening, and Mum waited for her tablets until ten.",
            on=today,
            key=uuid4(),
        )
    with clock_at(moment(today, 1)):
        mycare.receive_concern(by=who("Amina Rahman"), concern_id=read.id)
    with clock_at(moment(today, 9)):
        mycare.raise_concern(
            by=reader_named(PEGGY),
            person=peggy,
            kind="care",
            words="I still do not know when the new mattress comes.",
            on=moment(today, 9).date(),
            key=uuid4(),
        )

"""Whom of the person's side is told when something happened. Safe to repeat."""

from ambit.access.events import EmergencyOpened
from ambit.access.queries import operator
from ambit.careplan import queries as careplan
from ambit.careplan.events import CPRRecorded, ProposalAnswered, SectionSaved
from ambit.mycare.actions import mail_notice, tell
from ambit.mycare.events import AskedToSeeAnswered, ConcernAnswered, NoticeMade


def tell_of_section(saved: SectionSaved) -> None:
    """Staff changed a part of the plan. What the person's side wrote itself is no news to them."""
    if not careplan.is_written_by_staff(saved.person_id, saved.section, saved.number):
        return
    tell(
        by=operator("Ambit"),
        person_id=saved.person_id,
        kind="plan_changed",
        source=f"section/{saved.section}/{saved.number}",
        section=saved.section,
    )


def tell_of_cpr(recorded: CPRRecorded) -> None:
    """A CPR decision that was talked about with the person; of one that was not, nobody hears here first."""
    if careplan.was_talked_about_with_person(recorded.decision_id):
        tell(
            by=operator("Ambit"),
            person_id=recorded.person_id,
            kind="plan_changed",
            source=f"cpr/{recorded.decision_id}",
            section="cpr",
        )


def tell_of_emergency(opened: EmergencyOpened) -> None:
    """Somebody opened the record in an emergency."""
    tell(by=operator("Ambit"), person_id=opened.person_id, kind="emergency", source=f"emergency/{opened.opening_id}")


def tell_of_proposal(answered: ProposalAnswered) -> None:
    """Who asked for a change has an answer; taking it back oneself is no news."""
    if answered.answer != "taken_back":
        tell(
            by=operator("Ambit"),
            person_id=answered.person_id,
            kind="proposal_answered",
            source=f"proposal/{answered.proposal_id}",
            only=careplan.proposer(answered.proposal_id),
        )


def tell_of_concern(answered: ConcernAnswered) -> None:
    """Who raised a concern has an answer."""
    tell(
        by=operator("Ambit"),
        person_id=answered.person_id,
        kind="concern_answered",
        source=f"concern/{answered.concern_id}",
        only=answered.account_id,
    )


def tell_of_asked(answered: AskedToSeeAnswered) -> None:
    """Who asked to see another person's plan has an answer."""
    tell(
        by=operator("Ambit"),
        person_id=answered.person_id,
        kind="asked_answered",
        source=f"asked/{answered.asked_id}",
        only=answered.account_id,
    )


def mail_it(made: NoticeMade) -> None:
    mail_notice(by=operator("Ambit"), notice_id=made.notice_id)

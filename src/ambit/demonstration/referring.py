"""Referrals to the register: one that waits, one in which the practice asks back, one declined, one accepted."""

from datetime import date, timedelta

from ambit.access.queries import current_numbers, people_of
from ambit.demonstration.caring import moment, who
from ambit.demonstration.clock import clock_at
from ambit.people.rules import Identity
from ambit.register import actions as register
from ambit.register import rules

# days ago, who referred, the GP, why, whether the person knows; days ago and words of the answer, if there is one
REFERRALS = (
    (
        9, "Grace Nwosu", "Owen Shah", "Two chest infections since September and eating half of what she did.", "yes",
        (7, rules.ACCEPTED, "Seen on the home round; agreed with everybody at the bedside."),
    ),
    (
        6, "Hugh Castell", "Amina Rahman", "Second admission with falls this autumn; frailty score 7 on the ward.", "no",
        (5, rules.DECLINED, "The falls came from a new tablet, stopped now. We look again in March."),
    ),
    (
        3, "Tom Fenwick", "Amina Rahman", "Care package doubled since summer; the family say that strength is fading.", "yes",
        (2, rules.ASKED, "What has changed in the last month? Any time out of the house?"),
    ),
    (
        1, "Sam Okafor", "Amina Rahman", "Third call-out in five weeks for breathlessness; did not want to go in.",
        "could_not", None,
    ),
)  # fmt: skip


def referrals(today: date) -> None:
    """Each about somebody old of the practice's list who is not on the register, referred by who they are."""
    taken: set[str] = set()
    for days_ago, referrer, gp_name, why, knows, answer in REFERRALS:
        gp = who(gp_name)
        not_on_it = people_of(gp).filter(died_on=None, register_entries=None, practice_id=gp.organisation_id)
        number = (
            current_numbers()
            .filter(kind="nhs", person__in=not_on_it)
            .exclude(value__in=taken)
            .select_related("person")
            .order_by("person__born_on", "value")
            .first()
        )
        if number is None:
            continue  # a place of hardly more than the cast
        taken.add(number.value)
        person = number.person
        with clock_at(moment(today, days_ago)):
            referral = register.refer_by_identity(
                by=who(referrer),
                identity=Identity(
                    family_name=person.family_name,
                    given_names=person.given_names,
                    born_on=person.born_on,
                    nhs_number=number.value,
                    practice_id=person.practice_id,
                ),
                reason=why,
                knows=knows,
            )
        if answer:
            answered, said, words = answer
            with clock_at(moment(today, answered)):
                register.answer_referral(
                    by=gp,
                    referral_id=referral.id,
                    seen=0,
                    answer=said,
                    words=words,
                    stage="months",
                    told=True,
                    on=today - timedelta(days=answered),
                )

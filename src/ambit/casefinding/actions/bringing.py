"""A practice brings the list of another search, or of its own meeting, so that its people stand among those found."""

from django.db import transaction

from ambit.access.queries import Reader, operator
from ambit.audit import actions as audit
from ambit.audit.rules import NotAllowed
from ambit.casefinding.queries import practice_code
from ambit.design.refusals import Refused
from ambit.population import actions as population
from ambit.population.actions import Brought


def bring_list(*, by: Reader, text: str, code: str, on: str) -> Brought:
    """Keep a list of NHS numbers, as EARLY's searches give, with people of the reader's own practice; all others are left out by line.

    Nobody becomes a candidate by it: the next search reads the list with everything else, and a clinician answers. The list goes
    into the population store, which its own writer keeps; the reader's own line in the trail is written first.
    """
    by.must("decide_candidates")
    practice = practice_code(by)
    if not practice:
        raise NotAllowed("A list is brought by a practice, for its own people.")
    if not text.strip():
        raise Refused({"file": "The file is empty."})
    with transaction.atomic():
        audit.record(by=by, what="brought a list of another search", details={"code": code, "practice": practice})
    return population.bring_results(by=operator(by.name), text=text, code=code, on=on, practice=practice)

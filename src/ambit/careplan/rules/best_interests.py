"""Decisions for somebody who cannot decide (L15), and when an independent advocate must be asked for (L16). No clock.

Mental Capacity Act 2005, section 4 and sections 37 to 39.
"""

from collections.abc import Iterable
from typing import Final

from ambit.careplan.rules.document import MADE_HERE, Document
from ambit.careplan.rules.documents import SERIOUS, URGENT, BestInterests, IMCAReferral

_ASKED: Final = {
    "decision": "Write which decision had to be made.",
    "options": "Write the options that were considered.",
    "wishes": "Write what the person wants, feels and believes, as far as it is known (s.4(6)).",
    "consulted": "Write who was consulted: people named by the person, carers, attorneys, deputies (s.4(7)). If nobody is there, say so below.",
    "less_restrictive": "Write why no less restrictive way would do (s.1(6)).",
    "outcome": "Write what was decided.",
    "decided_by": "Write who decided.",
}


def problems(record: BestInterests) -> dict[str, str]:
    """L15: what the law asks to be considered, and that it was not moved by a wish to bring about death (s.4(5))."""
    if record.source != MADE_HERE:
        return {}
    found = {name: words for name, words in _ASKED.items() if not str(getattr(record, name)).strip()}
    if record.nobody_to_consult:
        found.pop("consulted", None)
    if not record.not_to_bring_about_death:
        found["not_to_bring_about_death"] = (
            "Confirm that the decision was not moved by a wish to bring about death (s.4(5))."
        )
    return found


def advocate_needed(record: BestInterests, referrals: Iterable[IMCAReferral]) -> bool:
    """L16: serious treatment or a long stay, nobody appropriate to consult, and no advocate asked for since (ss.37 to 39).

    A referral for the same reason counts, and so does the reason recorded why there was no time.
    """
    if record.serious == "no" or not record.nobody_to_consult or not record.is_current:
        return False
    return not any(one.is_current and one.serious == record.serious for one in referrals)


def advocates_needed(among: Iterable[Document]) -> tuple[BestInterests, ...]:
    """Decisions for which an advocate must still be asked for."""
    everything = tuple(among)
    referrals = [one for one in everything if isinstance(one, IMCAReferral)]
    return tuple(one for one in everything if isinstance(one, BestInterests) and advocate_needed(one, referrals))


def referral_problems(referral: IMCAReferral) -> dict[str, str]:
    """What a referral must say; going on without one needs a reason that could not wait (s.37(4))."""
    found: dict[str, str] = {}
    if referral.source != MADE_HERE:
        return found
    if not referral.decision.strip():
        found["decision"] = "Write which decision the advocate is asked about."
    if referral.serious not in SERIOUS or referral.serious == "no":
        found["serious"] = "Choose why an advocate is asked for."
    if referral.state == URGENT and not referral.why_urgent.strip():
        found["why_urgent"] = "Write why the decision could not wait for an advocate."
    if referral.state != URGENT and not referral.service.strip():
        found["service"] = "Write which advocacy service was asked."
    return found

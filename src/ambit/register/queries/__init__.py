"""What people ask of the register, and of the referrals to it."""

from ambit.register.queries.entries import (
    FOUND_BY,
    OPEN_ENTRY,
    REASONS_TO_LEAVE,
    Earlier,
    Entry,
    RegisterRow,
    Stage,
    earlier_times,
    entry_of,
    ever_on_register,
    first_joined,
    numbers_on_register,
    on_register,
    register_of,
    stage_of,
)
from ambit.register.queries.referrals import (
    ReferralPage,
    ReferralRow,
    Referrals,
    practices_to_ask,
    referral,
    referral_waits_for,
    referrals,
    referrals_waiting,
)
from ambit.register.queries.reviews import REVIEWS_DUE, reviews_due

__all__ = [
    "FOUND_BY", "OPEN_ENTRY", "REASONS_TO_LEAVE", "REVIEWS_DUE", "Earlier", "Entry", "ReferralPage", "ReferralRow", "Referrals", "RegisterRow", "Stage",
    "earlier_times", "entry_of", "ever_on_register", "first_joined", "numbers_on_register", "on_register", "practices_to_ask", "referral",
    "referral_waits_for", "referrals", "referrals_waiting", "register_of", "reviews_due",
    "stage_of",
]  # fmt: skip

"""What is done about access. All writing happens here; every act writes its audit line in the same transaction."""

from ambit.access.actions.accounts import deactivate_account, make_account
from ambit.access.actions.codes import Shown, show_code, stop_showing, use_code
from ambit.access.actions.drafts import DRAFTS_AT_MOST, DRAFTS_KEPT_FOR, discard_draft, expire_drafts, keep_draft
from ambit.access.actions.emergencies import break_glass, review_break_glass
from ambit.access.actions.outside import agree_outside, end_outside
from ambit.access.actions.residences import move_home
from ambit.access.actions.seals import end_seal, seal_item
from ambit.access.actions.sharing import record_consent, record_objection, withdraw_objection
from ambit.access.actions.ties import end_duty, end_grant, give_grant, put_on_duty

__all__ = [
    "DRAFTS_AT_MOST",
    "DRAFTS_KEPT_FOR",
    "Shown",
    "agree_outside",
    "break_glass",
    "deactivate_account",
    "discard_draft",
    "end_duty",
    "end_grant",
    "end_outside",
    "end_seal",
    "expire_drafts",
    "give_grant",
    "keep_draft",
    "make_account",
    "move_home",
    "put_on_duty",
    "record_consent",
    "record_objection",
    "review_break_glass",
    "seal_item",
    "show_code",
    "stop_showing",
    "use_code",
    "withdraw_objection",
]

"""What is done with the register: joining, changing the stage, leaving; referring somebody, and answering that."""

from ambit.register.actions.entries import add_to_register, change_stage, leave, say_told
from ambit.register.actions.referrals import answer_referral, refer_by_identity, refer_person, tell_more

__all__ = [
    "add_to_register", "answer_referral", "change_stage", "leave", "refer_by_identity", "refer_person", "say_told",
    "tell_more",
]  # fmt: skip

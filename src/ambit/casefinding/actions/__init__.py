"""What is done in case-finding: candidates kept from a search, a month's review chosen, and answers given."""

from ambit.casefinding.actions.answering import accept_candidate, discuss, not_now, pass_on, say_no, take_back
from ambit.casefinding.actions.reviewing import choose_capacity
from ambit.casefinding.actions.searching import ask_for_run, fail_run, keep_candidates, run_search

__all__ = [
    "accept_candidate", "ask_for_run", "choose_capacity", "discuss", "fail_run", "keep_candidates", "not_now", "pass_on", "run_search",
    "say_no", "take_back",
]  # fmt: skip

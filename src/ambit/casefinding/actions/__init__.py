"""What is done in case-finding: candidates kept from a search, a month's review chosen, answers given, and reports made."""

from ambit.casefinding.actions.answering import accept_candidate, discuss, not_now, pass_on, say_no, take_back_answer
from ambit.casefinding.actions.bringing import bring_list
from ambit.casefinding.actions.figures import take_figures, take_later_figures
from ambit.casefinding.actions.reviewing import choose_capacity
from ambit.casefinding.actions.searching import ask_for_run, fail_run, keep_candidates, run_search
from ambit.casefinding.actions.validating import ask_for_validation, make_validation

__all__ = [
    "accept_candidate", "ask_for_run", "ask_for_validation", "bring_list", "choose_capacity", "discuss", "fail_run", "keep_candidates", "make_validation", "not_now", "pass_on", "run_search",
    "say_no", "take_back_answer", "take_figures",
    "take_later_figures",
]  # fmt: skip

"""The one list of who listens to which event. Listeners are safe to repeat.

What protects somebody (withdrawal, death, supersession) is never here: it is in the action itself.
"""

from ambit.coordination.reactions import ask_for_a_coordinator, ask_once_told
from ambit.events.delivery import when
from ambit.register.events import PersonJoined, PersonTold

when(PersonJoined, ask_for_a_coordinator)
when(PersonTold, ask_once_told)

"""The one list of who listens to which event. Listeners are safe to repeat.

What protects somebody (withdrawal, death, supersession) is never here: it is in the action itself.
"""

from ambit.events.delivery import when  # noqa: F401

"""Announces what has happened, once it is safely stored.

`announce(event)` puts a frozen dataclass into the outbox in the caller's transaction; the worker delivers it at
least once to the listeners of `site/reactions.py`. Nothing that protects somebody is a reaction.
"""

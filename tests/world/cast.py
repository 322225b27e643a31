"""The invented people of the demonstration are also those of the tests."""

from ambit.demonstration.cast import ORGANISATIONS, PEOPLE, STAFF, email_of

__all__ = ["ORGANISATIONS", "PEOPLE", "STAFF", "email_of"]

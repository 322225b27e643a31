"""Ambit: palliative and end of life care for a whole place."""

__version__ = "0.1.0"

"""What an organisation's code, a telephone number and a postcode may look like. Plain Python, no clock."""

import re
from datetime import date


def code_problem(code: str) -> str | None:
    """Why this cannot be an ODS-like code, or None when it can.

    ODS codes are 3 to 8 letters A to Z and digits (integrated care boards 3, practices 6, sites up to 8).
    """
    if not code:
        return "Enter the organisation’s ODS code, such as Z90001."
    if not code.isascii() or not code.isalnum():
        return "Use only the letters A to Z and the digits 0 to 9 in an ODS code."
    if not 3 <= len(code) <= 8:
        return f"An ODS code has 3 to 8 letters and digits; this has {len(code)}."
    return None


def tidy_code(text: str) -> str:
    """A code as it is stored: capital letters, no spaces around or inside."""
    return "".join(text.split()).upper()


POSTCODE = re.compile(r"^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$")


def tidy_postcode(text: str) -> str:
    """A postcode in capitals with one space before its last three characters."""
    plain = "".join(text.split()).upper()
    return f"{plain[:-3]} {plain[-3:]}" if len(plain) > 3 else plain


def postcode_problem(postcode: str) -> str | None:
    """Why a tidied postcode cannot be one of the United Kingdom; empty is allowed."""
    if postcode and not (postcode.isascii() and POSTCODE.match(postcode)):
        return f"“{postcode}” is not a United Kingdom postcode. Write it like QZ1 4AB, or leave it empty."
    return None


def telephone_problem(telephone: str) -> str | None:
    """Why this cannot be dialled; empty is allowed, so are an extension and words such as “ext”."""
    if not telephone:
        return None
    digits = [c for c in telephone if c.isdigit()]
    if len(telephone) > 30:
        return "A telephone number has at most 30 characters."
    if not telephone.isascii() or not re.fullmatch(r"[0-9+()\-. /extEXT]+", telephone) or not 3 <= len(digits) <= 20:
        return f"“{telephone}” cannot be dialled. Write digits, like 01632 960 123."
    return None


def dates_problem(opened_on: date | None, closed_on: date | None) -> str | None:
    """Nothing closes or ends before it opens or begins."""
    if opened_on and closed_on and closed_on < opened_on:
        return f"The last day ({closed_on}) is before the first ({opened_on}). Change one of them."
    return None

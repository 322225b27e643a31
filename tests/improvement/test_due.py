"""Words about when, as people write them, with the first and last day they can mean."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambit.improvement.rules.due import as_words, is_overdue, read_due

ON = date(2026, 11, 30)
NONE = None


@pytest.mark.parametrize(
    ("words", "earliest", "latest"),
    [
        # words that name no day
        ("", NONE, NONE), ("ongoing", NONE, NONE), ("Ongoing.", NONE, NONE), ("tbc", NONE, NONE), ("TBC", NONE, NONE),
        ("To be confirmed", NONE, NONE), ("Not agreed", NONE, NONE), ("asap", NONE, NONE), ("Done", NONE, NONE),
        ("January board", NONE, NONE), ("Ability to deliver different elements of this will vary", NONE, NONE),
        ("31 March 2027, and ongoing", NONE, NONE), ("soon", NONE, NONE), ("?", NONE, NONE), ("12", NONE, NONE),
        # days
        ("31 March 2027", "2027-03-31", "2027-03-31"), ("31st March 2027", "2027-03-31", "2027-03-31"),
        ("by 31 Mar 2027", "2027-03-31", "2027-03-31"), ("By the 31st of March, 2027.", "2027-03-31", "2027-03-31"),
        ("31/03/2027", "2027-03-31", "2027-03-31"), ("31.3.27", "2027-03-31", "2027-03-31"), ("2027-03-31", "2027-03-31", "2027-03-31"),
        ("2027-03-31 00:00:00", "2027-03-31", "2027-03-31"), ("31-Mar-27", "2027-03-31", "2027-03-31"),
        ("March 31, 2027", "2027-03-31", "2027-03-31"), ("Wednesday 31 March 2027", "2027-03-31", "2027-03-31"),
        ("14 January", "2027-01-14", "2027-01-14"), ("14 December", "2026-12-14", "2026-12-14"),
        ("Due: 1 Sept 2027", "2027-09-01", "2027-09-01"), ("31 February 2027", NONE, NONE), ("45/13/2027", NONE, NONE),
        ("29 February 2028", "2028-02-29", "2028-02-29"), ("Christmas", "2026-12-25", "2026-12-25"),
        # months and parts of them
        ("Mar 2024", "2024-03-01", "2024-03-31"), ("March 2024", "2024-03-01", "2024-03-31"), ("Mar-24", "2024-03-01", "2024-03-31"),
        ("03/2027", "2027-03-01", "2027-03-31"), ("March", "2027-03-01", "2027-03-31"), ("November", "2026-11-01", "2026-11-30"),
        ("end of March", "2027-03-31", "2027-03-31"), ("End of March 2027", "2027-03-31", "2027-03-31"),
        ("by the end of March", "2027-03-31", "2027-03-31"), ("mid-January", "2027-01-11", "2027-01-20"),
        ("early May 2027", "2027-05-01", "2027-05-10"), ("late May 2027", "2027-05-21", "2027-05-31"),
        ("before April 2027", "2026-11-30", "2027-03-31"), ("by April 2027", "2027-04-01", "2027-04-30"),
        ("October to December 2026", "2026-10-01", "2026-12-31"), ("Oct–Dec 2026", "2026-10-01", "2026-12-31"),
        ("Nov 2026 - Feb 2027", "2026-11-01", "2027-02-28"), ("November to February 2027", "2026-11-01", "2027-02-28"),
        # quarters
        ("Q3 2025/26", "2025-10-01", "2025-12-31"), ("Q3 25-26", "2025-10-01", "2025-12-31"), ("q4 2026/27", "2027-01-01", "2027-03-31"),
        ("Quarter 1 of 2027/28", "2027-04-01", "2027-06-30"), ("Q1 FY 27/28", "2027-04-01", "2027-06-30"),
        ("2026/27 Q4", "2027-01-01", "2027-03-31"), ("end of Q4 2026/27", "2027-01-01", "2027-03-31"),
        ("Q3", "2026-10-01", "2026-12-31"), ("Q2", "2027-07-01", "2027-09-30"), ("Q5 2026/27", NONE, NONE),
        ("Q3 2025/27", NONE, NONE),
        # a quarter with one year may be of the calendar or of the financial year: the days span both
        ("Q1 2027", "2027-01-01", "2027-06-30"), ("Q4 2026", "2026-10-01", "2027-03-31"),
        # years
        ("Financial year 24-25", "2024-04-01", "2025-03-31"), ("FY 24/25", "2024-04-01", "2025-03-31"),
        ("FY2024/25", "2024-04-01", "2025-03-31"), ("2024/25", "2024-04-01", "2025-03-31"), ("2024-2025", "2024-04-01", "2025-03-31"),
        ("24/25 financial year", "2024-04-01", "2025-03-31"), ("end of financial year 2026/27", "2027-03-31", "2027-03-31"),
        ("2024/27", NONE, NONE), ("FY 2026", "2025-04-01", "2027-03-31"), ("2027", "2027-01-01", "2027-12-31"),
        ("end of 2026", "2026-12-31", "2026-12-31"),
        # seasons and spans
        ("Spring 2027", "2027-03-01", "2027-05-31"), ("autumn", "2026-09-01", "2026-11-30"), ("summer", "2027-06-01", "2027-08-31"),
        ("Winter 2026/27", "2026-12-01", "2027-02-28"), ("within 6 months", "2026-11-30", "2027-05-30"),
        ("within three months", "2026-11-30", "2027-02-28"), ("6 weeks", "2026-11-30", "2027-01-11"),
    ],
)  # fmt: skip
def test_what_words_mean(words, earliest, latest):
    told = read_due(words, on=ON)
    assert told.words == words
    assert [day and day.isoformat() for day in (told.earliest, told.latest)] == [earliest, latest]


@given(st.text(max_size=60))
def test_any_words_are_kept_and_never_fail(words):
    told = read_due(words, on=ON)
    assert told.words == " ".join(words.split())
    assert (told.earliest is None) == (told.latest is None)
    assert told.earliest is None or told.latest is None or told.earliest <= told.latest


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2999, 12, 31)))
def test_a_day_written_out_is_that_day(day):
    for words in (as_words(day), day.isoformat(), f"{day:%d/%m/%Y}"):
        assert (read_due(words, on=ON).earliest, read_due(words, on=ON).latest) == (day, day)


def test_late_is_after_the_last_day_it_can_mean():
    last = read_due("Q3 2026/27", on=ON).latest
    assert not is_overdue(last, on=date(2026, 12, 31))
    assert is_overdue(last, on=date(2026, 12, 31) + timedelta(days=1))
    assert not is_overdue(read_due("ongoing", on=ON).latest, on=ON)

"""Birth, age and death: what can be true, and how it is said."""

from datetime import date, time, timedelta

OLDEST = 130  # years; the longest life on record is 122


def age_on(born_on: date, on: date) -> int:
    """Completed years; somebody born on 29 February is a year older on 1 March when there is no such day."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def long_date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def born_words(born_on: date | None, precision: str) -> str:
    """The birth date as it is known: exact, estimated, a month, a year, or a due date."""
    if born_on is None:
        return "Not recorded"
    if precision == "month":
        return f"{born_on:%B %Y} (day not known)"
    if precision == "year":
        return f"{born_on.year} (day and month not known)"
    if precision == "estimated":
        return f"about {long_date(born_on)} (estimated)"
    if precision == "unborn":
        return f"due {long_date(born_on)}"
    return long_date(born_on)


def age_words(born_on: date | None, precision: str, on: date) -> str:
    """Age as it is read out: years, months under 2 years, weeks under 3 months, days under 4 weeks."""
    if born_on is None:
        return "age not known"
    if precision == "unborn":
        return "not born yet"
    days = (on - born_on).days
    about = "about " if precision in {"estimated", "month", "year"} else ""
    if days < 28:
        return f"{about}{days} {'day' if days == 1 else 'days'}"
    months = (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day)
    if months < 3:
        return f"{about}{days // 7} weeks"
    if months < 24:
        return f"{about}{months} months"
    return f"{about}{age_on(born_on, on)} years"


def birth_problem(born_on: date | None, precision: str, *, on: date) -> str | None:
    """Why somebody cannot be born on this day, or be due then."""
    if born_on is None:
        return "Enter the date of birth, or say that it is not known." if precision else None
    if precision == "unborn":
        # 42 weeks from today at the latest; a birth may be registered here some weeks after it was due
        if not on - timedelta(weeks=6) <= born_on <= on + timedelta(weeks=42):
            return f"A due date is within 42 weeks of today, {long_date(on)}. Check it."
        return None
    if born_on > on:
        return f"The date of birth is after today, {long_date(on)}. Check the year."
    if on.year - born_on.year > OLDEST:
        return f"The date of birth is more than {OLDEST} years ago. Check the year."
    return None


def death_problems(
    died_on: date, died_at: time | None, *, born_on: date | None, unborn: bool, on: date, now: time
) -> dict[str, str]:
    """Nobody dies before they are born or after this moment; a stillborn child has a birth first."""
    problems: dict[str, str] = {}
    if unborn:
        problems[""] = "Record the birth first, also of a child who was born dead."
    elif died_on > on:
        problems["died_on"] = f"The date of death is after today, {long_date(on)}. Check it."
    elif died_on == on and died_at and died_at > now:
        problems["died_at"] = "The time of death is later than now. Check it."
    elif born_on and died_on < born_on:
        problems["died_on"] = f"The date of death is before the date of birth, {long_date(born_on)}. Check both."
    return problems

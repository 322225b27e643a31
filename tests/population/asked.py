"""A life on a day, asked in the words of the packs: the vocabulary of the recounts, which know nothing of our criteria."""

from datetime import date, timedelta
from decimal import Decimal

from tests.population.test_synthea import Life, codes, kleene_all, kleene_any, months_before

NOTHING = (None, frozenset())
EGFR = ("mL/min/{1.73_m2}",)
SCORE, PERCENT, A_MINUTE, PRESSURE = ("{score}",), ("%",), ("/min",), ("mm[Hg]",)


def both(*several):
    """All of them; with the rows of all when true."""
    value = kleene_all(*(told[0] for told in several))
    return value, frozenset().union(*(told[1] for told in several)) if value else frozenset()


def either(*several):
    value = kleene_any(*(told[0] for told in several))
    return value, frozenset().union(*(told[1] for told in several if told[0])) if value else frozenset()


def at_least(k, *several):
    true, perhaps = sum(t[0] is True for t in several), sum(t[0] is not False for t in several)
    value = True if true >= k else False if perhaps < k else None
    return value, frozenset().union(*(told[1] for told in several if told[0])) if value else frozenset()


def isnt(told):
    return (None if told[0] is None else not told[0]), frozenset()


def millionths(value):
    return round(Decimal(str(value)) * 1_000_000)


class Asked:
    """A life on a day, asked in the words of the packs. `months` may be days, as a timedelta."""

    def __init__(self, life: Life, on: date) -> None:
        self.life, self.on = life, on

    def since(self, months):
        if isinstance(months, timedelta):
            return self.on - months
        return months_before(self.on, months) if months else date.min

    def rows(self, lists, months, sense="has"):
        wanted = frozenset().union(*(codes(name, sense) for name in lists))
        return [row for row in self.life.rows if row[1] in wanted and self.since(months) < row[0] <= self.on]

    def absent(self, unsaid):
        return (False if not unsaid and any(row[0] <= self.on for row in self.life.rows) else None), frozenset()

    def has(self, *lists, months=None, sense="has", unsaid=False, days=0, kinds=0):
        rows = self.rows(lists, months, sense)
        if not rows:
            return self.absent(unsaid)
        told = {row[1] for row in rows}
        enough = len({row[0] for row in rows}) >= days and sum(bool(told & codes(n, sense)) for n in lists) >= kinds
        return enough, frozenset(row[2] for row in rows) if enough else frozenset()

    def later(self, these, those, *, months=None, same_day, unsaid=True):
        """The last of these is later than the last of those."""
        here, there = self.rows(these, months), self.rows(those, months)
        if not here:
            return self.absent(unsaid)
        last = max(row[0] for row in here)
        ended = max((row[0] for row in there), default=date.min)
        stands = last > ended or (last == ended and same_day)
        return stands, frozenset(row[2] for row in here if row[0] == last) if stands else frozenset()

    def more_kinds(self, lists, k):
        """So many of the lists have a code now and had none a year ago, more than the other way round."""
        now = self.rows(lists, None)
        if not now:
            return self.absent(False)
        year = months_before(self.on, 12)
        before = {row[1] for row in now if row[0] <= year}
        had = {name for name in lists if before & codes(name)}
        new = {name for name in lists if {row[1] for row in now} & codes(name)} - had
        fresh = frozenset(row[2] for row in now if any(row[1] in codes(name) for name in new))
        return (len(new) >= k), fresh if len(new) >= k else frozenset()

    def measured(self, name, unit, months):
        return [r for r in self.rows((name,), months) if r[3] is not None and r[4] in unit]

    def latest(self, name, unit, months, fits, pick):
        rows = self.measured(name, unit, months)
        if not rows:
            return NOTHING
        last = max(r[0] for r in rows)
        value = pick(r[3] for r in rows if r[0] == last)
        if not fits(value):
            return False, frozenset()
        return True, frozenset(r[2] for r in rows if r[0] == last and r[3] == value)

    def lighter(self, *, more):
        """Weight down by a tenth (by more than a tenth) from the best of the six months before the latest of six months."""
        recent = self.measured("weight", ("kg",), 6)
        if not recent:
            return NOTHING
        last = max(r[0] for r in recent)
        after = months_before(last, 6)
        earlier = [r for r in self.measured("weight", ("kg",), None) if after < r[0] < last]
        if not earlier:
            return NOTHING
        best, now = max(r[3] for r in earlier), min(r[3] for r in recent if r[0] == last)
        fell, tenth = 10 * (millionths(best) - millionths(now)), millionths(best)
        if not (fell > tenth if more else fell >= tenth):
            return False, frozenset()
        return True, frozenset(r[2] for r in earlier if r[3] == best) | {
            r[2] for r in recent if r[0] == last and r[3] == now
        }

    def unplanned(self, k, months=6):
        value, rows = self.life.unplanned(self.on, k, self.since(months))
        return value, frozenset(rows)

    @property
    def age(self):
        born = self.life.born
        return self.on.year - born.year - ((self.on.month, self.on.day) < (born.month, born.day))

    def aged(self, low=0, below=999):
        return low <= self.age < below, frozenset()

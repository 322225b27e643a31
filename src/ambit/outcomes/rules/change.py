"""Whether scores got better over phases: the AIHW/PCOC measure, and its two halves. Plain Python, no clock.

Definition: https://aihw.gov.au/reports/palliative-care-services/national-palliative-care-measures (measure 1.1). The unit
is a phase with a valid score at start and at end; a missing score is never filled in, and says so beside the result.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Pair = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; of none there is no share."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        return self.count / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one item over phases."""

    improved: Share
    anticipatory: Share
    responsive: Share
    complete: Share
    by: Mapping[int, int]  # how far each went: end minus start, and how many


def change(pairs: Iterable[Pair], *, low_at_most: int) -> Change:
    """Outcome of one item where 0 is best: `low_at_most` is the highest score that counts as absent or mild.

    improved: at least one point lower at the end, or low at the start and not higher at the end.
    anticipatory: of those low at the start, low at the end. responsive: of those high at the start, low at the end.
    """
    everything = list(pairs)
    valid = [(start, end) for start, end in everything if start is not None and end is not None]
    low = [end for start, end in valid if start <= low_at_most]
    high = [end for start, end in valid if start > low_at_most]
    return Change(
        improved=Share(sum(end < start or (start <= low_at_most and end <= start) for start, end in valid), len(valid)),
        anticipatory=Share(sum(end <= low_at_most for end in low), len(low)),
        responsive=Share(sum(end <= low_at_most for end in high), len(high)),
        complete=Share(len(valid), len(everything)),
        by=dict(sorted(Counter(end - start for start, end in valid).items())),
    )

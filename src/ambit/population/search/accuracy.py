"""How right a search was, from four counts; and what a published accuracy would mean where fewer people are ill. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Accuracy:
    """True and false positives, false and true negatives."""

    tp: int
    fp: int
    fn: int
    tn: int

    @property
    def percent(self) -> Mapping[str, Decimal]:
        """In percent to one decimal, as papers print it; what nobody could have is left out."""
        parts = {
            "sensitivity": (self.tp, self.tp + self.fn),
            "specificity": (self.tn, self.tn + self.fp),
            "ppv": (self.tp, self.tp + self.fp),
            "npv": (self.tn, self.tn + self.fn),
        }
        return {name: one_decimal(Decimal(100 * part) / of) for name, (part, of) in parts.items() if of}


def one_decimal(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.1"), ROUND_HALF_UP)


def predictive_value(sensitivity: Decimal, specificity: Decimal, prevalence: Decimal) -> Decimal:
    """Bayes: of those found, the share who are right, where so many are; all three as shares of one."""
    right, wrong = sensitivity * prevalence, (1 - specificity) * (1 - prevalence)
    return right / (right + wrong)

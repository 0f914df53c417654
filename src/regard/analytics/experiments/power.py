"""How many units an experiment takes to tell a difference, and how small a one so many units can tell."""

from __future__ import annotations

import math
from dataclasses import dataclass

from regard.analytics.arrays import critical
from regard.analytics.distributions.normal import normal_tail
from regard.analytics.experiments.sequences import sequence_reach
from regard.kernel.errors import InvalidInput

METHOD = "power of Welch's t (means) and of the pooled z test (shares)"
SOURCE = "Cohen (1988), Statistical Power Analysis, 2nd ed.; Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed., ch. 4"
MOST_UNITS = 10_000_000_000
# From here on Student's t and the normal distribution give the same number of units.
MANY = 1_000_000


@dataclass(frozen=True, slots=True)
class Design:
    """An experiment that is planned.

    Args:
        baseline: the figure as it is. sd: how far units differ; None for a share of units.
        explained: the share of the variance that the time before takes out.
        variants: with the baseline. Of several, each comparison is held to its part of the false alarms.
        confidence: of the intervals that it will be read by.
        tightest: where it is looked at while it runs, at how many units the intervals are tightest; else None.
    """

    baseline: float
    sd: float | None = None
    explained: float = 0.0
    variants: int = 2
    confidence: float = 0.95
    tightest: float | None = None

    def __post_init__(self) -> None:
        if self.sd is None and not 0 < self.baseline < 1:
            raise InvalidInput(
                "A share lies between 0 and 1, not %(given)s; 10%% is 0.1.", given=self.baseline
            )
        if self.sd is not None and not 0 < self.sd < math.inf:
            raise InvalidInput(
                "Units must differ: give a standard deviation above 0, not %(given)s.", given=self.sd
            )
        if not 0 <= self.explained < 1:
            raise InvalidInput(
                "What the time before explains is a share below 1, not %(given)s.", given=self.explained
            )
        if self.variants < 2:
            raise InvalidInput("An experiment needs at least 2 variants, not %(given)s.", given=self.variants)

    def power(self, difference: float, n: float) -> float:
        """The chance that `n` units in each variant tell this difference.

        Of an experiment that is looked at while it runs it is that of the last look alone; earlier ones add to it.

        Source: Cohen (1988), section 2.2; Fleiss, Levin and Paik (2003), section 4.3.

        >>> design = Design(0.10)
        >>> round(design.power(0.02, 3841), 4)
        0.8
        """
        other = self.baseline + difference
        kept = 1 - self.explained
        if self.sd is not None:
            se = self.sd * math.sqrt(2 * kept / n)
            tested = se
        elif not 0 < other < 1:
            return 0.0
        else:
            middle = (self.baseline + other) / 2
            variance = self.baseline * (1 - self.baseline) + other * (1 - other)
            se = math.sqrt(kept * variance / n)
            tested = math.sqrt(kept * 2 * middle * (1 - middle) / n) if self.tightest is None else se
        far = abs(difference) / se
        if self.tightest is not None:
            reach = float(sequence_reach(2 * n, confidence=self.level, tightest=self.tightest))
            return float(normal_tail(reach - far))
        df = 2 * n - 2
        if self.sd is None or df > MANY:
            reach = float(critical(self.level)) * tested / se
            return float(normal_tail(reach - far) + normal_tail(reach + far))
        return _student_power(far, df, float(critical(self.level, df)))

    @property
    def level(self) -> float:
        """The confidence of each comparison, so that all of them together are wrong as seldom as asked."""
        return 1 - (1 - self.confidence) / (self.variants - 1)

    def units(self, difference: float, power: float = 0.8) -> int:
        """The fewest units in each variant that tell this difference with this chance.

        Raises: InvalidInput where no number does.

        >>> Design(0.10).units(0.02), Design(10, sd=1).units(1)
        (3841, 17)
        """
        if difference == 0 or not math.isfinite(difference):
            raise InvalidInput("The difference to be told must not be 0: say how small a one still matters.")
        if self.sd is None and not 0 < self.baseline + difference < 1:
            raise InvalidInput(
                "%(baseline)s and a difference of %(given)s is no share; it must lie between 0 and 1.",
                baseline=f"{self.baseline:g}", given=f"{difference:g}",
            )  # fmt: skip
        least, most = 1, 2
        while self.power(difference, most) < power:
            least, most = most, 2 * most
            if most > MOST_UNITS:
                raise InvalidInput(
                    "No experiment is large enough for so small a difference; ask for a larger one."
                )
        while most - least > 1:
            middle = (least + most) // 2
            least, most = (least, middle) if self.power(difference, middle) >= power else (middle, most)
        return most

    def detectable(self, n: float, power: float = 0.8) -> float:
        """The smallest difference upwards that `n` units in each variant tell with this chance; infinite for none."""
        size = self.sd if self.sd is not None else 1 - self.baseline
        most = size / 1024
        while self.power(most, n) < power:
            most *= 2
            if most >= (1 - self.baseline if self.sd is None else 1e6 * size):
                return math.inf
        least = 0.0
        while most - least > 1e-9 * most:
            middle = (least + most) / 2
            least, most = (least, middle) if self.power(middle, n) >= power else (middle, most)
        return most


def _student_power(far: float, df: float, reach: float) -> float:
    from scipy import special  # its import takes longer than most answers

    return float(1 - special.nctdtr(df, far, reach) + special.nctdtr(df, far, -reach))

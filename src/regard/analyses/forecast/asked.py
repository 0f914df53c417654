"""What was asked of the forecast."""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from regard.analyses.durations import seconds_of
from regard.analyses.figures import share_of
from regard.analytics.forecasting.clock import DAY
from regard.analytics.forecasting.models import Shape
from regard.kernel.errors import InvalidInput

YEAR, WEEKS = 365, 52
MOST = 4_000


@dataclass(frozen=True, slots=True)
class Asked:
    """The question.

    Args:
        value: the column; None where rows are counted.
        every: seconds of an interval. horizon: how many intervals.
        is_mean: what rows of one interval come to; else their sum. fills: an interval without a row is zero.
        zone: of the days; None for the hub's own, of times in a file UTC.
    """

    time: str
    value: str | None
    every: float
    horizon: int
    is_mean: bool
    fills: bool
    zone: ZoneInfo | None
    confidence: float

    @property
    def day(self) -> int:
        """How many intervals belong together: a day's; of days a week's; of weeks four."""
        return int(DAY / self.every) if self.every < DAY else 7 if self.every == DAY else 4

    def shape(self, *, is_count: bool) -> Shape:
        """The seasons of such intervals: day and week, week and year, year."""
        if self.every < DAY:
            seasons: tuple[int, ...] = (self.day, 7 * self.day) if self.day > 1 else (7,)
            return Shape(seasons, seasons[-1], self.horizon, is_count)
        if self.every == DAY:
            return Shape((7, YEAR), 7, self.horizon, is_count)
        return Shape((WEEKS,), WEEKS, self.horizon, is_count)


def asked_of(args: argparse.Namespace) -> Asked:
    """The question that the arguments ask. Raises: InvalidInput where one of them cannot be."""
    every, ahead = seconds_of(args.every), seconds_of(args.horizon)
    horizon = math.floor(ahead / every + 1e-9)
    if horizon < 1 or horizon > MOST:
        raise InvalidInput(
            "--horizon %(horizon)s is %(n)s intervals of --every %(every)s; give one of 1 to %(most)s.",
            horizon=args.horizon, n=f"{horizon:,}", every=args.every, most=f"{MOST:,}",
        )  # fmt: skip
    if args.holidays and every > DAY:
        raise InvalidInput("--holidays are days; give them with intervals of a day or shorter.")
    if args.gathered == "mean" and not args.value:
        raise InvalidInput("--as mean needs --value: the column whose mean is to be foretold.")
    if args.gathered == "mean" and args.empty == "zero":
        raise InvalidInput(
            "No row has no mean: --empty zero is for counts and sums. Leave it out with --as mean."
        )
    return Asked(
        time=args.time,
        value=args.value,
        every=every,
        horizon=horizon,
        is_mean=args.gathered == "mean",
        fills=args.empty == "zero" if args.empty else not args.value,
        zone=zone_of(args.zone) if args.zone else None,
        confidence=share_of(args.confidence, "--confidence", least=0.5, most=0.99),
    )


def zone_of(name: str) -> ZoneInfo:
    """The zone of that name. Raises: InvalidInput where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidInput(
            "'%(given)s' is no time zone; they are called such as Europe/Athens.", given=name
        ) from None

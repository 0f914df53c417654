"""What comes next, by the model that foretold the past best, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Floats, floats
from regard.analytics.forecasting import conformal, decomposition, rolling, smoothing
from regard.analytics.forecasting.given import check_series, fill, outliers
from regard.analytics.forecasting.models import Shape, Windows
from regard.analytics.forecasting.rolling import Measured, Rolled, best, plan_tests, roll
from regard.analytics.forecasting.special_days import Effects, SpecialDays, effects

METHOD = "the best of several models by a rolling-origin test on the past"
SOURCE = f"{rolling.SOURCE}; {decomposition.SOURCE}; {smoothing.SOURCE}; {smoothing.THETA_SOURCE}; {conformal.SOURCE}"


@dataclass(frozen=True, slots=True)
class Whole:
    """A figure of a whole day to come, with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """The values to come; arrays (horizon,).

    Args:
        models: how each model did on the past. chosen: by its name.
        scale: array (horizon,), the usual size of an error. peak_reach, sum_reach: how far the highest value and the sum
            of a day may lie from those forecast, in the highest and the sum of `scale`.
        tests: how often the past was foretold. n_gaps, n_outliers: intervals that were filled.
        effects: what special days did.
    """

    value: Floats
    low: Floats
    high: Floats
    models: list[Measured]
    chosen: str
    confidence: float
    tests: int
    n_gaps: int
    n_outliers: int
    effects: Effects
    scale: Floats
    peak_reach: float
    sum_reach: float
    shape: Shape

    def peak(self, first: int, last: int) -> Whole:
        """The highest of the values from `first` to before `last`, whichever of them it is."""
        return self._whole(
            float(self.value[first:last].max()), self.peak_reach * self.scale[first:last].max()
        )

    def total(self, first: int, last: int) -> Whole:
        """The sum of the values from `first` to before `last`."""
        return self._whole(float(self.value[first:last].sum()), self.sum_reach * self.scale[first:last].sum())

    def _whole(self, value: float, away: float) -> Whole:
        low = value - float(away)
        return Whole(value, max(low, 0.0) if self.shape.is_count else low, value + float(away))


def forecast(
    raw: Floats,
    shape: Shape,
    *,
    day: int,
    special: SpecialDays | None = None,
    confidence: float = 0.95,
    name: str = "value",
) -> Forecast:
    """The next values of a series, the model chosen by how well each foretold the series' own past.

    Args:
        raw: array (n,), evenly spaced; not a number where nothing was measured.
        day: how many values belong together when errors are looked at: those of a day, or of the shortest season.
        name: of the column, for refusals.

    Raises: InvalidInput, NotEnoughData where nothing can be foretold.
    Source: Tashman (2000); Hyndman and Koehler (2006); Lee, Barber and Willett (2023).
    """
    days = special or SpecialDays.none(len(raw), shape.horizon)
    kept = np.where(days.is_special, np.nan, raw)
    for one in (raw, kept):
        check_series(one, name)
    plan = plan_tests(len(raw), shape, day)
    shape = _fitting(shape, plan.window)
    out = outliers(kept, shape.usual)
    filled = fill(np.where(out, np.nan, kept), shape.usual, day)
    whole = Windows(filled[None], shape)
    did = effects(raw, whole.expected()[0], days, times=shape.is_count)
    rolled = roll(filled, raw, shape, plan, day)
    _change(rolled, did, days)
    bins = conformal.in_bins(shape.horizon, day)
    worth = _worth(plan, shape.horizon)
    measured = [
        _measured(name_, one, rolled, bins, worth, confidence) for name_, one in rolled.forecasts.items()
    ]
    chosen = best(measured)
    value = did.changed(whole.forecasts([chosen])[chosen][0], days.ahead, len(raw))
    scale = rolling.usual_errors(whole, day)[0]
    reach = conformal.reaches(_scores(rolled, chosen), bins, worth, confidence=confidence) * scale
    return Forecast(
        value, *_ends(value, reach, whole), measured, chosen, confidence, plan.tests, int(np.isnan(raw).sum()),
        int(out.sum()), did, scale, *_day_reaches(rolled, chosen, day, confidence), shape,
    )  # fmt: skip


def _ends(value: Floats, reach: Floats, whole: Windows) -> tuple[Floats, Floats]:
    """The intervals; what is never below 0 has none below it, and none at all where nothing ever came."""
    if not whole.shape.is_count:
        return floats(value - reach), floats(value + reach)
    return floats(np.maximum(value - reach, 0.0)), floats(np.where(whole.closed()[0], 0.0, value + reach))


def _fitting(shape: Shape, window: int) -> Shape:
    """The shape without seasons that a window does not hold twice."""
    seasons = tuple(one for one in shape.seasons if 2 * one <= window)
    usual = shape.usual if 2 * shape.usual <= window else (seasons[-1] if seasons else 1)
    return Shape(seasons, usual, shape.horizon, shape.is_count)


def _worth(plan: rolling.Plan, span: int) -> float:
    """How many independent tests the overlapping ones are worth, each looked at over `span` values."""
    return 1 + (plan.tests - 1) * min(plan.step / span, 1.0)


def _change(rolled: Rolled, did: Effects, days: SpecialDays) -> None:
    """What special days did, as it was known then, into the forecasts of the tests."""
    if not len(did.sizes):
        return
    horizon = rolled.truth.shape[1]
    for one in rolled.forecasts.values():
        for place, at in enumerate(rolled.first):
            one[place] = did.changed(one[place], days.past[at : at + horizon], at)


def _scores(rolled: Rolled, name: str) -> Floats:
    return floats(np.abs(rolled.truth - rolled.forecasts[name]) / rolled.scale)


def _measured(
    name: str, ahead: Floats, rolled: Rolled, bins: Floats, worth: float, confidence: float
) -> Measured:
    away = np.abs(rolled.truth - ahead)
    known = np.isfinite(away)
    both = np.abs(ahead) + np.abs(rolled.truth)
    share = np.divide(2 * away, both, out=np.zeros(away.shape), where=known & (both > 0))
    scores = _scores(rolled, name)
    reach = conformal.reaches(scores, bins, worth, confidence=confidence) * rolled.scale
    ends = (1 - confidence) / 2
    lost = away / 2
    for quantile, end in ((ends, ahead - reach), (1 - ends, ahead + reach)):
        over = rolled.truth - end
        lost = lost + np.maximum(quantile * over, (quantile - 1) * over)
    return Measured(
        model=name,
        mase=float(away[known].mean()) / rolled.lost if rolled.lost > 0 else float("nan"),
        smape=float(share[known].mean()),
        wql=float(2 * lost[known].sum() / 3 / max(np.abs(rolled.truth[known]).sum(), 1e-12)),
        coverage=conformal.held_out_coverage(scores, bins, worth, confidence=confidence),
    )


def _day_reaches(rolled: Rolled, name: str, day: int, confidence: float) -> tuple[float, float]:
    """How far the highest value and the sum of a day lie from those forecast, in the highest and the sum of usual errors."""
    k, horizon = rolled.truth.shape
    days = horizon // day
    if not days:
        return float("nan"), float("nan")
    truth, ahead, scale = (
        one[:, : days * day].reshape(k, days, day)
        for one in (rolled.truth, rolled.forecasts[name], rolled.scale)
    )
    # Of a day with gaps the rest is compared; of one with more gaps than values nothing.
    known = np.isfinite(truth)
    enough = known.mean(axis=2) >= 0.5
    highest, sums = (
        [np.where(enough, fold(np.where(known, one, rest), axis=2), np.nan) for one in (truth, ahead, scale)]
        for fold, rest in ((np.max, -np.inf), (np.sum, 0.0))
    )
    scores = [floats(np.abs(came - told) / usual) for came, told, usual in (highest, sums)]
    together, worth = np.zeros(days), _worth(rolled.plan, horizon)
    found = [conformal.reaches(one, together, worth, confidence=confidence)[0] for one in scores]
    return float(found[0]), float(found[1])

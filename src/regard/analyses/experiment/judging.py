"""One metric of one variant against the baseline, by its kind."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np

from regard.analyses.experiment.reading import Dealt, Measured, measured
from regard.analytics.arrays import Floats
from regard.analytics.experiments import adaptive, comparisons, effects, ordinal, quantiles, sequences
from regard.analytics.experiments.adaptive import compare_adaptive
from regard.analytics.experiments.comparisons import Compared, compare, compare_shares
from regard.analytics.experiments.moments import moments
from regard.analytics.experiments.ordinal import compare_scores
from regard.analytics.experiments.quantiles import compare_quantiles
from regard.kernel.errors import InvalidInput, NotEnoughData

LEAST = 5
# The metric before that says more than this of the metric is the metric itself.
SAME = 1 - 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One metric of all variants against the baseline.

    Args:
        compared: one for each variant but the baseline, in their order.
        n: units with a figure, of each variant, the baseline first. missing: units without one.
        mean: for scores, the difference of means; else None.
    """

    metric: str
    kind: str
    compared: list[Compared]
    n: Floats
    missing: Floats
    method: str
    source: str
    lower_is_better: bool
    mean: list[Compared] | None = None


def kind_of(values: Floats, asked: str | None = None, denominator: str | None = None) -> str:
    """How a metric is compared, where nobody told: a ratio where it has a denominator, a proportion of 0 and 1."""
    if asked or denominator:
        return asked or "ratio"
    return "proportion" if np.isin(values[~np.isnan(values)], (0.0, 1.0)).all() else "mean"


def judge(
    dealt: Dealt,
    args: argparse.Namespace,
    metric: str,
    kind: str,
    *,
    lower_is_better: bool,
    before: str | None,
    chances: Floats | None = None,
) -> Judged:
    """The metric of each variant against the baseline, after a bandit by the chances of each unit. Raises: InvalidInput, NotEnoughData where it cannot be."""
    rows = measured(dealt, metric, args.denominator if kind == "ratio" else None, before)
    _check(dealt, rows, metric, kind, before)
    tightest = args.tightest if args.sequential else None
    mean: list[Compared] | None = None
    if kind in ("score", "quantile"):
        compared = [_ranked(rows, place, kind, args, tightest) for place in range(1, len(dealt.variants))]
        if kind == "score":
            mean = _means(
                dealt, Measured(rows.unit, rows.variant, rows.figure, np.ones_like(rows.y), rows.z), args
            )
    elif kind == "proportion" and tightest is None and before is None and chances is None:
        found = moments(rows.variant, rows.y, rows.x, n_variants=len(dealt.variants))
        compared = [
            compare_shares(found[place], found[0], confidence=args.confidence)
            for place in range(1, len(dealt.variants))
        ]
    elif chances is not None:
        compared = compare_adaptive(
            rows.variant, rows.y, chances[rows.unit], confidence=args.confidence, tightest=tightest
        )
    else:
        compared = _means(dealt, rows, args)
    method, source = _named(
        "bandit" if chances is not None else kind, sequential=tightest is not None, cuped=before is not None
    )
    n = np.bincount(rows.variant, minlength=len(dealt.variants)).astype(np.float64)
    return Judged(metric, kind, compared, n, dealt.counts - n, method, source, lower_is_better, mean)


def _means(dealt: Dealt, rows: Measured, args: argparse.Namespace) -> list[Compared]:
    found = moments(rows.variant, rows.y, rows.x, rows.z, n_variants=len(dealt.variants))
    tightest = args.tightest if args.sequential else None
    return [
        compare(found[place], found[0], confidence=args.confidence, tightest=tightest)
        for place in range(1, len(dealt.variants))
    ]


def _ranked(
    rows: Measured, place: int, kind: str, args: argparse.Namespace, tightest: float | None
) -> Compared:
    chosen = [rows.variant == which for which in (place, 0)]
    this, that = (rows.figure[one] for one in chosen)
    if kind == "quantile":
        share = args.quantile or 0.5
        return compare_quantiles(this, that, share, confidence=args.confidence, tightest=tightest)
    before = None if rows.z is None else (rows.z[chosen[0]], rows.z[chosen[1]])
    return compare_scores(this, that, before=before, confidence=args.confidence, tightest=tightest)


def _check(dealt: Dealt, rows: Measured, metric: str, kind: str, before: str | None) -> None:
    """Refuse what gives no honest number."""
    if not len(rows.y):
        if before and np.isnan(dealt.columns[before]).all():
            raise NotEnoughData(f"The column '{before}' is empty where a variant was dealt. Leave --pre out.")
        raise NotEnoughData(f"The column '{metric}' is empty where a variant was dealt. Name another metric.")
    n = np.bincount(rows.variant, minlength=len(dealt.variants))
    few = int(np.argmin(n))
    if n[few] < LEAST:
        raise NotEnoughData(
            f"Variant '{dealt.variants[few]}' has {n[few]:,} units with '{metric}'; at least {LEAST} in each are needed. "
            "Wait for more, or leave the variant out."
        )
    if kind == "ratio":
        _check_denominator(dealt, rows)
    values = dealt.columns[metric]
    other = values[~np.isnan(values) & (values != 0) & (values != 1)]
    if kind == "proportion" and len(other):
        raise InvalidInput(
            f"A proportion needs 0 or 1 in every row of '{metric}', not {other[0]:g}. Take --kind mean, or write 1 where "
            "it happened."
        )
    figure = rows.figure[rows.x > 0]
    if np.ptp(figure) == 0:
        raise NotEnoughData(
            f"'{metric}' is {figure[0]:g} for every unit: nothing differs, so nothing can be compared. Name another."
        )
    if rows.z is not None:
        _check_before(rows, metric)


def _check_denominator(dealt: Dealt, rows: Measured) -> None:
    if (rows.x < 0).any():
        raise InvalidInput("The denominator is below 0 for some units. Correct it, or leave them out.")
    totals = np.bincount(rows.variant, rows.x, len(dealt.variants))
    if (totals <= 0).any():
        name = dealt.variants[int(np.argmin(totals))]
        raise NotEnoughData(
            f"The denominator comes to 0 in variant '{name}', so there is nothing to divide by. Name another."
        )


def _check_before(rows: Measured, metric: str) -> None:
    assert rows.z is not None
    if np.ptp(rows.z) == 0:
        raise NotEnoughData(
            "The metric before is the same for every unit, so it explains nothing. Leave --pre out, or name another."
        )
    if np.ptp(rows.figure) > 0 and np.corrcoef(rows.figure, rows.z)[0, 1] ** 2 > SAME:
        raise InvalidInput(
            f"The column of --pre goes with '{metric}' perfectly: it is the metric itself. Give what was measured before "
            "the experiment began."
        )


def _named(kind: str, *, sequential: bool, cuped: bool) -> tuple[str, str]:
    """The method and source of a metric's comparison."""
    method, source = {
        "proportion": (comparisons.NEWCOMBE, comparisons.NEWCOMBE_SOURCE),
        "mean": (effects.MEAN_METHOD, effects.MEAN_SOURCE),
        "ratio": (effects.RATIO_METHOD, effects.RATIO_SOURCE),
        "score": (ordinal.METHOD, ordinal.SOURCE),
        "quantile": (quantiles.METHOD, quantiles.SOURCE),
        "bandit": (adaptive.METHOD, adaptive.SOURCE),
    }[kind]
    if kind == "proportion" and (sequential or cuped):
        method, source = effects.MEAN_METHOD, effects.MEAN_SOURCE
    if kind in ("mean", "ratio") and not sequential:
        method = f"{method}, {comparisons.WELCH}"
    if cuped:
        method, source = f"{method}, {effects.CUPED_METHOD}", f"{source}; {effects.CUPED_SOURCE}"
        source += f"; {ordinal.CUPED_SOURCE}" if kind == "score" else ""
    if sequential:
        source = quantiles.SEQUENCE_SOURCE if kind == "quantile" else source
        method, source = f"{method}, {sequences.METHOD}", f"{source}; {sequences.SOURCE}"
    return method, source

"""What can be asked beside the shares: drivers of segments, of an ordered answer, and what lines miss."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analyses.drivers.dominating import dominance_beside
from regard.analyses.drivers.reading import Columns
from regard.analyses.telling import Beside, Sheet, between, chance, number
from regard.analytics.drivers import boosting, ordered_logit
from regard.analytics.drivers import segments as by_segment
from regard.analytics.drivers.boosting import boosting_check
from regard.analytics.drivers.key_drivers import KeyDrivers
from regard.analytics.drivers.ordered_logit import OrderedEffects, ordered_effects
from regard.analytics.drivers.segments import SegmentDifference, segment_differences
from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg


def asked_beside(columns: Columns, drivers: KeyDrivers, args: argparse.Namespace) -> list[Beside]:
    """The answers beside the shares that `args` ask for."""
    found = []
    if args.dominance:
        found.append(dominance_beside(drivers))
    if columns.segments is not None:
        found.append(_segments(columns, args))
    if args.ordered:
        found.append(_ordered(columns, args))
    if args.boosting:
        found.append(_boosting(columns, args))
    return found


def _boosting(columns: Columns, args: argparse.Namespace) -> Beside:
    whole = _complete(columns)
    check = boosting_check(
        columns.drivers[whole],
        columns.outcome[whole],
        weights=None if columns.weights is None else columns.weights[whole],
        customers=None if columns.customers is None else columns.customers[whole],
        seed=args.seed,
    )
    names = columns.names[:-1]
    entry = {
        "n": check.n,
        "r2_linear": check.r2_linear,
        "r2_boosted": check.r2_boosted,
        "gain": check.gain,
        "gain_se": check.gain_se,
        "drivers": [
            {"driver": name, "mean_abs_shap": check.shap[place], "shap_share": check.shares[place]}
            for place, name in enumerate(names)
        ],
    }
    rows = [
        [name, f"{check.shares[place]:.1%}", number(check.shap[place])] for place, name in enumerate(names)
    ]
    bent = check.gain > 2 * check.gain_se
    title = (
        f"Boosted trees explain {check.r2_boosted:.1%} of rows not seen, lines {check.r2_linear:.1%}: "
        + ("lines miss something" if bent else "lines miss nothing that can be shown")
    )
    sheet = Sheet(["driver", "share of SHAP", "mean size"], rows, title=title, numeric=(1, 2))
    return Beside("boosting", entry, sheet, f"boosting: {boosting.METHOD}", boosting.SOURCE)


def _complete(columns: Columns) -> NDArray[np.bool_]:
    """Rows without gaps that weigh something."""
    whole = np.isfinite(columns.drivers).all(axis=1) & np.isfinite(columns.outcome)
    return whole if columns.weights is None else whole & (columns.weights > 0)


def _segments(columns: Columns, args: argparse.Namespace) -> Beside:
    differences = segment_differences(
        columns.drivers,
        columns.outcome,
        columns.segments or [],
        names=columns.names,
        weights=columns.weights,
        customers=columns.customers,
        resamples=args.resamples,
        confidence=args.confidence,
        seed=args.seed,
    )
    return Beside(
        "segments",
        [_segment_entry(columns.names[:-1], one) for one in differences],
        _segment_sheet(columns.names[:-1], differences),
        f"segments: {by_segment.METHOD}",
        by_segment.SOURCE,
    )


def _ordered(columns: Columns, args: argparse.Namespace) -> Beside:
    whole = _complete(columns)
    effects = ordered_effects(
        columns.drivers[whole],
        columns.outcome[whole],
        weights=None if columns.weights is None else columns.weights[whole],
        customers=None if columns.customers is None else columns.customers[whole],
        confidence=args.confidence,
    )
    p = benjamini_hochberg(effects.p)
    names = columns.names[:-1]
    entry = {
        "n": effects.n,
        "levels": effects.levels,
        "log_likelihood": effects.log_likelihood,
        "drivers": [
            {
                "driver": name,
                "coefficient": effects.coefficients[place],
                "effects": effects.effects[place],
                "effect_on_highest": effects.top[place],
                "low": effects.low[place],
                "high": effects.high[place],
                "p": p[place],
                "effect_on_mean": effects.mean[place],
            }
            for place, name in enumerate(names)
        ],
    }
    sheet = _ordered_sheet(names, effects, p)
    return Beside("ordered", entry, sheet, f"ordered: {ordered_logit.METHOD}", ordered_logit.SOURCE)


def _ordered_sheet(names: Sequence[str], effects: OrderedEffects, p: Sequence[float] | Any) -> Sheet:
    highest = f"{effects.levels[-1]:g}"
    rows = [
        [
            name,
            number(100 * effects.top[place], 2),
            between(100 * effects.low[place], 100 * effects.high[place], 2),
            chance(p[place]),
            number(effects.mean[place], 3),
        ]
        for place, name in enumerate(names)
    ]
    title = (
        f"One more of each goes with so many points of chance of a {highest} (ordered logit, n {effects.n:,})"
    )
    heads = ["driver", f"points of chance of a {highest}", "interval", "p", "points of the mean"]
    return Sheet(heads, rows, title=title, numeric=(1, 2, 3, 4))


def _segment_entry(names: Sequence[str], one: SegmentDifference) -> dict[str, Any]:
    return {
        "segment": one.segment,
        "n": one.n,
        "n_elsewhere": one.n_others,
        "drivers": [
            {
                "driver": name,
                "lmg": one.lmg[place],
                "lmg_elsewhere": one.others[place],
                "difference": one.difference[place],
                "low": one.low[place],
                "high": one.high[place],
                "p": one.p[place],
            }
            for place, name in enumerate(names)
        ],
    }


def _segment_sheet(names: Sequence[str], segments: Sequence[SegmentDifference]) -> Sheet:
    rows = [
        [
            one.segment,
            f"{one.n:,}",
            name,
            number(one.lmg[place], 4),
            number(one.others[place], 4),
            number(one.difference[place], 4),
            between(one.low[place], one.high[place], 4),
            chance(one.p[place]),
        ]
        for one in segments
        for place, name in enumerate(names)
    ]
    heads = ["segment", "n", "driver", "of R² here", "elsewhere", "difference", "interval", "p"]
    return Sheet(heads, rows, title="Between segments (rows without gaps)", numeric=(1, 3, 4, 5, 6, 7))

"""Designs over time: difference in differences, synthetic control, interrupted series."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

import numpy as np

from regard.analyses.bands import Band, bands
from regard.analyses.effect.found import ASSOCIATION, Found, digits_of, effects_sheet, told
from regard.analyses.effect.reading import Given
from regard.analyses.telling import Sheet, chance, number
from regard.analytics.arrays import Floats
from regard.analytics.effects import interrupted, panel, synthetic
from regard.analytics.effects.interrupted import Interrupted, interrupted_series
from regard.analytics.effects.panel import (
    OverTime,
    Panel,
    before,
    difference_in_differences,
    over_time,
    panel_of,
)
from regard.analytics.effects.synthetic import Synthetic, synthetic_control
from regard.kernel.errors import InvalidInput

REAL = 0.05
POOR_FIT = 0.5


def differences(given: Given, args: argparse.Namespace) -> Found:
    """How much more the treated units changed than the others."""
    units = _panel(given, args)
    found = difference_in_differences(units, confidence=args.confidence)
    earlier, path = before(units, confidence=args.confidence), over_time(units, confidence=args.confidence)
    verdict = "difference in differences; causal only if both would have gone alike without the treatment"
    if earlier is not None and earlier.p <= REAL:
        verdict = f"{ASSOCIATION}: both went apart before the treatment already (p {chance(earlier.p)})"
    entry: dict[str, Any] = {
        "before": None if earlier is None else told(earlier),
        "by_time": [
            {"since": since, **told(one)} for since, one in zip(path.since, path.effects, strict=True)
        ],
    }
    notes = ["No time before the treatment is long enough to see whether both went alike."] if earlier is None else [
        f"Before the treatment the treated moved {number(earlier.value, digits_of(earlier.value))} more than the others (p {chance(earlier.p)})."
    ]  # fmt: skip
    return Found(
        "did", verdict, found, _counts(units), entry, panel.METHOD, panel.SOURCE, [effects_sheet([found]), _path_sheet(path)],
        notes, partial(_path_picture, path, args),
    )  # fmt: skip


def mixture(given: Given, args: argparse.Namespace) -> Found:
    """How far the treated unit went from a mixture of others."""
    units = _panel(given, args)
    found = synthetic_control(units, confidence=args.confidence)
    poor = found.misfit > POOR_FIT * found.spread
    verdict = "synthetic control; causal only if the mixture would have gone on as the treated unit did"
    if poor:
        verdict = f"{ASSOCIATION}: the mixture does not follow the treated unit before (misses {number(found.misfit, digits_of(found.misfit))} on average)"
    order = np.argsort(-found.weights, kind="stable")
    used = [(found.donors[at], float(found.weights[at])) for at in order if found.weights[at] > 0.001]
    periods = zip(units.periods, found.real, found.mixed, strict=True)
    entry = {
        "weights": [{"unit": name, "weight": weight} for name, weight in used],
        "misfit_before": found.misfit,
        "periods": [
            {"time": at, "real": real, "mixture": mixed, "gap": real - mixed} for at, real, mixed in periods
        ],
    }
    sheet = Sheet(
        ["unit of the mixture", "weight"],
        [[name, f"{weight:.1%}"] for name, weight in used[:15]],
        numeric=(1,),
    )
    notes = [
        f"p and interval come from treating each of the {len(found.donors)} other units as if it were the treated one, in units of how well its mixture fitted; "
        f"p cannot fall below {1 / (len(found.donors) + 1):.3f}."
    ]
    return Found(
        "synthetic", verdict, found.effect, _counts(units), entry, synthetic.METHOD, synthetic.SOURCE, [effects_sheet([found.effect]), sheet],
        notes, partial(_mixture_picture, units, found, args),
    )  # fmt: skip


def series(given: Given, args: argparse.Namespace) -> Found:
    """What a change at a known time did beyond where the series was heading."""
    _without_confounders(args)
    assert given.time is not None, "there is a time where this is asked"
    found = interrupted_series(given.time, given.outcome, given.treatment, confidence=args.confidence)
    entry = {
        "level": told(found.level),
        "slope": told(found.slope),
        "autocorrelation": found.together,
        "periods": [
            {"time": at, "real": real, "foretold": foretold}
            for at, real, foretold in zip(found.time, found.real, found.foretold, strict=True)
        ],
    }
    rows = [
        [word, number(one.value, digits_of(one.value)), f"{number(one.low, digits_of(one.high))} to {number(one.high, digits_of(one.high))}", chance(one.p)]
        for word, one in (("on average after", found.mean), ("at once", found.level), ("more each period", found.slope))
    ]  # fmt: skip
    return Found(
        "interrupted", "interrupted time series; causal only if nothing else changed at that time", found.mean,
        {"n": len(found.time), "n_before": found.began, "n_after": len(found.time) - found.began}, entry,
        interrupted.METHOD, interrupted.SOURCE, [Sheet(["effect", "", "interval", "p"], rows, numeric=(1, 2, 3))],
        ["Seasons are not taken out: give at least whole years, or figures already freed of seasons.",
         f"A period goes with the one before by {found.together:.2f} beyond the trend; the intervals count that."],
        partial(_series_picture, found, args),
    )  # fmt: skip


def _panel(given: Given, args: argparse.Namespace) -> Panel:
    _without_confounders(args)
    assert given.unit is not None, "there is a unit where this is asked"
    assert given.time is not None, "there is a time where this is asked"
    return panel_of(given.unit, given.time, given.outcome, given.treatment)


def _without_confounders(args: argparse.Namespace) -> None:
    if args.confounder or args.placebo:
        raise InvalidInput(
            f"--design {args.design} compares over time and takes no --confounder or --placebo."
        )


def _counts(units: Panel) -> dict[str, int]:
    return {
        "n": int(units.outcome.size),
        "n_units": len(units.units),
        "n_treated": int(units.treated.sum()),
        "n_untreated": int((~units.treated).sum()),
        "n_periods": len(units.periods),
        "n_left_out": units.left_out,
    }


def _path_sheet(path: OverTime) -> Sheet:
    rows = [
        [
            f"{since:+g}",
            number(one.value, digits_of(one.value)),
            f"{number(one.low, 2)} to {number(one.high, 2)}",
            chance(one.p),
        ]
        for since, one in zip(path.since, path.effects, strict=True)
    ]
    return Sheet(
        ["periods since", "effect", "interval", "p"],
        rows,
        title="Against the last period before",
        numeric=range(4),
    )


def _path_picture(path: OverTime, args: argparse.Namespace) -> str:
    since = np.append(path.since, -1.0)
    order = np.argsort(since)
    parts = [
        np.append([getattr(one, name) for one in path.effects], 0.0)[order]
        for name in ("value", "low", "high")
    ]
    line = Band(args.outcome, since[order], *parts)
    return bands(f"What {args.treatment} adds to {args.outcome}", "periods since it began", f"{args.outcome}, against the last period before", [line], mark=0.0)  # fmt: skip


def _mixture_picture(units: Panel, found: Synthetic, args: argparse.Namespace) -> str:
    return _beside(args, units.periods, found.real, found.mixed, "mixture", found.began)


def _series_picture(found: Interrupted, args: argparse.Namespace) -> str:
    return _beside(args, found.time, found.real, found.foretold, "without it", found.began)


def _beside(
    args: argparse.Namespace, time: Floats, real: Floats, other: Floats, name: str, began: int
) -> str:
    lines = [Band("treated", time, real), Band(name, time, other)]
    return bands(
        f"{args.outcome} with {args.treatment} and without",
        args.time,
        args.outcome,
        lines,
        mark=float(time[began]),
    )

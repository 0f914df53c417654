"""How long customers stay, of all and by group."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analyses.bands import Band, bands
from regard.analyses.pictures import round_ends, ticks
from regard.analyses.predict.asides import Aside
from regard.analyses.predict.groups import against_largest, compared, groups_of, hazard_sheet, hazards
from regard.analyses.predict.reading import Given
from regard.analyses.telling import Sheet, between, number
from regard.analytics.arrays import Floats
from regard.analytics.times import among_groups, cox
from regard.analytics.times.among_groups import log_rank_among
from regard.analytics.times.from_waits import kaplan_meier, kaplan_meier_arrays
from regard.analytics.times.kaplan_meier import METHOD, SurvivalCurves
from regard.analytics.times.quantiles import waiting_quantile_arrays
from regard.kernel.errors import InvalidInput, NotEnoughData

KAPLAN_MEIER = "Kaplan & Meier (1958), JASA 53, 457-481; Greenwood (1926); Kalbfleisch & Prentice (2002), 1.4"
MOST_POINTS = 200
REAL = 0.05


@dataclass(slots=True)
class _Told:
    """What is told of how long customers stay, as it grows: of everybody, then of each group."""

    entry: dict[str, Any]
    rows: list[list[str]]
    lines: list[str]
    curves: SurvivalCurves
    names: Sequence[str]
    sheets: list[Sheet]
    method: str = METHOD
    source: str = KAPLAN_MEIER


def staying(given: Given, args: argparse.Namespace) -> Aside:
    """The share still there after each time, and whether groups differ."""
    time, left = given.time, given.outcome > 0.5
    assert time is not None, "there is a time where this is asked"
    known = ~np.isnan(time)
    if not left[known].any():
        raise NotEnoughData(f"Nobody with a time in '{args.time}' left. Give rows of both kinds.")
    moments = _moments(args.at, time[known])
    told = _of_everybody(time[known], left[known], moments, args.time)
    if given.group is not None:
        _add_groups(told, given.group, known, time, left, moments, args.by)
    heads = ["group", "customers", "left", *(f"still there at {at:g}" for at in moments), "half left by"]
    table = Sheet(heads, told.rows, title="How long customers stay", numeric=range(1, len(heads)))
    return Aside(
        "survival", told.entry, told.method, told.source, told.lines, [table, *told.sheets],
        _notes(told.entry, args), partial(_picture, told.curves, told.names, args),
    )  # fmt: skip


def _of_everybody(time: Floats, left: NDArray[np.bool_], moments: Sequence[float], column: str) -> _Told:
    curve = kaplan_meier(time, left)
    entry: dict[str, Any] = {
        "n": len(time),
        "n_events": int(left.sum()),
        "time": column,
        "at": _at(curve, moments)[0],
        **_median(curve)[0],
        "curve": _points(curve),
    }
    seen = [one for one in entry["at"] if one["survival"] is not None]
    if not seen:
        raise NotEnoughData(
            f"Nobody was seen for {min(moments):g}; '{column}' goes up to {time.max():g}. Ask for an earlier time with --at."
        )
    told = ", ".join(f"{one['survival']:.1%} after {one['time']:g}" for one in seen)
    rows = [_row("all", curve, 0, entry["at"], entry)]
    return _Told(entry, rows, [f"Still there: {told} ({column})."], curve, ["all"], [])


def _add_groups(
    told: _Told,
    group: NDArray[np.object_],
    known: NDArray[np.bool_],
    time: Floats,
    left: NDArray[np.bool_],
    moments: Sequence[float],
    column: str,
) -> None:
    names, codes = groups_of(group, known, column)
    which = known & (codes >= 0)
    curves = kaplan_meier_arrays(time[which], left[which], group=codes[which], n_groups=len(names))
    of_each = zip(names, _at(curves, moments), _median(curves), strict=True)
    groups: list[dict[str, Any]] = [
        {"group": name, "n": int(curves.n[at]), "n_events": int(curves.n_events[at]), "at": here, **median}
        for at, (name, here, median) in enumerate(of_each)
    ]
    rank = log_rank_among(curves)
    model = against_largest(codes[which], time[which], left[which], len(names))
    told.entry |= {
        "groups": groups,
        "log_rank": {"chi2": rank.chi2, "df": rank.df, "p": rank.p},
        "cox": hazards(names, model),
    }
    told.rows += [_row(one["group"], curves, at, one["at"], one) for at, one in enumerate(groups)]
    told.lines.append(compared(names, rank, model, column))
    told.sheets.append(hazard_sheet(told.entry["cox"], column))
    told.curves, told.names = curves, names
    told.method = f"{METHOD}; log-rank; {cox.METHOD}"
    told.source = f"{KAPLAN_MEIER}; {among_groups.SOURCE}; {cox.SOURCE}"


def _moments(asked: Sequence[float], time: Floats) -> list[float]:
    if any(at < 0 for at in asked):
        raise InvalidInput("--at is a length of time, 0 or more.")
    if asked:
        return list(asked)
    low, high, step = round_ends([0.0, float(time.max())], 4)
    return [at for at in ticks(low, high, step) if 0 < at <= time.max()] or [float(time.max())]


def _at(curves: SurvivalCurves, moments: Sequence[float]) -> list[list[dict[str, Any]]]:
    """Of each group, the share still there at each moment; nothing beyond the last that was seen."""
    found = []
    for group in range(curves.n_groups):
        first, end = curves.starts[group], curves.starts[group + 1]
        time = curves.time[first:end]
        here = []
        for moment in moments:
            place = int(np.searchsorted(time, moment, "right")) - 1
            beyond = not len(time) or moment > time[-1]
            values = [1.0, 1.0, 1.0] if place < 0 else [
                float(part[first + place]) for part in (curves.survival, curves.low, curves.high)
            ]  # fmt: skip
            survival, low, high = [None] * 3 if beyond else values
            here.append({"time": moment, "survival": survival, "low": low, "high": high})
        found.append(here)
    return found


def _median(curves: SurvivalCurves) -> list[dict[str, float]]:
    half = waiting_quantile_arrays(curves)
    return [
        {"median": half.value[at], "median_low": half.low[at], "median_high": half.high[at]}
        for at in range(curves.n_groups)
    ]


def _points(curve: SurvivalCurves) -> list[dict[str, float]]:
    chosen = np.unique(
        np.linspace(0, len(curve.time) - 1, min(MOST_POINTS, len(curve.time))).round().astype(int)
    )
    return [
        {"time": curve.time[at], "survival": curve.survival[at], "low": curve.low[at], "high": curve.high[at], "at_risk": curve.at_risk[at]}
        for at in chosen
    ]  # fmt: skip


def _row(
    name: str, curves: SurvivalCurves, at: int, here: Sequence[dict[str, Any]], entry: dict[str, Any]
) -> list[str]:
    shares = [
        "–"
        if one["survival"] is None
        else f"{one['survival']:.1%} ({between(_points_of(one['low']), _points_of(one['high']), 1)})"
        for one in here
    ]
    return [name, f"{curves.n[at]:,.0f}", f"{curves.n_events[at]:,.0f}", *shares, number(entry["median"], 1)]


def _points_of(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _notes(entry: dict[str, Any], args: argparse.Namespace) -> list[str]:
    notes = [
        "Who had not left when last seen counts as staying until then; this holds where being last seen says nothing of leaving."
    ]
    crossed = [one["group"] for one in entry.get("cox", []) if one["proportional_p"] <= REAL]
    if crossed:
        notes.append(
            f"The ratio changes with time for {', '.join(repr(one) for one in crossed)}: read the curves, not the one number."
        )
    if "cox" in entry and not entry["cox"]:
        notes.append(f"No ratio between the groups of '{args.by}': in one of them nobody left.")
    return notes


def _picture(curves: SurvivalCurves, names: Sequence[str], args: argparse.Namespace) -> str:
    found = []
    for at, name in enumerate(names[:6]):
        part = slice(curves.starts[at], curves.starts[at + 1])
        time = np.concatenate(([0.0], curves.time[part]))
        shares = [
            np.concatenate(([100.0], 100 * side[part])) for side in (curves.survival, curves.low, curves.high)
        ]
        found.append(Band(name, time, *shares))
    return bands("How long customers stay", f"{args.time}", "% still there", found, steps=True)

"""The funnel that was asked for, as tables and a document."""

from __future__ import annotations

import argparse
import math
from typing import Any

import numpy as np

from regard.analyses.durations import said_seconds, seconds_of
from regard.analyses.journeys.reading import Journeys
from regard.analyses.telling import Beside, Sheet, between, chance
from regard.analytics.journeys import funnel as funnel_
from regard.analytics.journeys.funnel import Funnel, FunnelBySegment, funnel, funnel_by_segment


def asked_funnel(journeys: Journeys, args: argparse.Namespace) -> list[Beside]:
    """The funnel, and its segments where they were asked for."""
    steps, limits = zip(*(_step(one, journeys.log.names) for one in args.step), strict=True)
    within = seconds_of(args.within) if args.within else math.inf
    found = funnel(journeys.log, steps, limits=limits, within=within)
    beside = [_funnel(found, steps, limits, within)]
    if args.segment:
        first = journeys.texts[args.segment]
        case, segments = journeys.log.case_of_event(), [None] * journeys.log.n_cases
        for place in np.flatnonzero([one is not None for one in first])[::-1].tolist():
            segments[case[place]] = first[place]
        by = funnel_by_segment(found.reached, len(steps), segments)
        beside.append(_segments(by, steps))
    return beside


def _step(given: str, names: tuple[str, ...]) -> tuple[str, float]:
    """The activity and its limit in seconds; a name may itself hold a slash.

    >>> _step("pay/2h", ("pay",)), _step("a/b", ("a/b",))
    (('pay', 7200.0), ('a/b', inf))
    """
    name, slash, limit = given.rpartition("/")
    return (given, math.inf) if given in names or not slash else (name, seconds_of(limit))


def _funnel(found: Funnel, steps: tuple[str, ...], limits: tuple[float, ...], within: float) -> Beside:
    entry = {
        "within_seconds": within,
        "steps": [
            {
                "activity": step,
                "limit_seconds": limits[place] if place else None,
                "n": int(found.n[place]),
                **_share("of_first", found.of_first, place),
                **_share("of_before", found.of_before, place),
                "median_seconds_since_before": found.seconds[place],
            }
            for place, step in enumerate(steps)
        ],
    }
    rows = [
        [
            step,
            f"{found.n[place]:,}",
            f"{found.of_first.value[place]:.1%}",
            between(100 * found.of_first.low[place], 100 * found.of_first.high[place], 1),
            f"{found.of_before.value[place]:.1%}" if found.n[max(place - 1, 0)] else "–",
            said_seconds(found.seconds[place]),
        ]
        for place, step in enumerate(steps)
    ]
    heads = ["step", "cases", "of the first", "interval, %", "of the step before", "median time since"]
    sheet = Sheet(heads, rows, title="Funnel", numeric=range(1, len(heads)))
    return Beside("funnel", entry, sheet, funnel_.METHOD, funnel_.SOURCE)


def _share(name: str, shares: Any, place: int) -> dict[str, float]:
    parts = (("", shares.value), ("_low", shares.low), ("_high", shares.high))
    return {f"{name}{end}": float(values[place]) for end, values in parts}


def _segments(by: FunnelBySegment, steps: tuple[str, ...]) -> Beside:
    entry, rows = [], []
    for number, name in enumerate(by.names):
        for place, step in enumerate(steps[1:]):
            at = (number, place)
            entry.append(
                {
                    "segment": name,
                    "activity": step,
                    "n_before": int(by.shares.n[at]),
                    "share": by.shares.value[at],
                    "low": by.shares.low[at],
                    "high": by.shares.high[at],
                    "difference": by.differences.value[at],
                    "difference_low": by.differences.low[at],
                    "difference_high": by.differences.high[at],
                    "p": by.p[at],
                }
            )
            difference = (100 * by.differences.low[at], 100 * by.differences.high[at])
            rows.append(
                [
                    name, step, f"{int(by.shares.n[at]):,}",
                    "–" if np.isnan(by.shares.value[at]) else f"{by.shares.value[at]:.1%}",
                    "–" if np.isnan(by.differences.value[at]) else f"{100 * by.differences.value[at]:+.1f}",
                    between(*difference, 1), chance(by.p[at]),
                ]
            )  # fmt: skip
    heads = ["segment", "gets to", "of", "share", "points to all others", "interval", "p"]
    sheet = Sheet(heads, rows, title="By segment", numeric=range(2, len(heads)))
    return Beside("funnel_segments", entry, sheet, funnel_.SEGMENT_METHOD, funnel_.SEGMENT_SOURCE)

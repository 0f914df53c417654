"""Stretches of the way that go with an outcome, as a table and a document."""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

from regard.analyses.journeys.reading import Journeys, has_any, place_of
from regard.analyses.telling import Beside, Sheet, between, chance, number
from regard.analytics.journeys import subpaths as subpaths_
from regard.analytics.journeys.subpaths import SubPaths, sub_paths

SHOWN = 20
YES = ("1", "1.0", "yes", "y", "true", "t")


def asked_outcome(journeys: Journeys, args: argparse.Namespace) -> Beside:
    """Stretches that go with the outcome; where it is an activity, those before its first time."""
    outcome, before, said = _outcome(journeys, args)
    return _told(sub_paths(journeys.log, outcome, before=before, longest=args.longest), said)


def _outcome(
    journeys: Journeys, args: argparse.Namespace
) -> tuple[NDArray[np.bool_], NDArray[np.int64] | None, str]:
    """Which cases have it, how many of each one's first events count (None for all), and what people call it."""
    log = journeys.log
    if args.outcome_step:
        place = place_of(log, args.outcome_step)
        first = np.where(log.activities == place, np.arange(log.n_events), log.n_events)
        before = np.minimum(np.minimum.reduceat(first, log.starts[:-1]), log.starts[1:]) - log.starts[:-1]
        return has_any(log, [place]), before, args.outcome_step
    column, _, value = args.outcome.partition("=")
    wanted = [value.lower()] if value else list(YES)
    hit = np.array([one is not None and one.lower() in wanted for one in journeys.texts[column]], dtype=bool)
    return np.logical_or.reduceat(hit, log.starts[:-1]), None, args.outcome


def _told(found: SubPaths, said: str) -> Beside:
    entry = {
        "outcome": said,
        "share": found.share,
        "n_looked_at": len(found.paths),
        "sub_paths": [
            {
                "path": path,
                "n": int(found.n[place]),
                "support": found.support[place],
                "outcome_share": found.outcome.value[place],
                "outcome_low": found.outcome.low[place],
                "outcome_high": found.outcome.high[place],
                "lift": found.lift[place],
                "p": found.p[place],
            }
            for place, path in enumerate(found.paths)
        ],
    }
    rows = [
        [
            " → ".join(found.paths[place]),
            f"{found.n[place]:,}",
            f"{found.support[place]:.1%}",
            f"{found.outcome.value[place]:.1%}",
            between(100 * found.outcome.low[place], 100 * found.outcome.high[place], 1),
            number(found.lift[place], 2),
            chance(found.p[place]),
        ]
        for place in range(min(SHOWN, len(found.paths)))
    ]
    title = f"What goes with '{said}' ({found.share:.1%} of cases); association, not cause"
    heads = ["way", "cases", "support", "with the outcome", "interval, %", "lift", "p"]
    sheet = Sheet(heads, rows, title=title, numeric=range(1, len(heads)))
    return Beside("outcome", entry, sheet, subpaths_.METHOD, subpaths_.SOURCE)

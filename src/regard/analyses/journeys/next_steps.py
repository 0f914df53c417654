"""What comes next and how much time is left, as a table and a document."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analyses.durations import said_seconds
from regard.analyses.journeys.reading import Journeys, has_any, place_of
from regard.analyses.telling import Beside, Sheet
from regard.analytics.journeys import ahead as ahead_
from regard.analytics.journeys.ahead import Ahead, ahead
from regard.analytics.journeys.log import EventLog

SHOWN = 20
END = "(end)"


def asked_ahead(journeys: Journeys, args: argparse.Namespace) -> Beside:
    """What finished cases say of what comes next."""
    return _ahead(journeys.log, ahead(journeys.log, finished(journeys.log, args.done)))


def finished(log: EventLog, done: list[str]) -> NDArray[np.bool_] | None:
    """Which cases have one of these activities; None where none is named. Raises: InvalidInput for one that never happens."""
    return has_any(log, [place_of(log, name) for name in done]) if done else None


def _ahead(log: EventLog, found: Ahead) -> Beside:
    order = [one for one in np.argsort(-found.n, kind="stable").tolist() if found.n[one]]
    return Beside("ahead", _entry(log, found, order), _sheet(log, found, order), ahead_.METHOD, ahead_.SOURCE)


def _entry(log: EventLog, found: Ahead, order: Sequence[int]) -> dict[str, Any]:
    """What programs read, the most frequent activity first."""
    names = (*log.names, END)
    return {
        "n_finished": found.n_finished,
        "held_out": {
            "hit_share": found.hit.value,
            "hit_share_always_the_most_frequent": found.always,
            "mean_absolute_error_seconds": found.error,
            "mean_absolute_error_seconds_same_for_all": found.plain,
            "in_band_share": found.covered,
        },
        "after": [
            {
                "activity": log.names[one],
                "n": int(found.n[one]),
                "next": [
                    {"activity": names[to], "share": found.table[one, to] / found.n[one]}
                    for to in np.argsort(-found.table[one], kind="stable").tolist()
                    if found.table[one, to]
                ],
                "remaining_seconds": dict(
                    zip(("p10", "p50", "p90"), found.remaining[one].tolist(), strict=True)
                ),
            }
            for one in order
        ],
    }


def _sheet(log: EventLog, found: Ahead, order: Sequence[int]) -> Sheet:
    names = (*log.names, END)
    rows = [
        [
            log.names[one],
            f"{found.n[one]:,}",
            names[int(found.table[one].argmax())],
            f"{found.table[one].max() / found.n[one]:.0%}",
            said_seconds(found.remaining[one, 1]),
            f"{said_seconds(found.remaining[one, 0])} to {said_seconds(found.remaining[one, 2])}",
        ]
        for one in order[:SHOWN]
    ]
    title = f"What comes next (learnt from {found.n_finished:,} cases"
    if not np.isnan(found.always):
        title += f"; of the latest {found.hit.value:.0%} of steps foretold, {found.always:.0%} by always saying the most frequent"
    heads = ["last", "times", "likeliest next", "chance", "time left", "80% of cases"]
    return Sheet(heads, rows, title=title + ")", numeric=(1, 3, 4, 5))

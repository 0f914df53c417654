"""Journeys as sentences, tables, a document and a picture."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

import numpy as np

from regard.analyses.durations import said_seconds
from regard.analyses.journeys.asked import Asked
from regard.analyses.journeys.picture import graph
from regard.analyses.journeys.reading import Journeys
from regard.analyses.telling import Answer, Sheet
from regard.analytics.journeys import follows as follows_
from regard.analytics.journeys.follows import Follows, directly_follows
from regard.analytics.journeys.log import EventLog
from regard.analytics.journeys.rework import Rework, rework
from regard.analytics.journeys.variants import Variants
from regard.kernel.errors import InvalidInput

METHOD = "directly-follows graph, by time and then file order within a case; the time of an edge is from start to start"
SHOWN = 10


def answer(journeys: Journeys, ways: Variants, args: argparse.Namespace, more: Asked) -> Answer:
    """What was found, the most frequent first."""
    log, most = journeys.log, _most(args.variants)
    follows, again = directly_follows(log), rework(log)
    listed = _listed(log, ways, most)
    document: dict[str, Any] = {
        "n_cases": log.n_cases,
        "n_events": log.n_events,
        "n_left_out": journeys.left_out,
        "n_activities": len(log.names),
        "n_variants": len(ways),
        "variants": listed,
        "variants_left_out": {
            "n_variants": len(ways) - len(listed),
            "n_cases": log.n_cases - sum(one["n"] for one in listed),
        },
        "directly_follows": _edges(log, follows),
        "start": _counted(log, follows.start),
        "end": _counted(log, follows.end),
        "conforming_share": more.conforming_share,
        "bottlenecks": _bottlenecks(log, follows),
        "rework": _rework(log, again),
        "method": "; ".join(dict.fromkeys((METHOD, *(one.method for one in more.beside)))),
        "source": "; ".join(dict.fromkeys((follows_.SOURCE, *(one.source for one in more.beside)))),
    }
    for one in more.beside:
        document[one.key] = one.entry
    return Answer(
        document,
        lines=_lines(log, follows, ways, again),
        sheets=[_follows_sheet(log, follows), _ways_sheet(log, listed), *_rework_sheet(log, again)]
        + [one.sheet for one in more.beside],
        notes=_notes(journeys),
        draw=partial(graph, log.names, follows),
    )


def _most(given: str) -> int | None:
    """How many variants are listed; None for all. Raises: InvalidInput for what is no number."""
    if given == "all":
        return None
    if not given.isdigit():
        raise InvalidInput("--variants needs a whole number or all, not '%(given)s'.", given=given)
    return int(given)


def _listed(log: EventLog, ways: Variants, most: int | None) -> list[dict[str, Any]]:
    """The most frequent variants; equally frequent ones by name."""
    found = [
        {"path": log.path(case), "n": int(n)}
        for case, n in zip(ways.example[:most], ways.n[:most], strict=True)
    ]
    return sorted(found, key=lambda one: (-one["n"], one["path"]))


def _edges(log: EventLog, follows: Follows) -> list[dict[str, Any]]:
    columns = (follows.before, follows.after, follows.n, follows.median, follows.mean)
    return [
        {"from": log.names[a], "to": log.names[b], "n": n, "median_seconds": median, "mean_seconds": mean}
        for a, b, n, median, mean in zip(*(one.tolist() for one in columns), strict=True)
    ]


def _counted(log: EventLog, n: np.ndarray[Any, Any]) -> dict[str, int]:
    order = np.argsort(-n, kind="stable")
    return {log.names[place]: int(n[place]) for place in order if n[place]}


def _slowest(follows: Follows) -> np.ndarray[Any, Any]:
    return np.argsort(-(follows.n * follows.mean), kind="stable")


def _bottlenecks(log: EventLog, follows: Follows) -> list[dict[str, Any]]:
    """The edges on which most time passes, with their part of all time between events."""
    total = follows.n * follows.mean
    whole = float(total.sum())
    return [
        {
            "from": log.names[follows.before[place]],
            "to": log.names[follows.after[place]],
            "n": int(follows.n[place]),
            "total_seconds": float(total[place]),
            "share_of_time": float(total[place]) / whole if whole else None,
        }
        for place in _slowest(follows)[:SHOWN]
    ]


def _rework(log: EventLog, again: Rework) -> list[dict[str, Any]]:
    order = np.argsort(-again.repeats, kind="stable")
    return [
        {
            "activity": log.names[place],
            "n_cases": int(again.cases[place]),
            "n_cases_repeated": int(again.repeated_cases[place]),
            "n_repeats": int(again.repeats[place]),
            "n_at_once": int(again.at_once[place]),
            "n_loops": int(again.loops[place]),
            "mean_seconds_since": float(again.seconds[place]),
        }
        for place in order
        if again.repeats[place]
    ]


def _lines(log: EventLog, follows: Follows, ways: Variants, again: Rework) -> list[str]:
    top = ways.n[0] / log.n_cases
    lines = [
        f"{log.n_cases:,} cases with {log.n_events:,} events took {len(ways):,} ways; the most frequent one took {top:.0%}.",
    ]
    if len(follows):
        place = int(_slowest(follows)[0])
        share = follows.n[place] * follows.mean[place] / max(float(follows.n @ follows.mean), 1e-300)
        if follows.mean[place] > 0:
            lines.append(
                f"{share:.0%} of the time between events passes from '{log.names[follows.before[place]]}' to "
                f"'{log.names[follows.after[place]]}'."
            )
    most = int(np.argmax(again.repeats))
    if again.repeats[most]:
        lines.append(
            f"'{log.names[most]}' is done again in {again.repeated_cases[most] / again.cases[most]:.0%} of the "
            f"{again.cases[most]:,} cases that have it."
        )
    return lines


def _follows_sheet(log: EventLog, follows: Follows) -> Sheet:
    whole = max(float(follows.n @ follows.mean), 1e-300)
    rows = [
        [
            log.names[follows.before[place]],
            log.names[follows.after[place]],
            f"{follows.n[place]:,}",
            said_seconds(follows.median[place]),
            said_seconds(follows.mean[place]),
            f"{follows.n[place] * follows.mean[place] / whole:.1%}",
        ]
        for place in range(min(len(follows), 2 * SHOWN))
    ]
    title = "What follows upon what" + (
        f" ({len(rows)} of {len(follows)})" if len(rows) < len(follows) else ""
    )
    heads = ["after", "comes", "times", "median", "mean", "of all time"]
    return Sheet(heads, rows, title=title, numeric=range(2, len(heads)))


def _ways_sheet(log: EventLog, listed: list[dict[str, Any]]) -> Sheet:
    rows = [
        [f"{one['n']:,}", f"{one['n'] / log.n_cases:.1%}", " → ".join(one["path"])] for one in listed[:SHOWN]
    ]
    return Sheet(["cases", "share", "way"], rows, title="The most frequent ways", numeric=(0, 1))


def _rework_sheet(log: EventLog, again: Rework) -> list[Sheet]:
    rows = [
        [
            one["activity"],
            f"{one['n_cases_repeated']:,}",
            f"{one['n_cases_repeated'] / one['n_cases']:.1%}",
            f"{one['n_at_once']:,}",
            f"{one['n_loops']:,}",
            said_seconds(one["mean_seconds_since"]),
        ]
        for one in _rework(log, again)[:SHOWN]
    ]
    heads = ["done again", "cases", "of those with it", "at once", "after something else", "mean time since"]
    return [Sheet(heads, rows, title="Done again", numeric=range(1, len(heads)))] if rows else []


def _notes(journeys: Journeys) -> list[str]:
    log, notes = journeys.log, []
    if journeys.left_out:
        notes.append(f"{journeys.left_out:,} rows without a case, an activity or a time were left out.")
    if log.times.min() == log.times.max():
        notes.append(
            "All events have the same time, so their order is that of the file, and nothing takes time."
        )
    return notes

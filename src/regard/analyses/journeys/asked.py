"""What can be asked beside the graph: a designed order, a funnel, an outcome, what comes next, contacts."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from regard.analyses.durations import said_seconds
from regard.analyses.journeys.designed import read_design
from regard.analyses.journeys.funnels import asked_funnel
from regard.analyses.journeys.reading import Journeys
from regard.analyses.telling import Beside, Sheet, between, chance, number
from regard.analytics.journeys import ahead as ahead_
from regard.analytics.journeys import conformance as conformance_
from regard.analytics.journeys import subpaths as subpaths_
from regard.analytics.journeys.ahead import Ahead, ahead
from regard.analytics.journeys.conformance import Conformance, conformance
from regard.analytics.journeys.log import EventLog
from regard.analytics.journeys.subpaths import sub_paths
from regard.analytics.journeys.variants import Variants
from regard.kernel.errors import unknown_name

SHOWN = 20
YES = ("1", "1.0", "yes", "y", "true", "t")


@dataclass(frozen=True, slots=True)
class Asked:
    """The answers beside the graph. `conforming_share` is None where no designed order was given."""

    beside: list[Beside]
    conforming_share: float | None = None


def asked(journeys: Journeys, ways: Variants, args: argparse.Namespace) -> Asked:
    """The answers that `args` ask for."""
    beside, share = [], None
    if args.model:
        found = conformance(
            journeys.log,
            ways,
            read_design(Path(args.model), journeys.log.names),
            journeys.numbers.get(args.amount),
        )
        beside.append(_conformance(found))
        share = found.share
    beside += asked_funnel(journeys, args)
    if args.outcome or args.outcome_step:
        beside.append(_outcome(journeys, args))
    if args.ahead:
        beside.append(_ahead(journeys.log, ahead(journeys.log, finished(journeys.log, args.done))))
    if args.channel:
        from regard.analyses.journeys.channels import asked_contacts

        beside += asked_contacts(journeys, args)
    return Asked(beside, share)


def finished(log: EventLog, done: list[str]) -> NDArray[np.bool_] | None:
    """Which cases have one of these activities; None where none is named. Raises: InvalidInput for one that never happens."""
    if not done:
        return None
    return _has(log, [place_of(log, name) for name in done])


def place_of(log: EventLog, name: str) -> int:
    """The place of an activity. Raises: InvalidInput with the nearest one that happens."""
    if name not in log.names:
        raise unknown_name("activity", name, log.names)
    return log.names.index(name)


def _has(log: EventLog, places: list[int]) -> NDArray[np.bool_]:
    return np.logical_or.reduceat(np.isin(log.activities, places), log.starts[:-1])


def _conformance(found: Conformance) -> Beside:
    n = len(found.conforms)
    entry = {
        "conforming_share": found.share,
        "n_conforming": int(found.conforms.sum()),
        "mean_case_seconds": found.seconds,
        "mean_case_amount": found.amount,
        "deviations": [
            {
                "kind": one.kind,
                "activity": one.activity,
                "n": one.n,
                "n_cases": one.n_cases,
                "share_of_cases": one.n_cases / n,
                "seconds": one.seconds,
                "amount": one.amount,
                "mean_case_seconds": one.case_seconds,
                "mean_case_amount": one.case_amount,
            }
            for one in found.deviations
        ],
    }
    rows = [
        [
            one.kind,
            one.activity,
            f"{one.n:,}",
            f"{one.n_cases:,}",
            f"{one.n_cases / n:.1%}",
            said_seconds(one.seconds),
            number(one.amount, 2),
            said_seconds(one.case_seconds),
            number(one.case_amount, 2),
        ]
        for one in found.deviations[:SHOWN]
    ]
    title = f"As designed: {found.conforms.sum():,} of {n:,} cases ({found.share:.1%})" + (
        f", {said_seconds(found.seconds)} each" if found.conforms.any() else ""
    )
    heads = [
        "otherwise",
        "what",
        "times",
        "cases",
        "share",
        "time after",
        "amount",
        "mean case",
        "its amount",
    ]
    sheet = Sheet(heads, rows, title=title, numeric=range(2, len(heads)))
    return Beside("conformance", entry, sheet, conformance_.METHOD, conformance_.SOURCE)


def _outcome(journeys: Journeys, args: argparse.Namespace) -> Beside:
    """Stretches that go with the outcome; where it is an activity, those before its first time."""
    log, before = journeys.log, None
    if args.outcome_step:
        place = place_of(log, args.outcome_step)
        outcome = _has(log, [place])
        first = np.where(log.activities == place, np.arange(log.n_events), log.n_events)
        before = np.minimum(np.minimum.reduceat(first, log.starts[:-1]), log.starts[1:]) - log.starts[:-1]
        said = f"reaching '{args.outcome_step}'"
    else:
        column, _, value = args.outcome.partition("=")
        wanted = [value.lower()] if value else list(YES)
        texts = journeys.texts[column]
        hit = np.array([one is not None and one.lower() in wanted for one in texts], dtype=bool)
        outcome = np.logical_or.reduceat(hit, log.starts[:-1])
        said = f"'{args.outcome}'"
    found = sub_paths(log, outcome, before=before, longest=args.longest)
    entry = {
        "outcome": args.outcome_step or args.outcome,
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
    title = f"What goes with {said} ({found.share:.1%} of cases); association, not cause"
    heads = ["way", "cases", "support", "with the outcome", "interval, %", "lift", "p"]
    sheet = Sheet(heads, rows, title=title, numeric=range(1, len(heads)))
    return Beside("outcome", entry, sheet, subpaths_.METHOD, subpaths_.SOURCE)


def _ahead(log: EventLog, found: Ahead) -> Beside:
    names = (*log.names, "(end)")
    order = [one for one in np.argsort(-found.n, kind="stable").tolist() if found.n[one]]
    entry = {
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
    sheet = Sheet(heads, rows, title=title + ")", numeric=(1, 3, 4, 5))
    return Beside("ahead", entry, sheet, ahead_.METHOD, ahead_.SOURCE)

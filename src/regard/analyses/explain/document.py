"""What made a figure change, as one answer."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

import numpy as np

from regard.analyses.explain.found import Dimensioned, Explained
from regard.analyses.explain.over_time import time_entries
from regard.analyses.explain.picture import picture
from regard.analyses.explain.reading import Asked
from regard.analyses.explain.sheets import lines, notes, sheets
from regard.analyses.explain.told import conditions_of, unit_of
from regard.analyses.telling import Answer
from regard.analytics.changes import anomalies, change_points, mix_and_rate, slices
from regard.analytics.changes.slices import Slice

# Of a combination so many groups are told, the rest in one.
MOST_GROUPS = 100


def answer(asked: Asked, found: Explained, args: argparse.Namespace) -> Answer:
    """What was found."""
    unit = unit_of(args.metric, args.score)
    document: dict[str, Any] = {
        "metric": args.metric,
        "n_before": int((~asked.answers.is_after).sum()),
        "n_after": int(asked.answers.is_after.sum()),
        "n_left_out": asked.n_left_out,
        "before": found.before,
        "after": found.after,
        "delta": found.delta.value,
        "low": found.delta.low,
        "high": found.delta.high,
        "p": found.delta.p,
        "confidence": args.confidence,
        "by": [_dimension(one) for one in found.by],
        "slices": [_slice(one, asked) for one in found.slices.slices],
        "n_slices_searched": found.slices.n_searched,
        "rest": _rest(found),
        **time_entries(found.over_time),
        "method": f"{mix_and_rate.METHOD}; {slices.METHOD}",
        "source": f"{mix_and_rate.SOURCE}; {slices.SOURCE}",
    }
    if found.over_time:
        document["method"] += f"; {change_points.METHOD}; {anomalies.METHOD}"
        document["source"] += f"; {change_points.SOURCE}; {anomalies.SOURCE}"
    return Answer(
        document,
        lines=lines(asked, found, unit, args.every),
        sheets=sheets(asked, found, unit, args.every),
        notes=notes(asked, found, args.every),
        draw=partial(picture, asked, found, unit),
    )


def _dimension(one: Dimensioned) -> dict[str, Any]:
    of = one.split
    size = np.abs(of.mix.value) + np.abs(of.rate.value)
    order = np.argsort(-size, kind="stable")
    told = order if len(one.names) == 1 else order[:MOST_GROUPS]
    rest = order[len(told) :]
    groups = [_group(one, place) for place in told]
    if len(rest):
        mix, rate = float(of.mix.value[rest].sum()), float(of.rate.value[rest].sum())
        groups.append({"group": None, "n_groups": len(rest), "mix": mix, "rate": rate})
    return {
        "dimension": ", ".join(one.names),
        "dimensions": list(one.names),
        "mix": float(of.total_mix.value),
        "mix_low": float(of.total_mix.low),
        "mix_high": float(of.total_mix.high),
        "rate": float(of.total_rate.value),
        "rate_low": float(of.total_rate.low),
        "rate_high": float(of.total_rate.high),
        "n_groups": len(one.groups),
        "groups": groups,
    }


def _group(one: Dimensioned, place: int) -> dict[str, Any]:
    of = one.split
    only = np.flatnonzero(of.n[place])
    return {
        "group": ", ".join(one.groups[place]),
        "values": list(one.groups[place]),
        "only": (None, "before", "after")[0 if len(only) == 2 else 1 + int(only[0])],
        "n_before": int(of.n[place, 0]),
        "n_after": int(of.n[place, 1]),
        "share_before": of.share[place, 0],
        "share_after": of.share[place, 1],
        "before": of.figure[place, 0],
        "after": of.figure[place, 1],
        "mix": of.mix.value[place],
        "mix_low": of.mix.low[place],
        "mix_high": of.mix.high[place],
        "rate": of.rate.value[place],
        "rate_low": of.rate.low[place],
        "rate_high": of.rate.high[place],
    }


def _slice(one: Slice, asked: Asked) -> dict[str, Any]:
    return {
        "conditions": conditions_of(one, asked),
        "n_before": int(one.n[0]),
        "n_after": int(one.n[1]),
        "share_before": one.share[0],
        "share_after": one.share[1],
        "before": one.figure[0],
        "after": one.figure[1],
        "outside_before": one.outside[0],
        "outside_after": one.outside[1],
        "explained": one.explained,
        "low": one.low,
        "high": one.high,
        "p": one.p,
    }


def _rest(found: Explained) -> dict[str, float] | None:
    rest = found.rest
    return None if rest is None else {"delta": rest.value, "low": rest.low, "high": rest.high, "p": rest.p}

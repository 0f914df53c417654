"""What made a figure change, as sentences, tables, a document and a picture."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

import numpy as np

from regard.analyses.explain.found import Dimensioned, Explained
from regard.analyses.explain.reading import UNKNOWN, Asked
from regard.analyses.explain.told import Unit, unit_of
from regard.analyses.pictures import Dot, dots
from regard.analyses.telling import Answer, Sheet, chance
from regard.analytics.changes import mix_and_rate, slices
from regard.analytics.changes.mix_and_rate import Part
from regard.analytics.changes.slices import Slice

REAL = 0.05
# Of a combination so many groups are told, the rest in one.
MOST_GROUPS = 100
MOST_ROWS = 12


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
        "change_points": [],
        "anomalies": [],
        "method": f"{mix_and_rate.METHOD}; {slices.METHOD}",
        "source": f"{mix_and_rate.SOURCE}; {slices.SOURCE}",
    }
    return Answer(
        document,
        lines=_lines(asked, found, unit),
        sheets=_sheets(asked, found, unit),
        notes=_notes(asked, found),
        draw=partial(_picture, asked, found, unit),
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


def _conditions(one: Slice, asked: Asked) -> dict[str, str]:
    found = {}
    for condition in one.conditions:
        dimension = asked.dimensions[condition.dimension]
        found[dimension.name] = UNKNOWN if condition.code < 0 else dimension.groups[condition.code]
    return found


def _named(one: Slice, asked: Asked) -> str:
    return " and ".join(f"{name} = {value}" for name, value in _conditions(one, asked).items())


def _slice(one: Slice, asked: Asked) -> dict[str, Any]:
    return {
        "conditions": _conditions(one, asked),
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


def _lines(asked: Asked, found: Explained, unit: Unit) -> list[str]:
    delta = found.delta
    way = "rose" if delta.value > 0 else "fell"
    sure = "" if delta.p <= REAL else ", which chance alone can bring"
    lines = [
        f"{unit.name} {way} from {unit.value(found.before)} ({asked.before}) to {unit.value(found.after)} "
        f"({asked.after}): {unit.change(delta.value)} ({unit.between(delta.low, delta.high)}){sure}."
    ]
    if not found.slices.slices:
        lines.append(
            f"No part of the answers changed otherwise than the rest by more than chance ({found.slices.n_searched:,} looked at)."
        )
        return lines
    for one in found.slices.slices:
        lines.append(
            f"{_named(one, asked)}: {unit.value(one.figure[0])} to {unit.value(one.figure[1])}, "
            f"{one.share[0]:.0%} to {one.share[1]:.0%} of answers. {unit.change(one.explained)} "
            f"({unit.between(one.low, one.high)}) of the change goes with it."
        )
    if found.rest is not None:
        rest = found.rest
        lines.append(f"Without that: {unit.change(rest.value)} ({unit.between(rest.low, rest.high)}).")
    return lines


def _sheets(asked: Asked, found: Explained, unit: Unit) -> list[Sheet]:
    rows = [[", ".join(one.names), *_part(one.split.total_mix, unit), *_part(one.split.total_rate, unit)]
            for one in found.by[:MOST_ROWS]]  # fmt: skip
    left = len(found.by) - len(rows)
    title = "Mix: other people answered. Rate: they answered otherwise" + (
        f" ({left} more in --json)" if left else ""
    )
    heads = ["split by", "mix", "interval", "rate", "interval"]
    sheets = [Sheet(heads, rows, title=title, numeric=range(1, 5))]
    sheets += [_groups_sheet(one, unit) for one in found.by if len(one.names) == 1]
    if found.slices.slices:
        sheets.append(_slices_sheet(asked, found, unit))
    return sheets


def _part(part: Part, unit: Unit) -> list[str]:
    return [unit.change(float(part.value)), unit.between(float(part.low), float(part.high))]


def _groups_sheet(one: Dimensioned, unit: Unit) -> Sheet:
    of = one.split
    order = np.argsort(-(np.abs(of.mix.value) + np.abs(of.rate.value)), kind="stable")
    rows = [
        [
            ", ".join(one.groups[place]),
            f"{int(of.n[place, 0]):,} → {int(of.n[place, 1]):,}",
            f"{of.share[place, 0]:.1%} → {of.share[place, 1]:.1%}",
            f"{unit.value(of.figure[place, 0])} → {unit.value(of.figure[place, 1])}",
            unit.change(of.mix.value[place]),
            unit.between(of.mix.low[place], of.mix.high[place]),
            unit.change(of.rate.value[place]),
            unit.between(of.rate.low[place], of.rate.high[place]),
        ]
        for place in order[:MOST_ROWS]
    ]
    left = len(order) - len(rows)
    title = one.names[0] + (f" (the {MOST_ROWS} that moved most; {left:,} more in --json)" if left else "")
    heads = [one.names[0], "answers", "share", unit.name, "mix", "interval", "rate", "interval"]
    return Sheet(heads, rows, title=title, numeric=range(1, len(heads)))


def _slices_sheet(asked: Asked, found: Explained, unit: Unit) -> Sheet:
    rows = [
        [
            _named(one, asked),
            f"{one.share[0]:.1%} → {one.share[1]:.1%}",
            f"{unit.value(one.figure[0])} → {unit.value(one.figure[1])}",
            f"{unit.value(one.outside[0])} → {unit.value(one.outside[1])}",
            unit.change(one.explained),
            unit.between(one.low, one.high),
            chance(one.p),
        ]
        for one in found.slices.slices
    ]
    heads = ["slice", "share", unit.name, "elsewhere", "explains", "interval", "p"]
    title = f"The fewest slices that explain it, of {found.slices.n_searched:,} looked at"
    return Sheet(heads, rows, title=title, numeric=range(1, len(heads)))


def _notes(asked: Asked, found: Explained) -> list[str]:
    notes = [
        "Where a change goes with a slice, that is an association: it says where to look, not why. p and the intervals of "
        "slices are corrected for the search; the intervals of single groups are not."
    ]
    if asked.n_left_out:
        notes.append(
            f"{asked.n_left_out:,} rows were left out: they have no score or belong to neither period."
        )
    if found.too_thin:
        names = "; ".join(", ".join(one) for one in found.too_thin)
        notes.append(f"Too many groups to be split by at once: {names}.")
    return notes


def _picture(asked: Asked, found: Explained, unit: Unit) -> str:
    delta = found.delta
    rows = [_dot("whole change", delta.value, delta.low, delta.high, unit)]
    for one in found.by:
        if len(one.names) == 1:
            mix, rate = one.split.total_mix, one.split.total_rate
            rows.append(_dot(f"{one.names[0]}: mix", float(mix.value), float(mix.low), float(mix.high), unit))
            rows.append(
                _dot(f"{one.names[0]}: rate", float(rate.value), float(rate.low), float(rate.high), unit)
            )
    rows += [_dot(_named(one, asked), one.explained, one.low, one.high, unit) for one in found.slices.slices]
    if found.rest is not None and found.slices.slices:
        rows.append(_dot("without these", found.rest.value, found.rest.low, found.rest.high, unit))
    title = f"{unit.name}: {unit.value(found.before)} to {unit.value(found.after)}"
    return dots(title, f"{unit.axis}; grey: not told apart from 0", rows)


def _dot(name: str, value: float, low: float, high: float, unit: Unit) -> Dot:
    scale = unit.scale
    return Dot(
        name, scale * value, scale * low, scale * high, unit.change(value), is_told=low > 0 or high < 0
    )

"""What made a figure change, as sentences and tables."""

from __future__ import annotations

import numpy as np

from regard.analyses.explain.found import Dimensioned, Explained
from regard.analyses.explain.over_time import time_lines, time_notes, time_sheets
from regard.analyses.explain.reading import Asked
from regard.analyses.explain.told import Unit, named
from regard.analyses.telling import Sheet, chance
from regard.analytics.changes.mix_and_rate import Part

REAL = 0.05
MOST_ROWS = 12


def lines(asked: Asked, found: Explained, unit: Unit, every: str) -> list[str]:
    """What a person reads first."""
    delta = found.delta
    way = "rose" if delta.value > 0 else "fell"
    sure = "" if delta.p <= REAL else ", which chance alone can bring"
    said = [
        f"{unit.name} {way} from {unit.value(found.before)} ({asked.before}) to {unit.value(found.after)} "
        f"({asked.after}): {unit.change(delta.value)} ({unit.between(delta.low, delta.high)}){sure}."
    ]
    if not found.slices.slices:
        said.append(
            f"No part of the answers changed otherwise than the rest by more than chance ({found.slices.n_searched:,} looked at)."
        )
        return said + time_lines(found.over_time, every, unit)
    for one in found.slices.slices:
        said.append(
            f"{named(one, asked)}: {unit.value(one.figure[0])} to {unit.value(one.figure[1])}, "
            f"{one.share[0]:.0%} to {one.share[1]:.0%} of answers. {unit.change(one.explained)} "
            f"({unit.between(one.low, one.high)}) of the change goes with it."
        )
    if found.rest is not None:
        rest = found.rest
        said.append(f"Without that: {unit.change(rest.value)} ({unit.between(rest.low, rest.high)}).")
    return said + time_lines(found.over_time, every, unit)


def sheets(asked: Asked, found: Explained, unit: Unit, every: str) -> list[Sheet]:
    """The figures."""
    rows = [[", ".join(one.names), *_part(one.split.total_mix, unit), *_part(one.split.total_rate, unit)]
            for one in found.by[:MOST_ROWS]]  # fmt: skip
    left = len(found.by) - len(rows)
    title = "Mix: other people answered. Rate: they answered otherwise" + (
        f" ({left} more in --json)" if left else ""
    )
    heads = ["split by", "mix", "interval", "rate", "interval"]
    found_sheets = [Sheet(heads, rows, title=title, numeric=range(1, 5))]
    found_sheets += [_groups_sheet(one, unit) for one in found.by if len(one.names) == 1]
    if found.slices.slices:
        found_sheets.append(_slices_sheet(asked, found, unit))
    return found_sheets + time_sheets(found.over_time, every, unit)


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
            named(one, asked),
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


def notes(asked: Asked, found: Explained, every: str) -> list[str]:
    """What to keep in mind."""
    kept = [
        "Where a change goes with a slice, that is an association: it says where to look, not why. p and the intervals of "
        "slices are corrected for the search; the intervals of single groups are not."
    ]
    if asked.n_left_out:
        kept.append(
            f"{asked.n_left_out:,} rows were left out: they have no score or belong to neither period."
        )
    if found.too_thin:
        names = "; ".join(", ".join(one) for one in found.too_thin)
        kept.append(f"Too many groups to be split by at once: {names}.")
    return kept + time_notes(found.over_time, every)

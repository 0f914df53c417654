"""A row for each customer: chance and reasons; and where new customers differ from those learnt from."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analyses.predict.asides import Aside
from regard.analyses.predict.foretold import Foretold
from regard.analyses.telling import Sheet, chance, number
from regard.analytics.arrays import Floats
from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg
from regard.analytics.predicting import drift
from regard.analytics.predicting.columns import Column, words_column
from regard.analytics.predicting.drift import Drift, drift_of
from regard.kernel.errors import InvalidInput, NotEnoughData

REASONS = 3
MUCH = 0.1


def write_rows(found: Foretold, args: argparse.Namespace) -> None:
    """Write chance and reasons of the customers learnt from, each foretold by models that had not seen it."""
    who = found.given.customers
    _write(found, found.given.columns, found.chance, who, args)


def compare_new(found: Foretold, args: argparse.Namespace) -> Aside:
    """Foretell for the customers of another file, write them, and tell where they differ."""
    columns, who = _read_new(found, args)
    foretold = found.model.chance(columns)
    _write(found, columns, foretold, who, args)
    drifts = [drift_of(old, new) for old, new in zip(found.given.columns, columns, strict=True)]
    p = benjamini_hochberg([one.p for one in drifts])
    order = np.argsort([-one.psi for one in drifts], kind="stable")
    moved = [drifts[at].name for at in order if p[at] <= 0.05 and drifts[at].psi >= MUCH]
    entry = {
        "n": len(columns[0]),
        "mean_chance": foretold.mean(),
        "columns": [_entry(drifts[at], p[at]) for at in order],
    }
    rows = [
        [drifts[at].name, number(drifts[at].psi, 3), chance(p[at]), drifts[at].before, drifts[at].after]
        for at in order[:15]
    ]
    said = f"The {len(columns[0]):,} customers of {Path(args.new).name} have a mean chance of {foretold.mean():.1%}. "
    said += (
        f"They differ from those learnt from in {', '.join(repr(name) for name in moved[:5])}: take their chances with care."
        if moved
        else "No column differs much from those learnt from."
    )
    sheet = Sheet(
        ["column", "shift (PSI)", "p", "learnt from", "now"],
        rows,
        title="Where new customers differ",
        numeric=(1, 2),
    )
    return Aside("new", entry, drift.METHOD, drift.SOURCE, lines=[said], sheets=[sheet])


def _entry(one: Drift, p: float) -> dict[str, Any]:
    return {"column": one.name, "psi": one.psi, "p": p, "before": one.before, "after": one.after}


def _read_new(found: Foretold, args: argparse.Namespace) -> tuple[list[Column], NDArray[np.object_] | None]:
    from regard.warehouse.files.chosen import open_table

    with open_table(Path(args.new)) as table:
        columns = []
        for one in found.given.columns:
            if one.numbers is not None:
                columns.append(Column(one.name, numbers=table.numbers(one.name)[0]))
            else:
                columns.append(words_column(one.name, table.texts(one.name)[0], one.levels))
        who = table.texts(args.customer)[0] if args.customer and args.customer in table.columns else None
    if not len(columns[0]):
        raise NotEnoughData(f"The file '{args.new}' has no rows.")
    return columns, who


def _write(
    found: Foretold,
    columns: list[Column],
    foretold: Floats,
    who: NDArray[np.object_] | None,
    args: argparse.Namespace,
) -> None:
    from regard.warehouse.files.written import write_columns

    if found.model.trees is not None and len(foretold) > 20_000:
        raise InvalidInput(
            "Reasons of boosted trees are told for at most 20,000 customers; use --model curved."
        )
    parts = found.model.reasons(columns, found.given.columns, seed=args.seed)
    order = np.argsort(-np.abs(parts), axis=1)[:, :REASONS]
    names = (
        np.arange(1, len(foretold) + 1).astype(str)
        if who is None
        else np.array([str(one or "") for one in who])
    )
    written: dict[str, NDArray[Any]] = {"customer" if who is not None else "row": names, "chance": foretold}
    for place in range(min(REASONS, len(columns))):
        said = [
            f"{columns[at].name} = {columns[at].said(row)} ({parts[row, at]:+.2f})"
            for row, at in enumerate(order[:, place])
        ]
        written[f"reason_{place + 1}"] = np.array(said)
    write_columns(Path(args.out), written)

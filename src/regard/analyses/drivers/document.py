"""Key drivers as sentences, a table, a document and a picture."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from regard.analyses.drivers.quadrants import draw_performance
from regard.analyses.drivers.reading import Columns
from regard.analyses.pictures import Dot, dots
from regard.analyses.telling import Answer, Beside, Sheet, between, chance, number
from regard.analytics.arrays import EstimateArrays
from regard.analytics.drivers.key_drivers import SOURCE, KeyDrivers
from regard.analytics.drivers.performance import performance

MUCH_INFLATED = 10.0
REAL = 0.05


def answer(
    columns: Columns, found: KeyDrivers, args: argparse.Namespace, beside: Sequence[Beside] = ()
) -> Answer:
    """What was found, the strongest driver first."""
    weights = np.ones(columns.n) if columns.weights is None else columns.weights
    customers = None if columns.customers is None else columns.customers[found.kept]
    means = performance(
        columns.drivers[found.kept], weights[found.kept], customers, confidence=args.confidence
    )
    order = np.argsort(-found.lmg, kind="stable")
    outcome = columns.names[-1]
    document: dict[str, Any] = {
        "n": found.n,
        "n_customers": found.n_customers,
        "n_left_out": columns.n - found.n,
        "r2": found.r2,
        "outcome": outcome,
        "missing": args.missing,
        "confidence": args.confidence,
        "drivers": [_entry(found, means, place) for place in order],
        "left_out": columns.left_out,
        "method": found.method,
        "source": SOURCE,
    }
    for one in beside:
        document[one.key] = one.entry
        document["method"] = f"{document['method']}; {one.method}"
        document["source"] = f"{document['source']}; {one.source}"
    return Answer(
        document,
        lines=[_sentence(found, order, outcome)],
        sheets=[_sheet(found, means, order), *(one.sheet for one in beside)],
        notes=_notes(columns, found),
        draw=partial(draw_performance, columns, found, means, order, outcome)
        if args.picture == "performance"
        else partial(_picture, found, order, outcome),
    )


def _entry(found: KeyDrivers, means: EstimateArrays, place: int) -> dict[str, Any]:
    total = found.lmg.sum()
    return {
        "driver": found.names[place],
        "lmg": found.lmg[place],
        "lmg_low": found.low[place],
        "lmg_high": found.high[place],
        "lmg_share": found.lmg[place] / total,
        "lmg_sampling_error": found.sampling_error[place],
        "relative_weight": found.weights[place],
        "relative_weight_share": found.weights[place] / found.weights.sum(),
        "sign": int(np.sign(found.correlations[place])),
        "p": found.p[place],
        "p_uncorrected": found.p_alone[place],
        "correlation": found.correlations[place],
        "coefficient": found.coefficients[place],
        "variance_inflation": found.inflation[place],
        "performance": means.value[place],
        "performance_low": means.low[place],
        "performance_high": means.high[place],
    }


def _sentence(found: KeyDrivers, order: np.ndarray[Any, Any], outcome: str) -> str:
    together = (
        f"Together the drivers explain {found.r2:.1%} of how '{outcome}' differs (n {found.n:,}"
        + (f", {found.n_customers:,} customers" if found.n_customers < found.n else "")
        + ")."
    )
    told = [place for place in order if found.p[place] <= REAL]
    if not told:
        return f"No driver is told apart from chance. {together}"
    first = told[0]
    way = "more" if found.correlations[first] > 0 else "less"
    return (
        f"'{found.names[first]}' has the strongest association with '{outcome}' (the {way}, the higher): "
        f"{found.shares[first]:.0%} of what the drivers explain. {together} "
        f"{len(told)} of {len(found.names)} are told apart from chance."
    )


def _sheet(found: KeyDrivers, means: EstimateArrays, order: np.ndarray[Any, Any]) -> Sheet:
    total = found.lmg.sum()
    rows = [
        [
            found.names[place],
            "+" if found.correlations[place] > 0 else "−",
            f"{found.lmg[place] / total:.1%}",
            number(found.lmg[place], 4),
            between(found.low[place], found.high[place], 4),
            chance(found.p[place]),
            f"{found.weights[place] / found.weights.sum():.1%}",
            number(found.inflation[place], 1),
            number(means.value[place], 2),
            between(means.low[place], means.high[place], 2),
        ]
        for place in order
    ]
    heads = ["driver", "sign", "share", "of R²", "interval", "p", "relative weight", "inflation", "mean", "interval"]  # fmt: skip
    return Sheet(heads, rows, numeric=range(1, len(heads)))


def _notes(columns: Columns, found: KeyDrivers) -> Sequence[str]:
    notes = [
        "These are associations: changing a driver need not move the outcome. p is corrected for the number of drivers."
    ]
    if found.n < columns.n:
        notes.append(
            f"{columns.n - found.n:,} of {columns.n:,} rows were left out: they have gaps or no weight."
        )
    inflated = [name for name, size in zip(found.names, found.inflation, strict=True) if size > MUCH_INFLATED]
    if inflated:
        notes.append(f"Hardly told from the other drivers (inflation above 10): {', '.join(inflated)}.")
    turned = [
        name
        for name, one, other in zip(found.names, found.correlations, found.coefficients, strict=True)
        if one * other < 0
    ]
    if turned:
        notes.append(
            f"With the other drivers held fixed the sign turns for: {', '.join(turned)}; read these with care."
        )
    if columns.left_out:
        said = "; ".join(f"{name} {reason}" for name, reason in columns.left_out.items())
        notes.append(f"Not taken as drivers: {said}.")
    return notes


def _picture(found: KeyDrivers, order: np.ndarray[Any, Any], outcome: str) -> str:
    total = found.lmg.sum()
    rows = [
        Dot(
            name=found.names[place],
            value=100 * found.lmg[place] / total,
            low=100 * found.low[place] / total,
            high=100 * found.high[place] / total,
            said=f"{'+' if found.correlations[place] > 0 else '−'} {found.lmg[place] / total:.0%}",
            is_told=bool(found.p[place] <= REAL),
        )
        for place in order
    ]
    axis = f"% of what the drivers explain (R² {found.r2:.2f}); grey: not told apart from chance"
    return dots(f"What goes with {outcome}", axis, rows)

"""Whom a treatment moves, where it was given by lot."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

import numpy as np

from regard.analyses.bands import Band, bands
from regard.analyses.predict.asides import Aside
from regard.analyses.predict.reading import Given
from regard.analyses.telling import Sheet, between, chance, number
from regard.analytics.arrays import Floats
from regard.analytics.predicting import uplift
from regard.analytics.predicting.uplift import (
    NOT_BY_LOT,
    TRANSFORMED,
    TWO_MODELS,
    Qini,
    chance_of_lot,
    qini,
    uplift_scores,
)
from regard.analytics.shares.difference import share_difference_arrays
from regard.analytics.shares.wilson import share_arrays
from regard.kernel.errors import InvalidInput

PARTS = 5
POINTS = 100


def uplift_of(given: Given, args: argparse.Namespace) -> Aside:
    """What the treatment does on average, and whom it moves."""
    treatment = given.treatment
    assert treatment is not None, "there is a treatment where this is asked"
    known = ~np.isnan(treatment)
    columns, outcome = [column[known] for column in given.columns], given.outcome[known]
    places = None if given.places is None else given.places[known]
    treated = treatment[known]
    p = chance_of_lot(columns, treated)
    if p < NOT_BY_LOT:
        raise InvalidInput(
            f"The columns tell who has '{args.treatment}' (p {chance(p)}), so it was not given by lot, and what it does to whom cannot be "
            "told like this. Leave out columns that were only known afterwards (--without), or ask regard effect."
        )
    found = []
    for kind in (TWO_MODELS, TRANSFORMED):
        score = uplift_scores(
            kind, columns, outcome, treated, folds=args.folds, customers=places, seed=args.seed
        )
        found.append((kind, score, qini(score, outcome, treated)))
    kind, score, best = max(found, key=lambda one: one[2].area)
    mean = _differences(np.zeros(len(score), dtype=np.int64), outcome, treated, score)[0]
    parts = _differences(_parts(score), outcome, treated, score)
    entry = {
        "n": len(score),
        "n_treated": int(treated.sum()),
        "p_by_lot": p,
        "effect": mean,
        "models": [
            {"model": one, "qini": area.area, "low": area.low, "high": area.high, "of_perfect": area.perfect}
            for one, _, area in found
        ],
        "used": kind,
        "parts": parts,
        "curve": _points(best),
    }
    return Aside(
        "uplift", entry, uplift.METHOD, uplift.SOURCE, [_sentence(mean, best, args.treatment)],
        [_sheet(entry), _parts_sheet(entry)],
        ["The better of two ways was taken after both were looked at, so that its Qini is a little too kind."],
        partial(_picture, best, args.treatment),
    )  # fmt: skip


def _parts(score: Floats) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Of each customer, the fifth that its score puts it in, the most movable first."""
    place = np.empty(len(score), dtype=np.int64)
    place[np.argsort(-score, kind="stable")] = np.arange(len(score)) * PARTS // len(score)
    return place


def _differences(
    part: np.ndarray[Any, np.dtype[np.int64]], outcome: Floats, treated: Floats, score: Floats
) -> list[dict[str, Any]]:
    """In each part, the share of yes of the treated less that of the others."""
    many = int(part.max()) + 1
    sides = [
        share_arrays(
            np.bincount(part, weights=outcome * side, minlength=many),
            np.bincount(part, weights=side, minlength=many),
        )
        for side in (treated, 1 - treated)
    ]
    difference = share_difference_arrays(*sides)
    n = np.bincount(part, minlength=many)
    foretold = np.bincount(part, weights=score, minlength=many) / n
    return [
        {
            "n": n[at], "foretold": foretold[at], "treated": sides[0].value[at], "untreated": sides[1].value[at],
            "difference": difference.value[at], "low": difference.low[at], "high": difference.high[at], "p": difference.p[at],
        }
        for at in range(many)
    ]  # fmt: skip


def _points(found: Qini) -> list[dict[str, float]]:
    at = np.linspace(0, 1, POINTS + 1)
    return [
        {"share_treated": share, "gained": gained}
        for share, gained in zip(at.tolist(), np.interp(at, found.share, found.gained).tolist(), strict=True)
    ]


def _sentence(mean: dict[str, Any], best: Qini, name: str) -> str:
    said = (
        f"'{name}' adds {100 * mean['difference']:+.1f} points of chance on average "
        f"({between(100 * mean['low'], 100 * mean['high'], 1)}, p {chance(mean['p'])}). "
    )
    if best.low > 0:
        return (
            said
            + f"Whom it moves can be told: Qini {best.area:.4f} ({best.low:.4f} to {best.high:.4f}; 0 is by lot)."
        )
    return (
        said
        + f"Whom it moves cannot be told from chance: Qini {best.area:.4f} ({best.low:.4f} to {best.high:.4f})."
    )


def _sheet(entry: dict[str, Any]) -> Sheet:
    rows = [
        [
            one["model"],
            number(one["qini"], 4),
            between(one["low"], one["high"], 4),
            number(one["of_perfect"], 3),
        ]
        for one in entry["models"]
    ]
    return Sheet(
        ["way", "Qini", "95% interval", "of perfect"],
        rows,
        title="Whom the treatment moves",
        numeric=(1, 2, 3),
    )


def _parts_sheet(entry: dict[str, Any]) -> Sheet:
    rows = [
        [
            f"{at + 1} of {PARTS}",
            f"{one['n']:,}",
            f"{100 * one['foretold']:+.1f}",
            f"{one['treated']:.1%}",
            f"{one['untreated']:.1%}",
            f"{100 * one['difference']:+.1f}",
            between(100 * one["low"], 100 * one["high"], 1),
        ]
        for at, one in enumerate(entry["parts"])
    ]
    heads = [
        "most movable first",
        "customers",
        "foretold, points",
        "treated",
        "untreated",
        "difference",
        "95% interval",
    ]
    return Sheet(heads, rows, numeric=range(1, 7))


def _picture(found: Qini, name: str) -> str:
    at = np.linspace(0, 1, POINTS + 1)
    gained = np.interp(at, found.share, found.gained)
    lines = [
        Band("by score", 100 * at, 100 * gained),
        Band("by lot", 100 * at[[0, -1]], 100 * gained[-1] * at[[0, -1]]),
    ]
    return bands(
        f"What {name} brings", "% treated, the most movable first", "more yes per 100 customers", lines
    )

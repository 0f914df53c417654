"""How to deal out the next units, from what has been seen so far."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from regard.analyses.experiment.judging import LEAST, kind_of
from regard.analyses.experiment.reading import Dealt, Measured, measured, read_dealt
from regard.analyses.experiment.telling import percent
from regard.analyses.telling import Answer, Sheet, number
from regard.analytics.arrays import Floats, divide, root
from regard.analytics.experiments import effects, thompson
from regard.analytics.experiments.moments import moments
from regard.analytics.experiments.thompson import Dealing, deal_means, deal_proportions
from regard.kernel.errors import InvalidInput, NotEnoughData


def deal(args: argparse.Namespace) -> Answer:
    """The shares of the next units."""
    dealt = read_dealt(args, [args.metric])
    rows = measured(dealt, args.metric)
    n = np.bincount(rows.variant, minlength=len(dealt.variants))
    kind = kind_of(dealt.columns[args.metric], args.kind)
    figures, found = _found(dealt, rows, kind, args)
    order = np.argsort(-found.best, kind="stable")
    document: dict[str, Any] = {
        "kind": kind,
        "n": int(n.sum()),
        "floor": args.floor,
        "variants": [
            {
                "variant": dealt.variants[place],
                "n": int(n[place]),
                "value": float(figures[place]),
                "chance_best": float(found.best[place]),
                "share": float(found.shares[place]),
            }
            for place in order
        ],
        "remaining": found.remaining,
        "method": thompson.METHOD,
        "source": thompson.SOURCE,
    }
    best = document["variants"][0]
    lines = [
        f"Deal {best['share']:.0%} of the next units to '{best['variant']}': it is the best with a chance of "
        f"{percent(best['chance_best'])}. Taking it for good would lose {number(found.remaining, 4)} on average."
    ]
    notes = [
        "Keep, of every unit, the shares that it was dealt by: `regard experiment --chances` needs them to read the result."
    ]
    return Answer(document, lines=lines, sheets=[_sheet(document)], notes=notes)


def _found(dealt: Dealt, rows: Measured, kind: str, args: argparse.Namespace) -> tuple[Floats, Dealing]:
    """The figure of each variant, and the shares that follow."""
    many = len(dealt.variants)
    n = np.bincount(rows.variant, minlength=many)
    if kind == "proportion":
        if not np.isin(rows.y, (0.0, 1.0)).all() or dealt.repeated:
            raise InvalidInput("A proportion is dealt by one row of 0 or 1 for each unit. Take --kind mean.")
        hits = np.bincount(rows.variant, rows.y, many)
        return divide(hits, n), deal_proportions(
            hits, n, floor=args.floor, lower_is_better=args.lower_is_better
        )
    if (n < LEAST).any():
        few = dealt.variants[int(np.argmin(n))]
        raise NotEnoughData(
            f"Variant '{few}' has too few units; deal each at least {LEAST} before shares follow them."
        )
    parts = moments(rows.variant, rows.y, rows.x, n_variants=many)
    figures = divide(parts.y, parts.x)
    se = root(divide(effects.linearised(parts), parts.n))
    return figures, deal_means(figures, se, floor=args.floor, lower_is_better=args.lower_is_better)


def _sheet(document: dict[str, Any]) -> Sheet:
    rows = [
        [
            one["variant"],
            f"{one['n']:,}",
            number(one["value"], 4),
            percent(one["chance_best"]),
            f"{one['share']:.1%}",
        ]
        for one in document["variants"]
    ]
    return Sheet(
        ["variant", "n", "figure", "chance to be best", "share of the next"], rows, numeric=range(1, 5)
    )

"""The answer of `regard effect`, by the design that was asked for."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np

from regard.analyses.effect.comparing import compare
from regard.analyses.effect.found import Found, sentence, told
from regard.analyses.effect.reading import Given, read_given
from regard.analyses.telling import Answer
from regard.analytics.effects.given import Effect
from regard.analytics.sizes import check_size
from regard.kernel.errors import InvalidInput

# An interval that is narrower than this, as a share of the outcome, is none.
NONE = 1e-9
NEEDED = {
    "did": ("unit", "time"),
    "synthetic": ("unit", "time"),
    "interrupted": ("time",),
    "instrument": ("instrument",),
}


def answer(args: argparse.Namespace) -> Answer:
    """The answer that `args` ask for."""
    _check(args)
    given = read_given(args)
    check_size(f"The column '{args.outcome}'", given.outcome)
    found = _by(args.design)(given, args)
    one = found.headline
    _check_scatter(given, one, args)
    document: dict[str, Any] = {
        **found.counts,
        "treatment": args.treatment,
        "outcome": args.outcome,
        "design": found.design,
        "verdict": found.verdict,
        "effect": one.value,
        "se": one.se,
        "low": one.low,
        "high": one.high,
        "p": one.p,
        "target": one.target,
        "confidence": args.confidence,
        **found.entry,
        "headline": told(one),
        "method": found.method,
        "source": found.source,
    }
    return Answer(
        document, [sentence(found, args.treatment, args.outcome)], found.sheets, found.notes, found.draw
    )


def _check_scatter(given: Given, found: Effect, args: argparse.Namespace) -> None:
    """Refuse an outcome that the design foretells to the last digit. Raises: InvalidInput."""
    known = given.outcome[np.isfinite(given.outcome)]
    if found.high - found.low <= NONE * (abs(found.value) + float(known.std())):
        raise InvalidInput(
            f"'{args.outcome}' is foretold to the last digit (perfectly collinear): it is the same in every row, or '{args.treatment}' "
            "or the time in other words. Nothing is left to tell an effect from chance by; name another outcome."
        )


def _check(args: argparse.Namespace) -> None:
    if not 0 < args.confidence < 1:
        raise InvalidInput(
            f"A confidence lies between 0 and 1, such as 0.95; {args.confidence:g} does not. Correct --confidence."
        )
    if args.design == "adjusted" and not args.confounder:
        raise InvalidInput("--design adjusted needs what to adjust for: --confounder COL, once for each.")
    for name in NEEDED.get(args.design or "", ()):
        if not getattr(args, name):
            raise InvalidInput(f"--design {args.design} needs --{name} COL.")
    for name in ("unit", "time", "instrument"):
        if getattr(args, name) and name not in NEEDED.get(args.design or "", ()):
            raise InvalidInput(
                f"--{name} is for another design than '{args.design or 'adjusted'}'. Name it with --design, or leave it out."
            )


def _by(design: str | None) -> Callable[[Given, argparse.Namespace], Found]:
    """What finds the effect by this design."""
    from regard.analyses.effect.instrumented import moved_by
    from regard.analyses.effect.over_time import differences, mixture, series

    known = {"did": differences, "synthetic": mixture, "interrupted": series, "instrument": moved_by}
    return known.get(design or "", compare)

"""The effect by an instrument."""

from __future__ import annotations

import argparse

import numpy as np

from regard.analyses.effect.found import ASSOCIATION, Found, digits_of, effects_sheet, told
from regard.analyses.effect.reading import Given
from regard.analyses.telling import number
from regard.analytics.effects import instrument
from regard.analytics.effects.given import check_numbers
from regard.analytics.effects.instrument import WEAK, by_instrument
from regard.analytics.sizes import check_size
from regard.kernel.errors import InvalidInput

# Beyond this correlation one is the other in another unit.
SAME = 1 - 1e-9


def moved_by(given: Given, args: argparse.Namespace) -> Found:
    """What the treatment did to those whom the instrument moves."""
    if args.placebo:
        raise InvalidInput("--placebo is for comparisons. Of an instrument, ask for the placebo as outcome.")
    assert given.instrument is not None, "there is an instrument where this is asked"
    whole = np.column_stack((given.outcome, given.treatment, given.instrument, given.confounders))
    kept = np.asarray(np.isfinite(whole).all(axis=1))
    y, t, z, x = whole[kept, 0], whole[kept, 1], whole[kept, 2], whole[kept, 3:]
    if kept.any():
        check_numbers([*given.names, "outcome"], np.column_stack((x, y)))
        check_size(f"The column '{args.treatment}'", t)
        check_size(f"The column '{args.instrument}'", z)
        if np.ptp(t) and abs(np.corrcoef(y, t)[0, 1]) > SAME:
            raise InvalidInput(
                f"The outcome '{args.outcome}' is the treatment in other words (perfectly collinear). Name another outcome."
            )
    found = by_instrument(y, t, z, x, confidence=args.confidence)
    verdict = f"instrument '{args.instrument}'; causal only if it moves '{args.outcome}' by '{args.treatment}' alone and was as good as dealt by lot"
    if found.first_stage < WEAK:
        verdict = f"{ASSOCIATION}: '{args.instrument}' hardly moves '{args.treatment}' (F {found.first_stage:.1f}, at least {WEAK:g} is needed)"
    digits = digits_of(found.effect.value)
    ends = f"{number(found.low, digits)} to {number(found.high, digits)}" if found.is_bounded else "unbounded"
    return Found(
        "instrument", verdict, found.effect, {"n": len(y), "n_left_out": len(kept) - len(y)},
        {
            "first_stage_f": found.first_stage,
            "moves_treatment_by": found.moved,
            "moves_outcome_by": found.reduced,
            "anderson_rubin": {"low": found.low, "high": found.high, "is_bounded": found.is_bounded},
            "without_instrument": found.least_squares,
            "estimates": [told(found.effect)],
        },
        instrument.METHOD, instrument.SOURCE, [effects_sheet([found.effect])],
        [
            f"The instrument moves the treatment by {found.moved:.4g} (F {found.first_stage:.1f}). Anderson–Rubin's interval, which holds for weak ones too: {ends}.",
            f"A regression without it would say {number(found.least_squares, digits_of(found.least_squares))}.",
        ],
    )  # fmt: skip

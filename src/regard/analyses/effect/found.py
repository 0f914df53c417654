"""An effect as every design tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from regard.analyses.telling import Sheet, between, chance, number
from regard.analytics.effects import instrument, matching, panel, regression, weighting
from regard.analytics.effects.given import Effect

ASSOCIATION = "association only"
SHORT = {
    regression.DIFFERENCE: "difference of means",
    regression.METHOD: "regression",
    regression.LIN: "with interactions",
    weighting.IPW: "weighting",
    weighting.DOUBLY_ROBUST: "doubly robust",
    matching.METHOD: "matching",
    panel.METHOD: "difference in differences",
    instrument.METHOD: "instrument",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a design found.

    Args:
        design: its key. verdict: the design by name and what it rests on, or why it is an association only.
        headline: the effect that is told first. counts: how many rows, units or periods of which kind.
        entry: what else programs read.
    """

    design: str
    verdict: str
    headline: Effect
    counts: Mapping[str, int]
    entry: Mapping[str, Any]
    method: str
    source: str
    sheets: Sequence[Sheet] = ()
    notes: Sequence[str] = ()
    draw: Callable[[], str] | None = field(default=None)


def told(one: Effect) -> dict[str, Any]:
    """What programs read of an effect."""
    return {
        "method": one.method,
        "target": one.target,
        "effect": one.value,
        "se": one.se,
        "low": one.low,
        "high": one.high,
        "p": one.p,
    }


def effects_sheet(effects: Sequence[Effect], title: str = "") -> Sheet:
    """Effects for people."""
    rows = [
        [
            short(one),
            one.target,
            _figure(one.value),
            _figure(one.se),
            _interval(one.low, one.high),
            chance(one.p),
        ]
        for one in effects
    ]
    return Sheet(["by", "of", "effect", "error", "interval", "p"], rows, title=title, numeric=(2, 3, 4, 5))


def short(one: Effect) -> str:
    """The estimator in a word or two."""
    return SHORT.get(one.method, one.method.split(",")[0])


def digits_of(value: float) -> int:
    """How many digits after the point a figure of this size is read with.

    >>> digits_of(1676.34), digits_of(0.0153)
    (0, 4)
    """
    size = abs(value)
    return 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 4


def sentence(found: Found, treatment: str, outcome: str) -> str:
    """What a person reads first."""
    one = found.headline
    digits = digits_of(max(abs(one.low), abs(one.high)))
    reach = f"{number(one.value, digits)} ({between(one.low, one.high, digits)}, p {chance(one.p)})"
    if found.verdict.startswith(ASSOCIATION):
        return f"Where '{treatment}', '{outcome}' is higher by {reach}. This is an {found.verdict}."
    if one.low <= 0 <= one.high:
        return f"No effect of '{treatment}' on '{outcome}' can be told from none: {reach}, of {one.target}. Design: {found.verdict}."
    return f"'{treatment}' adds {reach} to '{outcome}', of {one.target}. Design: {found.verdict}."


def _figure(value: float) -> str:
    return number(value, digits_of(value))


def _interval(low: float, high: float) -> str:
    return between(low, high, digits_of(max(abs(low), abs(high))))

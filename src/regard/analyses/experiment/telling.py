"""An experiment in sentences, tables and a picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from regard.analyses.experiment.reading import Dealt
from regard.analyses.pictures import Dot, dots
from regard.analyses.telling import Sheet, between, chance, number
from regard.analytics.experiments.sample_ratio import SampleRatio

FIGURES = 3


def stopped(dealt: Dealt, ratio: SampleRatio) -> str:
    """Why nothing is read."""
    counts = ", ".join(
        f"{name} {int(n):,} where {meant:,.0f} were meant"
        for name, n, meant in zip(dealt.variants, dealt.counts, ratio.expected, strict=True)
    )
    return (
        f"Stopped: the units were not dealt out as meant ({counts}; chi² {ratio.chi2:.2f}, p {chance(ratio.p)}). Whatever "
        "lost some of them may have chosen whom, so no difference can be read. Find out who is missing, or say with "
        "--expected what was meant."
    )


def sentences(document: dict[str, Any]) -> list[str]:
    """What was found, the told differences first."""
    entries = document["comparisons"]
    several = len({one["metric"] for one in entries}) > 1
    lines = [_said(one, several=several) for one in entries if one["verdict"] != "not told apart"]
    rest = [one for one in entries if one["verdict"] == "not told apart"]
    if rest:
        names = ", ".join(
            f"'{one['variant']}'" + (f" in '{one['metric']}'" if several else "") for one in rest
        )
        lines.append(f"Not told apart from '{document['baseline']}': {names}.")
    for one in document["guardrails"]:
        if one["verdict"] == "harmed":
            lines.append(
                f"'{one['variant']}' harms '{one['metric']}': {_signed(one['difference'], _digits(one))} "
                f"({between(one['low'], one['high'], _digits(one))})."
            )
    return lines


def _said(one: dict[str, Any], *, several: bool) -> str:
    said = f"'{one['variant']}' is {one['verdict']} than '{one['baseline']}'"
    if several:
        said += f" in '{one['metric']}'"
    said += f": {_signed(one['difference'], _digits(one))} ({between(one['low'], one['high'], _digits(one))})"
    if not np.isnan(one["relative"]):
        said += f", {one['relative']:+.1%} of the baseline"
    if "mean_difference" in one:
        ends = between(one["mean_difference_low"], one["mean_difference_high"], 2)
        said += f", the means differ by {_signed(one['mean_difference'], 2)} ({ends})"
    return f"{said}; chance to win {percent(one['chance_to_win'])}."


def comparison_sheet(entries: list[dict[str, Any]], *, several: bool) -> Sheet:
    """The figures, variant by variant."""
    rows = []
    for one in entries:
        digits = _digits(one)
        rows.append(
            [
                *([one["metric"]] if several else []),
                one["variant"],
                f"{one['n']:,}",
                number(one["value"], digits),
                _signed(one["difference"], digits),
                between(one["low"], one["high"], digits),
                chance(one["p"]),
                chance(one["p_benjamini_hochberg"]),
                chance(one["p_holm"]),
                "–" if np.isnan(one["relative"]) else f"{one['relative']:+.1%}",
                percent(one["chance_to_win"]),
                number(one["risk"], digits + 1),
                one["verdict"],
            ]
        )
    columns = [
        *(["metric"] if several else []),
        "variant",
        "n",
        "figure",
        "difference",
        "interval",
        "p",
        "p (BH)",
        "p (Holm)",
    ]
    columns += ["relative", "chance to win", "risk", "verdict"]
    first = entries[0]
    title = f"Against '{first['baseline']}'" + (
        "" if several else f" (n {first['baseline_n']:,}, {number(first['baseline_value'], _digits(first))})"
    )
    return Sheet(columns, rows, title=title, numeric=range(2 if several else 1, len(columns) - 1))


def guardrail_sheet(entries: list[dict[str, Any]]) -> Sheet:
    """What must not suffer."""
    rows = [
        [
            one["metric"],
            one["variant"],
            number(one["baseline_value"], _digits(one)),
            number(one["value"], _digits(one)),
            _signed(one["difference"], _digits(one)),
            between(one["low"], one["high"], _digits(one)),
            number(one["margin"], _digits(one)),
            one["verdict"],
        ]
        for one in entries
    ]
    columns = ["guardrail", "variant", "baseline", "figure", "difference", "interval", "may lose", "verdict"]
    return Sheet(columns, rows, title="Guardrails", numeric=range(2, 7))


def picture(document: dict[str, Any]) -> str:
    """Each difference with its interval; shares of the baseline where there are several metrics."""
    entries = document["comparisons"]
    several = len({one["metric"] for one in entries}) > 1
    rows = [_dot(one, several=several) for one in entries]
    shown = [row for row in rows if not np.isnan(row.value)]
    unit = "% of the baseline" if several else f"difference of {entries[0]['metric']}"
    axis = f"{unit}; grey: not told apart from '{document['baseline']}'"
    return dots(f"Against '{document['baseline']}'", axis, shown) if shown else ""


def stopped_picture(dealt: Dealt, ratio: SampleRatio) -> str:
    """How far each variant is from the units that were meant for it, with what lot alone would leave."""
    rows = []
    for name, n, meant in zip(dealt.variants, dealt.counts, ratio.expected, strict=True):
        value, reach = 100 * (n / meant - 1), 196 * np.sqrt((1 - meant / dealt.counts.sum()) / meant)
        rows.append(Dot(name, value, value - reach, value + reach, f"{value:+.1f}%", abs(value) > reach))
    axis = f"% more units than were meant (chi² {ratio.chi2:.1f}, p {chance(ratio.p)})"
    return dots("Stopped: not dealt out as meant", axis, rows)


def _dot(one: dict[str, Any], *, several: bool) -> Dot:
    keys = ("relative", "relative_low", "relative_high") if several else ("difference", "low", "high")
    value, low, high = (one[key] * (100 if several else 1) for key in keys)
    known = not np.isnan(low + high)
    return Dot(
        name=f"{one['metric']}: {one['variant']}" if several else one["variant"],
        value=value,
        low=low if known else None,
        high=high if known else None,
        said=f"{value:+.1f}%" if several else _signed(value, _digits(one)),
        is_told=one["verdict"] != "not told apart",
    )


def _digits(one: dict[str, Any]) -> int:
    """So many that the width of the interval, or the figure, shows `FIGURES` figures."""
    width = one["high"] - one["low"]
    size = width if width > 0 else abs(one["value"]) or 1.0
    return int(np.clip(FIGURES - 1 - np.floor(np.log10(size)), 0, 9))


def _signed(value: float, digits: int) -> str:
    return ("+" if value > 0 else "") + number(value, digits)


def percent(share: float) -> str:
    """A chance that is never told as certain.

    >>> percent(0.99996), percent(0.5)
    ('> 99.9%', '50.0%')
    """
    if np.isnan(share):
        return "–"
    return "> 99.9%" if share > 0.999 else "< 0.1%" if share < 0.001 else f"{share:.1%}"

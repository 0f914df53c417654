"""What was found, metric by metric and variant by variant, as the document holds it."""

from __future__ import annotations

from typing import Any

import numpy as np

from regard.analyses.experiment.asked import Asked
from regard.analyses.experiment.judging import Judged
from regard.analyses.experiment.reading import Dealt
from regard.analytics.experiments.chances import chances
from regard.analytics.experiments.comparisons import Compared
from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg
from regard.analytics.multiplicity.holm import holm


def compared_entries(dealt: Dealt, judged: list[Judged], asked: Asked) -> list[dict[str, Any]]:
    """Each metric of each variant against the baseline, corrected over all of them together."""
    p = np.array([float(one.p) for part in judged for one in part.compared])
    corrected = {"p_benjamini_hochberg": benjamini_hochberg(p), "p_holm": holm(p)}
    told = corrected["p_holm" if asked.is_holm else "p_benjamini_hochberg"] <= asked.alpha
    entries: list[dict[str, Any]] = []
    for part in judged:
        for place, one in enumerate(part.compared):
            entry = _entry(dealt, part, place, one)
            for name, values in corrected.items():
                entry[name] = values[len(entries)]
            entry |= _believed(one, asked, is_lower=part.lower_is_better)
            better = (entry["difference"] > 0) != part.lower_is_better
            entry["verdict"] = ("better" if better else "worse") if told[len(entries)] else "not told apart"
            entries.append(entry)
    return entries


def guardrail_entries(dealt: Dealt, judged: list[Judged], asked: Asked) -> list[dict[str, Any]]:
    """Each guardrail of each variant: harmed, safe within the margin, or not known yet."""
    entries: list[dict[str, Any]] = []
    for part in judged:
        for place, one in enumerate(part.compared):
            entry = _entry(dealt, part, place, one)
            room = asked.margin * abs(float(one.baseline))
            worst, best = (-one.high, -one.low) if part.lower_is_better else (one.low, one.high)
            entry["margin"] = room
            entry["verdict"] = "harmed" if best < 0 else "safe" if worst >= -room else "not known yet"
            entries.append(entry)
    return entries


def _entry(dealt: Dealt, part: Judged, place: int, one: Compared) -> dict[str, Any]:
    entry = {
        "metric": part.metric,
        "kind": part.kind,
        "variant": dealt.variants[place + 1],
        "baseline": dealt.variants[0],
        "n": int(part.n[place + 1]),
        "baseline_n": int(part.n[0]),
        "value": float(one.value),
        "baseline_value": float(one.baseline),
        "difference": float(one.difference),
        "low": float(one.low),
        "high": float(one.high),
        "p": float(one.p),
        "relative": float(one.relative),
        "relative_low": float(one.relative_low),
        "relative_high": float(one.relative_high),
    }
    if part.mean is not None:
        mean = part.mean[place]
        entry["mean_difference"] = float(mean.difference)
        entry["mean_difference_low"] = float(mean.low)
        entry["mean_difference_high"] = float(mean.high)
    return entry


def _believed(one: Compared, asked: Asked, *, is_lower: bool) -> dict[str, Any]:
    """The chance to win, and what is lost if it does not."""
    size = abs(float(one.baseline))
    prior = asked.prior * size if asked.prior and size else np.inf
    found = chances(one.difference, one.se, prior_sd=prior, lower_is_better=is_lower)
    return {
        "chance_to_win": float(found.chance_to_win),
        "risk": float(found.risk),
        "baseline_risk": float(found.baseline_risk),
    }

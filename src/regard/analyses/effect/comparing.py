"""The treated beside the untreated: by lot, adjusted for confounders, or an association only."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from regard.analyses.effect.balance import balance_of, balance_sheet, overlap_told
from regard.analyses.effect.found import ASSOCIATION, Found, digits_of, effects_sheet, short, told
from regard.analyses.effect.reading import Given
from regard.analyses.pictures import Dot, dots
from regard.analyses.telling import chance, number
from regard.analytics.effects import matching, overlap, regression, sensitivity, weighting
from regard.analytics.effects.given import EVERYBODY, THE_TREATED, Effect, Rows
from regard.analytics.effects.matching import by_matching
from regard.analytics.effects.overlap import overlap_of
from regard.analytics.effects.regression import by_interactions, by_regression, difference_in_means
from regard.analytics.effects.sensitivity import e_value, hidden_confounder, placebo_p
from regard.analytics.effects.weighting import by_weighting, doubly_robust
from regard.analytics.predicting.columns import Column
from regard.analytics.predicting.uplift import NOT_BY_LOT, chance_of_lot

UNBALANCED = 0.25
REAL = 0.05


@dataclass(slots=True)
class _Adjusted:
    """The estimates that take confounders into account, with what shows how far they may; empty where none are named."""

    effects: list[Effect] = field(default_factory=list)
    entry: dict[str, Any] = field(default_factory=dict)
    balance: list[dict[str, Any]] = field(default_factory=list)
    sources: Sequence[str] = ()


def compare(given: Given, args: argparse.Namespace) -> Found:
    """The effect where treated and untreated rows are compared."""
    rows = given.rows()
    plain = difference_in_means(rows, confidence=args.confidence)
    lot = _lot(rows)
    adjusted = _adjusted(rows, args) if rows.names else _Adjusted()
    effects = [plain, *adjusted.effects]
    headline = _headline(args.design, plain, adjusted.effects)
    entry: dict[str, Any] = {"difference": told(plain), **adjusted.entry}
    entry |= {"estimates": [told(one) for one in effects], "p_by_lot": lot}
    entry |= _shaken(rows, given, headline, args)
    return Found(
        design=args.design or ("adjusted" if rows.names else ASSOCIATION),
        verdict=_verdict(args, rows, lot, adjusted.balance, entry),
        headline=headline,
        counts={
            "n": len(rows),
            "n_treated": int(rows.treatment.sum()),
            "n_untreated": int((1 - rows.treatment).sum()),
            "n_left_out": len(given.outcome) - len(rows),
        },
        entry=entry,
        method=headline.method,
        source="; ".join((regression.SOURCE, sensitivity.SOURCE, *adjusted.sources)),
        sheets=[effects_sheet(effects), *([balance_sheet(adjusted.balance)] if rows.names else [])],
        notes=_notes(rows, given, entry),
        draw=partial(_picture, effects, args),
    )


def _adjusted(rows: Rows, args: argparse.Namespace) -> _Adjusted:
    target = THE_TREATED if args.target == "treated" else EVERYBODY
    linear, classical = by_regression(rows, confidence=args.confidence)
    near = overlap_of(rows)
    matched = by_matching(rows, confidence=args.confidence)
    robust = doubly_robust(
        rows, target=target, learner=args.learner, confidence=args.confidence, seed=args.seed
    )
    weighted = by_weighting(rows, near, target=target, confidence=args.confidence)
    interacted = by_interactions(rows, confidence=args.confidence)
    balance = balance_of(rows, near, matched, target)
    return _Adjusted(
        effects=[linear, interacted, weighted, robust, matched.effect],
        entry={
            "regression": {**told(linear), "se_classical": classical, "se_hc2": linear.se},
            "overlap": overlap_told(near),
            "balance": balance,
        },
        balance=balance,
        sources=(overlap.SOURCE, weighting.SOURCE, matching.SOURCE),
    )


def _headline(design: str | None, plain: Effect, adjusted: Sequence[Effect]) -> Effect:
    """By lot: the difference, sharpened by confounders where there are some; else the doubly robust one."""
    if not adjusted:
        return plain
    return adjusted[1] if design == "random" else adjusted[3]


def _lot(rows: Rows) -> float:
    columns = [
        Column(name, numbers=values) for name, values in zip(rows.names, rows.confounders.T, strict=True)
    ]
    return chance_of_lot(columns, rows.treatment) if columns else float("nan")


def _shaken(rows: Rows, given: Given, headline: Effect, args: argparse.Namespace) -> dict[str, Any]:
    """What a placebo shows, and what would have to be hidden."""
    mean, p = placebo_p(rows, seed=args.seed)
    placebo: dict[str, Any] = {"dealt_anew_mean": mean, "dealt_anew_p": p}
    if given.placebo is not None:
        other = given.rows(given.placebo)
        effect = (
            by_regression(other, confidence=args.confidence)[0] if other.names else difference_in_means(other)
        )
        placebo["outcome"] = {"column": args.placebo, **told(effect)}
    hidden, evalue = hidden_confounder(rows, confidence=args.confidence), e_value(headline, rows)
    return {
        "placebo": placebo,
        "e_value": {"ratio": evalue.ratio, "e_value": evalue.value, "e_value_limit": evalue.limit},
        "hidden_confounder": {
            "partial_r2": hidden.partial_r2,
            "robustness_value": hidden.robustness,
            "robustness_value_significant": hidden.robustness_significant,
            "strongest": hidden.strongest,
            "as_strong_effect": hidden.as_strong,
            "as_strong_low": hidden.as_strong_low,
            "as_strong_high": hidden.as_strong_high,
        },
    }


def _verdict(
    args: argparse.Namespace, rows: Rows, lot: float, balance: Sequence[dict[str, Any]], entry: dict[str, Any]
) -> str:
    placebo = entry["placebo"].get("outcome")
    if placebo is not None and placebo["p"] <= REAL:
        return f"{ASSOCIATION}: it also 'moves' {args.placebo} (p {chance(placebo['p'])}), which the treatment cannot have moved"
    if args.design == "random":
        if lot < NOT_BY_LOT:
            return (
                f"{ASSOCIATION}: the confounders tell who was treated (p {chance(lot)}), so it was not by lot"
            )
        return "randomised: the treatment was given by lot"
    if not rows.names:
        return f"{ASSOCIATION}: nothing was held fixed and no design named (--design, --confounder)"
    worst = max(balance, key=lambda one: abs(one["weighted"]))
    if abs(worst["weighted"]) > UNBALANCED:
        return f"{ASSOCIATION}: '{worst['confounder']}' lies {abs(worst['weighted']):.2f} apart even after weighting"
    return f"adjusted for {_named(args.confounder)}; causal only if nothing else is behind both treatment and outcome"


def _named(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= 8 else f"{', '.join(names[:7])} and {len(names) - 7} more"


def _notes(rows: Rows, given: Given, entry: dict[str, Any]) -> list[str]:
    evalue, hidden, placebo = entry["e_value"], entry["hidden_confounder"], entry["placebo"]
    notes = [
        f"To explain the effect away, something hidden would have to go with treatment and outcome {number(evalue['e_value'], 2)} times each "
        f"(its interval: {number(evalue['e_value_limit'], 2)}; E-value), or explain {hidden['robustness_value']:.1%} of what is left of both "
        f"(its interval: {hidden['robustness_value_significant']:.1%}).",
        f"Treatments dealt out anew by lot have an effect as large {placebo['dealt_anew_p']:.1%} of the time.",
    ]
    if hidden["strongest"]:
        left = hidden["as_strong_effect"]
        notes.append(
            f"Were something hidden that is as strong as '{hidden['strongest']}', {number(left, digits_of(left))} of the regression's effect would be left."
        )
    if "outcome" in placebo:
        one = placebo["outcome"]
        notes.append(
            f"On the placebo '{one['column']}': {number(one['effect'], digits_of(one['effect']))}, p {chance(one['p'])}."
        )
    if len(rows) < len(given.outcome):
        notes.append(f"{len(given.outcome) - len(rows):,} rows with gaps were left out.")
    return notes


def _picture(effects: Sequence[Effect], args: argparse.Namespace) -> str:
    rows = [
        Dot(
            short(one),
            one.value,
            one.low,
            one.high,
            number(one.value, digits_of(one.value)),
            not one.low <= 0 <= one.high,
        )
        for one in effects
    ]
    return dots(
        f"What {args.treatment} adds to {args.outcome}",
        f"{args.outcome}, with {args.confidence:.0%} intervals",
        rows,
    )

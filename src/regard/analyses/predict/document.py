"""What was foretold as sentences, tables, a document and a picture."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

import numpy as np

from regard.analyses.pictures import Dot, dots
from regard.analyses.predict.asides import Aside
from regard.analyses.predict.foretold import Foretold
from regard.analyses.telling import Sheet, between, number
from regard.analytics.predicting import judging, models
from regard.analytics.predicting.models import LINES

TOO_GOOD = 0.99


def document_of(found: Foretold, args: argparse.Namespace) -> dict[str, Any]:
    """What programs read."""
    given = found.given
    score, base = found.brier
    return {
        "n": given.n,
        "outcome": args.outcome,
        "yes": given.yes,
        "base_rate": given.outcome.mean(),
        "model": found.model.kind,
        "auc": found.auc[0],
        "auc_low": found.auc[1],
        "auc_high": found.auc[2],
        "brier": score,
        "brier_base_rate": base,
        "brier_skill": 1 - score / base,
        "folds": args.folds,
        "seeds": args.seeds,
        "models": _models(found),
        **_reliability(found),
        "columns": [
            {"column": given.columns[at].name, "mean_size_log_odds": found.size[at], "share": found.shares[at]}
            for at in np.argsort(-found.size, kind="stable")
        ],
        "left_out": given.left_out,
        "suspicious": given.suspicious,
        "method": f"{models.METHODS[found.model.kind]}; chances foretold to rows left out of fitting; {judging.METHOD}",
        "source": f"{models.SOURCES[found.model.kind]}; {judging.SOURCE}",
    }  # fmt: skip


def _models(found: Foretold) -> list[dict[str, Any]]:
    """Every kind of model that was compared, beside the simplest."""
    return [
        {
            "model": one.kind,
            "auc": one.auc.mean(),
            "auc_by_seed": one.auc,
            "brier": one.brier.mean(),
            "auc_above_logistic": above[0],
            "se": above[1],
            "p": above[2],
        }
        for one, above in zip(found.choice.judged, found.choice.above, strict=True)
    ]


def _reliability(found: Foretold) -> dict[str, Any]:
    """How far the chances can be trusted: the line through them, and group by group."""
    told = found.reliability
    came_true = [told.came_true.at(at) for at in range(len(told.foretold))]
    return {
        "calibration": {
            "intercept": told.intercept,
            "slope": told.slope,
            "slope_low": told.slope_low,
            "slope_high": told.slope_high,
            "mean_error": told.error,
        },
        "reliability": [
            {"foretold": foretold, "came_true": one.value, "low": one.low, "high": one.high, "n": one.n}
            for foretold, one in zip(told.foretold, came_true, strict=True)
        ],
    }


def sentence(found: Foretold) -> str:
    """What a person reads first."""
    value, low, high = found.auc
    score, base = found.brier
    said = (
        f"Whether '{found.given.yes}' comes true is foretold with an AUC of {value:.3f} ({low:.3f} to {high:.3f}; 0.5 is chance, 1 is "
        f"certainty) to customers whom the model had not seen. The chances are {1 - score / base:.0%} nearer to what came true than "
        f"the base rate of {found.given.outcome.mean():.1%} (Brier {score:.4f} against {base:.4f})."
    )
    if low <= 0.5:
        said += " This cannot be told from chance."
    return said


def sheets(found: Foretold) -> list[Sheet]:
    """Models, whether chances come true, and what they rest on."""
    told = found.reliability
    tenths = [
        [
            f"{told.foretold[at]:.1%}",
            f"{told.came_true.value[at]:.1%}",
            between(100 * told.came_true.low[at], 100 * told.came_true.high[at], 1),
            f"{told.came_true.n[at]:,.0f}",
        ]
        for at in range(len(told.foretold))
    ]
    judged = [
        [
            one.kind + (" (used)" if one.kind == found.model.kind else ""),
            number(one.auc.mean(), 4),
            between(one.auc.min(), one.auc.max(), 4),
            number(one.brier.mean(), 4),
            "–" if one.kind == LINES else f"{above[0]:+.4f} ± {1.96 * above[1]:.4f}",
        ]
        for one, above in zip(found.choice.judged, found.choice.above, strict=True)
    ]
    order = np.argsort(-found.size, kind="stable")
    sizes = [
        [found.given.columns[at].name, number(found.size[at], 2), f"{found.shares[at]:.0%}"]
        for at in order[:15]
    ]
    return [
        Sheet(["model", "AUC", "between seeds", "Brier", "AUC above logistic"], judged, numeric=(1, 2, 3, 4)),
        Sheet(["foretold", "came true", "95% interval", "customers"], tenths, title="Do the chances come true?", numeric=range(4)),
        Sheet(["column", "moves log odds by", "share"], sizes, title="What the chances rest on", numeric=(1, 2)),
    ]  # fmt: skip


def notes_of(found: Foretold, args: argparse.Namespace) -> Sequence[str]:
    """What to keep in mind."""
    given = found.given
    notes = [
        "What a chance rests on goes with the outcome; changing it need not change the outcome (see regard effect)."
    ]
    if given.left_blank:
        notes.append(f"{given.left_blank:,} rows have no outcome and were left out.")
    if given.left_out:
        notes.append(
            "Not used: " + "; ".join(f"'{name}' {why}" for name, why in given.left_out.items()) + "."
        )
    if given.suspicious:
        notes.append("Look at: " + "; ".join(f"'{name}' {why}" for name, why in given.suspicious.items()))
    if found.auc[0] >= TOO_GOOD:
        notes.append(
            "This is too good to be true for customers: some columns together tell the outcome itself. Leave them out."
        )
    if not found.reliability.slope_low <= 1 <= found.reliability.slope_high:
        way = "too bold" if found.reliability.slope < 1 else "too cautious"
        notes.append(f"The chances are {way} (calibration slope {found.reliability.slope:.2f}, 1 is right).")
    if args.time in [column.name for column in given.columns]:
        notes.append(
            f"'{args.time}' is used to foretell too; leave it out (--without) if it is not known beforehand."
        )
    return notes


def picture(found: Foretold, asides: Sequence[Aside]) -> str:
    """The picture of what was asked beside, else whether chances come true."""
    for aside in asides:
        if aside.draw is not None:
            return aside.draw()
    told = found.reliability
    rows = [
        Dot(
            name=f"foretold {told.foretold[at]:.0%}",
            value=100 * told.came_true.value[at],
            low=100 * told.came_true.low[at],
            high=100 * told.came_true.high[at],
            said=f"{told.came_true.value[at]:.0%} came true",
            is_told=bool(told.came_true.low[at] <= told.foretold[at] <= told.came_true.high[at]),
        )
        for at in range(len(told.foretold))
    ]
    axis = "% that came true, with 95% intervals; grey: what was foretold lies outside"
    return dots("Do the chances come true?", axis, rows, reference=None)

"""How well sentiment learnt from scores is told of rows held out: as a document, sentences and a table."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

import numpy as np

from regard.analyses.sentiment.document import figure, said_share
from regard.analyses.telling import Sheet, between, number
from regard.analytics.words import adapted
from regard.analytics.words.adapted import Adapted
from regard.analytics.words.agreement import SOURCE as JUDGED
from regard.analytics.words.agreement import Agreement
from regard.analytics.words.calibration import Whole
from regard.analytics.words.models import CLASSES


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What was learnt and how well it tells rows held out, beside the shipped model on the same rows."""

    learnt: Adapted
    scale: str
    n_learnt: int
    n_scoreless: int
    truth: Whole
    told: Agreement
    before: Agreement
    calibration_error: float
    correlation: float

    @property
    def most_frequent(self) -> float:
        """The share of the most frequent kind of score."""
        counts = np.bincount(self.truth, minlength=len(CLASSES))
        return float(counts.max() / counts.sum())


def document_of(found: Judged, n_predicted: int | None) -> dict[str, Any]:
    """What programs read."""
    document = {
        "n": found.told.accuracy.n, "n_learnt": found.n_learnt, "n_without_score": found.n_scoreless, "scale": found.scale,
        "macro_f1": found.told.macro_f1, "macro_f1_before": found.before.macro_f1,
        **figure("accuracy", found.told.accuracy), **figure("accuracy_before", found.before.accuracy),
        "most_frequent_share": found.most_frequent, "calibration_error": found.calibration_error,
        "correlation": found.correlation,
        "classes": [
            {"sentiment": name, "n": int(found.told.recall.n[at]), "recall": found.told.recall.value[at],
             "recall_low": found.told.recall.low[at], "recall_high": found.told.recall.high[at],
             "precision": found.told.precision.value[at], "f1": found.told.f1[at]}
            for at, name in enumerate(found.told.labels)
        ],
        "method": adapted.METHOD, "source": f"{adapted.SOURCE}; {JUDGED}",
    }  # fmt: skip
    return document if n_predicted is None else document | {"n_predicted": n_predicted}


def sentences(found: Judged, args: argparse.Namespace, n_predicted: int | None) -> list[str]:
    told, before = found.told, found.before
    said = [
        f"Learnt from {found.n_learnt:,} comments with a score ({args.score}, read as {found.scale}) and judged on "
        f"{told.accuracy.n:,} others: {said_share(told.accuracy)} are told as their score says, macro-F1 {told.macro_f1:.3f}.",
        f"Without learning from your scores it is {said_share(before.accuracy)}, macro-F1 {before.macro_f1:.3f}; always saying the commonest "
        f"would be right in {found.most_frequent:.1%}.",
        f"Chances lie {found.calibration_error:.1%} from what came true; rank correlation with the score {number(found.correlation, 2)}.",
    ]
    if n_predicted is not None:
        said.append(f"What is told of {n_predicted:,} texts stands in {args.out}.")
    return said


def sheet(found: Judged) -> Sheet:
    told = found.told
    rows = [
        [name, f"{told.recall.n[at]:,.0f}", number(told.recall.value[at]),
         between(told.recall.low[at], told.recall.high[at]), number(told.precision.value[at]), number(told.f1[at])]
        for at, name in enumerate(told.labels)
    ]  # fmt: skip
    return Sheet(["sentiment", "n", "recall", "95% interval", "precision", "F1"], rows, numeric=range(1, 6))


def notes_of(found: Judged) -> list[str]:
    """What to keep in mind."""
    notes = [
        "Held-out rows are others of the same file, drawn by lot; a customer who wrote twice can stand on both sides."
    ]
    counts = np.bincount(found.truth, minlength=len(CLASSES))
    most = found.most_frequent
    if (found.told.accuracy.low or 0.0) <= most:
        notes.append(
            f"Always saying '{CLASSES[int(counts.argmax())]}' would be right {most:.1%} of the time: your scores do not follow from the words "
            "by what could be learnt here."
        )
    return notes

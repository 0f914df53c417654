"""What was told of the test as sentences, a table and a document."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regard.analyses.intents.reading import Labelled
from regard.analyses.telling import Sheet, between, number
from regard.analytics.words import agreement, cited, intents
from regard.analytics.words.agreement import Agreement
from regard.analytics.words.cited import Cited
from regard.analytics.words.intents import Intents
from regard.kernel.estimates import Estimate

BEFORE = "what was said before in the same conversation counts too, and conversations are left out of fitting as a whole"


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What was learnt, and how well it tells.

    Args:
        thread: the column of conversations, None where each text was told by itself.
        calibration_error: how far chances lie from what came true.
        mistakes: some texts told wrongly: text, true label, the label told, the words that made it.
    """

    intents: Intents
    training: Labelled
    test: Labelled
    thread: str | None
    agreement: Agreement
    calibration_error: float
    mistakes: Sequence[tuple[str, str, str, Sequence[Cited]]]

    @property
    def never_learnt(self) -> dict[str, int]:
        """Labels of the test that were not learnt, with their rows there; not the one that is out of scope."""
        known = {*self.intents.labels, self.intents.out_of_scope}
        unknown = [label for label in self.test.labels if label not in known]
        return {label: unknown.count(label) for label in sorted(set(unknown))}


def document_of(found: Judged, n_predicted: int | None) -> dict[str, Any]:
    """What programs read."""
    told, learnt = found.agreement, found.intents
    heard = "" if found.training.before is None else f"; {BEFORE}"
    document = {
        "n": told.accuracy.n,
        "n_train": len(found.training.labels),
        **_figure("accuracy", told.accuracy),
        "macro_f1": told.macro_f1,
        **_figure("in_scope_accuracy", told.in_scope),
        **_figure("out_of_scope_recall", told.out_of_scope),
        "out_of_scope": learnt.out_of_scope,
        "thread": found.thread,
        "threshold": learnt.threshold,
        "calibration_error": found.calibration_error,
        "labels": [_entry(found, at) for at in range(len(told.labels))],
        "never_learnt": found.never_learnt,
        "seen_once": found.training.once,
        "mistakes": [
            {"text": text, "label": label, "told": said, "words": [one.word for one in words]}
            for text, label, said, words in found.mistakes
        ],
        "method": f"{intents.METHOD}{heard}; {cited.METHOD}; intervals: Wilson",
        "source": f"{intents.SOURCE}; {cited.SOURCE}; {agreement.SOURCE}",
    }
    return document if n_predicted is None else document | {"n_predicted": n_predicted}


def sentences(found: Judged, args: argparse.Namespace, n_predicted: int | None) -> list[str]:
    """What a person reads first."""
    told, test = found.agreement, found.test
    said = [
        f"Of {told.accuracy.n:,} texts of {test.title}, {_share(told.accuracy)} are told as labelled, learnt from "
        f"{len(found.training.labels):,} texts of {found.training.title} (macro-F1 {told.macro_f1:.3f}).",
    ]
    if told.in_scope is not None and told.out_of_scope is not None:
        said.append(
            f"In scope it is {_share(told.in_scope)} of {told.in_scope.n:,}; of {told.out_of_scope.n:,} texts out of scope, "
            f"{_share(told.out_of_scope)} are noticed. A text counts as out of scope where no other label has a chance of at "
            f"least {found.intents.threshold:.0%}, or that label is the likeliest."
        )
    said.append(f"Chances lie {found.calibration_error:.1%} from what came true, on average.")
    if n_predicted is not None:
        said.append(f"What is told of {n_predicted:,} texts stands in {args.out}.")
    return said


def sheets(found: Judged) -> list[Sheet]:
    """The labels one by one, and some mistakes with the words that made them."""
    told = found.agreement
    order = np.argsort(-told.recall.n, kind="stable")
    rows = [
        [
            told.labels[at],
            f"{told.recall.n[at]:,.0f}",
            f"{found.intents.n.get(told.labels[at], 0):,}",
            number(told.recall.value[at]),
            between(told.recall.low[at], told.recall.high[at]),
            number(told.precision.value[at]),
            number(told.f1[at]),
        ]
        for at in order
    ]
    heads = ["label", "n", "n learnt from", "recall", "95% interval", "precision", "F1"]
    mistakes = [
        [text[:60], label, said, ", ".join(one.word for one in words)]
        for text, label, said, words in found.mistakes
    ]
    listed = [Sheet(heads, rows, numeric=range(1, 7))]
    if mistakes:
        title = "Some that were told otherwise than labelled"
        listed.append(Sheet(["text", "label", "told", "words that made it"], mistakes, title=title))
    return listed


def notes_of(found: Judged) -> list[str]:
    """What to keep in mind."""
    training, test, notes = found.training, found.test, []
    if found.thread:
        notes.append(
            f"What was said before in the same '{found.thread}' counts too; --no-thread tells each text by itself."
        )
    if found.never_learnt:
        listed = ", ".join(f"'{name}' ({n:,})" for name, n in found.never_learnt.items())
        notes.append(
            f"Labels of {test.title} that were never learnt, whose rows count as told wrongly: {listed}."
        )
    if training.once:
        listed = ", ".join(f"'{name}'" for name in training.once)
        notes.append(f"Labels with a single example cannot be learnt and were left out: {listed}.")
    for one in (training, test):
        if one.unlabelled:
            notes.append(f"Rows of {one.title} without a label, left out: {one.unlabelled:,}.")
    share = len({*training.texts} & {*test.texts}) / len({*test.texts})
    if share:
        notes.append(
            f"{share:.0%} of the different texts of {test.title} were also learnt from, word for word."
        )
    return notes


def _entry(found: Judged, at: int) -> dict[str, Any]:
    told = found.agreement
    return {
        "label": told.labels[at],
        "n": int(told.recall.n[at]),
        "n_train": found.intents.n.get(told.labels[at], 0),
        "n_told": int(told.precision.n[at]),
        "recall": told.recall.value[at],
        "recall_low": told.recall.low[at],
        "recall_high": told.recall.high[at],
        "precision": told.precision.value[at],
        "f1": told.f1[at],
    }


def _figure(key: str, estimate: Estimate | None) -> dict[str, float | None]:
    if estimate is None:
        return {key: None, f"{key}_low": None, f"{key}_high": None}
    return {key: estimate.value, f"{key}_low": estimate.low, f"{key}_high": estimate.high}


def _share(estimate: Estimate) -> str:
    return f"{estimate.value:.1%} ({between(100 * (estimate.low or 0), 100 * (estimate.high or 0), 1)})"

"""The answer of `regard sentiment --score`: learnt from scores beside words, judged on rows held out."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analyses.reading import given_rows
from regard.analyses.sentiment.answering import chosen_languages
from regard.analyses.sentiment.document import figure, said_share
from regard.analyses.sentiment.writing import told_emotions
from regard.analyses.telling import Answer, Sheet, between, number
from regard.analyses.texts import counting, text_batches
from regard.analytics.words import adapted
from regard.analytics.words.adapted import Adapted, Prepared, check_enough, learn_adapted, prepare
from regard.analytics.words.agreement import SOURCE as JUDGED
from regard.analytics.words.agreement import Agreement, agreement
from regard.analytics.words.calibration import Whole, calibration_error
from regard.analytics.words.models import CLASSES
from regard.analytics.words.sentiment import CITED
from regard.kernel.errors import InvalidInput, NotEnoughData
from regard.warehouse.files.chosen import Table, open_table
from regard.warehouse.files.written import write_batches

HELD_OUT = 0.25
MOST = 50_000
# From which score on a text is neutral, and positive; the ends of the scale.
SCALES = {"nps": (0, 7, 9, 10), "csat": (1, 3, 4, 5), "ces": (1, 4, 5, 7)}


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


def answer_learnt(args: argparse.Namespace) -> Answer:
    """Learn, judge, and tell the texts of `--predict` where given."""
    if bool(args.predict) != bool(args.out):
        raise InvalidInput(
            "With --score, --predict FILE and --out FILE go together: what to tell, and where to write it."
        )
    languages = chosen_languages(args)
    texts, scores, n_scoreless = _read(args)
    scale = args.scale or _guess(scores)
    truth = classes_of(scores, scale)
    check_enough(truth)
    with counting("learning from scores", 3) as done:
        given = prepare(texts, languages)
        done("1")
        found = _judge(given, truth, scores, scale, n_scoreless, args.seed)
        done("2")
        whole = learn_adapted(given, truth, seed=args.seed)
        done("3")
    n_predicted = _write(whole, languages, args) if args.predict else None
    return Answer(
        document_of(found, n_predicted), lines=_sentences(found, args, n_predicted), sheets=[_sheet(found)],
        notes=[
            "Held-out rows are others of the same file, drawn by lot; a customer who wrote twice can stand on both sides."
        ],
    )  # fmt: skip


def classes_of(scores: NDArray[np.float64], scale: str) -> Whole:
    """The place in `CLASSES` of each score. Raises: InvalidInput for one that is not on the scale."""
    low, neutral, positive, high = SCALES[scale]
    wrong = (scores < low) | (scores > high)
    if wrong.any():
        raise InvalidInput(
            f"{int(wrong.sum()):,} scores lie outside {low} to {high} ({scale}), such as {scores[wrong][0]:g}. Correct them, or "
            "name another scale: --scale nps|csat|ces."
        )
    return (scores >= neutral).astype(np.int64) + (scores >= positive)


def document_of(found: Judged, n_predicted: int | None) -> dict[str, Any]:
    """What programs read."""
    counts = np.bincount(found.truth, minlength=len(CLASSES))
    document = {
        "n": found.told.accuracy.n, "n_learnt": found.n_learnt, "n_without_score": found.n_scoreless, "scale": found.scale,
        "macro_f1": found.told.macro_f1, "macro_f1_before": found.before.macro_f1,
        **figure("accuracy", found.told.accuracy), **figure("accuracy_before", found.before.accuracy),
        "most_frequent_share": float(counts.max() / counts.sum()), "calibration_error": found.calibration_error,
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


def _read(args: argparse.Namespace) -> tuple[list[str], NDArray[np.float64], int]:
    """Texts that hold a word, with their scores, at most `MOST` drawn by lot; and how many have no score."""
    if args.text == args.score:
        raise InvalidInput(
            f"--text and --score both name '{args.text}'. Name what was written and what was given."
        )
    with given_rows(args, [args.text, args.score]) as table:
        (scores,) = table.numbers(args.score)
        texts = _all_texts(table, args.text)
    wordy = np.array([any(map(str.isalpha, one)) for one in texts], dtype=np.bool_)
    rows = np.flatnonzero(np.isfinite(scores) & wordy)
    if not len(rows):
        raise NotEnoughData(
            f"No row has both words in '{args.text}' and a score in '{args.score}'. Name other columns."
        )
    if len(rows) > MOST:
        rows = np.sort(np.random.default_rng(args.seed).choice(rows, MOST, replace=False))
    return [texts[at] for at in rows], scores[rows], int((~np.isfinite(scores)).sum())


def _all_texts(table: Table, column: str) -> list[str]:
    return [one for (batch,) in text_batches(table, column) for one in batch]


def _guess(scores: NDArray[np.float64]) -> str:
    """The scale on which scores seem to be: the shortest that holds them all."""
    low, high = float(scores.min()), float(scores.max())
    for name in ("csat", "ces", "nps"):
        if SCALES[name][0] <= low and high <= SCALES[name][3]:
            return name
    raise InvalidInput(
        f"The scores run from {low:g} to {high:g}, which is no known scale. Name it: --scale nps|csat|ces."
    )


def _judge(
    given: Prepared, truth: Whole, scores: NDArray[np.float64], scale: str, n_scoreless: int, seed: int
) -> Judged:
    from scipy.stats import spearmanr

    out = np.random.default_rng(seed).random(len(truth)) < HELD_OUT
    learnt = learn_adapted(_rows(given, ~out), truth[~out], seed=seed)
    rest = _rows(given, out)
    chances = learnt.chances(rest)
    names = np.array(CLASSES)
    best = chances.argmax(axis=1)
    spread = chances[:, 2] - chances[:, 0]
    told = agreement(names[truth[out]].tolist(), names[best].tolist())
    before = agreement(names[truth[out]].tolist(), names[rest.before.argmax(axis=1)].tolist())
    error = calibration_error(chances.max(axis=1), best == truth[out])
    correlation = (
        float(spearmanr(spread, scores[out]).statistic) if np.ptp(spread) and np.ptp(scores[out]) else np.nan
    )
    return Judged(learnt, scale, int((~out).sum()), n_scoreless, truth, told, before, error, correlation)


def _rows(given: Prepared, rows: NDArray[np.bool_]) -> Prepared:
    """Some of the texts, to learn from or be told by; their words are not cited."""
    return replace(given, grams=given.grams[rows], before=given.before[rows])


def _sentences(found: Judged, args: argparse.Namespace, n_predicted: int | None) -> list[str]:
    told, before = found.told, found.before
    said = [
        f"Learnt from {found.n_learnt:,} comments with a score ({args.score}, read as {found.scale}) and judged on "
        f"{told.accuracy.n:,} others: {said_share(told.accuracy)} are told as their score says, macro-F1 {told.macro_f1:.3f}.",
        f"Without learning from your scores it is {said_share(before.accuracy)}, macro-F1 {before.macro_f1:.3f}.",
        f"Chances lie {found.calibration_error:.1%} from what came true; rank correlation with the score {number(found.correlation, 2)}.",
    ]
    if n_predicted is not None:
        said.append(f"What is told of {n_predicted:,} texts stands in {args.out}.")
    return said


def _sheet(found: Judged) -> Sheet:
    told = found.told
    rows = [
        [name, f"{told.recall.n[at]:,.0f}", number(told.recall.value[at]),
         between(told.recall.low[at], told.recall.high[at]), number(told.precision.value[at]), number(told.f1[at])]
        for at, name in enumerate(told.labels)
    ]  # fmt: skip
    return Sheet(["sentiment", "n", "recall", "95% interval", "precision", "F1"], rows, numeric=range(1, 6))


def _write(learnt: Adapted, languages: tuple[str, ...], args: argparse.Namespace) -> int:
    """Write what is told of each text of `--predict`. Returns: how many there are."""
    before = 0
    with write_batches(Path(args.out)) as rows, open_table(Path(args.predict)) as table:
        for (texts,) in text_batches(table, args.text):
            given = prepare(texts, languages)
            rows.add(_columns(learnt, given, before))
            before += len(texts)
    return before


def _columns(learnt: Adapted, given: Prepared, before: int) -> dict[str, NDArray[Any]]:
    chances = learnt.chances(given)
    words, found = learnt.words(given), given.feelings
    is_told = np.zeros(len(given), dtype=np.bool_)
    is_told[found.tokens.text] = True
    columns: dict[str, NDArray[Any]] = {
        "row": np.arange(before + 1, before + len(given) + 1),
        "language": found.languages,
        "sentiment": np.where(is_told, np.array(CLASSES)[chances.argmax(axis=1)], ""),
        "chance": np.where(is_told, chances.max(axis=1), np.nan),
        "score": np.where(is_told, chances[:, 2] - chances[:, 0], np.nan),
        "emotion": told_emotions(found.emotions, found.languages),
        "effort": found.effort,
    }
    for place in range(CITED):
        columns[f"word_{place + 1}"] = np.array([one[place] if place < len(one) else "" for one in words])
    return columns

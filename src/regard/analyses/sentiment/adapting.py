"""The answer of `regard sentiment --score`: learnt from scores beside words, judged on rows held out."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analyses.sentiment.answering import chosen_languages
from regard.analyses.sentiment.judged import Judged, document_of, notes_of, sentences, sheet
from regard.analyses.sentiment.scored import classes_of, guess_scale, read_scored
from regard.analyses.sentiment.writing import told_emotions
from regard.analyses.telling import Answer
from regard.analyses.texts import counting, text_batches
from regard.analytics.words.adapted import Adapted, Prepared, check_enough, learn_adapted, prepare
from regard.analytics.words.agreement import agreement
from regard.analytics.words.calibration import Whole, calibration_error
from regard.analytics.words.models import CLASSES
from regard.analytics.words.sentiment import CITED
from regard.kernel.errors import InvalidInput, NotEnoughData
from regard.warehouse.files.chosen import open_table
from regard.warehouse.files.written import write_batches

HELD_OUT = 0.25


def answer_learnt(args: argparse.Namespace) -> Answer:
    """Learn, judge, and tell the texts of `--predict` where given."""
    from threadpoolctl import threadpool_limits

    if bool(args.predict) != bool(args.out):
        raise InvalidInput(
            "With --score, --predict FILE and --out FILE go together: what to tell, and where to write it."
        )
    if args.cluster:
        raise InvalidInput("--cluster is for shares of all comments; with --score leave it out.")
    languages = chosen_languages(args)
    texts, scores, n_scoreless = read_scored(args)
    scale = args.scale or guess_scale(scores)
    truth = classes_of(scores, scale)
    check_enough(truth)
    if len(set(texts)) == 1:
        raise NotEnoughData(
            f"Every scored row says the same in '{args.text}', from which no score follows. Name what was written: --text COL."
        )
    with counting("learning from scores", 3) as done, threadpool_limits(1):
        given = prepare(texts, languages)
        done("1")
        found = _judge(given, truth, scores, scale, n_scoreless, args.seed)
        done("2")
        whole = learn_adapted(given, truth, seed=args.seed)
        done("3")
    n_predicted = _write(whole, languages, args) if args.predict else None
    return Answer(
        document_of(found, n_predicted), lines=sentences(found, args, n_predicted), sheets=[sheet(found)],
        notes=notes_of(found),
    )  # fmt: skip


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

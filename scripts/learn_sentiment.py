"""Learns the weights of `regard sentiment` and says how well each language is told.

    python scripts/learn_sentiment.py FOLDER

FOLDER holds XED (Ohman and others 2020, CC BY 4.0, film subtitles labelled with emotions) as en-annotated, neu_en, el-projections,
pl-projections and ru-projections .csv.gz with the columns text and emotions. A fifth of the texts, chosen by their MD5, is never
learnt from; the figures printed are those of the very weights that are written. English is seeded by the word list of
vaderSentiment (MIT), which needs to be installed, every language by src/regard/analytics/words/lexica;
languages are told apart by XED and by the catalogues that Django (BSD) comes with.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from labelled import FILES, WEIGHTS, held_out, read, seeds, valence
from learn_languages import learn_languages
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.preprocessing import normalize

from regard.analytics.words.calibration import calibration_error
from regard.analytics.words.clauses import lexicon, tell_clauses
from regard.analytics.words.grams import BITS, find_grams
from regard.analytics.words.models import (
    EMOTIONS,
    FEELING,
    FIRST_EMOTION,
    N_COLUMNS,
    POLARITY,
    chances_of,
    packed,
    unpacked,
)
from regard.analytics.words.tokens import cut_tokens

KEPT = 20_000
MARGIN, MARGIN_EMOTIONS = 5.0, 3.0
SEED_WEIGHT, THING_WEIGHT, FEELING_SEED_WEIGHT = 1.0, 3.0, 0.4
FOLDS = 5
# Where nothing can be measured, words of the list alone decide; so steep that one in a short sentence does.
UNMEASURED_SLOPE, UNMEASURED_FEELING = 6.0, (1.5, -3.0)


def matrix(texts, language):
    """Hashed grams of each text, brought to length 1."""
    tokens = cut_tokens(texts)
    found = find_grams(tokens, tell_clauses(tokens, np.full(len(texts), language)))
    rows = tokens.text[found.token]
    return normalize(csr_matrix((found.value, (rows, found.place)), shape=(len(texts), 1 << BITS)))


def fit(x, y, weight, margin):
    """Weights and offset of a logistic regression; both kinds count as much."""
    model = LogisticRegression(
        C=margin, solver="liblinear", class_weight="balanced", max_iter=500, random_state=2
    )
    model.fit(x, y, sample_weight=weight)
    return model.coef_[0], float(model.intercept_[0])


def left_out(x, y, seeded, margin):
    """The score of each row by what was learnt without its fold."""
    folds = np.random.default_rng(2).permutation(len(y)) % FOLDS
    scores = np.empty(len(y))
    for fold in range(FOLDS):
        inside = folds != fold
        weights, _ = fit(*joined(x[inside], y[inside], seeded), margin)
        scores[~inside] = x[~inside] @ weights
    return scores


def joined(x, y, seeded):
    """Rows with the seeds below them, and what each counts."""
    if seeded is None:
        return x, y, np.ones(len(y))
    sx, sy, sw = seeded
    return vstack([x, sx]).tocsr(), np.concatenate([y, sy]), np.concatenate([np.ones(len(y)), sw])


def line(score, truth):
    """Slope and offset of the log odds that scores stand for (Platt 1999)."""
    model = LogisticRegression(C=1e6).fit(np.reshape(score, (-1, 1)), truth)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def best_threshold(chances, truth):
    """From which chance on telling an emotion gives the best F1."""
    steps = np.arange(0.1, 0.7, 0.02)
    return float(steps[int(np.argmax([f1_score(truth, chances >= one) for one in steps]))])


def learn(language, texts, emotions, by_strength):
    """A model as it is written, from texts to learn from; `by_strength`: the line of feeling by strength, and
    which strength is usual."""
    values = [valence(one) for one in emotions]
    worth = seeds(language)
    # Words for things are neither: once as good, once as bad.
    things = lexicon(language)["neutral"]
    sx = matrix([*worth, *things, *things], language)
    sv = np.array([*worth.values(), *[1.0] * len(things), *[-1.0] * len(things)])
    is_word = np.arange(len(sv)) < len(worth)
    seeded = (sx, sv > 0, np.where(is_word, SEED_WEIGHT, THING_WEIGHT) * np.abs(sv))
    # A word for a thing says little of whether a sentence feels.
    trust = np.where(is_word, 1.0, 0.25)
    seeded_feeling = (
        sx,
        is_word,
        np.where(np.abs(sv) >= 0.4, FEELING_SEED_WEIGHT, 0.0) * trust,
    )
    x = matrix(texts, language) if texts else sx[:0]
    known = np.array([one in (1, -1) for one in values], dtype=bool)
    good = np.array([one == 1 for one in values], dtype=bool)
    feels = np.array([one != {0} for one in emotions], dtype=bool)
    has_neutral = bool((~feels).any())
    weights, _ = fit(*joined(x[known], good[known], seeded), MARGIN)
    strength = np.abs(weights)
    if has_neutral:
        strength = np.maximum(strength, np.abs(fit(*joined(x, feels, seeded_feeling), MARGIN)[0]))
    counts = np.sqrt(np.asarray((vstack([x, sx]) > 0).sum(axis=0)).ravel())
    places = np.sort(np.argsort(-strength * counts)[:KEPT])
    places = places[strength[places] > 0]
    few = sx[:, places]
    return refit(
        x[:, places],
        places,
        (few, *seeded[1:]),
        (few, *seeded_feeling[1:]),
        known,
        good,
        feels,
        emotions,
        has_neutral,
        by_strength,
    )


def refit(x, places, seeded, seeded_feeling, known, good, feels, emotions, has_neutral, by_strength):
    """All weights on the grams that are kept."""
    weights = np.zeros((len(places), N_COLUMNS))
    slopes, offsets, thresholds = np.ones(N_COLUMNS), np.zeros(N_COLUMNS), np.ones(len(EMOTIONS))
    weights[:, POLARITY], _ = fit(*joined(x[known], good[known], seeded), MARGIN)
    if known.any():
        scores = left_out(x[known], good[known], seeded, MARGIN)
        slopes[POLARITY], offsets[POLARITY] = line(scores, good[known])
        typical = np.median(np.abs(slopes[POLARITY] * scores + offsets[POLARITY]))
    if has_neutral:
        line_of_strength = strength_line(
            x[~feels] @ weights[:, POLARITY], scores, slopes[POLARITY], offsets[POLARITY]
        )
        by_strength = (*line_of_strength, typical)
        weights[:, FEELING], _ = fit(*joined(x, feels, seeded_feeling), MARGIN)
        slopes[FEELING], offsets[FEELING] = line(left_out(x, feels, seeded_feeling, MARGIN), feels)
    elif known.any():
        # Strength is read against what is usual in the language: chances learnt from fewer sentences lie closer to a half.
        slope, offsets[FEELING], usual = by_strength
        slopes[FEELING] = slope * usual / typical
    else:
        slopes[POLARITY] = UNMEASURED_SLOPE
        slopes[FEELING], offsets[FEELING] = UNMEASURED_FEELING
    for place in range(len(EMOTIONS)) if len(emotions) else ():
        column, truth = FIRST_EMOTION + place, np.array([place + 1 in one for one in emotions])
        weights[:, column], _ = fit(x, truth, np.ones(len(truth)), MARGIN_EMOTIONS)
        scores = left_out(x, truth, None, MARGIN_EMOTIONS)
        slopes[column], offsets[column] = line(scores, truth)
        thresholds[place] = best_threshold(
            1 / (1 + np.exp(-slopes[column] * scores - offsets[column])), truth
        )
    measured = bool(len(emotions))
    written = packed(places, weights, slopes, offsets, thresholds, [not has_neutral, measured, measured])
    return written, by_strength


def log_odds(model, texts, language):
    """What a model says of whole texts."""
    x = matrix(texts, language)
    keep = np.flatnonzero(model.row < len(model.weights) - 1)
    return model.log_odds(x[:, keep] @ model.weights[model.row[keep]])


def judge(model, language, texts, emotions):
    """How well it tells texts that were held out; prints a row of the table in docs/sentiment.md."""
    found = log_odds(model, texts, language)
    values = [valence(one) for one in emotions]
    truth = np.array([9 if one is None else one for one in values])
    feels = np.isin(truth, (1, -1))
    positive = found[:, POLARITY] > 0
    two = f1_score(truth[feels] > 0, positive[feels], average="macro")
    chances = chances_of(found)
    three = None
    if (truth == 0).any():
        told = chances.argmax(axis=1) - 1
        three = round(float(f1_score(truth[truth < 9], told[truth < 9], average="macro")), 3)
        error = calibration_error(chances.max(axis=1)[truth < 9], (told == truth)[truth < 9])
    else:
        chance = 1 / (1 + np.exp(-np.abs(found[feels, POLARITY])))
        error = calibration_error(chance, positive[feels] == (truth[feels] > 0))
    given = 1 / (1 + np.exp(-found[:, FIRST_EMOTION:]))
    f1 = [
        f1_score([place + 1 in one for one in emotions], given[:, place] >= model.thresholds[place])
        for place in range(len(EMOTIONS))
    ]
    print(
        f"| {language} | {feels.sum():,} | {(truth == 0).sum():,} | {two:.3f} | {three or '–'} | {error:.1%} | {np.mean(f1):.3f} |"
    )
    return {
        "n": int((truth < 9).sum()), "n_neutral": int((truth == 0).sum()), "macro_f1_of_two": round(float(two), 3),
        "macro_f1": three, "calibration_error": round(float(error), 3), "emotions_macro_f1": round(float(np.mean(f1)), 3),
    }  # fmt: skip


def strength_line(neutral, feeling, slope, offset):
    """How feeling follows from how strongly positive or negative words are, for languages without neutral texts."""
    strength = np.abs(slope * np.concatenate([neutral, feeling]) + offset)
    return line(strength, np.arange(len(strength)) >= len(neutral))


def main() -> None:
    """Learn, judge, write."""
    folder = Path(sys.argv[1])
    WEIGHTS.mkdir(exist_ok=True)
    learn_languages(folder)
    print("| language | feeling | neutral | F1 of 2 | F1 of 3 | chances off by | emotions' F1 |")
    by_strength, figures = (1.0, 0.0, 1.0), {}
    for language in (*FILES, "hy"):
        texts, emotions = read(folder, language) if language in FILES else ([], [])
        out = held_out(texts).astype(bool) if texts else np.empty(0, bool)
        inside = [one for one, left in zip(texts, out, strict=True) if not left]
        kept = [one for one, left in zip(emotions, out, strict=True) if not left]
        written, found_strength = learn(language, inside, kept, by_strength)
        np.savez_compressed(WEIGHTS / f"{language}.npz", **written)
        by_strength = found_strength if language == "en" else by_strength
        if language in FILES:
            tests = [one for one, left in zip(texts, out, strict=True) if left]
            truths = [one for one, left in zip(emotions, out, strict=True) if left]
            figures[language] = judge(unpacked(written), language, tests, truths)
    text = json.dumps(figures, indent=2) + "\n"
    (WEIGHTS / "measured.json").write_text(text, encoding="utf-8")
    print(f"{sum(one.stat().st_size for one in WEIGHTS.iterdir()):,} bytes")


if __name__ == "__main__":
    main()

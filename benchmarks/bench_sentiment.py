"""Sentiment beside vaderSentiment on English sentences held out, and how many comments a second are told, in CPU seconds.

    BENCH_XED=FOLDER python benchmarks/bench_sentiment.py

FOLDER as scripts/learn_sentiment.py takes it; without it only the speed is measured, on made-up comments.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from peers import ask, peer
from sklearn.metrics import f1_score

from regard.analytics.words.language import tell_languages
from regard.analytics.words.models import CLASSES
from regard.analytics.words.sentiment import tell_feelings
from regard.analytics.words.topics import find_topics

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))
from labelled import held_out, read, valence

COMMENTS = int(os.environ.get("BENCH_COMMENTS", "20000"))
BATCH = 5_000
PEER = """
import json, sys, time
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
texts = json.load(open(sys.argv[1]))
judge = SentimentIntensityAnalyzer()
began = time.process_time()
scores = [judge.polarity_scores(one)["compound"] for one in texts]
print(json.dumps([time.process_time() - began, scores]))
"""
WORDS = (
    "the parcel delivery was late and nobody answered my call but driver staff friendly helpful refund invoice wrong app crashes login "
    "price good bad terrible great quick slow order arrived broken support agent waited hours thanks"
).split()


def made(n: int) -> list[str]:
    """Comments of two sentences and about 20 words."""
    generator = np.random.default_rng(4)
    lengths = generator.integers(5, 16, (n, 2))
    return [" ".join(f"{' '.join(generator.choice(WORDS, one))}." for one in pair) for pair in lengths]


def theirs(texts: list[str]) -> tuple[float, list[float]]:
    """CPU seconds of vaderSentiment and its scores."""
    with tempfile.TemporaryDirectory(prefix="regard-bench-") as folder:
        path = Path(folder) / "texts.json"
        path.write_text(json.dumps(texts))
        spent, scores = ask(peer("vaderSentiment==3.3.2"), PEER, str(path))
    return spent, scores


def ours(texts: list[str]) -> tuple[float, list[int]]:
    """CPU seconds of `tell_feelings` with the words cited, and its verdicts."""
    tell_feelings(texts[:100])
    began, verdicts = time.process_time(), []
    for at in range(0, len(texts), BATCH):
        found = tell_feelings(texts[at : at + BATCH])
        found.words()
        verdicts += found.verdict.tolist()
    return time.process_time() - began, verdicts


def beside(folder: Path) -> None:
    """F1 on English sentences that were never learnt from."""
    texts, emotions = read(folder, "en")
    rows = [
        (text, valence(one)) for text, one, out in zip(texts, emotions, held_out(texts), strict=True) if out
    ]
    rows = [(text, value) for text, value in rows if value is not None]
    truth = np.array([value for _, value in rows])
    spent, scores = theirs([text for text, _ in rows])
    compound = np.array(scores)
    told_by_vader = np.where(compound >= 0.05, 1, np.where(compound <= -0.05, -1, 0))
    mine, verdicts = ours([text for text, _ in rows])
    told = np.where(np.array(verdicts) < 0, 0, np.array(verdicts) - 1)
    print(f"{len(rows):,} English film subtitles held out (XED)\n")
    print("| | macro-F1 of " + ", ".join(CLASSES) + " | comments a CPU second |\n| --- | --- | --- |")
    for title, found, seconds in (("vaderSentiment 3.3.2", told_by_vader, spent), ("regard", told, mine)):
        print(f"| {title} | {f1_score(truth, found, average='macro'):.3f} | {len(rows) / seconds:,.0f} |")
    print()


def main() -> None:
    """Measure and print."""
    if folder := os.environ.get("BENCH_XED"):
        beside(Path(folder))
    texts = made(COMMENTS)
    spent, _ = theirs(texts[:5_000])
    print(f"{COMMENTS:,} made comments of {np.mean([len(one) for one in texts]):.0f} letters; one CPU\n")
    print("| | comments a CPU second |\n| --- | --- |")
    print(f"| vaderSentiment 3.3.2, sentiment | {5_000 / spent:,.0f} |")
    topics = find_topics(texts[:5_000], 8, resamples=0)
    languages = sentiment = topic = 0.0
    for at in range(0, len(texts), BATCH):
        batch = texts[at : at + BATCH]
        began = time.process_time()
        tell_languages(batch)
        languages += time.process_time() - began
        spent, _ = ours(batch)
        sentiment += spent
        began = time.process_time()
        topics.nearest(topics.terms.weighted(topics.terms.counts(batch)))
        topic += time.process_time() - began
    for title, seconds in (
        ("regard, language alone", languages), ("regard, language, sentiment, emotion, effort, words", sentiment),
        ("regard, topics", topic), ("regard, all together", sentiment + topic),
    ):  # fmt: skip
        print(f"| {title} | {len(texts) / seconds:,.0f} |")


if __name__ == "__main__":
    main()

"""What the shipped weights are learnt from: XED's sentences, and lists of words."""

from __future__ import annotations

import csv
import gzip
import hashlib
from pathlib import Path

import numpy as np

from regard.analytics.words.clauses import lexicon

WEIGHTS = Path(__file__).resolve().parent.parent / "src/regard/analytics/words/weights"
FILES = {
    "en": ("en-annotated", "neu_en"),
    "el": ("el-projections",),
    "pl": ("pl-projections",),
    "ru": ("ru-projections",),
}
# XED's numbers of emotions are places in EMOTIONS, from 1; surprise is neither good nor bad.
GOOD, BAD = {2, 5, 8}, {1, 3, 4, 6}
SIGNS = {1: "🙂😀😊👍❤😍🎉😄", -1: "🙁😡😠👎😢😞💔😤"}


def read(folder, language):
    """Texts and the set of emotions of each, {0} for none; each text once."""
    seen = {}
    for name in FILES[language]:
        with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                seen.setdefault(row["text"], {int(one) for one in row["emotions"].split(",")})
    return list(seen), list(seen.values())


def held_out(texts):
    """Which texts are never learnt from: those whose MD5 begins with a byte below 52."""
    return np.array([hashlib.md5(one.encode()).digest()[0] < 52 for one in texts])


def valence(emotions):
    """1, -1, 0 for none, None for mixed feelings and for surprise alone."""
    good, bad = bool(emotions & GOOD), bool(emotions & BAD)
    return 0 if emotions == {0} else 1 if good and not bad else -1 if bad and not good else None


def part(texts, is_held_out):
    """Those held out, or the others."""
    return [one for one, out in zip(texts, held_out(texts), strict=True) if out == is_held_out]


def seeds(language):
    """Words with what they are worth, from -1 to 1, each alone and after a negator."""
    worth = dict.fromkeys(lexicon(language)["negative"], -1.0)
    worth |= dict.fromkeys(lexicon(language)["positive"], 1.0)
    worth |= {sign: float(side) for side, signs in SIGNS.items() for sign in signs}
    if language == "en":
        import vaderSentiment

        path = Path(vaderSentiment.__file__).parent / "vader_lexicon.txt"
        for line in path.read_text(encoding="utf-8").splitlines():
            word, value, *_ = line.split("\t")
            if word.isalpha():
                worth.setdefault(word, float(value) / 4)
    negator = lexicon(language)["negators"][0]
    turned = {f"{negator} {word}": -0.5 * value for word, value in worth.items() if word.isalpha()}
    return {**worth, **turned}

"""Learns how letters follow each other in each language, and which words are common; see `learn_sentiment`."""

from __future__ import annotations

import gettext
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
from labelled import FILES, WEIGHTS, held_out, part, read, seeds
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from regard.analytics.words.language import OTHERS, spread, tell_languages
from regard.analytics.words.tokens import cut_tokens

COMMON = 220
NAMING = set(
    "amount bill computer cry detail fire interest mine move name system front side top bottom serious "
    "call home house location man men money night people person room time car boss job phone problem λεφτά σπίτι δουλειά πρόβλημα "
    "ώρα χρόνο czas domu dom pieniądze problem pracy время дом деньги работа бастиан джульетта ник".split()
)
# Subtitles are spoken: what is written more formally counts this often in telling languages apart.
FORMAL = 5


def learn_languages(folder):
    """Write how runs of letters are spread and which words are common; say how often a held-out text's language is told."""
    kept, tests, common = {}, {}, {}
    for language in FILES:
        texts, _ = read(folder, language)
        out = held_out(texts)
        tests[language] = [one for one, left in zip(texts, out, strict=True) if left]
        inside = [one for one, left in zip(texts, out, strict=True) if not left]
        small = set(frequent(inside)) | (set(ENGLISH_STOP_WORDS) - NAMING if language == "en" else set())
        common[language] = sorted(small - set(seeds(language)))
        kept |= spread_of(language, [*inside, *part(catalogue(language), False) * FORMAL])
    for name, languages in OTHERS.items():
        kept |= spread_of(name, [text for one in languages for text in part(catalogue(one), False)])
        tests |= {f"{one} (catalogue)": part(catalogue(one), True) for one in languages}
    tests |= {f"{one} (catalogue)": part(catalogue(one), True) for one in (*FILES, "hy")}
    np.savez_compressed(WEIGHTS / "languages.npz", **kept)
    (WEIGHTS / "common.json").write_text(json.dumps(common, ensure_ascii=False) + "\n", encoding="utf-8")
    for language, texts in tests.items():
        told = Counter(tell_languages(texts).tolist()).most_common(2)
        print(
            f"{language}: "
            + ", ".join(f"{n / len(texts):.1%} {one}" for one, n in told)
            + f" of {len(texts):,}"
        )


def frequent(texts):
    """The words that stand in most texts, apart from those that customers name things by."""
    tokens = cut_tokens(texts)
    words = Counter()
    for text in np.split(np.arange(len(tokens.text)), np.flatnonzero(np.diff(tokens.text)) + 1):
        words.update({tokens.word(one).lower() for one in text})
    return [word for word, _ in words.most_common(COMMON) if word[0].isalpha() and word not in NAMING]


def spread_of(name, texts):
    """How runs of letters are spread in these texts, as it is written."""
    reading = spread(texts)
    step = float(np.abs(reading.chances).max() / 127)
    return {
        name: np.rint(reading.chances / step).astype(np.int8),
        f"{name}_step": step,
        f"{name}_mean": reading.mean,
    }


def catalogue(language):
    """What Django (BSD) says in a language: its sentences of three words and more."""
    import django

    found = set()
    for path in sorted(Path(django.__file__).parent.rglob("django.mo")):
        if path.parts[-3] != ("de" if language == "en" else language):
            continue
        with path.open("rb") as file:
            words = gettext.GNUTranslations(file)._catalog
        for key, said in words.items():
            text = (key if isinstance(key, str) else key[0]) if language == "en" else said
            text = re.sub(r"%\(\w+\)\w|%\w|&\w+;|\{\w*\}|<[^>]+>", " ", text)
            if key and len(text.split()) > 2:
                found.add(" ".join(text.split()))
    return sorted(found)

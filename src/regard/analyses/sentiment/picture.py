"""The picture of `sentiment`: what customers write about, and how they feel where they do."""

from __future__ import annotations

from regard.analyses.pictures import Dot, dots
from regard.analyses.sentiment.tally import Tally
from regard.analyses.telling import number
from regard.analytics.words.aspects import AspectScores
from regard.analytics.words.language import LANGUAGES


def draw(tally: Tally, aspects: AspectScores) -> str:
    """Aspects with the mean score of what is said of them; languages where no aspect is frequent enough."""
    rows = [
        _dot(f"{word} ({score.n[at]:,.0f})", score.value[at], score.low[at], score.high[at])
        for score in (aspects.score,)
        for at, word in enumerate(aspects.words)
    ]
    if not rows:
        means = [(one, *tally.scores[one]) for one in LANGUAGES if tally.scores[one][0]]
        rows = [_dot(f"{one} ({n:,.0f})", total / n, None, None) for one, n, total, _ in means]
    rows.sort(key=lambda one: -one.value)
    title = f"How {tally.n:,} comments feel about what they name most"
    return dots(
        title,
        "mean score, from -1 (negative) to 1 (positive)",
        rows or [Dot("nothing told", 0, None, None, "–")],
    )


def _dot(name: str, value: float, low: float | None, high: float | None) -> Dot:
    told = low is not None and high is not None and (low > 0 or high < 0)
    if low is None or high is None or low != low:
        return Dot(name, float(value), None, None, number(float(value), 2), told)
    return Dot(name, float(value), float(low), float(high), number(float(value), 2), told)

"""Which of an organisation's own questions leads: answers to different ones are never put together, so one has to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from regard.apps.dashboards.narrowing import QUESTION
from regard.warehouse.files.wording import words_in

if TYPE_CHECKING:
    from regard.metrics.readings import Reading, Result

# In the name of a question that asks for the whole, written small and without accents.
OVERALL = frozenset(
    "overall all whole general total satisfaction ogolnie ogolna ogolny ogolem calosc zadowolenie "
    "общии общая общее целом удовлетворенность συνολικα συνολικη συνολο γενικα γενικη ικανοποιηση "
    "ընդհանուր ընդհանրապես բավարարվածություն գոհունակություն".split()
)
# A question about the whole leads before one that has at most so many times its answers.
AHEAD = 2


def leading_question(readings: Sequence[Reading]) -> str:
    """The question that leads, of the readings of each: one about the whole, else the one with most answers; empty for none."""
    counts = {str(one.group[QUESTION]): one.estimate.n for one in readings if one.estimate}
    if not counts:
        return ""
    most = max(counts.values())
    whole = {key: n for key, n in counts.items() if OVERALL & set(words_in(key)) and AHEAD * n >= most}
    return min(whole or counts, key=lambda key: (-counts[key], key))


def main_of(result: Result, apart: Sequence[Reading]) -> Reading:
    """Of what stands apart the question that leads, or the currency with most behind it; the total where there is none."""
    asked = leading_question(apart) if result.apart == QUESTION else ""
    shown = [one for one in apart if not asked or one.group.get(QUESTION) == asked]
    return max(shown, key=lambda one: one.estimate.n if one.estimate else 0, default=result.total)

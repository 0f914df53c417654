"""Surveys: sent to some, answered by some of these, with a score and often with words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.integrations.sample_company.calendar import Floats, Integers
from regard.integrations.sample_company.chunk import Chunk
from regard.integrations.sample_company.company import LANGUAGES
from regard.integrations.sample_company.people import USER
from regard.integrations.sample_company.rows import Column

COMMENTED = 0.45
"""Share of the answers that come with words."""


@dataclass(frozen=True)
class Asked:
    """People who are asked one question after something that happened; arrays hold one element for each."""

    person: Integers
    at: Floats
    about: Integers
    """The thread that the question is about."""
    score: Integers
    """What they answer, if they answer."""
    metric: str
    touchpoint: str
    channel: NDArray[np.int32]
    answered: Floats
    """Probability of an answer, which does not depend on the score."""
    mean_delay_hours: float
    topic: NDArray[np.str_]
    """What the words are about, see `words`."""
    unit: ArrayLike | str = ""
    given: int = USER
    columns: Mapping[str, ArrayLike | str] = field(default_factory=dict)
    """Further columns of the answers (agent, carrier, days late ...)."""


def ask(chunk: Chunk, asked: Asked) -> None:
    """Add `survey.sent` for everybody asked and `survey.answered` for those who answer before the two years end."""
    rows, calendar, rng = chunk.rows, chunk.calendar, chunk.rng
    n = len(asked.person)
    thread = rows.new_threads(n)
    sent = np.flatnonzero(asked.at < calendar.n_days)
    shared: dict[str, Column] = {
        "channel": asked.channel,
        "about": asked.about,
        "unit": _each(chunk, asked.unit, n),
    }
    rows.add(asked.person[sent], calendar.utc(asked.at[sent]), "survey.sent", metric=asked.metric,
             touchpoint=asked.touchpoint, thread=thread[sent], given=asked.given,
             **{name: values[sent] for name, values in shared.items()})  # fmt: skip
    back = asked.at + (0.002 + rng.exponential(asked.mean_delay_hours, n) / 24)
    answered = np.flatnonzero((rng.random(n) < asked.answered) & (back < calendar.n_days))
    person = asked.person[answered]
    language = chunk.people.language[person]
    has_words = chunk.chance(COMMENTED, len(answered))
    text = chunk.comments.pick(rng, language, asked.topic[answered], asked.metric, asked.score[answered])
    further = {name: _each(chunk, values, n)[answered] for name, values in asked.columns.items()}
    rows.add(
        person, calendar.utc(back[answered]), "survey.answered", metric=asked.metric, touchpoint=asked.touchpoint,
        thread=thread[answered], given=asked.given, score=asked.score[answered],
        text=np.where(has_words, text, 0), language=np.where(has_words, chunk.words(LANGUAGES, language), 0),
        **{name: values[answered] for name, values in shared.items()}, **further,
    )  # fmt: skip


def _each(chunk: Chunk, value: ArrayLike | str, n: int) -> Column:
    """One element for each of `n` rows; a text becomes its number."""
    if isinstance(value, str):
        return np.full(n, chunk.rows.dictionary.number(value) if value else 0, dtype=np.int32)
    return np.asarray(value)

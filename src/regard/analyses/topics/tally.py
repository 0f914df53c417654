"""What was told of many texts, counted batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analyses.topics.reading import Asides
from regard.analytics.arrays import Floats, floats
from regard.analytics.words.taught import Teacher
from regard.analytics.words.tokens import Whole
from regard.analytics.words.topics import Topics

EXAMPLES = 2
SHORTEST, LONGEST = 15, 300


@dataclass(slots=True, eq=False)
class Tally:
    """Counts over texts; topics are the taught ones, then those found, then none of them.

    Args:
        topic: array (texts,), of those counted so far. by_period: array (2, topics + 1), texts before and in the latest period.
            terms: array (2, terms), the same by term.
        examples: of each topic, how near a text is and the text.
    """

    teacher: Teacher
    topics: Topics | None
    asides: Asides
    n: int = 0
    counts: Floats = field(init=False)
    topics_told: list[NDArray[np.int32]] = field(default_factory=list)
    by_period: Floats = field(init=False)
    terms: Floats = field(init=False)
    examples: list[list[tuple[float, str]]] = field(init=False)

    def __post_init__(self) -> None:
        k = self.n_topics + 1
        self.counts, self.by_period = np.zeros(k), np.zeros((2, k))
        self.terms = np.zeros((2, len(self.topics.terms.names) if self.topics else 0))
        self.examples = [[] for _ in range(k)]

    @property
    def n_taught(self) -> int:
        """How many topics are taught."""
        return len(self.teacher.topics)

    @property
    def n_topics(self) -> int:
        """How many topics there are."""
        return self.n_taught + (len(self.topics.words) if self.topics else 0)

    @property
    def names(self) -> list[str]:
        """The name of each topic."""
        found = [", ".join(one) for one in self.topics.words] if self.topics else []
        return [one.name for one in self.teacher.topics] + found

    @property
    def topic(self) -> Whole:
        """The topic of each text so far, the last number for none."""
        return np.concatenate([np.empty(0, np.int32), *self.topics_told]).astype(np.int64)

    def add(self, texts: Sequence[str]) -> tuple[Whole, Floats]:
        """Count one batch. Returns: the topic of each text (the last number for none) and how near it is."""
        counts = self.topics.terms.counts(texts) if self.topics else None
        topic, near = self._tell(texts, counts)
        k, rows = self.n_topics + 1, slice(self.n, self.n + len(texts))
        self.counts += np.bincount(topic, minlength=k)
        self.topics_told.append(topic.astype(np.int32))
        if self.asides.is_latest is not None:
            latest = self.asides.is_latest[rows]
            for period in (0, 1):
                self.by_period[period] += np.bincount(topic[latest == period], minlength=k)
                if counts is not None:
                    self.terms[period] += (counts[latest == period] > 0).sum(axis=0).A1
        self._keep(texts, topic, near)
        self.n += len(texts)
        return topic, near

    def _tell(self, texts: Sequence[str], counts: Any) -> tuple[Whole, Floats]:
        topic, near = self.teacher.nearest(texts)
        if self.topics is not None:
            found, nearness = self.topics.nearest(self.topics.terms.weighted(counts))
            free = topic < 0
            topic = np.where(free & (found >= 0), found + self.n_taught, topic)
            near = np.where(free, nearness, near)
        return np.where(topic < 0, self.n_topics, topic), floats(near)

    def _keep(self, texts: Sequence[str], topic: Whole, near: Floats) -> None:
        for place in range(self.n_topics):
            mine = np.flatnonzero(topic == place)
            kept = self.examples[place]
            for at in mine[np.argsort(-near[mine], kind="stable")][: 4 * EXAMPLES]:
                if SHORTEST <= len(texts[at]) <= LONGEST and texts[at] not in [one for _, one in kept]:
                    kept.append((float(near[at]), texts[at]))
            kept.sort(key=lambda one: -one[0])
            del kept[EXAMPLES:]

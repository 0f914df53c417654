"""The one door from pages to figures: `regard.metrics.compute`, within what the reader may see, kept by version."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from regard.apps.organisation.policy import Sight
from regard.apps.organisation.queries import Settings
from regard.kernel.periods import Grain, Period
from regard.webkit.hub import Hub

if TYPE_CHECKING:
    from regard.metrics.dimensions import Gathered
    from regard.metrics.readings import Reading, Result

# Whoever may read single answers has nothing withheld from them, but nobody is shown a figure made of so few.
LEAST = 5


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: a metric, cut by dimensions and over time, compared or not.

    Args:
        is_compared: the whole with the period before, not its pieces; `compare` says another side ("year-ago", "channel=web").
        where: a condition over the columns of the log, as `compute` reads it.
        values: settings of the metric that the reader chose, by name; the organisation's hold for the others.
        currency: the one currency that is read; empty for all of them, each apart.
        gathered: dimensions of the question's own, beside the organisation's stages.
    """

    metric: str
    period: Period
    by: tuple[str, ...] = ()
    every: Grain | None = None
    is_compared: bool = False
    compare: str = ""
    where: str = ""
    values: tuple[tuple[str, str], ...] = ()
    currency: str = ""
    gathered: tuple[Gathered, ...] = ()


class Readings(Protocol):
    """Whatever answers questions: the hub, or made-up figures in a test."""

    def ask(self, question: Ask) -> Result: ...

    def ask_all(self, questions: Sequence[Ask]) -> list[Result]: ...


class HubReadings:
    """Answers from the log.

    Args:
        sight: what the reader may see; nothing else is read.
        settings: the organisation's zone, currency and thresholds.
        source: the key of the one source that is read; None for all. It must be known to the log.
    """

    def __init__(
        self, hub: Hub, *, sight: Sight, settings: Settings, now: datetime, source: str | None = None
    ) -> None:
        self._hub = hub
        self._sight = sight
        self._settings = settings
        self._now = now
        self._source = source

    def ask(self, question: Ask) -> Result:
        """The answer, from memory where the log has not moved since."""
        key = ("metric", question, self._sight, self._settings, self._source)
        return self._hub.remember(key, lambda: self._compute(question))

    def ask_all(self, questions: Sequence[Ask]) -> list[Result]:
        """Several answers, side by side on the machine's cores."""
        with ThreadPoolExecutor(max_workers=min(len(questions) or 1, os.cpu_count() or 1)) as pool:
            return list(pool.map(self.ask, questions))

    def _compute(self, question: Ask) -> Result:
        from regard.metrics.compute import compute
        from regard.metrics.dimensions import Gathered
        from regard.metrics.settings import MetricSettings
        from regard.warehouse.engines.remembering import Remembering

        cursor = self._hub.counting()
        try:
            result = compute(
                question.metric,
                connection=Remembering(cursor, self._hub.remember),
                by=question.by,
                period=question.period,
                every=question.every if self._sight.reads_answers else _of_weeks(question.every),
                where=question.where or None,
                source=self._source,
                scope=None if self._sight.units is None else tuple(sorted(self._sight.units)),
                compare=question.compare or ("previous" if question.is_compared else None),
                compare_pieces=bool(question.compare),
                zone=ZoneInfo(self._settings.zone),
                now=self._hub.looked_at(self._now),
                currency=question.currency or None,
                min_n=1 if self._sight.reads_answers else LEAST,
                whole_weeks=not self._sight.reads_answers,
                settings=MetricSettings(dict(question.values), defaults=self._settings.metric_settings),
                gathered=(Gathered("stage", "touchpoint", self._stages()), *question.gathered),
            )
        finally:
            cursor.close()
        shown = (_shown(reading) for reading in result.readings)
        return replace(result, readings=tuple(shown))

    def _stages(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The journey's stages with their touchpoints, for figures by stage."""
        return tuple((stage.key, stage.touchpoints) for stage in self._settings.stages)


def _of_weeks(every: Grain | None) -> Grain | None:
    """The finest cut for who may not read single answers."""
    return Grain.WEEK if every in (Grain.HOUR, Grain.DAY) else every


def _shown(reading: Reading) -> Reading:
    """The reading as every page shows it: too few answers are a reason, not a figure."""
    if reading.estimate is None or reading.estimate.n >= LEAST:
        return reading
    return replace(
        reading, estimate=None, difference=None, details={}, reason="withheld: fewer than 5 answers"
    )

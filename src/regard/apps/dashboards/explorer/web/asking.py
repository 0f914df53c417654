"""From a request to an answer: who asks, what they may see, what they ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from regard.apps.dashboards import queries
from regard.apps.dashboards.explorer.answering import Answer, answer
from regard.apps.dashboards.explorer.asked import Problem, Question, period_of, read_question
from regard.apps.dashboards.explorer.filters import Filter
from regard.apps.dashboards.explorer.shown import Shown, show
from regard.apps.dashboards.explorer.spots import Leads
from regard.apps.dashboards.queries import Extent, extent_of
from regard.apps.dashboards.readings import HubReadings
from regard.apps.intake.queries import list_sources
from regard.apps.organisation import queries as organisation
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Sight
from regard.apps.organisation.queries import Settings
from regard.webkit.hub import Hub, hub


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, answered as far as it can be.

    Args:
        extent: how much of the log this reader sees at all.
        drafts: filters that still wait for their value.
        answer: None where there is nothing to ask yet.
        is_made_up: whether any of the data that the question looks at are made up.
    """

    member: Member
    sight: Sight
    hub: Hub
    settings: Settings
    now: datetime
    extent: Extent
    question: Question
    problems: tuple[Problem, ...]
    drafts: tuple[Filter, ...]
    readings: HubReadings
    answer: Answer | None
    is_made_up: bool

    @property
    def zone(self) -> ZoneInfo:
        """The organisation's time zone."""
        return ZoneInfo(self.settings.zone)

    def show(self) -> Shown | None:
        """What is shown of the answer; None where there is none."""
        if self.answer is None or self.answer.whole is None:
            return None
        leads = Leads(self.question, is_open=self.sight.reads_answers)
        return show(
            self.answer, units=self.unit_titles, zone=self.zone, leads=leads, is_made_up=self.is_made_up
        )

    @property
    def unit_titles(self) -> dict[str, str]:
        """What units are called."""
        return {unit.key: unit.title for unit in organisation.list_units()}


def ask(request: HttpRequest) -> Asked:
    """Answer the question of a request's address, within what its reader may see."""
    from regard.metrics.catalogue import METRICS

    member = cast(Member, request.user)
    log, now = hub(), datetime.now(UTC)
    log.refresh()
    sight, settings = organisation.get_sight(member), organisation.get_settings()

    held = queries.read_extents(log, sight)
    extent = extent_of(held.values())
    read = read_question(
        dict(request.GET.lists()),
        settings_of=lambda key: tuple(setting.name for setting in METRICS.get(key).settings),
        metrics=tuple(metric.key for metric in METRICS),
    )
    readings = HubReadings(log, sight=sight, settings=settings, now=now)
    found = None
    if extent.last is not None:
        period = period_of(
            read.question, zone=ZoneInfo(settings.zone), now=now, first=extent.first, last=extent.last
        )
        found = answer(read.question, period, readings)
    problems = (*read.problems, *(found.problems if found else ()))
    question = found.question if found else read.question
    return Asked(
        member=member,
        sight=sight,
        hub=log,
        settings=settings,
        now=now,
        extent=extent,
        question=question,
        problems=problems,
        drafts=read.drafts,
        readings=readings,
        answer=found,
        is_made_up=_is_made_up(read.question, held),
    )


def _is_made_up(question: Question, held: Mapping[str, Extent]) -> bool:
    """Whether any source that the question looks at holds made-up data."""
    made_up = {row.key for row in list_sources() if row.is_made_up and row.key in held}
    chosen = [set(one.value.split(",")) for one in question.filters if (one.on, one.way) == ("source", "is")]
    return any(all(key in keys for keys in chosen) for key in made_up)

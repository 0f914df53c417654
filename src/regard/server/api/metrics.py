"""The catalogue and its figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import duckdb
from django.http import HttpRequest
from ninja import Query, Router

from regard.apps.organisation.policy import Part, Sight
from regard.apps.organisation.queries import get_settings
from regard.kernel.errors import InvalidInput, unknown_name
from regard.kernel.periods import Grain
from regard.metrics.catalogue import METRICS
from regard.metrics.compute import compute
from regard.metrics.log_view import first_instant
from regard.metrics.metric import Metric
from regard.metrics.moments import read_period
from regard.metrics.reference import as_dictionary
from regard.metrics.settings import MetricSettings, read_settings
from regard.metrics.small_groups import MIN_N
from regard.server.api.access import sight_of
from regard.webkit.hub import hub

router = Router(tags=["metrics"])

# Who may not read single answers may cut by these only, and not filter: else a small group would show by subtraction.
OPEN_DIMENSIONS = ("channel", "touchpoint", "unit", "kind", "source", "language", "currency")

By = Annotated[
    str, Query(description="dimensions to cut by, with commas: channel, unit, attributes.NAME, trait.NAME")
]
Every = Annotated[str, Query(description="cut into calendar pieces: " + ", ".join(Grain))]
Time = Annotated[str, Query(description="a day (2026-01-31) or an instant")]
Where = Annotated[str, Query(description="a condition, such as channel = 'web'")]
Compare = Annotated[str, Query(description="previous, year-ago or DIMENSION=VALUE")]
Settings = Annotated[
    list[str],
    Query(
        alias="set",
        description="a setting of the metric, NAME=VALUE as `settings` of it tells; repeat for several",
    ),
]
Unweighted = Annotated[bool, Query(description="count every answer once, whatever it weighs")]


@router.get("", summary="All metrics with their definitions")
def list_metrics(request: HttpRequest) -> list[dict[str, Any]]:
    """What can be asked for, exactly defined."""
    sight_of(request, Part.SCORES)
    return [as_dictionary(metric) for metric in sorted(METRICS, key=lambda metric: metric.key)]


@router.get("/{key}", summary="One metric: figures with n, interval and method")
def get_metric(
    request: HttpRequest,
    key: str,
    by: By = "",
    every: Every = "",
    since: Time = "",
    until: Time = "",
    where: Where = "",
    compare: Compare = "",
    currency: str = "",
    settings: Settings = [],  # noqa: B006  the description of the address needs the list itself
    unweighted: Unweighted = False,
) -> dict[str, Any]:
    """The same document as `regard metric KEY --json`, within what who asks may see."""
    sight = sight_of(request, Part.SCORES)
    values = read_settings(settings)
    organisation = get_settings()
    zone, now = ZoneInfo(organisation.zone), datetime.now(UTC)
    names = [name.strip() for name in by.split(",") if name.strip()]
    check_openness(sight, names, where, compare)
    check_settings(sight, METRICS.get(key), values)
    if every and every not in list(Grain):
        raise unknown_name("grain", every, list(Grain))
    with _asking() as cursor:
        result = compute(
            key,
            connection=cursor,
            by=names,
            period=read_period(since, until, zone=zone, now=now, first=lambda: first_instant(cursor, zone)),
            every=Grain(every) if every else None,
            where=where or None,
            scope=None if sight.units is None else tuple(sorted(sight.units)),
            compare=compare or None,
            zone=zone,
            currency=currency or None,
            min_n=1 if sight.reads_answers else MIN_N,
            whole_weeks=not sight.reads_answers,
            settings=MetricSettings(values, unweighted=unweighted, defaults=organisation.metric_settings),
            now=now,
        )
    return result.as_json()


@contextmanager
def _asking() -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor over the newest log. Raises: InvalidInput where it finds that a condition cannot be answered."""
    here = hub()
    here.refresh()
    with closing(here.cursor()) as cursor:
        try:
            yield cursor
        except (duckdb.ConversionException, duckdb.BinderException, duckdb.InvalidInputException) as error:
            first = str(error).splitlines()[0]
            raise InvalidInput(f"The condition cannot be answered: {first}") from error


def check_openness(sight: Sight, by: list[str], where: str, compare: str) -> None:
    """Keep who may not read single answers to the listed dimensions. Raises: InvalidInput."""
    if sight.reads_answers:
        return
    if where:
        raise InvalidInput("Your role sees figures of groups, not of a free condition; leave `where` out.")
    name, is_group, _ = compare.partition("=")
    for dimension in [*by, *([name] if is_group else [])]:
        if dimension not in OPEN_DIMENSIONS:
            raise unknown_name("dimension open to your role", dimension, OPEN_DIMENSIONS)


def check_settings(sight: Sight, metric: Metric, values: Mapping[str, object]) -> None:
    """Keep who may not read single answers to settings by which nobody is told apart. Raises: InvalidInput."""
    if sight.reads_answers:
        return
    closed = {setting.name for setting in metric.settings if not setting.tells_nobody_apart}
    for name in closed & set(values):
        raise InvalidInput(f"Your role sees '{name}' as the organisation set it; leave it out.")

"""One address, a home for each role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from regard.apps.dashboards import catalogue as _catalogue  # noqa: F401  Makes the homes known.
from regard.apps.dashboards import queries
from regard.apps.dashboards.figure_page import make_figure_page
from regard.apps.dashboards.home import HOMES, Home
from regard.apps.dashboards.hub import Hub, hub
from regard.apps.dashboards.page import make_page
from regard.apps.dashboards.queries import Comments, Extent
from regard.apps.dashboards.readings import HubReadings
from regard.apps.dashboards.windows import CHOICES, Window, read_window
from regard.apps.intake.queries import list_sources
from regard.apps.organisation import queries as organisation
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part, Sight
from regard.webkit import formats
from regard.webkit.access import needs

# A log that ended longer ago than this is shown up to its end, with a word on it, not as an empty present.
STALE = timedelta(days=14)
CHOICE_TITLES = {
    "30": gettext_lazy("30 days"),
    "90": gettext_lazy("90 days"),
    "365": gettext_lazy("A year"),
    "all": gettext_lazy("All"),
}


@never_cache
@needs(Part.SCORES)
def home(request: HttpRequest) -> HttpResponse:
    """The first page of whoever signed in."""
    member = cast(Member, request.user)
    kind = HOMES.get(member.role)
    source = hub()
    source.refresh()
    sight = organisation.get_sight(member)
    extent = _extent(source, sight)
    if extent.n == 0 or extent.last is None:
        return render(request, "dashboards/empty.html", {"title": kind.title, "base": _base(request)})
    return _show(request, kind, source, sight, extent)


def _show(request: HttpRequest, kind: Home, source: Hub, sight: Sight, extent: Extent) -> HttpResponse:
    settings, now = organisation.get_settings(), datetime.now(UTC)
    zone = ZoneInfo(settings.zone)
    window, is_stale = _window(request, extent, zone, now)
    titles = {unit.key: unit.title for unit in organisation.list_units()}
    page = make_page(
        kind,
        window,
        HubReadings(source, sight=sight, settings=settings, now=now),
        comments=_comments(source, sight, window),
        unit_titles=titles,
        zone=zone,
    )
    return render(
        request, "dashboards/home.html", {"page": page, **_frame(source, extent, window, zone, is_stale)}
    )


@never_cache
@needs(Part.SCORES)
def figure(request: HttpRequest, metric: str) -> HttpResponse:
    """One figure with its trend, its parts and how it is counted."""
    from regard.metrics.catalogue import METRICS

    if metric not in METRICS:
        raise Http404
    source = hub()
    source.refresh()
    sight = organisation.get_sight(cast(Member, request.user))
    extent = _extent(source, sight)
    if extent.last is None:
        return redirect("home")
    settings, now = organisation.get_settings(), datetime.now(UTC)
    zone = ZoneInfo(settings.zone)
    window, is_stale = _window(request, extent, zone, now)
    readings = HubReadings(source, sight=sight, settings=settings, now=now)
    titles = {unit.key: unit.title for unit in organisation.list_units()}
    page = make_figure_page(metric, window, readings, unit_titles=titles, zone=zone)
    return render(
        request, "dashboards/figure.html", {"page": page, **_frame(source, extent, window, zone, is_stale)}
    )


def _frame(source: Hub, extent: Extent, window: Window, zone: ZoneInfo, is_stale: bool) -> dict[str, object]:
    """What stands around the figures of every page: the period, and whose data they are."""
    return {
        "picker": _picker(window),
        "query": window.query,
        "is_made_up": _is_made_up(source),
        "stale_until": formats.day(extent.last, zone) if is_stale and extent.last else "",
        "from": formats.day(window.period.start, zone),
        "to": formats.day(window.period.end - timedelta(seconds=1), zone),
    }


def _window(request: HttpRequest, extent: Extent, zone: ZoneInfo, now: datetime) -> tuple[Window, bool]:
    days, until = request.GET.get("days", ""), request.GET.get("until", "")
    assert extent.last is not None
    is_stale = not until and days != "all" and extent.last < now - STALE
    if is_stale:
        until = extent.last.astimezone(zone).date().isoformat()
    window = read_window(days, until, zone=zone, now=now, first=extent.first, last=extent.last)
    return window, is_stale


def _picker(window: Window) -> list[dict[str, object]]:
    return [
        {"title": CHOICE_TITLES[choice], "href": window.other(choice), "is_here": choice == window.choice}
        for choice in CHOICES
    ]


def _extent(source: Hub, sight: Sight) -> Extent:
    def ask() -> Extent:
        with source.cursor() as cursor:
            return queries.get_extent(cursor, sight)

    return source.remember(("extent", sight), ask)


def _comments(source: Hub, sight: Sight, window: Window) -> Comments | None:
    if not sight.may(Part.COMMENTS):
        return None

    def ask() -> Comments:
        with source.cursor() as cursor:
            return queries.list_comments(cursor, sight, window.period)

    return source.remember(("comments", sight, window.period), ask)


def _is_made_up(source: Hub) -> bool:
    made_up = frozenset(row.key for row in list_sources() if row.is_made_up)

    def ask() -> bool:
        with source.cursor() as cursor:
            return queries.has_source(cursor, made_up)

    return source.remember(("made up", made_up), ask)


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")

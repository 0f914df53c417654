"""One address, a home for each role."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache

from regard.apps.dashboards import catalogue as _catalogue  # noqa: F401  Makes the homes known.
from regard.apps.dashboards import parts as _parts  # noqa: F401  Makes their parts known.
from regard.apps.dashboards import queries
from regard.apps.dashboards.behind import PAGE, Beneath, read_lines, read_words
from regard.apps.dashboards.figure_page import make_figure_page
from regard.apps.dashboards.headlines import read_headlines
from regard.apps.dashboards.home import HOMES, Context, Home
from regard.apps.dashboards.narrowing import QUESTION, n_groups, read_group
from regard.apps.dashboards.page import make_page, note_read
from regard.apps.dashboards.readings import HubReadings
from regard.apps.dashboards.sources import Held, choose_source
from regard.apps.dashboards.windows import CHOICES, Window, show_window
from regard.apps.intake.queries import list_sources
from regard.apps.organisation import queries as organisation
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part, Sight
from regard.webkit import formats
from regard.webkit.access import may, needs
from regard.webkit.hub import Hub, HubBefore, hub, hub_of_homes
from regard.webkit.navigation import find_address
from regard.webkit.paging import make_paging, page_number

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
    log, looked_at = hub_of_homes(datetime.now(UTC))
    sight = organisation.get_sight(member)
    held = _held(request, log, sight)
    if held.extent.n == 0 or held.extent.last is None:
        leads = {
            "imports": find_address("imports") if may(request, Part.IMPORTS) else "",
            "sources": find_address("sources") if may(request, Part.OPERATIONS) else "",
        }
        context = {"title": kind.title, "base": _base(request), **leads}
        return render(request, "dashboards/empty.html", context)
    return _show(request, kind, log, looked_at, sight, held)


def _show(
    request: HttpRequest, kind: Home, log: Hub, looked_at: datetime, sight: Sight, held: Held
) -> HttpResponse:
    settings, now = organisation.get_settings(), datetime.now(UTC)
    zone = ZoneInfo(settings.zone)
    window, is_stale = _window(request, held, sight, zone, looked_at)
    readings = HubReadings(log, sight=sight, settings=settings, now=looked_at, source=held.source)
    context = Context(
        member_id=cast(Member, request.user).pk,
        sight=sight,
        window=window,
        readings=readings,
        tiles=tuple(read_headlines(kind.tiles, window, readings)),
        lead=kind.lead,
        unit_titles={unit.key: unit.title for unit in organisation.list_units()},
        settings=settings,
        now=now,
        hub=log,
    )
    page = make_page(kind, context)
    note_read(page, cast(Member, request.user))
    frame = _frame(held, window, zone, looked_at, is_stale)
    counted_at = formats.clock(looked_at, zone) if isinstance(log, HubBefore) else ""
    return render(request, "dashboards/home.html", {"page": page, "counted_at": counted_at, **frame})


@never_cache
@needs(Part.SCORES)
def figure(request: HttpRequest, metric: str) -> HttpResponse:
    """One figure with its trend, its parts and how it is counted."""
    from regard.metrics.catalogue import METRICS

    if metric not in METRICS:
        raise Http404
    log = hub()
    log.refresh()
    sight = organisation.get_sight(cast(Member, request.user))
    held = _held(request, log, sight)
    if held.extent.last is None:
        return redirect("home")
    settings, now = organisation.get_settings(), datetime.now(UTC)
    zone = ZoneInfo(settings.zone)
    window, is_stale = _window(request, held, sight, zone, now)
    has_questions = METRICS.get(metric).apart == QUESTION
    group = read_group(request.GET.getlist("where"), sight, settings.stages, has_questions=has_questions)
    window = replace(window, where=group.where)
    readings = HubReadings(log, sight=sight, settings=settings, now=now, source=held.source)
    titles = {unit.key: unit.title for unit in organisation.list_units()}
    page = make_figure_page(metric, window, readings, group=group, unit_titles=titles, settings=settings)
    beneath = Beneath(
        member=cast(Member, request.user),
        sight=sight,
        period=window.period,
        unit_titles=titles,
        zone=zone,
        hub=log,
        source=window.source,
        where=group.condition(settings.stages),
    )
    behind = read_lines(metric, beneath, page_number(request))
    shown = {
        "page": page,
        "behind": behind,
        "pages": make_paging(request, behind.n, size=PAGE) if behind else None,
        "words": read_words(beneath),
        "whole": window.within(*(one for one in window.where if not n_groups([one]))),
    }
    return render(request, "dashboards/figure.html", {**shown, **_frame(held, window, zone, now, is_stale)})


def _frame(held: Held, window: Window, zone: ZoneInfo, now: datetime, is_stale: bool) -> dict[str, object]:
    """What stands around the figures of every page: the period, and whose data they are."""
    last = held.extent.last
    return {
        "picker": _picker(window),
        "source_picker": _source_picker(held, window),
        "query": window.query,
        "is_made_up": held.is_made_up,
        "stale_until": formats.day(last, zone) if is_stale and last else "",
        "from": formats.day(window.period.start, zone),
        "to": formats.day(min(window.period.end - timedelta(seconds=1), now), zone),
    }


def _window(
    request: HttpRequest, held: Held, sight: Sight, zone: ZoneInfo, now: datetime
) -> tuple[Window, bool]:
    days, until = request.GET.get("days", ""), request.GET.get("until", "")
    extent = held.extent
    assert extent.last is not None
    window, is_stale = show_window(
        days,
        until,
        zone=zone,
        now=now,
        first=extent.first,
        last=extent.last,
        whole_weeks=not sight.reads_answers,
    )
    return replace(window, source=held.source), is_stale


def _picker(window: Window) -> list[dict[str, object]]:
    return [
        {"title": CHOICE_TITLES[choice], "href": window.other(choice), "is_here": choice == window.choice}
        for choice in CHOICES
    ]


def _source_picker(held: Held, window: Window) -> list[dict[str, object]]:
    titles = [(None, gettext("All sources")), *((row.key, row.title) for row in held.choices)]
    return [
        {"title": title, "href": window.of_source(key), "is_here": key == held.source}
        for key, title in titles
        if held.choices
    ]


def _held(request: HttpRequest, log: Hub, sight: Sight) -> Held:
    return choose_source(queries.read_extents(log, sight), list_sources(), request.GET.get("source", ""))


def _base(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")

"""The anatomy of a figure: name and unit, value, interval and n, trend with its band, and one tag of three forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regard.kernel.estimates import Difference, Estimate
from regard.webkit import formats
from regard.webkit.charts.trend import Point, draw_trend
from regard.webkit.measures import Measure

SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Tag:
    """What may be said of a change: `tone` is good, bad, plain or flat; the words say the same without colour."""

    tone: str
    sign: str
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, ready to be shown. Where there is no value there is a reason, and never a zero."""

    key: str
    title: str
    hint: str
    value: str
    unit: str
    interval: str
    n: str
    reason: str
    tag: Tag | None
    trend: SafeString
    href: str


def make_figure(
    *,
    key: str,
    title: str,
    hint: str,
    measure: Measure,
    estimate: Estimate | None,
    reason: str,
    difference: Difference | None,
    better: int,
    trend: Sequence[Point],
    compared: bool,
    href: str = "",
    currency: str = "",
) -> Figure:
    """A figure from an estimate, or from the reason why there is none.

    Args:
        better: 1 where more is better, -1 where less is, 0 where neither.
        compared: whether a change was asked for; without one, or without an earlier figure, there is no tag.
    """
    tag = (
        make_tag(difference, measure=measure, better=better, currency=currency)
        if compared and estimate and difference
        else None
    )
    return Figure(
        key=key,
        title=title,
        hint=hint,
        value=measure.value(estimate.value, currency) if estimate else "",
        unit=measure.unit() if estimate else "",
        interval=interval_text(estimate, measure, currency) if estimate else "",
        n=n_text(estimate.n) if estimate else "",
        reason=reason,
        tag=tag,
        trend=draw_trend(trend, label=_trend_label(title, trend, measure, currency)),
        href=href,
    )


def make_tag(difference: Difference, *, measure: Measure, better: int, currency: str = "") -> Tag:
    """The tag of a change. A change is called one only where its test, corrected for the page, says so."""
    p = difference.p if difference.p_adjusted is None else difference.p_adjusted
    low, high = sorted((difference.low, difference.high))
    detail = _("Difference to the period before: %(low)s to %(high)s (95%% interval).") % {
        "low": _signed(low, measure, currency),
        "high": _signed(high, measure, currency),
    }
    if p >= SIGNIFICANT:
        return Tag("flat", "", _("no real change"), detail)
    rises = difference.value > 0
    tone = "plain" if better == 0 else "good" if rises == (better > 0) else "bad"
    size = f"{measure.change(difference.value, currency)} {measure.change_unit()}".strip()
    text = _("up %(size)s, real") if rises else _("down %(size)s, real")
    return Tag(tone, "▲" if rises else "▼", text % {"size": size}, detail)


def interval_text(estimate: Estimate, measure: Measure, currency: str = "") -> str:
    """From where to where the figure may reasonably lie."""
    if estimate.low is None or estimate.high is None:
        return ""
    low, high = (measure.value(end, currency, beside=estimate.value) for end in (estimate.low, estimate.high))
    return f"{low} – {high}"


def n_text(n: int) -> str:
    """How many answers, orders or threads stand behind a figure."""
    return "n\N{NO-BREAK SPACE}" + formats.number(n)


def too_few_text(least: int) -> str:
    """Why a figure of few answers is not shown."""
    return ngettext("Fewer than %(n)s answer", "Fewer than %(n)s answers", least) % {
        "n": formats.number(least)
    }


def _signed(value: float, measure: Measure, currency: str) -> str:
    sign = "+" if value > 0 else formats.MINUS if value < 0 else ""
    return sign + measure.change(value, currency)


def _trend_label(title: str, trend: Sequence[Point], measure: Measure, currency: str) -> str:
    known = [point.value for point in trend if point.value is not None]
    if len(known) < 2:
        return ""
    return _("%(title)s over time: from %(first)s to %(last)s") % {
        "title": title,
        "first": measure.value(known[0], currency),
        "last": measure.value(known[-1], currency),
    }

"""The anatomy of a comparison: dots with intervals, sorted; what cannot be told apart is grey and says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from regard.kernel.estimates import Estimate
from regard.webkit.charts.dots import draw_dot
from regard.webkit.figures import interval_text, n_text
from regard.webkit.measures import Measure


@dataclass(frozen=True, slots=True)
class Contender:
    """One of those compared.

    Args:
        standing: 1 above the rest by more than chance, -1 below, 0 not told apart.
        is_own: the reader's own.
    """

    label: str
    estimate: Estimate | None
    reason: str = ""
    standing: int = 0
    is_own: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line, ready to be shown."""

    label: str
    value: str
    interval: str
    n: str
    strip: SafeString
    tone: str
    standing: str
    href: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Those who have no figure for the same reason."""

    reason: str
    contenders: tuple[Contender, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All lines, with the words of the axis, and who has no line."""

    rows: tuple[Row, ...]
    ticks: tuple[str, ...]
    n_apart: int
    unknown: tuple[Unknown, ...] = ()


def make_comparison(
    contenders: Sequence[Contender],
    *,
    measure: Measure,
    better: int,
    reference: float | None = None,
    currency: str = "",
) -> Comparison:
    """Sorted from the highest value to the lowest; those without a figure stand together by their reason."""
    known = sorted(
        (one for one in contenders if one.estimate),
        key=lambda one: -(one.estimate.value if one.estimate else 0),
    )
    ends = [v for one in known if one.estimate for v in _ends(one.estimate)]
    scale = measure.axis(ends + ([reference] if reference is not None else []))
    rows = []
    for one in known:
        assert one.estimate is not None
        rows.append(
            Row(
                label=one.label,
                value=measure.value(one.estimate.value, currency),
                interval=interval_text(one.estimate, measure, currency),
                n=n_text(one.estimate.n),
                strip=draw_dot(one.estimate, scale, reference=reference),
                tone=_tone(one, better),
                standing="" if reference is None else _standing(one.standing),
                href=one.href,
            )
        )
    silent: dict[str, list[Contender]] = {}
    for one in contenders:
        if one.estimate is None:
            silent.setdefault(one.reason, []).append(one)
    unknown = tuple(Unknown(reason, tuple(those)) for reason, those in silent.items())
    ticks = tuple(measure.tick(tick, currency) for tick in scale.ticks)
    return Comparison(tuple(rows), ticks, sum(one.standing != 0 for one in known), unknown)


def _ends(estimate: Estimate) -> tuple[float, ...]:
    return tuple(v for v in (estimate.value, estimate.low, estimate.high) if v is not None)


def _tone(one: Contender, better: int) -> str:
    if one.is_own:
        return "own"
    if one.standing == 0 or better == 0:
        return "same"
    return "good" if one.standing == better else "bad"


def _standing(standing: int) -> str:
    if standing > 0:
        return _("above the rest")
    return _("below the rest") if standing < 0 else _("not told apart from the rest")

"""A dot with its interval on a strip: one row of a comparison."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString

from regard.kernel.estimates import Estimate
from regard.webkit.charts.scales import Scale


def draw_dot(estimate: Estimate, scale: Scale, *, reference: float | None = None) -> SafeString:
    """The strip of one estimate; `reference` is a thin line to read against, such as the whole company's value."""
    low = estimate.value if estimate.low is None else estimate.low
    high = estimate.value if estimate.high is None else estimate.high
    line = (
        format_html('<path class="dot-reference" d="M{} 0v20"/>', scale.at(reference))
        if reference is not None
        else ""
    )
    return format_html(
        '<svg class="dot" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">{}'
        '<path class="dot-interval" d="M{} 10H{}"/><path class="dot-value" d="M{} 10h0"/></svg>',
        line,
        scale.at(low),
        scale.at(high),
        scale.at(estimate.value),
    )

"""The sentence above an answer: which figure it is, whether the change is real, and which groups stand out."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regard.apps.dashboards import words as names
from regard.apps.dashboards.explorer.lines import Line, Lines
from regard.kernel.estimates import Difference
from regard.metrics.compare import PREVIOUS, YEAR_AGO
from regard.webkit import formats
from regard.webkit.figures import SIGNIFICANT, Tag, interval_text, n_text
from regard.webkit.measures import Measure

MOST_NAMED = 3


def sentence(title: str, lines: Lines, *, measure: Measure, compare: str) -> SafeString:
    """What the answer says, never more certain than its figures are."""
    estimate = lines.total.reading.estimate
    if lines.is_apart and len(lines.groups) > 1:
        return _each(title, lines, measure)
    if estimate is None:
        reason = names.reason_of(lines.total.reading.reason)
        return format_html(_("{title}: there is no figure. {reason}."), title=title, reason=reason)
    interval = interval_text(estimate, measure, lines.currency)
    value = f"{measure.value(estimate.value, lines.currency)} {measure.unit()}".strip()
    parts = [
        format_html(
            "{title}: {value} ({interval}), {n}." if interval else "{title}: {value}, {n}.",
            title=title,
            value=format_html("<b>{}</b>", value),
            interval=interval,
            n=n_text(estimate.n),
        )
    ]
    if compare in (PREVIOUS, YEAR_AGO):
        parts.append(_change(lines.total.reading.difference, measure, lines.currency, compare))
    parts += _groups(lines, measure)
    return format_html_join(" ", "{}", ((part,) for part in parts))


def _each(title: str, lines: Lines, measure: Measure) -> SafeString:
    """The figures of what is never put together, one beside the other."""
    known = [line for line in lines.groups if line.reading.estimate][:MOST_NAMED]
    told = format_html_join(
        ", ",
        "{} <b>{}</b>",
        ((line.label, measure.value(line.value, lines.currency)) for line in known),
    )
    more = len(lines.groups) - len(known)
    if more <= 0:
        return format_html("{}: {}.", title, told)
    rest = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": formats.number(more)}
    return format_html("{}: {} {}.", title, told, rest)


def _change(difference: Difference | None, measure: Measure, currency: str, compare: str) -> SafeString:
    if difference is None:
        return SafeString(_("There is no earlier figure to compare with."))
    if not is_real(difference):
        return SafeString(
            _("Against the period before nothing has really changed.")
            if compare == PREVIOUS
            else _("Against the year before nothing has really changed.")
        )
    size = f"{measure.change(difference.value, currency)} {measure.change_unit()}".strip()
    rose = difference.value > 0
    text = {
        (PREVIOUS, True): _("That is {size} more than in the period before, and the change is real."),
        (PREVIOUS, False): _("That is {size} less than in the period before, and the change is real."),
        (YEAR_AGO, True): _("That is {size} more than the year before, and the change is real."),
        (YEAR_AGO, False): _("That is {size} less than the year before, and the change is real."),
    }[compare, rose]
    return format_html(text, size=format_html("<b>{}</b>", size))


def _groups(lines: Lines, measure: Measure) -> list[SafeString]:
    known = [line for line in lines.groups if line.reading.estimate]
    if len(known) < 2 or lines.is_apart:
        return []
    if lines.is_sum:
        first = max(known, key=lambda line: line.value)
        value = measure.value(first.value, lines.currency)
        return [format_html(_("The most comes from {name}: {value}."), name=first.label, value=value)]
    above = [line for line in known if line.standing > 0]
    below = [line for line in known if line.standing < 0]
    if not above and not below:
        return [SafeString(_("None of the groups can be told apart from the rest."))]
    parts = []
    if above:
        parts.append(format_html(_("Above the rest by more than chance: {names}."), names=_named(above)))
    if below:
        parts.append(format_html(_("Below the rest by more than chance: {names}."), names=_named(below)))
    return parts


def _named(lines: Sequence[Line]) -> SafeString:
    shown = format_html_join(", ", "<b>{}</b>", ((line.label,) for line in lines[:MOST_NAMED]))
    more = len(lines) - MOST_NAMED
    if more <= 0:
        return shown
    told = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": formats.number(more)}
    return format_html("{} {}", shown, told)


def is_real(difference: Difference) -> bool:
    """Whether a difference is called one: its test says so, corrected for all that were looked at together."""
    p = difference.p if difference.p_adjusted is None else difference.p_adjusted
    return p < SIGNIFICANT


def tag_of(
    difference: Difference | None, *, measure: Measure, better: int, currency: str, is_over_time: bool
) -> Tag | None:
    """What may be said of a difference in a table: a change over time, or a distance between groups."""
    if difference is None:
        return None
    low, high = (signed(end, measure, currency) for end in sorted((difference.low, difference.high)))
    detail = _("%(low)s to %(high)s") % {"low": low, "high": high}
    if not is_real(difference):
        text = _("no real change") if is_over_time else _("no real difference")
        return Tag("flat", "", text, detail)
    rises = difference.value > 0
    tone = "plain" if better == 0 else "good" if rises == (better > 0) else "bad"
    size = f"{measure.change(difference.value, currency)} {measure.change_unit()}".strip()
    if is_over_time:
        text = _("up %(size)s, real") if rises else _("down %(size)s, real")
    else:
        text = _("%(size)s higher, real") if rises else _("%(size)s lower, real")
    return Tag(tone, "▲" if rises else "▼", text % {"size": size}, detail)


def signed(value: float, measure: Measure, currency: str) -> str:
    """A difference with its sign."""
    sign = "+" if value > 0 else formats.MINUS if value < 0 else ""
    return sign + measure.change(value, currency)

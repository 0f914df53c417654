"""What the explorer's dimensions, metrics and pieces of time are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards import words
from regard.kernel.periods import Grain
from regard.metrics.compare import PREVIOUS, YEAR_AGO
from regard.metrics.dimensions import ACCOUNT, ATTRIBUTE, TRAIT

# Metrics that no home shows; the others are called as they are there.
TITLES: dict[str, str | Promise] = {
    "ces_mean": _("Ease, mean answer"),
    "ces_top2": _("Very easy (CES 6–7)"),
    "ces_index": _("Ease, easy less hard"),
    "answers": _("Answers to surveys"),
    "acquisition_cost": _("Cost to win a customer (CAC)"),
}
DIMENSIONS: dict[str, str | Promise] = {
    "channel": _("Channel"),
    "touchpoint": _("Touchpoint"),
    "unit": _("Unit"),
    "agent": _("Person who served"),
    "kind": _("What happened"),
    "source": _("Source"),
    "language": _("Language"),
    "metric": _("Question asked"),
    "currency": _("Currency"),
    ACCOUNT: _("Account"),
    "score": _("Answer in points"),
    "duration_seconds": _("Duration in seconds"),
    "wait_seconds": _("Waiting in seconds"),
    "amount_minor": _("Amount in smallest units"),
    "text": _("Customer's words"),
}
GRAINS: dict[Grain, str | Promise] = {
    Grain.HOUR: _("every hour"),
    Grain.DAY: _("every day"),
    Grain.WEEK: _("every week"),
    Grain.MONTH: _("every month"),
    Grain.QUARTER: _("every quarter"),
    Grain.YEAR: _("every year"),
}
LENGTHS: dict[str, str | Promise] = {
    "30": _("30 days"),
    "90": _("90 days"),
    "365": _("A year"),
    "all": _("All"),
    "own": _("Days of my choice"),
}
COMPARED: dict[str, str | Promise] = {
    PREVIOUS: _("the period before"),
    YEAR_AGO: _("the year before"),
    "group": _("one of the groups"),
}


def metric_title(key: str) -> str:
    """What a metric is called."""
    from regard.metrics.catalogue import METRICS

    return str(TITLES[key]) if key in TITLES else words.title_of(key, METRICS.get(key).title)


def dimension_title(key: str) -> str:
    """What a dimension is called; attributes and traits by their own name."""
    head, _dot, rest = key.partition(".")
    if head in (ATTRIBUTE, TRAIT) and rest:
        return rest.replace("_", " ")
    return str(DIMENSIONS.get(key, key))


def value_title(dimension: str, value: str | None, units: Mapping[str, str]) -> str:
    """What a value of a dimension is called."""
    if value is None:
        return _now("not named")
    if dimension == "unit":
        return units.get(value, value)
    if dimension == "metric":
        return words.question_of(value)
    return words.label_of(dimension, value) if dimension in ("channel", "touchpoint", "language") else value

"""How metrics are counted, in the reader's language: what they ask, their definitions, methods and settings.

The catalogue of metrics tells it in English and knows no translations; its texts are the originals of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

# One observation of a metric.
GRAINS: dict[str, str | Promise] = {
    "interaction": _("one interaction"),
    "thread": _("one thread: an order, a case, a call or a conversation"),
    "customer-period": _("one customer in one period"),
}
# What methods are called, as the estimators name them; a name may be made of several with commas between them.
METHODS: dict[str, str | Promise] = {
    "adjusted Wald": _("adjusted Wald"),
    "Wilson": _("Wilson"),
    "mean, t interval": _("mean, t interval"),
    "ratio of sums, delta method": _("ratio of sums, delta method"),
    "total, compound Poisson": _("total, compound Poisson"),
    "exact Poisson (Garwood)": _("exact Poisson (Garwood)"),
    "cost over an exact Poisson count (Garwood)": _("cost over an exact Poisson count (Garwood)"),
    "BCa bootstrap": _("BCa bootstrap"),
    "order statistics": _("order statistics"),
    "Kaplan–Meier, Greenwood log-log": _("Kaplan–Meier, Greenwood log-log"),
    "restricted mean (Kaplan–Meier)": _("restricted mean (Kaplan–Meier)"),
    "contractual lifetime value m(1+d)/(1+d-r)": _("contractual lifetime value m(1+d)/(1+d-r)"),
    "weighted (Kish)": _("weighted (Kish)"),
    "weighted": _("weighted"),
    "clustered by customer": _("clustered by customer"),
    "no interval (too few, or all alike)": _("no interval (too few, or all alike)"),
}
# Further figures that stand beside one.
DETAILS: dict[str, str | Promise] = {
    "median": _("half within"),
    "p90": _("nine in ten within"),
    "restricted_mean": _("mean, cut at the longest observed"),
    "restricted_to": _("of at most"),
}
SETTINGS: dict[str, str | Promise] = {
    "basis": _("Who is a customer"),
    "inactivity_days": _("Days without an order"),
    "contact_kinds": _("Kinds that are contacts"),
    "our_kinds": _("Kinds that we do"),
    "easy_from": _("Easy from"),
    "from_kind": _("First step"),
    "to_kind": _("Second step"),
    "within_days": _("Within days"),
    "days": _("Days"),
    "formula": _("Formula"),
    "margin": _("Margin"),
    "retention": _("Share kept"),
    "discount": _("Discount rate"),
    "revenue_kinds": _("Kinds that are revenue"),
    "top_from": _("Top answers from"),
}
CHOICES: dict[str, str | Promise] = {
    "subscription": _("holders of a subscription"),
    "purchase": _("buyers"),
    "observed": _("what was paid so far"),
    "contractual": _("from margin, retention and discount"),
}
NAMED = re.compile(
    "|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in sorted(METHODS, key=len, reverse=True))
)


def told(text: str) -> str:
    """A text of the catalogue in the reader's language."""
    return _now(text) if text else ""


def definition_of(metric: str, definition: str) -> str:
    """The definition of a result: the metric's own, and behind it what was set, as it was set."""
    from regard.metrics.catalogue import METRICS

    own = METRICS.get(metric).definition
    return told(own) + definition.removeprefix(own) if definition.startswith(own) else definition


def method_of(method: str) -> str:
    """How a figure and its interval were made; what we have no words for keeps its name.

    >>> method_of("Wilson, clustered by customer")
    'Wilson, clustered by customer'
    """
    return NAMED.sub(lambda found: str(METHODS[found.group()]), method)


def methods_of(methods: Iterable[str]) -> tuple[str, ...]:
    """Each method, in the reader's language."""
    return tuple(method_of(one) for one in methods)


def detail_of(name: str) -> str:
    """What a further figure is called."""
    return str(DETAILS.get(name, name.replace("_", " ")))


def setting_title(name: str) -> str:
    """What a setting is called above its field."""
    return str(SETTINGS.get(name, name.replace("_", " ")))


def choice_title(value: str) -> str:
    """What a value that a setting allows is called."""
    return str(CHOICES.get(value, value))

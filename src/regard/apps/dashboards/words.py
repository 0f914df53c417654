"""What metrics are called on pages, and why a figure is missing, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regard.metrics.readings import MIXED_AMOUNTS, MIXED_ANSWERS
from regard.webkit import formats
from regard.webkit.figures import too_few_text
from regard.webkit.words import answer_of as answer_of
from regard.webkit.words import channel_of as channel_of
from regard.webkit.words import name_of as name_of
from regard.webkit.words import touchpoint_of as touchpoint_of

TITLES: dict[str, str | Promise] = {
    "nps": _("Recommend (NPS)"),
    "csat": _("Satisfied (CSAT)"),
    "ces": _("Easy (CES)"),
    "response_rate": _("Answer a survey"),
    "time_to_resolution": _("Time to resolution"),
    "resolution_rate": _("Resolved"),
    "first_contact_resolution": _("Resolved at first contact"),
    "first_response_time": _("Time to first answer"),
    "handle_time": _("Handling time"),
    "wait_time": _("Waiting time"),
    "abandonment_rate": _("Gave up waiting"),
    "contact_rate": _("Contacts per customer"),
    "repeat_contact_rate": _("Had to contact again"),
    "retention_rate": _("Kept (CRR)"),
    "churn_rate": _("Lost (CCR)"),
    "revenue": _("Revenue"),
    "average_order_value": _("Average order"),
    "orders": _("Orders"),
    "lifetime_value": _("Value of a customer (CLV)"),
    "active_customers": _("Active customers"),
    "conversion_rate": _("Conversion"),
    "mean_score": _("Mean answer, own question"),
    "top_box": _("Top answers, own question"),
}

# Of one question, whose name stands before it.
ANSWERS = {"mean_score": _("mean answer"), "top_box": _("top answers")}


def title_of(metric: str, fallback: str) -> str:
    """What a metric is called on a tile."""
    return str(TITLES.get(metric, fallback))


def question_of(key: str) -> str:
    """What a question is called: its name in the log, in words that can stand on two lines.

    >>> question_of("airport_security_check")
    'airport security check'
    """
    return key.replace("_", " ")


def title_of_answers(metric: str, question: str, fallback: str) -> str:
    """What a metric of an own question is called where it is of one question only: that question first."""
    asked = question_of(question)
    return f"{asked[:1].upper()}{asked[1:]} · {ANSWERS.get(metric, fallback)}"


def label_of(dimension: str, key: str) -> str:
    """What a value of a dimension is called."""
    if dimension == "channel":
        return channel_of(key)
    if dimension == "language":
        return formats.language_name(key)
    if dimension == "metric":
        return question_of(key)
    return touchpoint_of(key) if dimension == "touchpoint" else key


def reason_of(reason: str | None, *, least: int = 5) -> str:
    """Why there is no figure, in the reader's words."""
    text = reason or ""
    if text.startswith("withheld: fewer"):
        return too_few_text(least)
    if text.startswith("withheld"):
        return _now("Withheld: a small group would follow from it")
    if text.startswith(MIXED_AMOUNTS):
        return _now("Amounts in different currencies are never added")
    if text.startswith(MIXED_ANSWERS):
        return _now("Answers to different questions are never put together")
    if text.endswith("in the log"):
        return _now("The log holds nothing of this kind")
    return _now("No data in this period")


def comments_text(n: int) -> str:
    """How many comments there are."""
    return ngettext("%(n)s comment", "%(n)s comments", n) % {"n": formats.number(n)}

"""What metrics, channels and kinds of answer are called on pages, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regard.webkit import formats
from regard.webkit.figures import too_few_text

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
}
CHANNELS: dict[str, str | Promise] = {
    "web": _("Web"),
    "app": _("App"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "chat": _("Chat"),
    "sms": _("SMS"),
    "social": _("Social media"),
    "store": _("Shop"),
    "mail": _("Post"),
}

TOUCHPOINTS: dict[str, str | Promise] = {
    "checkout": _("Checkout"),
    "delivery": _("Delivery"),
    "support": _("Support"),
    "invoice": _("Invoice"),
    "shop": _("In the shop"),
    "return": _("Return"),
    "self-service": _("Self-service"),
    "plan": _("Subscription"),
    "product": _("Product"),
    "pricing": _("Prices"),
    "warranty": _("Warranty"),
    "acquisition": _("Advertising"),
}


def title_of(metric: str, fallback: str) -> str:
    """What a metric is called on a tile."""
    return str(TITLES.get(metric, fallback))


def channel_of(key: str | None) -> str:
    """What a channel is called; an unknown one by its own key."""
    return str(CHANNELS.get(key or "", name_of(key)))


def touchpoint_of(key: str | None) -> str:
    """What a touchpoint is called; an unknown one by its own key."""
    return str(TOUCHPOINTS.get(key or "", name_of(key)))


def name_of(key: str | None) -> str:
    """A key of the data, such as a touchpoint, fit to be read."""
    return key.replace("_", " ") if key else _now("not named")


def label_of(dimension: str, key: str) -> str:
    """What a value of a dimension is called."""
    if dimension == "channel":
        return channel_of(key)
    if dimension == "language":
        return formats.language_name(key)
    return touchpoint_of(key) if dimension == "touchpoint" else key


def reason_of(reason: str | None, *, least: int = 5) -> str:
    """Why there is no figure, in the reader's words."""
    text = reason or ""
    if text.startswith("withheld: fewer"):
        return too_few_text(least)
    if text.startswith("withheld"):
        return _now("Withheld: a small group would follow from it")
    if text.endswith("in the log"):
        return _now("The log holds nothing of this kind")
    return _now("No data in this period")


def answer_of(metric: str | None, score: float | None) -> str:
    """What an answer says, in a word: promoter, passive or detractor, or the points given."""
    if score is None or not metric:
        return ""
    shown = formats.number(score, 0 if score == int(score) else 1)
    if metric == "nps":
        name = _now("promoter") if score >= 9 else _now("passive") if score >= 7 else _now("detractor")
        return f"{name} · {shown}"
    if metric == "csat":
        return _now("satisfaction %(score)s of 5") % {"score": shown}
    if metric == "ces":
        return _now("ease %(score)s of 7") % {"score": shown}
    return f"{name_of(metric)} {shown}"


def comments_text(n: int) -> str:
    """How many comments there are."""
    return ngettext("%(n)s comment", "%(n)s comments", n) % {"n": formats.number(n)}

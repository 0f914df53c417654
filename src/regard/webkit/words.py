"""What channels, touchpoints and answers are called on every page, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from regard.webkit import formats

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


def channel_of(key: str | None) -> str:
    """What a channel is called; an unknown one by its own key."""
    return str(CHANNELS.get(key or "", name_of(key)))


def touchpoint_of(key: str | None) -> str:
    """What a touchpoint is called; an unknown one by its own key."""
    return str(TOUCHPOINTS.get(key or "", name_of(key)))


def name_of(key: str | None) -> str:
    """A key of the data, such as a touchpoint, fit to be read."""
    return key.replace("_", " ") if key else _now("not named")


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

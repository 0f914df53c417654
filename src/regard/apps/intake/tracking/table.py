"""How tracked events become interactions: one table to read, after Segment's e-commerce and B2B SaaS specifications.

A source can add to it or change it: `Source.mapping` holds the same fields under the event's name, as in
`{"Parcel Late": {"kind": "delivery.late", "touchpoint": "delivery", "thread": ["parcel_id"]}}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from regard.kernel.errors import InvalidInput, unknown_name
from regard.kernel.money import MOVES_BACK


@dataclass(frozen=True, slots=True)
class Rule:
    """What an event means. The tuples name properties; the first one that has a value counts.

    Args:
        kind: what happened, noun.verb; empty: made from the event's name.
        channel, touchpoint: how and where, unless the event itself tells.
        amount: money in major units; `sign` -1 where it moves back, as with every kind of MOVES_BACK.
        score: properties that hold a rating; `metric` names the question they answer. Empty `metric`: the
            property `metric`, else the name of the property itself (nps, csat, ces).
        text: the customer's own words. They never enter the attributes.
        thread: what binds it to other interactions.
    """

    kind: str = ""
    channel: str = ""
    touchpoint: str = ""
    amount: tuple[str, ...] = ()
    sign: int = 1
    metric: str = ""
    score: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    thread: tuple[str, ...] = ()
    duration: tuple[str, ...] = ("duration_seconds",)
    wait: tuple[str, ...] = ("wait_seconds",)
    unit: tuple[str, ...] = ("unit",)
    agent: tuple[str, ...] = ("agent",)
    place: tuple[str, ...] = ("touchpoint",)


ORDER = ("order_id", "orderId", "checkout_id")
CART = ("cart_id", "checkout_id", "order_id")
REVENUE = ("revenue", "total", "value")
WORDS = ("comment", "text", "feedback", "review_body", "verbatim", "message")
RATINGS = ("nps", "csat", "ces")
SUBSCRIPTION = ("subscription_id", "plan_id", "plan")
CASE = ("case_id", "ticket_id", "conversation_id")
CALL = ("call_id", "conversation_id")

SHOP = Rule(touchpoint="shop", thread=("session_id",))
BASKET = Rule(touchpoint="cart", thread=CART)
CHECKOUT = Rule(touchpoint="checkout", thread=("checkout_id", "order_id"))
SURVEY = Rule(
    "survey.answered",
    score=(*RATINGS, "score", "rating"),
    text=WORDS,
    thread=("response_id", "survey_id", *ORDER),
)
ANY = Rule(thread=("thread", "thread_id"), score=("score",), text=("text", "comment"))

# Calls that are no events.
CALLS = {
    "page": Rule("page.viewed", channel="web", thread=("session_id",), place=("touchpoint", "category")),
    "screen": Rule("screen.viewed", channel="app", thread=("session_id",), place=("touchpoint", "category")),
    "identify": Rule("customer.identified"),
    "group": Rule("account.joined"),
    "alias": Rule("customer.aliased"),
}

EVENTS = {
    # Browsing
    "Products Searched": replace(SHOP, kind="product.searched"),
    "Product List Viewed": replace(SHOP, kind="product_list.viewed"),
    "Product List Filtered": replace(SHOP, kind="product_list.filtered"),
    "Product Clicked": replace(SHOP, kind="product.clicked"),
    "Product Viewed": replace(SHOP, kind="product.viewed"),
    "Product Shared": replace(SHOP, kind="product.shared"),
    "Product Added to Wishlist": replace(SHOP, kind="wishlist.added"),
    "Product Removed from Wishlist": replace(SHOP, kind="wishlist.removed"),
    "Promotion Viewed": Rule("promotion.viewed", touchpoint="promotion", thread=("promotion_id",)),
    "Promotion Clicked": Rule("promotion.clicked", touchpoint="promotion", thread=("promotion_id",)),
    # Ordering
    "Product Added": replace(BASKET, kind="cart.added"),
    "Product Removed": replace(BASKET, kind="cart.removed"),
    "Cart Viewed": replace(BASKET, kind="cart.viewed"),
    "Cart Shared": replace(BASKET, kind="cart.shared"),
    "Checkout Started": replace(CHECKOUT, kind="checkout.started"),
    "Checkout Step Viewed": replace(CHECKOUT, kind="checkout.viewed"),
    "Checkout Step Completed": replace(CHECKOUT, kind="checkout.completed"),
    "Payment Info Entered": replace(CHECKOUT, kind="payment.entered"),
    "Coupon Entered": replace(CHECKOUT, kind="coupon.entered"),
    "Coupon Applied": replace(CHECKOUT, kind="coupon.applied"),
    "Coupon Denied": replace(CHECKOUT, kind="coupon.denied"),
    "Coupon Removed": replace(CHECKOUT, kind="coupon.removed"),
    "Order Updated": Rule("order.changed", touchpoint="checkout", thread=ORDER),
    "Order Completed": Rule("order.placed", touchpoint="checkout", amount=REVENUE, thread=ORDER),
    "Order Refunded": Rule("order.refunded", touchpoint="returns", amount=(*REVENUE, "refund"), thread=ORDER),
    "Order Cancelled": Rule("order.cancelled", touchpoint="returns", amount=REVENUE, thread=ORDER),
    # After the order
    "Order Shipped": Rule("order.shipped", touchpoint="delivery", thread=ORDER),
    "Order Delivered": Rule("order.delivered", touchpoint="delivery", thread=ORDER),
    "Product Reviewed": Rule(
        "review.written",
        touchpoint="shop",
        metric="review",
        score=("rating",),
        text=WORDS,
        thread=("review_id",),
    ),
    # Accounts and subscriptions
    "Signed Up": Rule("customer.signed_up", touchpoint="onboarding"),
    "Signed In": Rule("customer.signed_in"),
    "Signed Out": Rule("customer.signed_out"),
    "Invite Sent": Rule("invite.sent"),
    "Account Created": Rule("account.created", touchpoint="onboarding"),
    "Account Deleted": Rule("account.deleted"),
    "Account Added User": Rule("account.user_added"),
    "Account Removed User": Rule("account.user_removed"),
    "Trial Started": Rule("trial.started", touchpoint="onboarding", thread=SUBSCRIPTION),
    "Trial Ended": Rule("trial.ended", touchpoint="onboarding", thread=SUBSCRIPTION),
    "Subscription Started": Rule("subscription.started", touchpoint="subscription", thread=SUBSCRIPTION),
    "Subscription Renewed": Rule(
        "subscription.renewed", touchpoint="subscription", amount=REVENUE, thread=SUBSCRIPTION
    ),
    "Subscription Upgraded": Rule("subscription.upgraded", touchpoint="subscription", thread=SUBSCRIPTION),
    "Subscription Downgraded": Rule(
        "subscription.downgraded", touchpoint="subscription", thread=SUBSCRIPTION
    ),
    "Subscription Cancelled": Rule("subscription.ended", touchpoint="subscription", thread=SUBSCRIPTION),
    "Subscription Ended": Rule("subscription.ended", touchpoint="subscription", thread=SUBSCRIPTION),
    "Invoice Paid": Rule(
        "invoice.paid", touchpoint="invoice", amount=REVENUE, thread=("invoice_id", "order_id")
    ),
    # Service
    "Call Queued": Rule("call.queued", channel="phone", touchpoint="support", thread=CALL),
    "Call Answered": Rule("call.answered", channel="phone", touchpoint="support", thread=CALL),
    "Call Abandoned": Rule("call.abandoned", channel="phone", touchpoint="support", thread=CALL),
    "Call Ended": Rule("call.ended", channel="phone", touchpoint="support", thread=CALL),
    "Case Opened": Rule("case.opened", touchpoint="support", thread=CASE),
    "Case Resolved": Rule("case.resolved", touchpoint="support", thread=CASE),
    "Case Reopened": Rule("case.reopened", touchpoint="support", thread=CASE),
    # Answers
    "Survey Sent": Rule("survey.sent", thread=("response_id", "survey_id")),
    "Survey Answered": SURVEY,
    "Survey Submitted": SURVEY,
    "Survey Completed": SURVEY,
    "Survey Response Received": SURVEY,
    "Feedback Submitted": SURVEY,
    "NPS Submitted": replace(SURVEY, metric="nps", score=("nps", "score", "rating")),
    "CSAT Submitted": replace(SURVEY, metric="csat", score=("csat", "score", "rating")),
    "CES Submitted": replace(SURVEY, metric="ces", score=("ces", "score", "rating")),
}

_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_APART = re.compile(r"[\W_]+")
_READY = re.compile(r"[^\W_]+(_[^\W_]+)*\.[^\W_]+(_[^\W_]+)*")
_BY_NAME = {" ".join(_APART.split(name.lower())): rule for name, rule in EVENTS.items()}


def find_rule(call: str, event: str, extra: Mapping[str, Mapping[str, object]] | None = None) -> Rule:
    """What a call of type `call`, or the event that it names, becomes; `extra` is the source's own table.

    >>> find_rule("track", "order completed").kind, find_rule("track", "ButtonClicked").kind
    ('order.placed', 'button.clicked')
    """
    if call in CALLS:
        return CALLS[call]
    words = _words(event)
    rule = _BY_NAME.get(words) or replace(ANY, kind=kind_of(event))
    for name, changes in (extra or {}).items():
        if _words(name) == words:
            rule = replace(rule, **_checked(name, changes))
    return replace(rule, sign=-1) if rule.kind in MOVES_BACK else rule


def kind_of(event: str) -> str:
    """The kind of an event that the table does not know: its last word is the verb.

    >>> kind_of("Loyalty Card Scanned"), kind_of("order.placed"), kind_of("Clicked")
    ('loyalty_card.scanned', 'order.placed', 'event.clicked')
    """
    if _READY.fullmatch(event) and event == event.lower():
        return event
    words = _words(event).split()
    if not words:
        return ""
    return f"{'_'.join(words[:-1]) or 'event'}.{words[-1]}"


def _words(event: str) -> str:
    return " ".join(word for word in _APART.split(_CAMEL.sub(" ", event).lower()) if word)


def _checked(name: str, changes: Mapping[str, object]) -> dict[str, Any]:
    """A source's own fields for one event. Raises: InvalidInput for a field that does not exist."""
    known = {field.name: field.default for field in fields(Rule)}
    checked: dict[str, Any] = {}
    for key, value in changes.items():
        if key not in known:
            raise unknown_name(f"field of the event '{name}'", key, known)
        if isinstance(known[key], tuple):
            value = (value,) if isinstance(value, str) else tuple(str(item) for item in value)  # type: ignore[attr-defined]
        elif not isinstance(value, type(known[key])):
            raise InvalidInput(
                f"The field '{key}' of the event '{name}' must be a {type(known[key]).__name__}."
            )
        checked[key] = value
    return checked

"""What happened, in the reader's words, and what identifiers are called."""

from __future__ import annotations

from datetime import datetime, tzinfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from regard.webkit import formats

KINDS: dict[str, str | Promise] = {
    "account.created": _("Opened an account"),
    "account.deleted": _("Closed their account"),
    "article.viewed": _("Read an article"),
    "call.abandoned": _("Gave up waiting on the phone"),
    "call.answered": _("Call answered"),
    "call.ended": _("Call ended"),
    "call.queued": _("Called"),
    "call.started": _("Call answered"),
    "cart.added": _("Put something into the basket"),
    "cart.removed": _("Took something out of the basket"),
    "cart.viewed": _("Looked at the basket"),
    "case.assigned": _("Case given to somebody"),
    "case.closed": _("Case closed"),
    "case.noted": _("Note on the case"),
    "case.opened": _("Case opened"),
    "case.reopened": _("Case opened again"),
    "case.resolved": _("Case resolved"),
    "chat.abandoned": _("Gave up waiting in the chat"),
    "chat.answered": _("Chat answered"),
    "chat.ended": _("Chat ended"),
    "chat.held": _("Chatted with us"),
    "chat.started": _("Began a chat"),
    "checkout.completed": _("Completed the checkout"),
    "checkout.started": _("Started the checkout"),
    "checkout.viewed": _("Looked at the checkout"),
    "customer.identified": _("Told who they are"),
    "delivery.late": _("Delivery late"),
    "email.received": _("Wrote to us"),
    "email.sent": _("We wrote"),
    "form.abandoned": _("Left a form unfinished"),
    "form.started": _("Began a form"),
    "invoice.paid": _("Paid an invoice"),
    "invoice.sent": _("Invoice sent"),
    "message.received": _("Wrote to us"),
    "message.sent": _("We wrote"),
    "order.cancelled": _("Order cancelled"),
    "order.changed": _("Order changed"),
    "order.delivered": _("Order delivered"),
    "order.placed": _("Placed an order"),
    "order.refunded": _("Money given back"),
    "order.returned": _("Sent an order back"),
    "order.shipped": _("Order on its way"),
    "page.viewed": _("Looked at a page"),
    "payment.entered": _("Entered a payment"),
    "product.added": _("Put something into the basket"),
    "product.searched": _("Searched for a product"),
    "product.viewed": _("Looked at a product"),
    "review.written": _("Wrote a review"),
    "screen.viewed": _("Looked at a screen"),
    "subscription.ended": _("Subscription ended"),
    "subscription.renewed": _("Subscription renewed"),
    "subscription.started": _("Began a subscription"),
    "survey.answered": _("Answered a survey"),
    "survey.sent": _("Survey sent"),
    "trial.ended": _("Trial ended"),
    "trial.started": _("Began a trial"),
}
IDENTIFIERS: dict[str, str | Promise] = {
    "user": _("User id"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "anonymous": _("Visitor"),
}
# What an erasure is about, and the places from which it takes.
ERASURES: dict[str, str | Promise] = {
    "customer": _("one person"),
    "identifier": _("one identifier"),
    "period": _("a period"),
    "repeated": _("what was erased before, after a restore"),
}
PLACES: dict[str, str | Promise] = {
    "identifiers": _("Identifiers"),
    "links": _("Links between identifiers"),
    "traits": _("Traits"),
    "accounts": _("Memberships of accounts"),
    "journal": _("Items of the journal and staged files"),
    "quarantine": _("Items in quarantine"),
    "jobs": _("Waiting work"),
    "log": _("Interactions in the log"),
    "log_identities": _("Links in the log"),
    "log_memberships": _("Memberships in the log"),
    "log_traits": _("Traits in the log"),
    "files": _("Files brought and not yet taken in"),
    "cases": _("Cases"),
}


def kind_of(kind: str) -> str:
    """What happened; an unknown kind by its own key, its noun and verb apart."""
    return str(KINDS.get(kind) or kind.replace(".", " ").replace("_", " "))


def when(instant: datetime, zone: tzinfo) -> str:
    """A day and the hour and minute."""
    return f"{formats.day(instant, zone)}, {formats.clock(instant, zone)}"


def identifier_of(kind: str) -> str:
    """What a kind of identifier is called."""
    return str(IDENTIFIERS.get(kind, kind))


def erasure_of(kind: str) -> str:
    """What an erasure is about."""
    return str(ERASURES.get(kind, kind))


def place_of(place: str) -> str:
    """Where something was erased."""
    return str(PLACES.get(place, place))


def customer_called(kind: str, value: str, customer_id: int) -> str:
    """What a customer is called: their best identifier; a visitor who told nothing, by number."""
    if kind and kind != "anonymous":
        return value
    return _now("Visitor %(n)s") % {"n": customer_id}


def question_of(metric: str) -> str:
    """What a question is called."""
    known = {"nps": "NPS", "csat": "CSAT", "ces": "CES"}
    return known.get(metric, metric.replace("_", " "))


def tone_of(metric: str | None, score: float | None) -> str:
    """Whether an answer is a good, a middling or a bad one; empty where nobody can say."""
    bounds = {"nps": (7.0, 9.0), "csat": (3.0, 4.0), "ces": (4.0, 5.0)}.get(metric or "")
    if bounds is None or score is None:
        return ""
    return "good" if score >= bounds[1] else "due" if score >= bounds[0] else "bad"


def score_of(metric: str | None, score: float | None) -> str:
    """The points given, with how many there are to give."""
    if score is None:
        return ""
    shown = formats.number(score, 0 if score == int(score) else 1)
    most = {"nps": 10, "csat": 5, "ces": 7}.get(metric or "")
    if most is None:
        return shown
    return _now("%(score)s of %(most)s") % {"score": shown, "most": most}

"""What outcomes, steps and deadlines are called, in the reader's language."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from regard.apps.cases.policy import Urgency, is_praise
from regard.apps.cases.queries import CaseCard
from regard.apps.customers.web.words import question_of, score_of
from regard.webkit import formats

OUTCOMES: dict[str, str | Promise] = {
    "solved": _("Solved"),
    "made_good": _("Made good (money, replacement, gesture)"),
    "explained": _("Explained"),
    "thanked": _("Thanked"),
    "not_reached": _("Customer not reached"),
    "nothing_to_do": _("Nothing to do"),
}
STEPS: dict[str, str | Promise] = {
    "opened": _("Opened"),
    "assigned": _("Given to"),
    "noted": _("Note"),
    "resolved": _("Resolved"),
    "reopened": _("Opened again"),
}
TONES = {
    Urgency.DONE: "good",
    Urgency.LATER: "flat",
    Urgency.SOON: "due",
    Urgency.OVERDUE: "bad",
    Urgency.ESCALATED: "bad",
}


def title_of(case: CaseCard) -> str:
    """What a case is called: by whoever opened it, else by the answer that did."""
    if case.title:
        return case.title
    if case.metric:
        told = {"question": question_of(case.metric), "score": score_of(case.metric, case.score)}
        if is_praise(case.metric, case.score):
            return _now("Praise: %(question)s %(score)s") % told
        return _now("Unhappy answer: %(question)s %(score)s") % told
    return _now("Case %(n)s") % {"n": case.id}


def deadline_of(case: CaseCard, now: datetime) -> str:
    """How long there is left, or how long it is over."""
    match case.urgency(now):
        case Urgency.DONE:
            return _now("resolved")
        case Urgency.OVERDUE:
            return _now("%(time)s over") % {"time": formats.duration((now - case.due_at).total_seconds())}
        case Urgency.ESCALATED:
            return _now("escalated, %(time)s over") % {
                "time": formats.duration((now - case.due_at).total_seconds())
            }
        case _:
            return _now("%(time)s left") % {"time": formats.duration((case.due_at - now).total_seconds())}


def outcome_of(key: str) -> str:
    """What an outcome is called."""
    return str(OUTCOMES.get(key, key))


def step_of(kind: str) -> str:
    """What was done."""
    return str(STEPS.get(kind, kind))

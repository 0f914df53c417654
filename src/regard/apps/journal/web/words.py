"""Why an item was set aside, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, str | Promise] = {
    "message_id_missing": _("The message id is missing or too long"),
    "kind_missing": _("It does not say what happened"),
    "time_missing": _("It does not say when it happened"),
    "time_too_old": _("It happened more than 20 years ago"),
    "time_in_future": _("It lies more than a day in the future"),
    "score_not_a_number": _("The score is no number"),
    "score_without_metric": _("There is a score but no question"),
    "score_out_of_range": _("The score lies outside its scale"),
    "score_not_whole": _("The score is not a whole number"),
    "score_unreadable": _("The score is no number"),
    "amount_unreadable": _("The amount is not a number"),
    "browser_may_not": _("A browser may not send this; send it from a server"),
    "weight_invalid": _("The weight is negative or no number"),
    "amount_without_currency": _("There is an amount but no currency"),
    "currency_unknown": _("The currency is not three capital letters"),
    "duration_invalid": _("The duration is negative or no number"),
    "wait_invalid": _("The wait is negative or no number"),
    "attributes_broken": _("The attributes are no JSON object"),
    "malformed": _("It cannot be read"),
    "unreadable": _("It cannot be read"),
}


def reason_title(code: str) -> str:
    """The reason behind a code; an unknown code by itself."""
    return str(REASONS.get(code, code.replace("_", " ")))

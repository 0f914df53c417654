"""Why an item was set aside, and where it came from, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as _kept

from regard.apps.journal.queries import QuarantineRow
from regard.webkit.refusals import Refusal, refusal_again

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
    "time_unreadable": _("The time is not one that can be read"),
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
    "not_an_object": _("It is no JSON object"),
    "wrong_type_of_field": _("A field is of another type than the tracking specification says"),
    "unknown_type": _("The type of call is not known"),
    "too_large": _("It is larger than 32 KiB"),
    "no_identity": _("It does not say who: neither userId nor anonymousId"),
    "no_event": _("The event has no name"),
    "no_group": _("The group has no id"),
    "no_previous": _("The two ids to be joined are not both given"),
    "id_too_long": _("An id is too long"),
    "broken_text": _("It is no valid JSON text"),
    "browser_order": _("A browser may not write orders, payments or subscriptions"),
    "browser_score": _("A browser may not write scores"),
    "browser_case": _("A browser may not write cases or calls"),
    "browser_join": _("A browser may not join two known people"),
    "line_too_long": _("The line is longer than a million bytes"),
    "quote_never_closed": _("A quotation mark is opened and never closed"),
    "not_utf8": _("The line is in another encoding than the file"),
    "not_text": _("The line holds zero bytes, which no text has"),
    "not_json": _("It is no JSON object"),
    "time_of_day_only": _("It is a time of day without a date"),
    "wrong_number_of_columns": _("The line has another number of columns than the header"),
    "value_unreadable": _("A value cannot be read as what its column was taken for"),
}

# What floors below say at length, so that the catalogues of words hold it.
SENTENCES = (
    _kept(
        "The message id is missing or longer than 200 characters; without it a repetition would count twice."
    ),
    _kept("It does not say what happened: the kind is missing or longer than 200 characters."),
    _kept("It does not say when it happened."),
    _kept("It happened more than 20 years ago: most likely a wrong date."),
    _kept("It lies more than a day in the future: most likely a wrong date or clock."),
    _kept("The score is not a finite number."),
    _kept("There is a score but no metric that says which question it answers."),
    _kept(
        "The score lies outside its scale (nps 0 to 10, csat 1 to 5, ces 1 to 7). Another scale must be declared."
    ),
    _kept("The score is not a whole number (csat and ces may be fractions only where a scale was declared)."),
    _kept("The weight is negative or not a finite number."),
    _kept("There is an amount but no currency, and the organisation has set none."),
    _kept("The currency is not three capital letters, as in EUR."),
    _kept("The duration is negative or not a finite number."),
    _kept("The wait is negative or not a finite number."),
    _kept("The attributes are not a JSON object."),
    _kept(
        "The amount is not a number that fits; write it as 86.40, without a currency sign or thousands marks."
    ),
    _kept("The score is not a number; write it as 9."),
    _kept("The time is not one that can be read; write it as 2026-03-01T10:15:30Z."),
    _kept("The item cannot be read. It stands here as it came."),
    _kept(
        "A browser's key is public, so it may not send orders, money, ratings or cases: send it from a server."
    ),
    _kept("The line is longer than a million bytes."),
    _kept("A quotation mark is opened and never closed."),
    _kept("The line is not valid UTF-8. If the file is in a code page, declare its encoding."),
    _kept("The line holds zero bytes, which no text has."),
    _kept("The line is not a JSON object."),
    _kept("It is a time of day without a date (a spreadsheet wrote its day nought)."),
)
# The same of single rows, with places.
OF_ROWS = (
    _kept("In column '%(column)s', '%(given)s' is not a time in the form expected."),
    _kept("In column '%(column)s', '%(given)s' is not a number in the form expected."),
    _kept("The line has %(given)s columns where the header names %(expected)s."),
)


def reason_title(code: str) -> str:
    """The reason behind a code; an unknown code by itself."""
    return str(REASONS.get(code, code.replace("_", " ")))


def sentence_of(message: str) -> Refusal:
    """Why an item was set aside, at length, in the reader's language; it was kept in English."""
    return refusal_again(message, OF_ROWS)


def place_of(row: QuarantineRow) -> str:
    """Where an item came from: its source, or the line of its file."""
    if not row.file:
        return row.source
    return f"{row.file}:{row.line}" if row.line is not None else row.file

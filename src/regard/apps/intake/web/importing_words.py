"""What columns, reasons and problems of files are called on pages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regard.apps.intake.importing.history import Note
from regard.apps.intake.importing.previews import Refused
from regard.kernel.errors import InvalidInput
from regard.kernel.sentences import places_of
from regard.warehouse.files.scales import DOWN_TO, UP_TO
from regard.warehouse.files.unreadable import NO_NUMBER, NO_TIME, OTHER_WIDTH
from regard.webkit import formats
from regard.webkit.refusals import Refusal, refusal_again, refusal_of

ROLE_TITLES: dict[str | Promise, tuple[str, ...]] = {
    _("What happened"): (
        "occurred_at",
        "kind",
        "channel",
        "touchpoint",
        "unit",
        "agent",
        "thread",
        "message_id",
    ),
    _("Who"): ("customer", "customer_email", "customer_phone", "anonymous_id", "account", "trait"),
    _("Ratings and words"): (
        "nps",
        "csat",
        "ces",
        "question",
        "text",
        "language",
        "metric",
        "score",
        "weight",
    ),
    _("Money and time"): ("amount", "amount_minor", "currency", "duration_seconds", "wait_seconds"),
    _("Everything else"): ("attribute", "apart"),
}
ROLES: dict[str, str | Promise] = {
    "occurred_at": _("When it happened"),
    "kind": _("What happened (order.placed …)"),
    "channel": _("Channel"),
    "touchpoint": _("Touchpoint"),
    "unit": _("Unit, shop or team"),
    "agent": _("Who on our side"),
    "thread": _("Order, case or response number"),
    "message_id": _("The row's own number"),
    "customer": _("Customer number"),
    "customer_email": _("E-mail"),
    "customer_phone": _("Phone"),
    "anonymous_id": _("Browser or device"),
    "account": _("Company or household"),
    "trait": _("Trait of the customer"),
    "nps": _("Would recommend, 0–10 (NPS)"),
    "csat": _("Satisfaction, 1–5 (CSAT)"),
    "ces": _("Effort, 1–7 (CES)"),
    "question": _("A question of its own"),
    "text": _("The customer's words"),
    "language": _("Language of the words"),
    "metric": _("Which question was answered"),
    "score": _("Score of that question"),
    "weight": _("Weight"),
    "amount": _("Amount"),
    "amount_minor": _("Amount in cents"),
    "currency": _("Currency"),
    "duration_seconds": _("How long it took, seconds"),
    "wait_seconds": _("How long they waited, seconds"),
    "attribute": _("Keep beside, to split figures by"),
    "apart": _("Leave out"),
}
NOTES: dict[str, str | Promise] = {
    "usual_name": _("Such a column is usually called so, and its values fit."),
    "time": _("Its name says a time, and its values are dates."),
    "time_form": _("Its values show in which order day and month stand."),
    "time_form_unsure": _("Please check: day and month cannot be told apart."),
    "no_time": _("No column holds dates."),
    "no_kind": _("No column says what happened."),
    "no_question": _("No column says which question the score answers."),
    "standard_score": _("It is called so, and its values lie on that scale."),
    "outside_scale": _(
        "Please check: it also holds %(listed)s. If that means no answer, write it under “no answer”."
    ),
    "other_scale": _(
        "Please check: it is called so, but goes up to %(highest)s. Choose what it is and write its scale."
    ),
    "not_read": _(
        "Please check: it is called so, but most of its values are not whole numbers from %(low)s to %(high)s."
    ),
    "question": _("A rating whose scale nobody has declared."),
    "battery": _("One of %(n)s questions %(stem)s…, with numbers up to %(highest)s."),
    "product": _("A price; times “%(factor)s” it is the amount."),
    "words": _(
        "Its name asks for words (“%(word)s”), and it holds them: %(different)s of its values differ, with %(n)s words on average."
    ),
    "order_too": _(
        "Each row is two: the order with this amount, and the answer. To make it one, write under “what happened” what all rows are."
    ),
    "comma": _("A comma stands before the fraction."),
    "named_twice": _("Several columns have this name."),
}
FORMATS: dict[str, str | Promise] = {
    "iso": _("year-month-day, as in 2026-05-25"),
    "epoch_seconds": _("seconds since 1970"),
    "epoch_milliseconds": _("milliseconds since 1970"),
    "excel": _("days as a spreadsheet counts them"),
}
PROBLEMS: dict[str, str | Promise] = {
    "The file is empty.": _("The file is empty."),
    "The file is too large for what is free on the disk.": _(
        "The file is too large for what is free on the disk."
    ),
    "A part of the file is missing: bring it again.": _("A part of the file is missing: bring it again."),
    "It is a workbook: save the sheet as CSV UTF-8.": _("It is a workbook: save the sheet as CSV UTF-8."),
    "It is a ZIP archive: unpack it and give the file inside.": _(
        "It is a ZIP archive: unpack it and give the file inside."
    ),
    "It is a PDF, which holds a picture of a table and not the table: export the data as CSV.": _(
        "It is a PDF, which holds a picture of a table and not the table: export the data as CSV."
    ),
    "The file is not a table of text: it holds bytes that no text has.": _(
        "The file is not a table of text: it holds bytes that no text has."
    ),
    "A source is named with a-z, 0-9, - and _ (at most 80), not '%(given)s'.": _(
        "A source is named with a-z, 0-9, - and _ (at most 80), not '%(given)s'."
    ),
    "'%(one)s' and '%(other)s' cannot both be %(role)s.": _(
        "'%(one)s' and '%(other)s' cannot both be “%(role)s”."
    ),
    "There is no country '%(given)s'; it is written with two letters, as in PL.": _(
        "There is no country '%(given)s'; it is written with two letters, as in PL."
    ),
    "There is no time zone '%(given)s'; it is written as Europe/Athens.": _(
        "There is no time zone '%(given)s'; it is written as Europe/Athens."
    ),
    "The file is larger than was said: bring it again.": _(
        "The file is larger than was said: bring it again."
    ),
    "The file is being taken in already.": _("The file is being taken in already."),
    "There is no such import.": _("There is no such import."),
    "The file has no line that could be read.": _("The file has no line that could be read."),
    "The file has no line that is a JSON object with something in it.": _(
        "The file has no line that is a JSON object with something in it."
    ),
    "The Parquet file is damaged (%(why)s).": _("The Parquet file is damaged (%(why)s)."),
    "The file is called .gz but is not compressed with gzip.": _(
        "The file is called .gz but is not compressed with gzip."
    ),
    "The compressed file is damaged or ends too early (%(why)s).": _(
        "The compressed file is damaged or ends too early (%(why)s)."
    ),
    "It is a workbook of an old Excel: save the sheet as CSV UTF-8.": _(
        "It is a workbook of an old Excel: save the sheet as CSV UTF-8."
    ),
    "It is a 7z archive: unpack it and give the file inside.": _(
        "It is a 7z archive: unpack it and give the file inside."
    ),
    "It is a SQLite database: export its table as CSV.": _(
        "It is a SQLite database: export its table as CSV."
    ),
    "%(file)s: the columns %(listed)s are all called '%(name)s'. Give them different names, so that it is clear which one counts.": _(
        "%(file)s: the columns %(listed)s are all called '%(name)s'. Give them different names, so that it is clear which one counts."
    ),
    UP_TO: _(
        "%(metric)s holds values up to %(end)s; its scale is %(low)s to %(high)s (%(outside)s of %(all)s answers looked at lie outside). Write its scale (%(scale)s) beside the column, or under “no answer” the values that mean none (%(values)s), or choose “A question of its own”."
    ),
    DOWN_TO: _(
        "%(metric)s holds values down to %(end)s; its scale is %(low)s to %(high)s (%(outside)s of %(all)s answers looked at lie outside). Write its scale (%(scale)s) beside the column, or under “no answer” the values that mean none (%(values)s), or choose “A question of its own”."
    ),
    "no_time": _("Nothing says when it happened: choose the column, or write one date for all rows."),
}
# A reason about one value, for all the values that it holds for.
UNREADABLE: dict[str, str | Promise] = {
    NO_TIME: _("In column “%(column)s” these are no times in the form expected: %(listed)s"),
    NO_NUMBER: _("In column “%(column)s” these are no numbers in the form expected: %(listed)s"),
    OTHER_WIDTH: _("The header names %(expected)s columns; these lines have: %(listed)s"),
}
SHOWN_GIVEN = 7
STATES: dict[str, str | Promise] = {
    "waiting": _("waits for its turn"),
    "running": _("is being taken in"),
    "stopped": _("was stopped"),
    "done": _("taken in"),
    "failed": _("could not be taken in"),
}


def role_title(role: str) -> str:
    """What a column can be, in words."""
    return str(ROLES.get(role, role))


def note_sentence(note: Note) -> str:
    """Why a column was taken for what it is."""
    sentence = str(NOTES.get(note.code, ""))
    return sentence % note.given if "%(" in sentence else sentence


def form_title(form: str) -> str:
    """A form of times by an example, or in words."""
    known = FORMATS.get(form)
    if known is not None:
        return str(known)
    signs = {"%Y": "2026", "%y": "26", "%m": "12", "%d": "31", "%H": "18", "%I": "06", "%M": "30", "%S": "00", "%p": "PM", "%f": "000"}  # fmt: skip
    for sign, example in signs.items():
        form = form.replace(sign, example)
    return form


def refusal_sentence(error: InvalidInput) -> str:
    """Why a choice cannot be, in the reader's language as far as there are words for it."""
    known = PROBLEMS.get(error.sentence)
    if known is not None:
        return _filled(str(known), error.details)
    return refusal_of(error).text if error.details else problem_sentence(str(error))


def unreadable_sentence(one: Refused) -> Refusal:
    """What rows have in the place that cannot be read, all of them in one sentence."""
    told, places = places_of(one.reason, UNREADABLE) or (one.reason, {})
    shown = [f"“{value}”" for value in one.given[:SHOWN_GIVEN]]
    n_more = len(one.given) - len(shown)
    if n_more:
        shown.append(ngettext("%(n)s more", "%(n)s more", n_more) % {"n": formats.number(n_more)})
    return Refusal(str(UNREADABLE.get(told, told)) % {**places, "listed": ", ".join(shown)})


def problem_sentence(problem: str) -> str:
    """What is wrong with a file, which was kept in English; what has no words of its own stays so."""
    sentence, places = places_of(problem, PROBLEMS) or ("", {})
    return _filled(str(PROBLEMS[sentence]), places) if sentence else refusal_again(problem).text


def _filled(sentence: str, places: Mapping[str, object]) -> str:
    told = {name: role_title(str(one)) if name == "role" else one for name, one in places.items()}
    return sentence % told if told else sentence

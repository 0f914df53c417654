"""Which rows may enter the log, and the reason why one may not. A row that may not goes to quarantine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

OLDEST = timedelta(hours=175_320)  # 20 years of 365.25 days
NEWEST = timedelta(days=1)
LONGEST_NAME = 200  # characters of a kind, a metric or a message id


@dataclass(frozen=True, slots=True)
class Scale:
    """The numbers that an answer can have, both ends included.

    `whole` means always whole; otherwise a fraction is allowed where another scale was declared and converted.
    """

    low: int
    high: int
    whole: bool = False


SCALES = {"nps": Scale(0, 10, whole=True), "csat": Scale(1, 5), "ces": Scale(1, 7)}

REASONS = {
    "message_id_missing": "The message id is missing or longer than 200 characters; without it a repetition would count twice.",
    "kind_missing": "It does not say what happened: the kind is missing or longer than 200 characters.",
    "time_missing": "It does not say when it happened.",
    "time_too_old": "It happened more than 20 years ago: most likely a wrong date.",
    "time_in_future": "It lies more than a day in the future: most likely a wrong date or clock.",
    "score_not_a_number": "The score is not a finite number.",
    "score_without_metric": "There is a score but no metric that says which question it answers.",
    "score_out_of_range": "The score lies outside its scale (nps 0 to 10, csat 1 to 5, ces 1 to 7). Another scale must be declared.",
    "score_not_whole": "The score is not a whole number (csat and ces may be fractions only where a scale was declared).",
    "weight_invalid": "The weight is negative or not a finite number.",
    "amount_without_currency": "There is an amount but no currency, and the organisation has set none.",
    "currency_unknown": "The currency is not three capital letters, as in EUR.",
    "duration_invalid": "The duration is negative or not a finite number.",
    "wait_invalid": "The wait is negative or not a finite number.",
    "attributes_broken": "The attributes are not a JSON object.",
}


def reasons_sql(now: datetime | None, *, fractions: str = "false") -> str:
    """The SQL expression over incoming rows that gives NULL, or the code of the first reason against a row.

    Args:
        now: the moment that old and future are measured from, aware; None for each row's own `received_at`,
            which gives the same answer whenever the row is read again.
        fractions: a condition saying whether a row's score was converted from a declared scale.

    Example: `SELECT *, {reasons_sql(now)} AS reason FROM incoming`.
    """
    cases = "\n".join(f"WHEN {condition} THEN '{code}'" for code, condition in _conditions(now, fractions))
    return f"CASE {cases} ELSE NULL END"


def _conditions(now: datetime | None, fractions: str) -> list[tuple[str, str]]:
    earliest, latest = _limits(now)
    return [
        ("message_id_missing", _no_name("message_id")),
        ("kind_missing", _no_name("kind")),
        ("time_missing", "occurred_at IS NULL"),
        ("time_too_old", f"occurred_at < {earliest}"),
        ("time_in_future", f"occurred_at > {latest}"),
        ("score_not_a_number", "NOT isfinite(score)"),
        ("score_without_metric", f"score IS NOT NULL AND {_no_name('metric')}"),
        ("score_out_of_range", _any_scale("score NOT BETWEEN {low} AND {high}")),
        ("score_not_whole", _any_scale("score <> trunc(score)", fractions)),
        ("weight_invalid", _no_quantity("weight")),
        ("amount_without_currency", "amount_minor IS NOT NULL AND currency IS NULL"),
        ("currency_unknown", "NOT regexp_full_match(currency, '[A-Z]{3}')"),
        ("duration_invalid", _no_quantity("duration_seconds")),
        ("wait_invalid", _no_quantity("wait_seconds")),
        ("attributes_broken", _no_object("attributes")),
    ]


def _limits(now: datetime | None) -> tuple[str, str]:
    """The first and last instant allowed, as SQL; hours, since a day's length depends on the session's zone."""
    if now is None:
        old, new = (int(span.total_seconds() // 3600) for span in (OLDEST, NEWEST))
        return f"received_at - to_hours({old})", f"received_at + to_hours({new})"
    if now.tzinfo is None:
        raise ValueError("The moment of checking needs a zone.")
    return tuple(f"TIMESTAMPTZ '{moment.isoformat()}'" for moment in (now - OLDEST, now + NEWEST))  # type: ignore[return-value]


def _any_scale(condition: str, fractions: str | None = None) -> str:
    parts = []
    for metric, scale in SCALES.items():
        wrong = condition.format(low=scale.low, high=scale.high)
        if fractions is not None and not scale.whole:
            wrong = f"{wrong} AND NOT coalesce({fractions}, false)"
        parts.append(f"metric = '{metric}' AND {wrong}")
    return "(" + " OR ".join(parts) + ")"


def _no_name(column: str) -> str:
    return f"({column} IS NULL OR {column} = '' OR length({column}) > {LONGEST_NAME})"


def _no_quantity(column: str) -> str:
    return f"(NOT isfinite({column}) OR {column} < 0)"


def _no_object(column: str) -> str:
    """Invalid JSON in the log would make every question about attributes fail, so it is looked at closely."""
    kind = f"CASE WHEN json_valid({column}) THEN json_type({column}) ELSE 'BROKEN' END"
    return f"({column} IS NOT NULL AND {kind} <> 'OBJECT')"

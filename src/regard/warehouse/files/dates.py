"""Times as people and machines write them, as instants: the SQL that reads them, and which form a column has."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from regard.warehouse.files.named_months import pattern_of

ISO, EPOCH_SECONDS, EPOCH_MILLISECONDS, EXCEL = "iso", "epoch_seconds", "epoch_milliseconds", "excel"
NAMED = (ISO, EPOCH_SECONDS, EPOCH_MILLISECONDS, EXCEL)

# A spreadsheet's "day nought": with it, a value is a time of day and not a date.
SPREADSHEET_DAYS = (
    "1899-12-30",
    "1899-12-31",
    "1900-01-00",
    "1900-01-01",
    "12/31/1899",
    "12/30/1899",
    "1/0/1900",
)

_ISO = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s?(Z|UTC|[+-]\d{2}(:?\d{2})?)?)?"
)
_PARTS = re.compile(
    r"(?P<a>\d{1,4})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{2,4})\.?"
    r"(?P<comma>,?)(?:[ T]+(?P<time>\d{1,2}:\d{2}(?::\d{2}(?P<fraction>\.\d+)?)?)\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
)
_OFFSET = r":\d{2}(\.\d+)?\s*[+-]\d{2}(:?\d{2})?$"


@dataclass(frozen=True, slots=True)
class DateGuess:
    """How the times of a column are written.

    Args:
        formats: what `Field.format` takes; empty where it is not a column of times.
        reason: why.
        ambiguous: whether day and month could as well be the other way round.
    """

    formats: tuple[str, ...]
    reason: str
    ambiguous: bool = False


def guess_dates(values: Sequence[str]) -> DateGuess:
    """The form in which (nearly) all of `values` are written, decided over all of them together.

    >>> guess_dates(["03/04/2026", "25/04/2026"]).formats[0]
    '%d/%m/%Y'
    >>> guess_dates(["03/04/2026", "04/05/2026"]).ambiguous
    True
    >>> guess_dates(["3 May 2026", "3 June 2026"]).formats
    ('%d %b %Y', '%d %B %Y')
    >>> guess_dates(["12/31/1899 09:30:00 AM"]).formats
    ()
    """
    filled = [value.strip() for value in values if value and value.strip()]
    if not filled:
        return DateGuess((), "it is empty")
    if sum(value.startswith(SPREADSHEET_DAYS) for value in filled) * 2 > len(filled):
        return DateGuess((), "it holds times of day that a spreadsheet wrote with its day nought, not dates")
    enough = len(filled) * 0.8
    if sum(bool(_ISO.fullmatch(value)) for value in filled) >= enough:
        return DateGuess((ISO,), "its values are ISO 8601 dates")
    numbers = [float(value) for value in filled if re.fullmatch(r"\d{9,13}(\.\d+)?", value)]
    if len(numbers) >= enough:
        return _epoch(numbers)
    named = Counter(pattern for value in filled if (pattern := pattern_of(value)))
    if named.total() >= enough:
        return DateGuess(
            tuple(pattern for pattern, _ in named.most_common()), "its months are written as words"
        )
    matches = [match for value in filled if (match := _PARTS.fullmatch(value))]
    if len(matches) < enough:
        return DateGuess((), "its values are not dates")
    return _national(matches)


def instant_sql(text: str, formats: Sequence[str], zone: str) -> str:
    """SQL giving the instant that the text expression `text` names, NULL where it names none.

    Args:
        formats: tried in order; none means ISO 8601.
        zone: of times that name none.
    """
    place = "'" + zone.replace("'", "''") + "'"
    readers = [_reader(text, form, place) for form in formats if form in NAMED] or []
    patterns = [form for form in formats if form not in NAMED]
    if patterns:
        known = [pattern for pattern in patterns if "%z" not in pattern]
        offset = [pattern for pattern in patterns if "%z" in pattern]
        if known:
            readers.append(f"timezone({place}, {_strptime(text, known)}::TIMESTAMP)")
        readers += [f"{_strptime(text, [pattern])}::TIMESTAMPTZ" for pattern in offset]
    if not readers:
        readers = [_reader(text, ISO, place)]
    return readers[0] if len(readers) == 1 else f"coalesce({', '.join(readers)})"


def spreadsheet_time_sql(text: str) -> str:
    """SQL condition: the text is a time of day written with a spreadsheet's day nought."""
    return "(" + " OR ".join(f"starts_with({text}, '{day}')" for day in SPREADSHEET_DAYS) + ")"


def _reader(text: str, form: str, place: str) -> str:
    if form == EPOCH_SECONDS:
        return f"to_timestamp(TRY_CAST({text} AS DOUBLE))"
    if form == EPOCH_MILLISECONDS:
        return f"to_timestamp(TRY_CAST({text} AS DOUBLE) / 1000)"
    if form == EXCEL:
        days = f"TRY_CAST(replace({text}, ',', '.') AS DOUBLE)"
        return f"timezone({place}, TIMESTAMP '1899-12-30' + to_seconds(round({days} * 86400)))"
    absolute = f"(ends_with({text}, 'Z') OR ends_with({text}, 'UTC') OR regexp_matches({text}, '{_OFFSET}'))"
    return (
        f"CASE WHEN {absolute} THEN TRY_CAST({text} AS TIMESTAMPTZ) "
        f"ELSE timezone({place}, TRY_CAST({text} AS TIMESTAMP)) END"
    )


def _strptime(text: str, patterns: Sequence[str]) -> str:
    listed = ", ".join("'" + pattern.replace("'", "''") + "'" for pattern in patterns)
    return f"try_strptime({text}, [{listed}])"


def _epoch(numbers: list[float]) -> DateGuess:
    if min(numbers) >= 1e11:
        return DateGuess((EPOCH_MILLISECONDS,), "its values are milliseconds since 1970")
    return DateGuess((EPOCH_SECONDS,), "its values are seconds since 1970")


def _national(matches: list[re.Match[str]]) -> DateGuess:
    sep = matches[0]["sep"]
    year_first = all(len(match["a"]) == 4 for match in matches)
    if any(match["sep"] != sep for match in matches) or (
        not year_first and any(len(match["a"]) > 2 for match in matches)
    ):
        return DateGuess((), "its values are dates of several forms")
    firsts = [int(match["a"]) for match in matches]
    seconds = [int(match["b"]) for match in matches]
    year = "%Y" if any(len(match["c"]) == 4 for match in matches) else "%y"
    if year_first:
        return DateGuess(_with_times(f"%Y{sep}%m{sep}%d", matches), "its values begin with the year")
    day_first, month_first = f"%d{sep}%m{sep}{year}", f"%m{sep}%d{sep}{year}"
    if sep == ".":
        return DateGuess(_with_times(day_first, matches), "dates with dots have the day first")
    if max(firsts) > 12 and max(seconds) > 12:
        return DateGuess((), "in some of its values the day stands first, in others the month")
    if max(firsts) > 12:
        return DateGuess(
            _with_times(day_first, matches), f"the first number goes up to {max(firsts)}: it is the day"
        )
    if max(seconds) > 12:
        reason = f"the second number goes up to {max(seconds)}: the first is the month"
        return DateGuess(_with_times(month_first, matches), reason)
    if any(match["half"] for match in matches) and sep == "/":
        reason = "day and month cannot be told apart; with AM and PM the month is likelier to stand first"
        return DateGuess(_with_times(month_first, matches), reason, ambiguous=True)
    reason = "day and month cannot be told apart: neither number ever goes above 12"
    return DateGuess(_with_times(day_first, matches), reason, ambiguous=True)


def _with_times(date: str, matches: list[re.Match[str]]) -> tuple[str, ...]:
    """The date's pattern followed by every form of time that occurs, most frequent first."""
    seen: dict[str, int] = {}
    for match in matches:
        time = match["time"]
        comma = "," if match["comma"] else ""
        if not time:
            pattern = date
        else:
            clock = ("%I" if match["half"] else "%H") + ":%M" + (":%S" if time.count(":") == 2 else "")
            clock += ".%f" if match["fraction"] else ""
            pattern = f"{date}{comma} {clock}" + (" %p" if match["half"] else "")
        seen[pattern] = seen.get(pattern, 0) + 1
    patterns = sorted(seen, key=lambda pattern: -seen[pattern])
    return tuple(patterns + [date] * (date not in seen))

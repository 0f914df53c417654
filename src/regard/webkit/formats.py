"""Numbers, money, durations and dates as the reader of this page writes them (CLDR, through Babel)."""

from __future__ import annotations

from datetime import datetime, tzinfo
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import (
    format_date,
    format_datetime,
    format_skeleton,
    format_time,
    format_timedelta,
    get_day_names,
)
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent
from babel.units import format_unit
from django.utils.translation import get_language

from regard.kernel.money import exponent

MINUS = "−"
MINUTE, HOUR, DAY = 60, 3600, 86400


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def reader_locale() -> Locale:
    """The locale of the language in which this page is written."""
    return _locale(get_language() or "en")


def number(value: float, decimals: int = 0) -> str:
    """A number with its thousands apart, rounded to `decimals`, with a real minus sign.

    >>> number(-1234.56, 1)
    '−1,234.6'
    """
    value = round(value, decimals) + 0.0  # no negative zero
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return _signs(format_decimal(value, format=pattern, locale=reader_locale()))


def signed(value: float, decimals: int = 0) -> str:
    """The same with a plus before what is more than nothing."""
    shown = number(value, decimals)
    return "+" + shown if round(value, decimals) > 0 else shown


def percent(fraction: float, decimals: int = 1) -> str:
    """A fraction of one as per cent.

    >>> percent(0.824)
    '82.4%'
    """
    pattern = _locale(get_language() or "en").percent_formats[None].pattern
    whole = "#,##0" + ("." + "0" * decimals if decimals else "")
    return _signs(format_percent(fraction, format=pattern.replace("#,##0", whole), locale=reader_locale()))


def money(minor: float, currency: str, *, short: bool = True) -> str:
    """An amount in smallest units; from a hundred thousand up in thousands or millions where `short`.

    >>> money(8640, "EUR"), money(123_456_700, "EUR")
    ('€86.40', '€1.23M')
    """
    amount = Decimal(str(minor)).scaleb(-exponent(currency))
    if short and abs(amount) >= 100_000:
        return _signs(format_compact_currency(amount, currency, locale=reader_locale(), fraction_digits=2))
    whole = abs(amount) >= 1000 and short
    amount = amount.quantize(Decimal(1)) if whole else amount
    return _signs(
        format_currency(amount, currency, locale=reader_locale(), currency_digits=not whole)
        if not whole
        else format_currency(
            amount, currency, format=_whole_money(), locale=reader_locale(), currency_digits=False
        )
    )


def _whole_money() -> str:
    pattern: str = reader_locale().currency_formats["standard"].pattern
    return pattern.replace("0.00", "0")


def duration(seconds: float, *, beside: float | None = None) -> str:
    """A length of time in the unit that reads best, or in that of the length that it stands beside.

    >>> duration(42), duration(26640), duration(864000), duration(126, beside=114)
    ('42 sec', '7.4 hr', '10 days', '126 sec')
    """
    unit, length, decimals = _duration_unit(abs(seconds if beside is None else beside))
    value = round(seconds / length, decimals)
    return _signs(
        format_unit(value, f"duration-{unit}", length="short", format="#,##0.#", locale=reader_locale())
    )


def language_name(code: str) -> str:
    """What a language is called in the reader's own; an unknown code stays as it is.

    >>> language_name("pl"), language_name("xx-unknown")
    ('Polish', 'xx-unknown')
    """
    try:
        return Locale.parse(code, sep="-").get_display_name(reader_locale()) or code
    except (UnknownLocaleError, ValueError):
        return code


def duration_seconds(size: float) -> float:
    """How many seconds the unit has in which a time of this size is written."""
    return float(_duration_unit(size)[1])


def _duration_unit(size: float) -> tuple[str, int, int]:
    if size < 2 * MINUTE:
        return "second", 1, 0 if size >= 10 else 1
    if size < 2 * HOUR:
        return "minute", MINUTE, 0 if size >= 10 * MINUTE else 1
    return ("hour", HOUR, 1) if size < 2 * DAY else ("day", DAY, 1)


def day(moment: datetime, zone: tzinfo) -> str:
    """A day with its year, in words."""
    return format_date(moment.astimezone(zone).date(), format="medium", locale=reader_locale())


def short_day(moment: datetime, zone: tzinfo) -> str:
    """A day of the month, without its year."""
    return format_skeleton("MMMd", moment.astimezone(zone), locale=reader_locale())


def moment(instant: datetime, zone: tzinfo) -> str:
    """A day and an hour."""
    return format_datetime(instant.astimezone(zone), format="medium", locale=reader_locale())


def weekday(number: int, *, is_long: bool = False) -> str:
    """A day of the week, 0 for Monday.

    >>> weekday(0), weekday(6, is_long=True)
    ('Mon', 'Sunday')
    """
    return str(get_day_names("wide" if is_long else "abbreviated", "stand-alone", reader_locale())[number])


def clock(instant: datetime, zone: tzinfo) -> str:
    """The hour and minute."""
    return format_time(instant.astimezone(zone).time(), format="short", locale=reader_locale())


def ago(instant: datetime, now: datetime) -> str:
    """How long since, in the largest whole unit.

    >>> from datetime import UTC
    >>> ago(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 3, tzinfo=UTC))
    '2 days ago'
    """
    return format_timedelta(instant - now, add_direction=True, locale=reader_locale())


def _signs(text: str) -> str:
    return text.replace("-", MINUS)

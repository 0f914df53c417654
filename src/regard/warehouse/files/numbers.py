"""Numbers and amounts as people write them, as SQL."""

from __future__ import annotations

import re
from collections.abc import Sequence

from regard.kernel.money import EXPONENTS

_GROUPED_POINT = r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"
_SIGNS = r"[\s\x{00A0}\x{202F}'’€$£₽֏]|zł|(EUR|USD|GBP|PLN|RUB|AMD|CHF)\b"


def number_sql(text: str, decimal: str, type_: str = "DOUBLE") -> str:
    """SQL giving the number that a text expression writes, NULL where it writes none.

    Args:
        decimal: the sign before the fraction; the other one may stand between thousands.
    """
    plain = f"regexp_replace({text}, '{_SIGNS.replace(chr(39), chr(39) * 2)}', '', 'g')"
    if decimal == ",":
        swapped = f"replace(replace({plain}, '.', ''), ',', '.')"
        return f"TRY_CAST({swapped} AS {type_})"
    grouped = f"regexp_full_match({plain}, '{_GROUPED_POINT}')"
    return (
        f"coalesce(TRY_CAST({text} AS {type_}), "
        f"TRY_CAST(CASE WHEN {grouped} THEN replace({plain}, ',', '') ELSE {plain} END AS {type_}))"
    )


def minor_sql(amount: str, currency: str) -> str:
    """SQL giving a DECIMAL amount in major units as whole smallest units; half a unit goes to the even one."""
    cases = " ".join(f"WHEN '{code}' THEN {10**digits}" for code, digits in sorted(EXPONENTS.items()))
    # Wide enough that no amount overflows: one row must never stop a file.
    scaled = f"({amount})::DECIMAL(28, 6) * (CASE {currency} {cases} ELSE 100 END)::DECIMAL(6, 0)"
    return f"TRY_CAST(round_even({scaled}, 0) AS BIGINT)"


def guess_decimal(values: Sequence[str]) -> tuple[str | None, str]:
    """The sign before the fraction, or None where these are no numbers, and the reason.

    >>> guess_decimal(["1.234,50", "7,5"])[0], guess_decimal(["1,234.50", "3"])[0], guess_decimal(["x"])[0]
    (',', '.', None)
    """
    filled = [re.sub(r"[\s\u00a0\u202f'’€$£₽֏]|zł", "", value) for value in values if value and value.strip()]
    if not filled:
        return None, "it is empty"
    numeric = [v for v in filled if re.fullmatch(r"[+-]?[\d.,]*\d[\d.,]*([eE][+-]?\d+)?", v)]
    if len(numeric) < 0.8 * len(filled):
        return None, "its values are not numbers"
    comma = sum(bool(re.fullmatch(r"[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+", v)) for v in numeric)
    grouped = sum(bool(re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", v)) for v in numeric)
    surely_comma = sum(
        bool(re.fullmatch(r"[+-]?(\d{1,3}(\.\d{3})+|\d+),(\d{1,2}|\d{4,})", v)) for v in numeric
    )
    point = sum("." in v and not re.fullmatch(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?", v) for v in numeric)
    if surely_comma and comma >= point:
        return ",", "a comma stands before the fraction"
    if grouped and not point and not surely_comma and all("," in v for v in numeric):
        return ".", "commas always stand before three digits: they are read as thousands"
    return ".", "a point stands before the fraction, or there is none"

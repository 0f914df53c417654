"""E-mail addresses and telephone numbers in one form each, so that the same person is found again."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from duckdb import DuckDBPyConnection

from regard.kernel.errors import InvalidInput

_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s.]+"
_E164 = r"\+[1-9]\d{7,14}"


def check_region(region: str) -> str:
    """The country in capital letters. Raises: InvalidInput where it has no telephone numbers of its own.

    >>> check_region("pl")
    'PL'
    """
    import phonenumbers

    if region.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise InvalidInput(
            "There is no country '%(given)s'; it is written with two letters, as in PL.", given=region
        )
    return region.upper()


def email_sql(text: str) -> str:
    """SQL giving an address without blanks around it in small letters, NULL where it is none."""
    return f"CASE WHEN regexp_full_match({text}, '{_EMAIL}') THEN lower({text}) END"


def prepare_phones(connection: DuckDBPyConnection, table: str, column: str, region: str | None) -> None:
    """Make the table `phone_numbers` (given, phone): each different number of `table` in E.164.

    Numbers with a country code are tidied by DuckDB; only the others, each once, go through phonenumbers.
    """
    given = f"regexp_replace({column}, '\\(0\\)|[\\s().\\-/\\x{{00A0}}]', '', 'g')"
    tidy = "CASE WHEN starts_with(t, '00') THEN '+' || t[3:] ELSE t END"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE phone_numbers AS SELECT given, t, "
        f"CASE WHEN regexp_full_match({tidy}, '{_E164.replace(chr(92) + '+', '[+]')}') THEN {tidy} END AS phone "
        f"FROM (SELECT DISTINCT {column} AS given, {given} AS t FROM {table} WHERE {column} IS NOT NULL)"
    )
    open_ones = connection.execute("SELECT DISTINCT t FROM phone_numbers WHERE phone IS NULL").fetchall()
    if not open_ones:
        return
    numbers = [text for (text,) in open_ones]
    solved = [normalise_phone(text, region) or "" for text in numbers]
    connection.register(
        "solved_phones", {"n": np.array(numbers, dtype=object), "p": np.array(solved, dtype=object)}
    )
    connection.execute(
        "UPDATE phone_numbers SET phone = nullif(p, '') FROM solved_phones WHERE t = n AND phone IS NULL"
    )
    connection.unregister("solved_phones")


@lru_cache(maxsize=100_000)
def normalise_phone(text: str, region: str | None) -> str | None:
    """A telephone number in E.164; without a region, its digits alone; None where it is none.

    >>> normalise_phone("2101234567", "GR"), normalise_phone("210 123 4567", None), normalise_phone("x", "GR")
    ('+302101234567', '2101234567', None)
    """
    digits = re.sub(r"\D", "", text)
    if region is None or not digits:
        return digits if 7 <= len(digits) <= 15 and not text.startswith("+") else None
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

"""Identifiers in one written form, and the keyed hash by which they are found.

An e-mail is trimmed and in lower case; a phone number has the international form (E.164) where it can be told, else its
digits. The hash of 128 bits is keyed with the installation's secret: without it nobody can try out addresses.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

import duckdb
import phonenumbers

from regard.apps.customers.policy import GLOBAL, Kind
from regard.apps.customers.resolution.index import Keys
from regard.apps.customers.resolution.resolver import SLOTS

SEPARATOR = "\x1f"
_EMAIL = "lower(trim(email))"
EMAIL = f"CASE WHEN regexp_full_match({_EMAIL}, '[^@\\s,;<>]+@[^@\\s,;<>]+') THEN {_EMAIL} END"
_BARE = "regexp_replace(regexp_replace(trim(phone), '[\\s().\\-/]', '', 'g'), '^00', '+')"
_PLAIN = f"regexp_full_match({_BARE}, '\\+[1-9][0-9]{{6,14}}') AND NOT contains(phone, '(0)')"
COLUMNS = ("user_id", "email", "phone", "anonymous_id", "alias_of", "alias_of")


def normal_phone(given: str) -> str | None:
    """A phone number in its international form where it has one, else its digits; None for what is no number.

    >>> normal_phone("+44 (0)20 7946 0018"), normal_phone("020 7946 0018"), normal_phone("none")
    ('+442079460018', '02079460018', None)
    """
    try:
        number = phonenumbers.parse(given, None)
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    except phonenumbers.NumberParseException:
        pass
    digits = re.sub(r"\D", "", given)
    return digits if 6 <= len(digits) <= 15 else None


def digest_of(secret: bytes, kind: Kind, source: str, value: str) -> bytes:
    """The keyed hash of one identifier, as the store keeps it: high half, then low half."""
    text = SEPARATOR.join([_key(secret), kind.key, "" if kind in GLOBAL else source, value])
    given = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    return given[15:7:-1] + given[7::-1]


def make_who(connection: duckdb.DuckDBPyConnection, table: str, secret: bytes) -> None:
    """Create `who`: for each row of `table`, in its order, the normal identifiers and their hashes (h0, h1, …)."""
    _make_phones(connection, table)
    hashes = [_hash_sql(secret, kind, column) for kind, column in zip(SLOTS, COLUMNS, strict=True)]
    listed = ", ".join(f"{sql} AS h{slot}" for slot, sql in enumerate(hashes))
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE who AS SELECT *, {listed} FROM (
            SELECT seq, position, source, is_browser, user_id, anonymous_id, {EMAIL} AS email,
                CASE WHEN {_PLAIN} THEN {_BARE} WHEN phone IS NOT NULL THEN phones[phone] END AS phone, alias_of
            FROM {table}, (SELECT coalesce(map(list(given), list(normal)), MAP {{}}::MAP(VARCHAR, VARCHAR)) AS phones
                           FROM odd_phones))"""
    )


def hashes_of(connection: duckdb.DuckDBPyConnection) -> tuple[Keys, Keys]:
    """The halves of the hashes in `who`, each of shape (n, slots); 0 where a row has no such identifier."""
    import numpy as np

    half = 18446744073709551615
    listed = ", ".join(
        f"coalesce((h{i} >> 64)::UBIGINT, 0) AS a{i}, coalesce((h{i} & {half})::UBIGINT, 0) AS b{i}"
        for i in range(len(SLOTS))
    )
    columns = connection.execute(f"SELECT {listed} FROM who").fetchnumpy()
    return (
        np.column_stack([columns[f"a{i}"] for i in range(len(SLOTS))]).astype(np.uint64, copy=False),
        np.column_stack([columns[f"b{i}"] for i in range(len(SLOTS))]).astype(np.uint64, copy=False),
    )


def _hash_sql(secret: bytes, kind: Kind, column: str) -> str:
    source = "''" if kind in GLOBAL else "source"
    start = f"'{_key(secret)}' || chr(31) || '{kind.key}' || chr(31)"
    return f"md5_number({start} || {source} || chr(31) || {column})"


def _make_phones(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Create `odd_phones` (given, normal) for the distinct numbers that need more than blanks removed."""
    odd = connection.execute(
        f"SELECT DISTINCT phone FROM {table} WHERE phone IS NOT NULL AND NOT ({_PLAIN})"
    ).fetchall()
    given = [row[0] for row in odd]
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE odd_phones AS SELECT unnest($1::VARCHAR[]) AS given, unnest($2::VARCHAR[]) AS normal",
        [given, normal_phones(given)],
    )


def normal_phones(given: Iterable[str]) -> list[str | None]:
    """`normal_phone` of each."""
    return [normal_phone(one) for one in given]


def _key(secret: bytes) -> str:
    return hashlib.sha256(b"identifiers:" + secret).hexdigest()[:32]

"""From the bodies of tracking segments to rows, outside the interpreter's lock: DuckDB reads the JSON.

A line is `{"r": received_at, "s": skew, "y": call, "m": message id, "k": source, "c": context of the whole request, "e":
the item as sent}`, times in microseconds. An interaction's id is made from its own line, so that it cannot stand beside another event.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import duckdb
import numpy as np

from regard.apps.intake.models import Source
from regard.apps.intake.tracking.events import Event, Events
from regard.apps.intake.tracking.privacy import attributes_sql, suspect_sql, traits_sql
from regard.apps.intake.tracking.ratings import further_sql, metric_sql
from regard.apps.intake.tracking.table import Rule
from regard.apps.journal.codecs import CODECS, line_of, register_lines, without_lines
from regard.apps.journal.segments import SegmentRow
from regard.apps.organisation.queries import get_settings
from regard.kernel.money import EXPONENTS
from regard.warehouse.literals import text_sql
from regard.warehouse.redaction import redacted_sql
from regard.warehouse.schema.incoming import INCOMING

_ITEM = [
    "userId",
    "anonymousId",
    "event",
    "name",
    "groupId",
    "previousId",
    "timestamp",
    "originalTimestamp",
]
_CONTEXT = '{"traits":"JSON","library":{"name":"VARCHAR"},"device":{"type":"VARCHAR"},"userAgent":"VARCHAR","locale":"VARCHAR"}'
STRUCT = (
    '{"r":"BIGINT","s":"BIGINT","y":"VARCHAR","m":"VARCHAR","k":"VARCHAR","c":'
    + _CONTEXT
    + ',"e":{'
    + "".join(f'"{name}":"VARCHAR",' for name in _ITEM)
    + '"properties":"JSON","traits":"JSON","context":'
    + _CONTEXT
    + "}}"
)
CHANNELS = ("web", "app", "email", "phone", "chat", "sms", "social", "store", "mail")
# What a browser may not say, since everyone can read its key: money, ratings, cases.
BROWSER_MAY_NOT = (
    "(kind LIKE 'order.%' OR kind LIKE 'case.%' OR kind LIKE 'invoice.%' OR kind LIKE 'subscription.%' "
    "OR score IS NOT NULL OR amount_minor IS NOT NULL)"
)
EVENT = "CASE WHEN j.y = 'track' THEN j.e.event END"
LISTS = ("amount", "score", "text", "thread", "duration", "wait", "unit", "agent", "place")
ALWAYS = ("currency", "channel", "language", "metric", "email", "phone", "nps", "csat", "ces")


class Tracking:
    """Segments of the tracking API."""

    key = "tracking"

    def __init__(self) -> None:
        self._events = Events()
        self._currency = ""

    def look_up(self) -> None:
        """See `journal.codecs.Codec`."""
        self._events.follow(Source.objects.all())
        self._currency = get_settings().currency

    def to_incoming(
        self, connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow], table: str
    ) -> None:
        """See `journal.codecs.Codec`."""
        events = self._events
        register_lines(connection, segments)
        if not events:
            events.learn(_occurring(connection))
        self._read(connection, table)
        if connection.execute(f"SELECT 1 FROM {table} WHERE kind IS NULL LIMIT 1").fetchone():
            events.learn(_occurring(connection))
            self._read(connection, table)
        connection.unregister("given_lines")
        _clean(connection, table, events.forms)
        _put_in_order(connection, table)
        connection.execute("DROP TABLE tracking_events")

    def _read(self, connection: duckdb.DuckDBPyConnection, table: str) -> None:
        """Create `table` from the lines, with what is known of their events."""
        self._events.make_table(connection)
        rows = _rows_sql(self._events.forms, self._currency)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {rows}")

    def raw(self, segment: SegmentRow, position: int) -> str:
        """See `journal.codecs.Codec`."""
        return line_of(segment, position)

    def emptied(self, segment: SegmentRow, positions: Collection[int]) -> bytes:
        """See `journal.codecs.Codec`."""
        return without_lines(segment, positions)


def _occurring(connection: duckdb.DuckDBPyConnection) -> list[Event]:
    """The events among the lines."""
    struct = '{"k":"VARCHAR","y":"VARCHAR","e":{"event":"VARCHAR"}}'
    return connection.execute(
        f"SELECT DISTINCT j.k, j.y, {EVENT} FROM (SELECT json_transform(line::VARCHAR, '{struct}') AS j FROM given_lines)"
    ).fetchall()


def _clean(connection: duckdb.DuckDBPyConnection, table: str, forms: Sequence[Rule]) -> None:
    """Leave out of traits and attributes what may not enter: key by key, only where there is something to find."""
    words = sorted({name for form in forms for name in form.text})
    _rewrite(connection, table, "traits", traits_sql("traits", "allowed"), "traits IS NOT NULL")
    _rewrite(connection, table, "attributes", attributes_sql("attributes", "allowed", words), "is_suspect")
    connection.execute(f"ALTER TABLE {table} DROP COLUMN is_suspect")
    connection.execute(f"ALTER TABLE {table} DROP COLUMN allowed")


def _rewrite(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, sql: str, condition: str
) -> None:
    """Put `sql` into a column of some rows. They are laid out apart first: key by key is slow on scattered rows."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE chosen AS SELECT rowid AS id, kind, allowed, {column} FROM {table} WHERE {condition}"
    )
    connection.execute(
        f"UPDATE {table} AS t SET {column} = c.clean FROM (SELECT id, {sql} AS clean FROM chosen) AS c WHERE t.rowid = c.id"
    )
    connection.execute("DROP TABLE chosen")


def _put_in_order(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Sort the rows by their places, where several threads left them in another order."""
    # A table is read in the order of its rows unless it is asked otherwise.
    places = connection.execute(f"SELECT seq, position FROM {table}").fetchnumpy()
    step = np.diff(places["seq"])
    if np.any((step < 0) | ((step == 0) & (np.diff(places["position"]) < 0))):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM {table} ORDER BY seq, position"
        )


def _told_sql(names: Sequence[str]) -> str:
    """The lines with what their event means and, as `p`, the properties that any form reads, as text."""
    struct = "{" + ",".join(f'"{_json(name)}":"VARCHAR"' for name in names) + "}"
    return f"""SELECT *, json_transform(properties, {text_sql(struct)}) AS p FROM (
            SELECT seq, position, j, form, kind, v.channel, touchpoint, is_browser, allowed,
                CASE WHEN json_type(j.e.properties) = 'OBJECT' THEN j.e.properties END AS properties,
                CASE WHEN j.y = 'identify' THEN j.e.traits ELSE {_said("traits")} END AS traits
            FROM (SELECT seq, position, json_transform(line::VARCHAR, '{STRUCT}') AS j FROM given_lines)
            LEFT JOIN tracking_events v ON v.source IS NOT DISTINCT FROM j.k AND v.call IS NOT DISTINCT FROM j.y
                AND v.event IS NOT DISTINCT FROM {EVENT})"""


def _rows_sql(forms: Sequence[Rule], currency: str) -> str:
    """The query that gives the rows: first what the line says, then what follows from it."""
    # Nothing that a sender can write may make the query fail: it answers for everybody's items of the batch.
    minor = f"TRY(round_even(amount * {_scale_sql('currency')}, 0)::BIGINT)"
    return f"""
        SELECT {INCOMING.cast_list}, is_browser,
            CASE WHEN is_browser AND {BROWSER_MAY_NOT} THEN 'browser_may_not'
                WHEN told_amount IS NOT NULL AND amount_minor IS NULL THEN 'amount_unreadable'
                WHEN told_score IS NOT NULL AND score IS NULL THEN 'score_unreadable'
                WHEN told_time IS NOT NULL AND occurred_at IS NULL THEN 'time_unreadable' END AS refusal,
            further, is_suspect, allowed
        FROM (SELECT * EXCLUDE (amount, currency, words), {redacted_sql("words")} AS text,
                {minor} AS amount_minor, CASE WHEN amount IS NOT NULL THEN currency END AS currency
            FROM ({_said_sql(forms, currency)}))"""


def _said_sql(forms: Sequence[Rule], currency: str) -> str:
    """What each line says, under the names of the rows."""
    names = sorted({name for form in forms for field in LISTS for name in getattr(form, field)} | {*ALWAYS})
    first = {field: _first_of(forms, field) for field in LISTS}
    words = sorted({name for form in forms for name in form.text})
    time = "coalesce(j.e.timestamp, j.e.originalTimestamp)"
    # Sent without a time: it happened when we took it in.
    occurred = (
        f"CASE WHEN {time} IS NULL THEN make_timestamptz(j.r) "
        f"ELSE TRY(try_cast({time} AS TIMESTAMPTZ) + to_microseconds(coalesce(j.s, 0))) END"
    )
    email = f"coalesce(traits ->> '$.email', {_said('traits')} ->> '$.email', p.email)"
    phone = f"coalesce(traits ->> '$.phone', {_said('traits')} ->> '$.phone', p.phone)"
    return f"""
        SELECT seq, position, j.k AS source, j.m AS message_id,
            unhex(md5(j.k || chr(31) || j.m)) AS interaction_id,
            nullif(j.e.userId, '') AS user_id, nullif(j.e.anonymousId, '') AS anonymous_id,
            {email} AS email, {phone} AS phone, nullif(j.e.groupId, '') AS account,
            CASE WHEN json_type(traits) = 'OBJECT' THEN traits END AS traits,
            nullif(j.e.previousId, '') AS alias_of,
            {time} AS told_time, {occurred} AS occurred_at, make_timestamptz(j.r) AS received_at, kind,
            coalesce(CASE WHEN lower(p.channel) IN {CHANNELS} THEN lower(p.channel) END, t.channel, {_channel_sql()})
                AS channel,
            coalesce({first["place"]}, touchpoint) AS touchpoint,
            CASE WHEN {first["score"]} IS NOT NULL THEN {metric_sql(forms)} END AS metric,
            try_cast({first["score"]} AS DOUBLE) AS score, NULL AS weight, {first["text"]} AS words,
            lower(split_part(coalesce(p.language, CASE WHEN {first["text"]} IS NOT NULL
                THEN {_said("locale")} END), '-', 1)) AS language,
            {first["score"]} AS told_score, {first["amount"]} AS told_amount,
            try_cast({first["amount"]} AS DECIMAL(28, 6)) * {_sign_sql(forms)} AS amount,
            upper(coalesce(nullif(p.currency, ''), {text_sql(currency)})) AS currency,
            try_cast({first["duration"]} AS DOUBLE) AS duration_seconds,
            try_cast({first["wait"]} AS DOUBLE) AS wait_seconds,
            {first["unit"]} AS unit, {first["agent"]} AS agent, {first["thread"]} AS thread,
            {_named("nullif(properties::VARCHAR, '{}')")} AS attributes,
            allowed IS NOT NULL OR coalesce({suspect_sql("properties", words)}, false) AS is_suspect, allowed,
            {further_sql(forms)} AS further, coalesce(is_browser, false) AS is_browser
        FROM ({_told_sql(names)}) t"""


def _first_of(forms: Sequence[Rule], field: str) -> str:
    """The first property with a value among those that the row's form names for `field`."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, form in enumerate(forms):
        groups.setdefault(getattr(form, field), []).append(number)
    cases = [
        f"WHEN form IN ({', '.join(map(str, numbers))}) THEN coalesce({', '.join(_told(n) for n in names)}, NULL)"
        for names, numbers in groups.items()
        if names
    ]
    return f"CASE {' '.join(cases)} ELSE NULL::VARCHAR END" if cases else "NULL::VARCHAR"


def _sign_sql(forms: Sequence[Rule]) -> str:
    back = [str(number) for number, form in enumerate(forms) if form.sign < 0]
    # A refund is written with either sign; it always moves back.
    return (
        f"CASE WHEN form IN ({', '.join(back)}) THEN -sign(try_cast({_first_of(forms, 'amount')} AS DECIMAL(28, 6)))::INTEGER ELSE 1 END"
        if back
        else "1"
    )


def _channel_sql() -> str:
    """From what the client says of itself; nothing where a server speaks for its customers."""
    library, agent = f"lower({_said('library.name')})", _said("userAgent")
    return f"""CASE
        WHEN j.y = 'screen' OR regexp_matches({library}, 'ios|android|swift|kotlin|flutter|react-native')
            OR lower({_said("device.type")}) IN ('ios', 'android') THEN 'app'
        WHEN {library} IN ('analytics.js', 'web', 'javascript', 'rudderlabs javascript sdk')
            OR starts_with({agent}, 'Mozilla/') THEN 'web'
        WHEN regexp_matches({agent}, 'okhttp|CFNetwork|Dalvik') THEN 'app' END"""


def _said(field: str) -> str:
    """A field of the item's context, else of the context of its whole request."""
    return f"coalesce(j.e.context.{field}, j.c.{field})"


def _named(attributes: str) -> str:
    """A page's or screen's name stands outside its properties."""
    return f"""CASE WHEN j.e.name IS NULL OR j.y NOT IN ('page', 'screen') THEN {attributes}
        ELSE json_merge_patch(coalesce({attributes}, '{{}}'), json_object('name', j.e.name))::VARCHAR END"""


def _scale_sql(currency: str) -> str:
    by_exponent: dict[int, list[str]] = {}
    for code, exponent in EXPONENTS.items():
        by_exponent.setdefault(exponent, []).append(text_sql(code))
    cases = [f"WHEN {currency} IN ({', '.join(codes)}) THEN {10**n}" for n, codes in by_exponent.items()]
    return f"CASE {' '.join(cases)} ELSE 100 END"


def _told(name: str) -> str:
    return f'''nullif(p."{name.replace('"', '""')}", '')'''


def _json(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


CODECS.register(Tracking())

"""From the bodies of tracking segments to rows, outside the interpreter's lock: DuckDB reads the JSON.

A line is `{"r": received_at, "s": skew, "y": call, "m": message id, "k": source, "e": the item as sent}`, times in
microseconds. An interaction's id is made from its own line, so that it cannot stand beside another event.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import duckdb

from regard.apps.intake.models import Source
from regard.apps.intake.tracking.privacy import attributes_sql, traits_sql
from regard.apps.intake.tracking.table import Rule, find_rule
from regard.apps.journal.codecs import CODECS, line_of, make_lines, without_lines
from regard.apps.journal.queries import SegmentRow
from regard.apps.organisation.queries import get_settings
from regard.kernel.money import EXPONENTS
from regard.warehouse.redaction import redacted_sql
from regard.warehouse.schema.incoming import INCOMING

_V = "VARCHAR"
_ITEM = [
    "userId",
    "anonymousId",
    "event",
    "name",
    "category",
    "groupId",
    "previousId",
    "timestamp",
    "originalTimestamp",
    "channel",
]
_CONTEXT = '"library":{"name":"VARCHAR"},"device":{"type":"VARCHAR"},"userAgent":"VARCHAR","locale":"VARCHAR"'
STRUCT = (
    '{"r":"BIGINT","s":"BIGINT","y":"VARCHAR","m":"VARCHAR","k":"VARCHAR","e":{'
    + "".join(f'"{name}":"VARCHAR",' for name in _ITEM)
    + '"properties":"JSON","traits":"JSON","context":{"traits":"JSON",'
    + _CONTEXT
    + "}}}"
)
CHANNELS = ("web", "app", "email", "phone", "chat", "sms", "social", "store", "mail")
# What a browser may not say, since everyone can read its key: money, ratings, cases.
BROWSER_MAY_NOT = (
    "(kind LIKE 'order.%' OR kind LIKE 'case.%' OR kind LIKE 'invoice.%' OR kind LIKE 'subscription.%' "
    "OR score IS NOT NULL OR amount_minor IS NOT NULL)"
)
LISTS = ("amount", "score", "text", "thread", "duration", "wait", "unit", "agent", "place")
ALWAYS = ("currency", "channel", "language", "metric", "email", "phone", "nps", "csat", "ces")


class Tracking:
    """Segments of the tracking API."""

    key = "tracking"

    def to_incoming(
        self, connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow], table: str
    ) -> None:
        """See `journal.codecs.Codec`."""
        make_lines(connection, segments, struct=STRUCT, table="tracking_lines")
        sources = {source.key: source for source in Source.objects.all()}
        rules = _make_rules(connection, sources)
        names = sorted(
            {name for rule in rules for field in LISTS for name in getattr(rule, field)} | {*ALWAYS}
        )
        _make_sources(connection, sources.values())
        rows = _rows_sql(rules, _told_sql(names), get_settings().currency)
        # A join keeps no order once there are several threads.
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {rows} ORDER BY seq, position")
        for name in ("tracking_lines", "tracking_rules", "tracking_sources"):
            connection.execute(f"DROP TABLE {name}")

    def raw(self, segment: SegmentRow, position: int) -> str:
        """See `journal.codecs.Codec`."""
        return line_of(segment, position)

    def emptied(self, segment: SegmentRow, positions: Collection[int]) -> bytes:
        """See `journal.codecs.Codec`."""
        return without_lines(segment, positions)


def _make_rules(connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Source]) -> list[Rule]:
    """Create `tracking_rules` (source, call, event → rule's number, kind, …) for the events that occur."""
    seen = connection.execute(
        "SELECT DISTINCT j.k, j.y, CASE WHEN j.y = 'track' THEN j.e.event END FROM tracking_lines"
    ).fetchall()
    rules: dict[Rule, int] = {}
    rows = []
    for source, call, event in seen:
        mapping = sources[source].mapping if source in sources else None
        rule = find_rule(call or "", event or "", mapping)
        number = rules.setdefault(rule, len(rules))
        rows.append((source, call, event, number, rule.kind, rule.channel or None, rule.touchpoint or None))
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    connection.execute(
        """CREATE OR REPLACE TEMP TABLE tracking_rules AS SELECT unnest($1::VARCHAR[]) AS source,
        unnest($2::VARCHAR[]) AS call, unnest($3::VARCHAR[]) AS event, unnest($4::INTEGER[]) AS rule,
        unnest($5::VARCHAR[]) AS kind, unnest($6::VARCHAR[]) AS channel, unnest($7::VARCHAR[]) AS touchpoint""",
        [list(column) for column in columns],
    )
    return list(rules)


def _told_sql(names: Sequence[str]) -> str:
    """The lines with their rule and, as `p`, the properties that any rule reads, as text."""
    struct = "{" + ",".join(f'"{_json(name)}":"VARCHAR"' for name in names) + "}"
    return f"""SELECT l.seq, l.position, l.j, r.rule, r.kind, r.channel, r.touchpoint,
            CASE WHEN json_type(l.j.e.properties) = 'OBJECT' THEN l.j.e.properties END AS properties,
            json_transform(CASE WHEN json_type(l.j.e.properties) = 'OBJECT' THEN l.j.e.properties END,
                {_text(struct)}) AS p,
            CASE WHEN l.j.y = 'identify' THEN l.j.e.traits ELSE l.j.e.context.traits END AS traits
        FROM tracking_lines l LEFT JOIN tracking_rules r
            ON r.source IS NOT DISTINCT FROM l.j.k AND r.call IS NOT DISTINCT FROM l.j.y
            AND r.event IS NOT DISTINCT FROM CASE WHEN l.j.y = 'track' THEN l.j.e.event END"""


def _make_sources(connection: duckdb.DuckDBPyConnection, sources: Iterable[Source]) -> None:
    rows = [(source.key, source.kind == "browser", source.allow) for source in sources]
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE tracking_sources (key VARCHAR, is_browser BOOLEAN, allowed VARCHAR[])"
    )
    if rows:
        connection.executemany("INSERT INTO tracking_sources VALUES (?, ?, ?)", rows)


def _rows_sql(rules: Sequence[Rule], told: str, currency: str) -> str:
    """The query that gives the rows: first what the line says, then what follows from it."""
    first = {field: _first_of(rules, field) for field in LISTS}
    words = sorted({name for rule in rules for name in rule.text})
    time = "coalesce(j.e.timestamp, j.e.originalTimestamp)"
    # Sent without a time: it happened when we took it in.
    occurred = (
        f"CASE WHEN {time} IS NULL THEN make_timestamptz(j.r) "
        f"ELSE TRY(try_cast({time} AS TIMESTAMPTZ) + to_microseconds(coalesce(j.s, 0))) END"
    )
    email = "coalesce(traits ->> '$.email', j.e.context.traits ->> '$.email', p.email)"
    phone = "coalesce(traits ->> '$.phone', j.e.context.traits ->> '$.phone', p.phone)"
    said = f"""
        SELECT seq, position, j.k AS source, j.m AS message_id,
            unhex(md5(j.k || chr(31) || j.m)) AS interaction_id,
            nullif(j.e.userId, '') AS user_id, nullif(j.e.anonymousId, '') AS anonymous_id,
            {email} AS email, {phone} AS phone, nullif(j.e.groupId, '') AS account,
            {traits_sql("traits", "s.allowed")} AS traits,
            nullif(j.e.previousId, '') AS alias_of,
            {occurred} AS occurred_at, make_timestamptz(j.r) AS received_at, kind,
            coalesce(CASE WHEN lower(p.channel) IN {CHANNELS} THEN lower(p.channel) END, t.channel, {_channel_sql()})
                AS channel,
            coalesce({first["place"]}, touchpoint) AS touchpoint,
            CASE WHEN {first["score"]} IS NOT NULL THEN {_metric_sql(rules)} END AS metric,
            try_cast({first["score"]} AS DOUBLE) AS score, NULL AS weight, {first["text"]} AS words,
            lower(split_part(coalesce(p.language, CASE WHEN {first["text"]} IS NOT NULL
                THEN j.e.context.locale END), '-', 1)) AS language,
            {first["score"]} AS told_score, {first["amount"]} AS told_amount,
            try_cast({first["amount"]} AS DECIMAL(28, 6)) * {_sign_sql(rules)} AS amount,
            upper(coalesce(nullif(p.currency, ''), {_text(currency)})) AS currency,
            try_cast({first["duration"]} AS DOUBLE) AS duration_seconds,
            try_cast({first["wait"]} AS DOUBLE) AS wait_seconds,
            {first["unit"]} AS unit, {first["agent"]} AS agent, {first["thread"]} AS thread,
            {_named(attributes_sql("properties", "s.allowed", words))} AS attributes,
            coalesce(s.is_browser, false) AS is_browser
        FROM ({told}) t LEFT JOIN tracking_sources s ON s.key = t.j.k"""
    # Nothing that a sender can write may make the query fail: it answers for everybody's items of the batch.
    minor = f"TRY(round_even(amount * {_scale_sql('currency')}, 0)::BIGINT)"
    return f"""
        SELECT {INCOMING.cast_list}, is_browser,
            CASE WHEN is_browser AND {BROWSER_MAY_NOT} THEN 'browser_may_not'
                WHEN told_amount IS NOT NULL AND amount_minor IS NULL THEN 'amount_unreadable'
                WHEN told_score IS NOT NULL AND score IS NULL THEN 'score_unreadable' END AS refusal
        FROM (SELECT * EXCLUDE (amount, currency, words), {redacted_sql("words")} AS text,
                {minor} AS amount_minor, CASE WHEN amount IS NOT NULL THEN currency END AS currency
            FROM ({said}))"""


def _first_of(rules: Sequence[Rule], field: str) -> str:
    """The first property with a value among those that the row's rule names for `field`."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, rule in enumerate(rules):
        groups.setdefault(getattr(rule, field), []).append(number)
    cases = [
        f"WHEN rule IN ({', '.join(map(str, numbers))}) THEN coalesce({', '.join(_told(n) for n in names)}, NULL)"
        for names, numbers in groups.items()
        if names
    ]
    return f"CASE {' '.join(cases)} ELSE NULL::VARCHAR END" if cases else "NULL::VARCHAR"


def _metric_sql(rules: Sequence[Rule]) -> str:
    """The question that was answered: the rule's, else the property `metric`, else the rating's own name."""
    fixed = [f"WHEN rule = {n} THEN {_text(rule.metric)}" for n, rule in enumerate(rules) if rule.metric]
    named = "lower(p.metric), CASE WHEN p.nps IS NOT NULL THEN 'nps' WHEN p.csat IS NOT NULL THEN 'csat' "
    named += "WHEN p.ces IS NOT NULL THEN 'ces' END"
    known = f"CASE {' '.join(fixed)} END, " if fixed else ""
    return f"coalesce({known}{named})"


def _sign_sql(rules: Sequence[Rule]) -> str:
    back = [str(number) for number, rule in enumerate(rules) if rule.sign < 0]
    # A refund is written with either sign; it always moves back.
    return (
        f"CASE WHEN rule IN ({', '.join(back)}) THEN -sign(try_cast({_first_of(rules, 'amount')} AS DECIMAL(28, 6)))::INTEGER ELSE 1 END"
        if back
        else "1"
    )


def _channel_sql() -> str:
    """From what the client says of itself; nothing where a server speaks for its customers."""
    library, agent = "lower(j.e.context.library.name)", "j.e.context.userAgent"
    return f"""CASE
        WHEN j.y = 'screen' OR regexp_matches({library}, 'ios|android|swift|kotlin|flutter|react-native')
            OR lower(j.e.context.device.type) IN ('ios', 'android') THEN 'app'
        WHEN {library} IN ('analytics.js', 'web', 'javascript', 'rudderlabs javascript sdk')
            OR starts_with({agent}, 'Mozilla/') THEN 'web'
        WHEN regexp_matches({agent}, 'okhttp|CFNetwork|Dalvik') THEN 'app' END"""


def _named(attributes: str) -> str:
    """A page's or screen's name stands outside its properties."""
    return f"""CASE WHEN j.e.name IS NULL OR j.y NOT IN ('page', 'screen') THEN {attributes}
        ELSE json_merge_patch(coalesce({attributes}, '{{}}'), json_object('name', j.e.name))::VARCHAR END"""


def _scale_sql(currency: str) -> str:
    by_exponent: dict[int, list[str]] = {}
    for code, exponent in EXPONENTS.items():
        by_exponent.setdefault(exponent, []).append(_text(code))
    cases = [f"WHEN {currency} IN ({', '.join(codes)}) THEN {10**n}" for n, codes in by_exponent.items()]
    return f"CASE {' '.join(cases)} ELSE 100 END"


def _told(name: str) -> str:
    return f'''nullif(p."{name.replace('"', '""')}", '')'''


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _json(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


CODECS.register(Tracking())

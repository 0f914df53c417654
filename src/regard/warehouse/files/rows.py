"""A mapping as SQL: raw rows of a file become rows on their way in, and those that may not enter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from duckdb import DuckDBPyConnection

from regard.warehouse.files.dates import instant_sql, spreadsheet_time_sql
from regard.warehouse.files.identifiers import email_sql, prepare_phones
from regard.warehouse.files.ids import Ordinals, content_sql
from regard.warehouse.files.mapping import NUMBERS, STANDARD, Field, Mapping, template_columns
from regard.warehouse.files.numbers import minor_sql, number_sql
from regard.warehouse.files.tables import RawTable, identifier, quote
from regard.warehouse.schema.checks import REASONS, SCALES, reasons_sql
from regard.warehouse.schema.incoming import STAGED

INCOMING, REJECTED = "incoming", "rejected"
_NUMERIC = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "UTINYINT",
    "USMALLINT",
    "UINTEGER",
    "UBIGINT",
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the file does not say itself.

    Args:
        source: the key of the source that the rows are counted under.
        zone: of times that name none.
        currency: of amounts that name none.
        now: the moment of taking in, aware.
    """

    source: str
    zone: str
    currency: str | None
    now: datetime


class RowMaker:
    """Makes `incoming` and `rejected` out of raw tables of one file, one after the other."""

    def __init__(self, mapping: Mapping, circumstances: Circumstances, ordinals: Ordinals) -> None:
        self._mapping = mapping
        self._around = circumstances
        self._ordinals = ordinals

    def make(self, connection: DuckDBPyConnection, raw: RawTable) -> None:
        """Create the temp view `incoming` (the columns of STAGED) and the table `rejected` (line, reason, raw)."""
        shape = _Shape(self._mapping, self._around, raw)
        if "phone" in shape.row_columns:
            connection.execute(f"CREATE OR REPLACE TEMP TABLE given_phones AS {shape.phones_sql()}")
            prepare_phones(connection, "given_phones", "given", self._mapping.region)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE base_rows AS {shape.base_sql()}")
        self._ordinals.number("base_rows")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE checked_rows AS {shape.checked_sql()}")
        connection.execute("DROP TABLE base_rows")
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {INCOMING} AS SELECT {STAGED.select_list} FROM checked_rows WHERE reason IS NULL"
        )
        self._set_aside(connection, raw)

    def _set_aside(self, connection: DuckDBPyConnection, raw: RawTable) -> None:
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {REJECTED} (line BIGINT, reason VARCHAR, raw VARCHAR)"
        )
        entries = [(bad.line, bad.reason, bad.raw) for bad in raw.rejected]
        found = connection.execute(
            "SELECT DISTINCT _line, reason FROM checked_rows WHERE reason IS NOT NULL ORDER BY _line"
        ).fetchall()
        if found:
            texts = _raw_texts(connection, raw, [line for line, _ in found])
            entries += [(line, reason, texts[line]) for line, reason in found]
        if entries:
            connection.executemany(f"INSERT INTO {REJECTED} VALUES (?, ?, ?)", sorted(entries))


def sentence(reason: str) -> str:
    """The sentence for a reason code; a reason that is a sentence already stays as it is."""
    return _SENTENCES.get(reason) or REASONS.get(reason) or reason


_SENTENCES = {
    "line_too_long": "The line is longer than a million bytes.",
    "quote_never_closed": "A quotation mark is opened and never closed.",
    "not_utf8": "The line is not valid UTF-8. If the file is in a code page, declare its encoding.",
    "not_text": "The line holds zero bytes, which no text has.",
    "not_json": "The line is not a JSON object.",
    "time_of_day_only": "It is a time of day without a date (a spreadsheet wrote its day nought).",
}


def _raw_texts(connection: DuckDBPyConnection, raw: RawTable, lines: list[int]) -> dict[int, str]:
    """The rows at `lines` as they stand in the file, or as JSON where the file is not text."""
    if raw.chunk is not None:
        at = {int(line): index for index, line in enumerate(raw.chunk.lines)}
        return {line: raw.chunk.raw(at[line]) for line in lines}
    cells = ", ".join(f"{identifier(name)} := c{i}" for i, name in enumerate(raw.columns))
    listed = ", ".join(map(str, lines))
    query = f"SELECT _line, to_json(struct_pack({cells}))::VARCHAR FROM {raw.name} WHERE _line IN ({listed})"
    return dict(connection.execute(query).fetchall())


class _Shape:
    """The SQL of one mapping over one raw table."""

    def __init__(self, mapping: Mapping, around: Circumstances, raw: RawTable) -> None:
        self.mapping = mapping
        self.around = around
        self.raw = raw
        self.index = {name: f"c{i}" for i, name in enumerate(raw.columns)}
        self.type = dict(zip(raw.columns, raw.types, strict=True))
        self.fields = dict(mapping.fields)
        self.row_columns = {STANDARD[name]: name for name in self.fields}

    def phones_sql(self) -> str:
        field = self.fields[self.row_columns["phone"]]
        return f"SELECT DISTINCT {self.text(field)} AS given FROM {self.raw.name}"

    def base_sql(self) -> str:
        """Row by row: line, content, attributes, traits, and the parsed row-wide columns and their problems."""
        parsed = {column: self.parsed(name, self.fields[name]) for column, name in self.row_columns.items()}
        parsed["attributes"] = self.json_object(self.attribute_columns(), "attributes")
        if self.mapping.traits:
            parsed["traits"] = self.json_object(self.mapping.traits, "traits")
        inner = ["r.*", *(f"{sql} AS p_{column}" for column, sql in parsed.items() if sql)]
        content = [
            (column, _canonical(column)) for column, sql in parsed.items() if sql and column != "message_id"
        ]
        content += [(key, self.text(field)) for key, field in self.block_texts()]
        hashed = f"md5({content_sql(content)})::UUID"
        if "message_id" in self.row_columns:
            hashed = f"CASE WHEN p_message_id IS NULL THEN {hashed} END"
        joined = f"FROM {self.raw.name} r"
        if "phone" in self.row_columns:
            joined += (
                f" LEFT JOIN phone_numbers ON given = {self.text(self.fields[self.row_columns['phone']])}"
            )
        kept = [f"p_{column}" for column, sql in parsed.items() if sql]
        return (
            f"SELECT {', '.join(['_line', *self.block_columns(), *kept])}, {self.problem(self.fields)} AS problem, "
            f"{hashed} AS content FROM (SELECT {', '.join(inner)} {joined}) r"
        )

    def checked_sql(self) -> str:
        """All interactions of all rows with the reason against each, NULL where it may enter."""
        parts = [self.block_sql(None, {})] if not self.mapping.blocks else []
        seen: dict[str, int] = {}
        for block in self.mapping.blocks:
            key = _block_key(block.fields)
            seen[key] = seen.get(key, 0) + 1
            parts.append(self.block_sql(key if seen[key] == 1 else f"{key}-{seen[key]}", dict(block.fields)))
        return " UNION ALL ".join(parts)

    def block_sql(self, key: str | None, own: dict[str, Field]) -> str:
        columns = {STANDARD[name]: (self.parsed(name, field)) for name, field in own.items()}
        for column in [*self.row_columns, "attributes", "traits"]:
            known = column in self.row_columns or column == "attributes" or bool(self.mapping.traits)
            if known and column not in columns:
                columns[column] = f"p_{column}"
        fields = {**self.fields, **own}
        fractions = self.scaled(fields, columns)
        message = "coalesce(p_message_id, " if "message_id" in self.row_columns else "("
        message += "'row-' || content::VARCHAR || CASE WHEN ordinal > 0 THEN '-' || ordinal ELSE '' END)"
        if key is not None:
            columns.setdefault("thread", message)
            message += f" || {quote('/' + key)}"
        columns["message_id"] = message
        self.fill_in(columns, own)
        selected = ", ".join(
            f"({columns.get(c.name, 'NULL')})::{c.type} AS {c.name}"
            for c in STAGED.columns
            if c.name != "interaction_id"
        )
        outside = self.outside_scale(fields)
        problem = (
            f"coalesce(problem, {self.problem(own)}, {outside})" if own else f"coalesce(problem, {outside})"
        )
        filled = self.filled(own)
        where = f"WHERE {filled}" if filled else ""
        return (
            f"SELECT *, unhex(md5(source || chr(31) || message_id)) AS interaction_id, "
            f"coalesce(problem_, {reasons_sql(self.around.now, fractions=fractions)}) AS reason "
            f"FROM (SELECT _line, {problem} AS problem_, {selected} FROM base_rows {where})"
        )

    def fill_in(self, columns: dict[str, str], own: dict[str, Field]) -> None:
        """What a row need not say: source, moment of taking in, kind by what is filled, smallest units."""
        columns["source"] = quote(self.around.source)
        columns["received_at"] = f"TIMESTAMPTZ '{self.around.now.isoformat()}'"
        currency = self.mapping.currency or self.around.currency
        fallback = quote(currency) if currency else "NULL"
        if "amount" in columns or "amount_minor" in columns:
            given = columns.get("currency", "NULL")
            amount = columns.get("amount")
            minor = columns.get("amount_minor", "NULL")
            code = f"coalesce({given}, {fallback})"
            filled = f"coalesce(({amount})::VARCHAR, ({minor})::VARCHAR)" if amount else f"({minor})"
            if amount:
                columns["amount_minor"] = (
                    f"coalesce(({minor})::BIGINT, {minor_sql(f'({amount})', f'({code})')})"
                )
            columns["currency"] = f"CASE WHEN {filled} IS NOT NULL THEN {code} ELSE {given} END"
        if "kind" not in columns:
            columns["kind"] = _default_kind(columns)

    def scaled(self, fields: dict[str, Field], columns: dict[str, str]) -> str:
        """Convert the score from its declared scale; gives the condition under which fractions are right."""
        field = fields.get("score")
        if field is None or field.scale is None or "metric" not in columns:
            return "false"
        low, high = field.scale
        cases = "".join(
            f" WHEN {quote(metric)} THEN {scale.low} + (({columns['score']}) - {low!r}) * {scale.high - scale.low} / {high - low!r}"
            for metric, scale in SCALES.items()
        )
        columns["score"] = f"CASE {columns['metric']}{cases} ELSE {columns['score']} END"
        return "true"

    def outside_scale(self, fields: dict[str, Field]) -> str:
        field = fields.get("score")
        if field is None or field.scale is None:
            return "NULL"
        low, high = sorted(field.scale)
        score = self.parsed("score", field) if field not in self.fields.values() else "p_score"
        text = f"The score lies outside its declared scale, {low:g} to {high:g}."
        return f"CASE WHEN NOT ({score}) BETWEEN {low!r} AND {high!r} THEN {quote(text)} END"

    def filled(self, own: dict[str, Field]) -> str:
        """The condition that a row's block says anything: one of the columns that it alone reads is filled."""
        asked = [
            f
            for name, f in own.items()
            if f.value is None and name in ("score", "text", "amount", "amount_minor")
        ]
        asked = asked or [f for f in own.values() if f.value is None]
        return " OR ".join(f"{self.text(f)} IS NOT NULL" for f in asked)

    def block_texts(self) -> list[tuple[str, Field]]:
        found: dict[str, Field] = {}
        for number, block in enumerate(self.mapping.blocks):
            for name, field in block.fields.items():
                if field.value is None:
                    found[f"{_block_key(block.fields)}.{name}.{number}"] = field
        return list(found.items())

    def block_columns(self) -> list[str]:
        """The raw columns that the blocks read."""
        names: set[str] = set()
        for _, field in self.block_texts():
            names |= {field.column} if field.column else set(template_columns(field.template or ""))
        return sorted(self.index[name] for name in names)

    def attribute_columns(self) -> dict[str, str]:
        chosen = self.mapping.attributes
        if chosen is None:
            used = self.mapping.used_columns()
            chosen = tuple(name for name in self.raw.columns if name not in used)
        return {name: name for name in chosen if name in self.index}

    def json_object(self, columns: dict[str, str] | object, passed: str) -> str:
        """SQL of the JSON object of some columns, NULL where all are empty; names in order, so it is always the same."""
        assert isinstance(columns, dict)
        pieces = []
        for name, column in sorted(columns.items()):
            value = self.text(Field(column=column))
            shown = f"to_json({value})::VARCHAR"
            if self.type[column] == "JSON":
                shown = f"CASE WHEN {value}[1] IN ('{{', '[') AND json_valid({value}) THEN {value} ELSE {shown} END"
            pieces.append(f"{quote(_json_key(name))} || {shown}")
        if not pieces:
            return "NULL::VARCHAR"
        joined = f"concat_ws(',', {', '.join(pieces)})"
        return f"CASE WHEN {joined} <> '' THEN '{{' || {joined} || '}}' END"

    def text(self, field: Field) -> str:
        """SQL of the text that a field reads, NULL where it is empty, missing or has none."""
        if field.value is not None:
            return quote(field.value)
        if field.template is not None:
            pieces = [quote(field.template.split("{")[0])]
            for part in field.template.split("{")[1:]:
                name, _, rest = part.partition("}")
                pieces += [self.text(Field(column=name)), quote(rest)]
            text = " || ".join(pieces)
        else:
            assert field.column is not None
            text = self._cell(field.column)
        missing = (*field.missing, *self.mapping.missing.get(field.column or "", ()))
        if missing:
            forms = sorted({form for value in missing for form in (value, _as_decimal(value))})
            text = f"CASE WHEN {text} NOT IN ({', '.join(map(quote, forms))}) THEN {text} END"
        if field.values:
            cases = " ".join(f"WHEN {quote(word)} THEN {quote(value)}" for word, value in field.values)
            text = f"CASE {text} {cases} ELSE {text} END"
        return f"({text})"

    def _cell(self, column: str) -> str:
        cell, type_ = self.index[column], self.type[column]
        if type_ in ("VARCHAR", "JSON"):
            return f"nullif({cell}, '')" if self.raw.tidy else f"nullif(trim({cell}), '')"
        if type_ in ("DOUBLE", "FLOAT"):
            whole = f"{cell} = trunc({cell}) AND abs({cell}) < 1e15"
            return f"CASE WHEN {whole} THEN {cell}::BIGINT::VARCHAR ELSE {cell}::VARCHAR END"
        return f"{cell}::VARCHAR"

    def parsed(self, name: str, field: Field) -> str:
        """SQL of a field as its column's value."""
        text = self.text(field)
        if name == "occurred_at":
            return self._instant(field, text)
        if name == "amount":
            return number_sql(text, self._decimal(field), "DECIMAL(18, 6)")
        if name == "amount_minor":
            return f"TRY_CAST({text} AS BIGINT)"
        if name in NUMBERS:
            return number_sql(text, self._decimal(field))
        if name == "customer_email":
            return email_sql(text)
        if name == "customer_phone":
            return "phone"
        if name == "currency":
            return f"upper({text})"
        if name == "metric":
            return f"CASE WHEN lower({text}) IN ({', '.join(map(quote, SCALES))}) THEN lower({text}) ELSE {text} END"
        return text

    def _decimal(self, field: Field) -> str:
        typed = field.column is not None and self.type[field.column] not in ("VARCHAR", "JSON")
        return "." if typed else field.decimal or self.mapping.decimal

    def _instant(self, field: Field, text: str) -> str:
        zone = field.zone or self.mapping.zone or self.around.zone
        type_ = self.type.get(field.column or "", "VARCHAR")
        if type_ == "TIMESTAMP WITH TIME ZONE":
            return self.index[field.column or ""]
        if type_.startswith(("TIMESTAMP", "DATE")):
            return f"timezone({quote(zone)}, {self.index[field.column or '']}::TIMESTAMP)"
        return instant_sql(text, field.format, zone)

    def problem(self, fields: dict[str, Field]) -> str:
        """SQL of the first thing that cannot be read, as a code or a sentence; NULL where all can."""
        cases = []
        for name, field in fields.items():
            own = self.fields.get(name) is field
            parsed = f"p_{STANDARD[name]}" if own else self.parsed(name, field)
            text = self.text(field)
            if name == "occurred_at":
                cases.append(
                    f"WHEN {parsed} IS NULL AND {spreadsheet_time_sql(text)} THEN 'time_of_day_only'"
                )
                cases.append(_unreadable(parsed, text, "a time", field))
            elif name in NUMBERS:
                cases.append(_unreadable(parsed, text, "a number", field))
        return f"CASE {' '.join(cases)} END" if cases else "NULL::VARCHAR"


def _unreadable(parsed: str, text: str, what: str, field: Field) -> str:
    place = field.column or field.template or "constant"
    begin = f"In column '{place}', '"
    return (
        f"WHEN {parsed} IS NULL AND {text} IS NOT NULL "
        f"THEN {quote(begin)} || left({text}, 60) || '''' || {quote(f' is not {what} in the form expected.')}"
    )


def _canonical(column: str) -> str:
    """A parsed column as text that does not depend on the session's zone."""
    return f"epoch_us(p_{column})::VARCHAR" if column == "occurred_at" else f"p_{column}::VARCHAR"


def _default_kind(columns: dict[str, str]) -> str:
    """A kind for files that name none: by what is filled."""
    cases = []
    if "score" in columns:
        cases.append(f"WHEN ({columns['score']}) IS NOT NULL THEN 'survey.answered'")
    if "amount_minor" in columns:
        cases.append(f"WHEN ({columns['amount_minor']}) IS NOT NULL THEN 'order.placed'")
    if "text" in columns:
        cases.append(f"WHEN ({columns['text']}) IS NOT NULL THEN 'comment.written'")
    return f"CASE {' '.join(cases)} END" if cases else "NULL"


def _block_key(fields: object) -> str:
    assert isinstance(fields, dict)
    metric = fields.get("metric")
    if metric is not None and metric.value is not None:
        return str(metric.value)
    named = next((f.column for f in fields.values() if f.column), None)
    kind = fields.get("kind")
    return str(named or (kind.value if kind else "part"))


def _as_decimal(value: str) -> str:
    try:
        return f"{float(value):g}.0"
    except ValueError:
        return value


def _json_key(name: str) -> str:
    import json

    return json.dumps(name, ensure_ascii=False) + ":"

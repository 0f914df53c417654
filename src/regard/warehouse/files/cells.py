"""What stands in a row's cells, as SQL: the text of a field, its value in the column's type, and what cannot be read."""

from __future__ import annotations

import json
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import datetime

from regard.warehouse.files.dates import instant_sql, spreadsheet_time_sql
from regard.warehouse.files.identifiers import email_sql
from regard.warehouse.files.mapping import NUMBERS, Field, Mapping
from regard.warehouse.files.numbers import number_sql
from regard.warehouse.files.tables import RawTable, quote
from regard.warehouse.files.unreadable import NO_NUMBER, NO_TIME
from regard.warehouse.schema.checks import SCALES

_TEXTS = ("VARCHAR", "JSON")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the file does not say itself.

    Args:
        source: the key of the source that the rows are counted under.
        zone: of times that name none.
        currency: of amounts that name none.
        now: the moment of taking in, aware.
        region: the country (ISO 3166) of phone numbers without country code.
    """

    source: str
    zone: str
    currency: str | None
    now: datetime
    region: str | None = None


class Cells:
    """The SQL of single fields over one raw table."""

    def __init__(self, mapping: Mapping, around: Circumstances, raw: RawTable) -> None:
        self._mapping = mapping
        self._around = around
        self._raw = raw
        self.index = {name: f"c{i}" for i, name in enumerate(raw.columns)}
        self._type = dict(zip(raw.columns, raw.types, strict=True))

    def text(self, field: Field) -> str:
        """The text that a field reads, NULL where it is empty, missing or has none."""
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
        missing = (*field.missing, *self._mapping.missing.get(field.column or "", ()))
        if missing:
            forms = sorted({form for value in missing for form in (value, _as_decimal(value))})
            text = f"CASE WHEN {text} NOT IN ({', '.join(map(quote, forms))}) THEN {text} END"
        if field.values:
            cases = " ".join(f"WHEN {quote(word)} THEN {quote(value)}" for word, value in field.values)
            text = f"CASE {text} {cases} ELSE {text} END"
        return f"({text})"

    def value(self, name: str, field: Field) -> str:
        """A field as the value of the column called `name`; NULL where its text says none."""
        if name in NUMBERS:
            return self._product(name, field)
        text = self.text(field)
        if name == "occurred_at":
            return self._instant(field, text)
        if name == "customer_email":
            return email_sql(text)
        if name == "customer_phone":
            return "phone"
        if name == "currency":
            return f"upper({text})"
        if name == "metric":
            return f"CASE WHEN lower({text}) IN ({', '.join(map(quote, SCALES))}) THEN lower({text}) ELSE {text} END"
        return text

    def unreadable(self, name: str, field: Field, value: str) -> list[str]:
        """The cases (WHEN … THEN …) in which a field's cells are filled but say no `value` of its column."""
        text = self.text(field)
        if name == "occurred_at":
            of_day = f"WHEN {value} IS NULL AND {spreadsheet_time_sql(text)} THEN 'time_of_day_only'"
            return [of_day, _unreadable(value, text, NO_TIME, field)]
        if name not in NUMBERS:
            return []
        if field.times is None:
            return [_unreadable(value, text, NO_NUMBER, field)]
        factor = Field(column=field.times) if isinstance(field.times, str) else None
        both = f"{value} IS NULL AND {text} IS NOT NULL"
        cases = [f"WHEN {both} AND {self._number(name, field)} IS NULL THEN {_says(text, NO_NUMBER, field)}"]
        if factor is not None:
            other = self.text(factor)
            wrong = f"{both} AND {other} IS NOT NULL AND {self._number(name, factor)} IS NULL"
            cases.append(f"WHEN {wrong} THEN {_says(other, NO_NUMBER, factor)}")
        return cases

    def json_object(self, columns: Map[str, str]) -> str:
        """The JSON object of some columns, NULL where all are empty; names in order, so it is always the same."""
        pieces = []
        for name, column in sorted(columns.items()):
            value = self.text(Field(column=column))
            shown = f"to_json({value})::VARCHAR"
            if self._type[column] == "JSON":
                shown = f"CASE WHEN {value}[1] IN ('{{', '[') AND json_valid({value}) THEN {value} ELSE {shown} END"
            pieces.append(f"{quote(json.dumps(name, ensure_ascii=False) + ':')} || {shown}")
        if not pieces:
            return "NULL::VARCHAR"
        joined = f"concat_ws(',', {', '.join(pieces)})"
        return f"CASE WHEN {joined} <> '' THEN '{{' || {joined} || '}}' END"

    def _cell(self, column: str) -> str:
        cell, type_ = self.index[column], self._type[column]
        if type_ in _TEXTS:
            return f"nullif({cell}, '')" if self._raw.tidy else f"nullif(trim({cell}), '')"
        if type_ in ("DOUBLE", "FLOAT"):
            whole = f"{cell} = trunc({cell}) AND abs({cell}) < 1e15"
            return f"CASE WHEN {whole} THEN {cell}::BIGINT::VARCHAR ELSE {cell}::VARCHAR END"
        return f"{cell}::VARCHAR"

    def _product(self, name: str, field: Field) -> str:
        """The number that a field writes, times another column's or a fixed one where the mapping says so."""
        number = self._number(name, field)
        if field.times is None:
            return number
        if isinstance(field.times, str):
            factor = self._number(name, Field(column=field.times))
        else:
            factor = f"{field.times!r}::{_type_of(name)}"
        return f"TRY_CAST({number} * {factor} AS {_type_of(name)})"

    def _number(self, name: str, field: Field) -> str:
        text = self.text(field)
        if name == "amount_minor":
            return f"TRY_CAST({text} AS BIGINT)"
        return number_sql(text, self._decimal(field), _type_of(name))

    def _decimal(self, field: Field) -> str:
        typed = field.column is not None and self._type[field.column] not in _TEXTS
        return "." if typed else field.decimal or self._mapping.decimal

    def _instant(self, field: Field, text: str) -> str:
        zone = field.zone or self._mapping.zone or self._around.zone
        type_ = self._type.get(field.column or "", "VARCHAR")
        if type_ == "TIMESTAMP WITH TIME ZONE":
            return self.index[field.column or ""]
        if type_.startswith(("TIMESTAMP", "DATE")):
            return f"timezone({quote(zone)}, {self.index[field.column or '']}::TIMESTAMP)"
        return instant_sql(text, field.format, zone)


def _type_of(name: str) -> str:
    return {"amount": "DECIMAL(18, 6)", "amount_minor": "BIGINT"}.get(name, "DOUBLE")


def _unreadable(value: str, text: str, sentence: str, field: Field) -> str:
    return f"WHEN {value} IS NULL AND {text} IS NOT NULL THEN {_says(text, sentence, field)}"


def _says(text: str, sentence: str, field: Field) -> str:
    """The SQL of a sentence about a cell, with what stands in it."""
    before, after = sentence.split("%(given)s")
    begin = before % {"column": field.column or field.template or "constant"}
    return f"{quote(begin)} || left({text}, 60) || {quote(after)}"


def _as_decimal(value: str) -> str:
    try:
        return f"{float(value):g}.0"
    except ValueError:
        return value

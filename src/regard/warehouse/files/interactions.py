"""How rows become interactions, as SQL: first all that is said once a row, then each interaction of it with its id."""

from __future__ import annotations

from collections.abc import Mapping as Map

from regard.kernel.money import MOVES_BACK
from regard.warehouse.files.cells import Cells, Circumstances
from regard.warehouse.files.ids import ORDINALS, content_sql
from regard.warehouse.files.kinds import kind_sql
from regard.warehouse.files.mapping import STANDARD, Field, Mapping, template_columns
from regard.warehouse.files.numbers import minor_sql
from regard.warehouse.files.tables import RawTable, quote
from regard.warehouse.schema.checks import SCALES, reasons_sql
from regard.warehouse.schema.incoming import STAGED

BASE = "base_rows"


class Interactions:
    """The SQL of one mapping over one raw table."""

    def __init__(self, mapping: Mapping, around: Circumstances, raw: RawTable) -> None:
        self.mapping = mapping
        self.around = around
        self.raw = raw
        self.cells = Cells(mapping, around, raw)
        self.fields = dict(mapping.fields)
        self.row_columns = {STANDARD[name]: name for name in self.fields}

    @property
    def has_phones(self) -> bool:
        """Whether a column holds telephone numbers."""
        return "phone" in self.row_columns

    def phones_sql(self) -> str:
        """The different telephone numbers as given."""
        field = self.fields[self.row_columns["phone"]]
        return f"SELECT DISTINCT {self.cells.text(field)} AS given FROM {self.raw.name}"

    def base_sql(self) -> str:
        """Row by row: line, content, attributes, traits, and the parsed row-wide columns and their problems."""
        parsed = {
            column: self.cells.value(name, self.fields[name]) for column, name in self.row_columns.items()
        }
        if "kind" in parsed:
            parsed["kind"] = kind_sql(parsed["kind"])
        parsed["attributes"] = self.cells.json_object(self.attribute_columns())
        if self.mapping.traits:
            parsed["traits"] = self.cells.json_object(self.mapping.traits)
        inner = ["r.*", *(f"{sql} AS p_{column}" for column, sql in parsed.items())]
        content = [(column, self.canonical(column)) for column in parsed if column != "message_id"]
        content += [(key, self.cells.text(field)) for key, field in self.block_texts()]
        hashed = f"md5({content_sql(content)})::UUID"
        if "message_id" in self.row_columns:
            hashed = f"CASE WHEN p_message_id IS NULL THEN {hashed} END"
        joined = f"FROM {self.raw.name} r"
        if self.has_phones:
            given = self.cells.text(self.fields[self.row_columns["phone"]])
            joined += f" LEFT JOIN phone_numbers ON given = {given}"
        kept = [f"p_{column}" for column in parsed]
        return (
            f"SELECT {', '.join(['_line', *self.block_columns(), *kept])}, {self.problem(self.fields)} AS problem, "
            f"{hashed} AS content FROM (SELECT {', '.join(inner)} {joined}) r"
        )

    def canonical(self, column: str) -> str:
        """A column as text that says the same in any session's zone, and of a kind what the file says."""
        if column == "kind":
            return f"{self.cells.text(self.fields['kind'])}::VARCHAR"
        return f"epoch_us(p_{column})::VARCHAR" if column == "occurred_at" else f"p_{column}::VARCHAR"

    def checked_sql(self, *, numbered: bool) -> str:
        """All interactions of all rows with `_line` and the `reason` against each, NULL where it may enter.

        Args:
            numbered: whether some rows repeat an earlier one of the file (`Ordinals.number`).
        """
        parts = [self.block_sql(None, {}, numbered)] if not self.mapping.blocks else []
        seen: dict[str, int] = {}
        for block in self.mapping.blocks:
            key = _block_key(block.fields)
            seen[key] = seen.get(key, 0) + 1
            key = key if seen[key] == 1 else f"{key}-{seen[key]}"
            parts.append(self.block_sql(key, dict(block.fields), numbered))
        return " UNION ALL ".join(parts)

    def block_sql(self, key: str | None, own: dict[str, Field], numbered: bool) -> str:
        """One interaction of every row: the whole row's, or (with a `key`) the block's with its `own` fields."""
        columns = {STANDARD[name]: self.cells.value(name, field) for name, field in own.items()}
        if "kind" in own:
            columns["kind"] = kind_sql(columns["kind"])
        for column in [*self.row_columns, "attributes", "traits"]:
            known = column in self.row_columns or column == "attributes" or bool(self.mapping.traits)
            if known and column not in columns:
                columns[column] = f"p_{column}"
        fields = {**self.fields, **own}
        fractions = self.scaled(fields, columns)
        message = self.message_id(key, numbered)
        if key is not None:
            columns.setdefault("thread", self.message_id(None, numbered))
        columns["message_id"] = message
        self.fill_in(columns)
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
        joined = f"{BASE} LEFT JOIN {ORDINALS} USING (_line)" if numbered else BASE
        return (
            f"SELECT *, unhex(md5(source || chr(31) || message_id)) AS interaction_id, "
            f"coalesce(problem_, {reasons_sql(self.around.now, fractions=fractions)}) AS reason "
            f"FROM (SELECT _line, {problem} AS problem_, {selected} FROM {joined} {where})"
        )

    def message_id(self, key: str | None, numbered: bool) -> str:
        """The id given, else one made from what the row says and its number among equal rows; then the block's key."""
        number = " || coalesce('-' || ordinal, '')" if numbered else ""
        made = f"'row-' || content::VARCHAR{number}"
        message = f"coalesce(p_message_id, {made})" if "message_id" in self.row_columns else f"({made})"
        return message if key is None else f"{message} || {quote('/' + key)}"

    def fill_in(self, columns: dict[str, str]) -> None:
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
            if "kind" in columns:
                columns["amount_minor"] = _moved_back(columns["kind"], columns.get("amount_minor", "NULL"))
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
        """The sentence against a score outside its declared scale, else NULL."""
        field = fields.get("score")
        if field is None or field.scale is None:
            return "NULL"
        low, high = sorted(field.scale)
        score = self.cells.value("score", field) if field not in self.fields.values() else "p_score"
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
        return " OR ".join(f"{self.cells.text(f)} IS NOT NULL" for f in asked)

    def problem(self, fields: dict[str, Field]) -> str:
        """The first thing that cannot be read, as a code or a sentence; NULL where all can."""
        cases: list[str] = []
        for name, field in fields.items():
            own = self.fields.get(name) is field
            value = f"p_{STANDARD[name]}" if own else self.cells.value(name, field)
            cases += self.cells.unreadable(name, field, value)
        return f"CASE {' '.join(cases)} END" if cases else "NULL::VARCHAR"

    def block_texts(self) -> list[tuple[str, Field]]:
        """What the blocks read of a row, each under a name of its own."""
        found: dict[str, Field] = {}
        for number, block in enumerate(self.mapping.blocks):
            for name, field in block.fields.items():
                if field.value is None:
                    found[f"{_block_key(block.fields)}.{name}.{number}"] = field
                if isinstance(field.times, str):
                    found[f"{_block_key(block.fields)}.{name}.{number}.times"] = Field(column=field.times)
        return list(found.items())

    def block_columns(self) -> list[str]:
        """The raw columns that the blocks read."""
        names: set[str] = set()
        for _, field in self.block_texts():
            names |= {field.column} if field.column else set(template_columns(field.template or ""))
        return sorted(self.cells.index[name] for name in names)

    def attribute_columns(self) -> dict[str, str]:
        """The columns kept as attributes."""
        return {name: name for name in self.mapping.attribute_columns(tuple(self.cells.index))}


def _moved_back(kind: str, amount: str) -> str:
    """The amount below nought for what gives money back: files write it with either sign."""
    given_back = ", ".join(map(quote, MOVES_BACK))
    return f"CASE WHEN ({kind}) IN ({given_back}) AND ({amount}) > 0 THEN -({amount}) ELSE ({amount}) END"


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


def _block_key(fields: Map[str, Field]) -> str:
    metric = fields.get("metric")
    if metric is not None and metric.value is not None:
        return metric.value
    named = next((f.column for f in fields.values() if f.column), None)
    kind = fields.get("kind")
    return str(named or (kind.value if kind else "part"))

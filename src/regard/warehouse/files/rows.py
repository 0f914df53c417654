"""Raw rows of a file become rows on their way in, and those that may not enter."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from regard.warehouse.files.cells import Circumstances
from regard.warehouse.files.identifiers import prepare_phones
from regard.warehouse.files.ids import Ordinals
from regard.warehouse.files.interactions import BASE, Interactions
from regard.warehouse.files.mapping import Mapping
from regard.warehouse.files.scales import check_scales
from regard.warehouse.files.tables import RawTable, identifier
from regard.warehouse.schema.checks import REASONS
from regard.warehouse.schema.incoming import STAGED

INCOMING, REJECTED = "incoming", "rejected"


class RowMaker:
    """Makes `incoming` and `rejected` out of raw tables of one file, one after the other."""

    def __init__(self, mapping: Mapping, circumstances: Circumstances, ordinals: Ordinals) -> None:
        self._mapping = mapping
        self._around = circumstances
        self._ordinals = ordinals

    def make(self, connection: DuckDBPyConnection, raw: RawTable, *, first: bool = False) -> None:
        """Create the temp view `incoming` (the columns of STAGED) and the table `rejected` (line, reason, raw).

        Args:
            first: these rows are the file's first: see whether metrics lie on their scales. Raises WrongScale.
        """
        made = Interactions(self._mapping, self._around, raw)
        if made.has_phones:
            region = self._mapping.region or self._around.region
            connection.execute(f"CREATE OR REPLACE TEMP TABLE given_phones AS {made.phones_sql()}")
            prepare_phones(connection, "given_phones", "given", region)
        # Views over the table before go first: they read it.
        connection.execute(f"DROP VIEW IF EXISTS {INCOMING}; DROP VIEW IF EXISTS checked_rows")
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {BASE} AS {made.base_sql()}")
        numbered = self._ordinals.number(BASE)
        # A view: whoever reads it once saves writing another wide table.
        connection.execute(f"CREATE TEMP VIEW checked_rows AS {made.checked_sql(numbered=numbered)}")
        n_refused = self._set_aside(connection, raw)
        if first and n_refused:
            check_scales(connection, self._mapping, "checked_rows")
        where = "WHERE reason IS NULL" if n_refused else ""
        if n_refused and self._mapping.gives_orders:
            # Corrected, the row gets ids of its own: what entered of it before would count twice.
            where += f" AND _line NOT IN (SELECT line FROM {REJECTED})"
        connection.execute(
            f"CREATE TEMP VIEW {INCOMING} AS SELECT {STAGED.select_list} FROM checked_rows {where}"
        )

    def _set_aside(self, connection: DuckDBPyConnection, raw: RawTable) -> int:
        """Fill `rejected`; returns how many interactions may not enter."""
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
        return len(found)


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

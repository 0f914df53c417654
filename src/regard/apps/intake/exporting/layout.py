"""What an exported folder holds: one file for each table, in one of three formats, and a manifest."""

from __future__ import annotations

from dataclasses import dataclass

from regard.warehouse.literals import text_sql
from regard.warehouse.log import LOG_COLUMNS
from regard.warehouse.schema.interactions import INTERACTIONS

VERSION = 2
READABLE = (1, 2)  # The first had neither splits nor decisions.
MANIFEST = "manifest.json"
FORMATS = ("parquet", "csv", "ndjson")


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the folder: its name and its columns with DuckDB types."""

    name: str
    columns: tuple[tuple[str, str], ...]

    def file(self, form: str) -> str:
        """The name of its file."""
        return f"{self.name}.{form}"


LOG = Part(
    "interactions",
    tuple(
        (name, "VARCHAR" if name == "interaction_id" else INTERACTIONS.type_of(name)) for name in LOG_COLUMNS
    ),
)
PEOPLE = (
    Part(
        "identities",
        (
            ("identity_id", "BIGINT"),
            ("kind", "VARCHAR"),
            ("source", "VARCHAR"),
            ("value", "VARCHAR"),
            ("customer_id", "BIGINT"),
            ("is_shared", "BOOLEAN"),
        ),
    ),
    Part(
        "links",
        (("primary_id", "BIGINT"), ("target_id", "BIGINT"), ("source", "VARCHAR"), ("is_cut", "BOOLEAN")),
    ),
    Part("traits", (("identity_id", "BIGINT"), ("name", "VARCHAR"), ("value", "VARCHAR"))),
    Part("memberships", (("identity_id", "BIGINT"), ("account", "VARCHAR"))),
    Part("splits", (("identity_id", "BIGINT"), ("customer_id", "BIGINT"), ("reason", "VARCHAR"))),
    Part(
        "decisions",
        (("kind", "VARCHAR"), ("payload", "VARCHAR"), ("made_at", "VARCHAR"), ("is_applied", "BOOLEAN")),
    ),
)
UNITS = Part("units", (("unit", "VARCHAR"), ("title", "VARCHAR"), ("parent", "VARCHAR")))
PARTS = (LOG, *PEOPLE, UNITS)


def copy_options(form: str) -> str:
    """DuckDB's words for writing a format."""
    return {
        "parquet": "FORMAT parquet, COMPRESSION zstd",
        "csv": "FORMAT csv, HEADER",
        "ndjson": "FORMAT json",
    }[form]


def reader_sql(path: str, part: Part, form: str) -> str:
    """The relation over a part's file, with its declared types."""
    place = text_sql(path)
    columns = "{" + ", ".join(f"'{name}': '{type_}'" for name, type_ in part.columns) + "}"
    if form == "parquet":
        return f"read_parquet({place})"
    if form == "csv":
        return (
            f"read_csv({place}, header=true, auto_detect=false, delim=',', quote='\"', escape='\"', "
            f"columns={columns}, max_line_size=16777216)"
        )
    return f"read_json({place}, format='newline_delimited', columns={columns}, maximum_object_size=16777216)"

"""How a table describes itself: its columns with DuckDB types and meaning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Args:
        name: as it stands in the files.
        type: DuckDB's type; times are TIMESTAMPTZ (an instant in UTC microseconds).
        meaning: one plain sentence.
        personal: whether it can tell who somebody is or hold a customer's own words.
    """

    name: str
    type: str
    meaning: str
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Args:
        name: as it stands in questions; in the warehouse also the folder's name.
        meaning: what one row is.
        columns: in the order in which they stand in the files.
        partition_by: the columns by which the files are put into folders.
        statistics: the columns of which the table's own log keeps smallest and largest values. Never words.
        key: the columns whose latest `version` is the one that counts; empty for a table that is not versioned.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    partition_by: tuple[str, ...] = ()
    statistics: tuple[str, ...] = ()
    key: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def select_list(self) -> str:
        """The columns as the list of a SELECT."""
        return ", ".join(self.names)

    @property
    def definition(self) -> str:
        """The columns as the list of a CREATE TABLE.

        >>> Table("t", "", (Column("a", "BIGINT", ""), Column("b", "VARCHAR", ""))).definition
        'a BIGINT, b VARCHAR'
        """
        return ", ".join(f"{column.name} {column.type}" for column in self.columns)

    @property
    def cast_list(self) -> str:
        """The columns as the list of a SELECT that gives each its declared type."""
        return ", ".join(f"{column.name}::{column.type} AS {column.name}" for column in self.columns)

    def empty_sql(self, name: str, *, temporary: bool = True) -> str:
        """The statement that creates this table empty, under `name`."""
        kind = "TEMP TABLE" if temporary else "TABLE"
        return f"CREATE OR REPLACE {kind} {name} ({self.definition})"

    def type_of(self, name: str) -> str:
        """The DuckDB type of the column `name`. Raises: KeyError where there is none."""
        return {column.name: column.type for column in self.columns}[name]

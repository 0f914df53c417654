"""What figures can be cut by and filtered on: columns of the log, attributes, traits of customers and accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from regard.kernel.errors import InvalidInput, unknown_name
from regard.metrics.sql import literal

COLUMNS = ("channel", "touchpoint", "unit", "agent", "kind", "source", "language", "metric", "currency")
# A filter may also compare these; grouping by them would give one group for every answer.
FILTER_COLUMNS = (
    *COLUMNS,
    *("score", "weight", "text", "thread", "amount_minor", "duration_seconds", "wait_seconds"),
    *("occurred_at", "received_at"),
)
ATTRIBUTE = "attributes"
TRAIT = "trait"
ACCOUNT = "account"
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to cut.

    Args:
        key: as the caller wrote it and as it stands in a reading's group.
        column: what stands for it in the query.
        trait: the name of the customers' trait that must be joined, "" for none.
    """

    key: str
    column: exp.Expr
    trait: str = ""

    @property
    def is_account(self) -> bool:
        """Whether a customer may stand in several groups of it at once."""
        return self.key == ACCOUNT


def read_dimensions(names: Sequence[str]) -> tuple[Dimension, ...]:
    """The dimensions of these names. Raises: InvalidInput with the nearest name."""
    found = tuple(read_dimension(name.strip()) for name in names if name.strip())
    keys = [dimension.key for dimension in found]
    if len(set(keys)) < len(keys):
        raise InvalidInput(f"A dimension is named twice: {', '.join(keys)}.")
    return found


def read_dimension(name: str) -> Dimension:
    """The dimension of this name. Raises: InvalidInput with the nearest name.

    >>> read_dimension("attributes.plan").key
    'attributes.plan'
    """
    if name in COLUMNS:
        return Dimension(name, exp.column(name, table="entry"))
    head, _, rest = name.partition(".")
    if head in (ATTRIBUTE, "attribute") and rest:
        return Dimension(f"{ATTRIBUTE}.{rest}", attribute(rest))
    if head in (TRAIT, "traits") and rest:
        return Dimension(f"{TRAIT}.{rest}", trait_column(rest), trait=rest)
    if name == ACCOUNT:
        return Dimension(name, exp.column("account", table="membership"))
    raise unknown_name("dimension", name, (*COLUMNS, ACCOUNT, f"{ATTRIBUTE}.NAME", f"{TRAIT}.NAME"))


def filter_column(column: exp.Column) -> exp.Expr:
    """What stands for a column in a caller's filter. Raises: InvalidInput with the nearest name."""
    if column.table in (ATTRIBUTE, "attribute"):
        return attribute(column.name)
    if column.table in (TRAIT, "traits"):
        return trait_column(column.name)
    if not column.table and column.name.lower() in FILTER_COLUMNS:
        return exp.column(column.name.lower(), table="entry")
    name = f"{column.table}.{column.name}" if column.table else column.name
    raise unknown_name("column for filters", name, (*FILTER_COLUMNS, f"{ATTRIBUTE}.NAME", f"{TRAIT}.NAME"))


def attribute(name: str) -> exp.Expr:
    """The text of one attribute of an interaction, null where it has none."""
    if len(name) > LONGEST_NAME or '"' in name:
        raise InvalidInput(f"'{name}' cannot be the name of an attribute.")
    path = literal(f'$."{name}"')
    return exp.func("json_extract_string", exp.column("attributes", table="entry"), path)


def trait_alias(name: str) -> str:
    """The joined table of a trait; any text is allowed in a quoted identifier."""
    return f"trait.{name}"


def trait_column(name: str) -> exp.Expr:
    """The value of one trait of the customer."""
    if len(name) > LONGEST_NAME:
        raise InvalidInput(f"'{name}' cannot be the name of a trait.")
    return exp.column("value", table=exp.to_identifier(trait_alias(name), quoted=True))


def traits_of(expression: exp.Expr) -> list[str]:
    """The traits that an expression needs joined."""
    tables = {column.table for column in expression.find_all(exp.Column)}
    return sorted(table.removeprefix("trait.") for table in tables if table.startswith("trait."))

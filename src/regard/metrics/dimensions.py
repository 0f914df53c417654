"""What figures can be cut by and filtered on: columns of the log, attributes, traits of customers and accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from regard.kernel.errors import InvalidInput, unknown_name
from regard.metrics.templates import literal, quoted

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
MEMBERSHIP = "membership.account"
LONGEST_NAME = 100
NO_NAMES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way to cut.

    Args:
        key: as the caller wrote it and as it stands in a reading's group.
        column: the SQL that stands for it in the query.
        trait: the name of the customers' trait that must be joined, "" for none.
    """

    key: str
    column: str
    trait: str = ""

    @property
    def is_account(self) -> bool:
        """Whether a customer may stand in several groups of it at once."""
        return self.key == ACCOUNT

    @property
    def is_listed(self) -> bool:
        """Whether its values are those of a listed column: neither attributes nor traits nor accounts."""
        return not self.trait and not self.is_account and f"entry.{ATTRIBUTE}" not in self.column


@dataclass(frozen=True, slots=True)
class Gathered:
    """A dimension that the caller brings: values of a column put together under names of their own.

    Args:
        key: how it is named in `by`.
        column: one of COLUMNS.
        groups: each name with the values that it stands for.
        other: the name of all values that stand in no group; what has no value at all stays without one.
    """

    key: str
    column: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    other: str = "other"

    @property
    def sql(self) -> str:
        """The name of the group in which the column's value stands."""
        column = f"entry.{self.column}"
        cases = "".join(
            f" WHEN {column} IN ({', '.join(literal(value) for value in values)}) THEN {literal(name)}"
            for name, values in self.groups
            if values
        )
        return f"CASE WHEN {column} IS NULL THEN NULL{cases} ELSE {literal(self.other)} END"


def read_dimensions(
    names: Sequence[str], gathered: Sequence[Gathered] = (), called: Mapping[str, str] = NO_NAMES
) -> tuple[Dimension, ...]:
    """The dimensions of these names, those that the caller brings first; `called` gives further names of dimensions.

    Raises: InvalidInput with the nearest name.
    """
    own = {one.key: Dimension(one.key, one.sql) for one in gathered if one.column in COLUMNS}
    given = [name.strip() for name in names if name.strip()]
    found = tuple(own.get(name) or read_dimension(name, called) for name in given)
    keys = [dimension.key for dimension in found]
    if len(set(keys)) < len(keys):
        raise InvalidInput("A dimension is named twice: %(given)s.", given=", ".join(keys))
    return found


def read_dimension(name: str, called: Mapping[str, str] = NO_NAMES) -> Dimension:
    """The dimension of this name, or of the one that is called so. Raises: InvalidInput with the nearest name.

    >>> read_dimension("attributes.plan").key
    'attributes.plan'
    """
    if name in COLUMNS:
        return Dimension(name, f"entry.{name}")
    head, _, rest = name.partition(".")
    if head in (ATTRIBUTE, "attribute") and rest:
        return Dimension(f"{ATTRIBUTE}.{rest}", attribute(rest))
    if head in (TRAIT, "traits") and rest:
        return Dimension(f"{TRAIT}.{rest}", trait_column(rest), trait=rest)
    if name == ACCOUNT:
        return Dimension(name, MEMBERSHIP)
    if name in called:
        return replace(read_dimension(called[name]), key=name)
    known = (*COLUMNS, ACCOUNT, f"{ATTRIBUTE}.NAME", f"{TRAIT}.NAME", *called)
    raise unknown_name("dimension", name, known)


@dataclass(frozen=True, slots=True)
class Condition:
    """A caller's filter, checked.

    Args:
        text: SQL over `entry`; "" for none.
        traits: the customers' traits that it reads.
        has_account: whether it reads accounts; it holds for a customer where it holds for one of theirs.
    """

    text: str = ""
    traits: tuple[str, ...] = ()
    has_account: bool = False


class Filtered:
    """What a caller's filter reads beside the log: found out while its columns are replaced.

    Args:
        called: further names of columns, `attributes.NAME` and `trait.NAME`.
    """

    def __init__(self, called: Mapping[str, str] = NO_NAMES) -> None:
        self.called = called
        self.traits: set[str] = set()
        self.has_account = False

    def column(self, table: str, name: str) -> str:
        """What stands for a column in a caller's filter. Raises: InvalidInput with the nearest name."""
        if table in (ATTRIBUTE, "attribute"):
            return attribute(name)
        if table in (TRAIT, "traits"):
            self.traits.add(name)
            return trait_column(name)
        if not table and name.lower() == ACCOUNT:
            self.has_account = True
            return MEMBERSHIP
        if not table and name.lower() in FILTER_COLUMNS:
            return f"entry.{name.lower()}"
        if not table and name in self.called:
            head, _, rest = self.called[name].partition(".")
            return self.column(head, rest) if rest else self.column("", head)
        known = (*FILTER_COLUMNS, ACCOUNT, f"{ATTRIBUTE}.NAME", f"{TRAIT}.NAME", *self.called)
        raise unknown_name("column for filters", f"{table}.{name}" if table else name, known)


def attribute(name: str) -> str:
    """The text of one attribute of an interaction, null where it has none."""
    if len(name) > LONGEST_NAME or '"' in name:
        raise InvalidInput("'%(given)s' cannot be the name of an attribute.", given=name)
    path = literal(f'$."{name}"')
    return f"json_extract_string(entry.attributes, {path})"


def trait_alias(name: str) -> str:
    """The joined table of a trait; any text is allowed in a quoted name."""
    return quoted(f"trait.{name}")


def trait_column(name: str) -> str:
    """The value of one trait of the customer."""
    if len(name) > LONGEST_NAME:
        raise InvalidInput("'%(given)s' cannot be the name of a trait.", given=name)
    return f"{trait_alias(name)}.value"

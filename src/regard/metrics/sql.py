"""Questions as trees: templates with values put in as literals, and a caller's filter checked node by node."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from regard.kernel.errors import InvalidInput, unknown_name
from regard.metrics.settings import Value

DIALECT = "duckdb"

# What a filter may be made of. Everything that is not listed is refused, so that a new function is looked at first.
ALLOWED_NODES: tuple[type[exp.Expr], ...] = (
    exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In,
    exp.Like, exp.ILike, exp.Is, exp.Null, exp.Boolean, exp.Literal, exp.Column, exp.Identifier, exp.Neg, exp.Add,
    exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Case, exp.If, exp.Cast, exp.TryCast, exp.DataType, exp.Lower,
    exp.Upper, exp.Length, exp.Coalesce, exp.Contains, exp.StartsWith, exp.EndsWith, exp.RegexpLike, exp.Abs,
    exp.Extract, exp.Var, exp.Interval, exp.DPipe, exp.Trim, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Nullif, exp.Distinct,
    exp.Year, exp.Month, exp.DayOfWeek, exp.DayOfWeekIso, exp.Hour, exp.Day, exp.Escape, exp.Round, exp.Substring,
)  # fmt: skip
REFUSED_WORDS = {
    exp.Subquery: "a subquery",
    exp.Select: "a subquery",
    exp.Star: "'*'",
    exp.Window: "a window",
    exp.AggFunc: "an aggregate",
}


@lru_cache(maxsize=512)
def _parsed(template: str) -> exp.Expr:
    tree = sqlglot.parse_one(template, read=DIALECT)
    assert isinstance(tree, exp.Expr)
    return tree


def tree(template: str, **values: Value | exp.Expr) -> exp.Expr:
    """The tree of a template of ours, every `$name` in it replaced by the value of that name as a literal.

    Within `in ($name)` a tuple stands for its items; an empty one matches nothing.

    >>> render(tree("kind in ($kinds) and score > $least", kinds=("a", "b"), least=3.0))
    "kind IN ('a', 'b') AND score > 3.0"
    """
    copy = _parsed(template).copy()
    for holder in list(copy.find_all(exp.Placeholder)):
        value = values[holder.name]
        parent = holder.parent
        if isinstance(value, tuple) and isinstance(parent, exp.In):
            parent.set("expressions", [literal(item) for item in value] or [exp.null()])
        else:
            holder.replace(value.copy() if isinstance(value, exp.Expr) else literal(value))
    return copy


def literal(value: Value) -> exp.Expr:
    """A value as a literal of the tree; an instant keeps its zone."""
    match value:
        case None:
            return exp.null()
        case str():
            return exp.Literal.string(value)
        case datetime():
            return exp.cast(exp.Literal.string(value.astimezone(UTC).isoformat()), "TIMESTAMPTZ")
        case tuple():
            return exp.Array(expressions=[literal(item) for item in value])
        case _:
            return exp.Literal.number(value)


def render(expression: exp.Expr) -> str:
    """The text that DuckDB runs."""
    return expression.sql(dialect=DIALECT)


def parse_counts(counts: Mapping[str, str]) -> None:
    """Check that a metric's counts are aggregate expressions. Raises: ValueError, when the catalogue is loaded."""
    for name, text in counts.items():
        try:
            _parsed(text)
        except SqlglotError as error:
            raise ValueError(f"The count '{name}' cannot be read: {text!r} ({error})") from error


def parse_condition(text: str, column: Callable[[exp.Column], exp.Expr]) -> exp.Expr:
    """A caller's filter as a checked tree.

    Args:
        text: a condition in DuckDB's SQL over the columns of the log, `attributes.NAME` and `trait.NAME`.
        column: gives what stands for a column; raises InvalidInput for one that a filter may not read.
    Raises: InvalidInput, saying what was given and what is allowed.
    """
    try:
        parsed = sqlglot.parse(text, read=DIALECT)
    except SqlglotError as error:
        first = str(error).splitlines()[0]
        raise InvalidInput(f"The filter {text!r} cannot be read as SQL: {first}") from None
    if len(parsed) != 1 or parsed[0] is None:
        raise InvalidInput(f"The filter {text!r} must be one condition.")
    condition = parsed[0]
    for node in condition.walk():
        _check(node, text)
    return condition.transform(lambda node: column(node) if isinstance(node, exp.Column) else node)


def _check(node: exp.Expr, text: str) -> None:
    for kind, word in REFUSED_WORDS.items():
        if isinstance(node, kind):
            raise InvalidInput(
                f"The filter {text!r} holds {word}; a filter may only compare columns and values."
            )
    if isinstance(node, ALLOWED_NODES):
        return
    name = node.name if isinstance(node, exp.Anonymous) else node.key
    if isinstance(node, exp.Func) and not isinstance(node, exp.Anonymous):
        name = node.sql_name().lower()
    allowed = [kind.sql_name().lower() for kind in ALLOWED_NODES if issubclass(kind, exp.Func)]
    if isinstance(node, exp.Func):
        raise unknown_name("function for filters called", name, allowed)
    raise InvalidInput(f"The filter {text!r} holds '{name}', which a filter may not use.")

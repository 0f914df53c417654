"""A caller's filter, read as a tree and checked node by node."""

from __future__ import annotations

import re
from collections.abc import Callable
from secrets import token_hex

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from regard.kernel.errors import InvalidInput, unknown_name

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


def parse_condition(text: str, column: Callable[[str, str], str]) -> str:
    """A caller's filter, checked, as the text that an engine runs.

    Args:
        text: a condition in DuckDB's SQL over the columns of the log, `attributes.NAME` and `trait.NAME`.
        column: gives what stands for a column (its table, its name); raises InvalidInput for one that a filter may
            not read.
    Raises: InvalidInput, saying what was given and what is allowed.
    """
    try:
        parsed = sqlglot.parse(text, read=DIALECT)
    except SqlglotError as error:
        first = str(error).splitlines()[0]
        raise InvalidInput(
            "The filter '%(given)s' cannot be read as SQL: %(why)s", given=text, why=first
        ) from None
    if len(parsed) != 1 or parsed[0] is None:
        raise InvalidInput("The filter '%(given)s' must be one condition.", given=text)
    condition = parsed[0]
    for node in condition.walk():
        _check(node, text)
    # Columns stand under made-up names while the rest is written out, as sqlglot would rewrite what stands for them.
    # Nobody can guess the names, so that none of them stands in a text of the caller's.
    mark = f"column_{token_hex(8)}_"
    meant: dict[str, str] = {}

    def named(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Column):
            return node
        name = f"{mark}{len(meant)}_"
        meant[name] = column(node.table, node.name)
        return exp.column(name)

    written = condition.transform(named).sql(dialect=DIALECT)
    return re.sub(rf"{mark}\d+_", lambda place: meant[place[0]], written)


def check_template(text: str) -> None:
    """Check that a template of ours is one expression or statement. Raises: ValueError saying where it is not."""
    try:
        parsed = sqlglot.parse(text, read=DIALECT)
    except SqlglotError as error:
        raise ValueError(f"{text!r} cannot be read: {error}") from error
    if len(parsed) != 1 or parsed[0] is None:
        raise ValueError(f"{text!r} is not one statement.")


def _check(node: exp.Expr, text: str) -> None:
    for kind, word in REFUSED_WORDS.items():
        if isinstance(node, kind):
            raise _not_allowed(text, word)
    if isinstance(node, ALLOWED_NODES):
        return
    name = node.name if isinstance(node, exp.Anonymous) else node.key
    if isinstance(node, exp.Func) and not isinstance(node, exp.Anonymous):
        name = node.sql_name().lower()
    allowed = [kind.sql_name().lower() for kind in ALLOWED_NODES if issubclass(kind, exp.Func)]
    if isinstance(node, exp.Func):
        raise unknown_name("function for filters called", name, allowed)
    raise _not_allowed(text, f"'{name}'")


def _not_allowed(text: str, what: str) -> InvalidInput:
    sentence = "The filter '%(given)s' holds %(what)s; a filter may only compare columns and values."
    return InvalidInput(sentence, given=text, what=what)

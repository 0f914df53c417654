"""From DuckDB's SQL to Spark's: what sqlglot translates, and the short table of what it does not.

Each rule takes a node whose children are translated already and gives what stands in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import sqlglot
from sqlglot import exp

# Functions that do the same under another name.
RENAMED = {"EPOCH_US": "UNIX_MICROS", "HASH": "XXHASH64"}
EPOCH = "TIMESTAMP_NTZ '1970-01-01 00:00:00'"
IS_KEPT = "is_kept_row"


@lru_cache(maxsize=512)
def to_spark(query: str) -> str:
    """A query in DuckDB's dialect as Spark runs it.

    >>> to_spark("SELECT epoch_us(occurred_at) // 60 FROM log")
    'SELECT UNIX_MICROS(occurred_at) DIV 60 FROM log'
    """
    parsed = sqlglot.parse_one(query, read="duckdb")
    assert isinstance(parsed, exp.Expr)
    # Wrapped, so that the outermost node can be replaced like any other; the deepest come first.
    holder = exp.Paren(this=parsed)
    for node in reversed(list(parsed.walk())):
        rule = EXCEPTIONS.get(type(node))
        if rule is not None and (translated := rule(node)) is not node:
            node.replace(translated)
    return str(holder.this.sql(dialect="spark"))


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[argument.copy() for argument in arguments])


def _function(node: exp.Expr) -> exp.Expr:
    name = str(node.this).upper()
    if name == "TO_SECONDS":
        nothing = [exp.Literal.number(0)] * 3
        return _call("MAKE_DT_INTERVAL", *nothing, *node.expressions)
    if name in RENAMED:
        return _call(RENAMED[name], *node.expressions)
    return node


def _number(node: exp.Expr) -> exp.Expr:
    """A fraction is a decimal in both; DuckDB divides it as a double, Spark would keep it a decimal."""
    if node.args["is_string"] or "." not in str(node.this) or "e" in str(node.this).lower():
        return node
    return exp.Literal(this=f"{node.this}D", is_string=False)


def _make_timestamp(node: exp.Expr) -> exp.Expr:
    """DuckDB's has no zone; Spark's function of that name would be moved to the session's."""
    return _call("TIMESTAMPADD", exp.var("MICROSECOND"), node.this, exp.var(EPOCH))


def _day_of_week(node: exp.Expr) -> exp.Expr:
    """Sunday is 0 in DuckDB, 1 in Spark."""
    return exp.Paren(this=exp.Sub(this=node.copy(), expression=exp.Literal.number(1)))


def _iso_day(moment: exp.Expr) -> exp.Expr:
    return exp.Extract(this=exp.var("DAYOFWEEK_ISO"), expression=moment.copy())


def _extract(node: exp.Expr) -> exp.Expr:
    match node.name.upper():
        case "ISODOW":
            return _iso_day(node.expression)
        case "DOW" | "DAYOFWEEK":
            return _day_of_week(node)
        case "EPOCH":
            seconds = exp.Div(this=_call("UNIX_MICROS", node.expression), expression=exp.var("1000000D"))
            return exp.Paren(this=seconds)
    return node


def _like(node: exp.Expr) -> exp.Expr:
    """A backslash escapes in Spark's patterns unless something else is said to."""
    pattern = node.expression
    if (
        isinstance(node.parent, exp.Escape)
        or not isinstance(pattern, exp.Literal)
        or "\\" not in pattern.name
    ):
        return node
    unused = next(mark for mark in "!^~#$@" if mark not in pattern.name)
    return exp.Escape(this=node.copy(), expression=exp.Literal.string(unused))


def _catalogue(node: exp.Expr) -> exp.Expr:
    """Spark lists its temporary views nowhere in SQL, so the engine offers the lists as views."""
    if node.args.get("db") is None or node.text("db") != "information_schema":
        return node
    return exp.to_table(f"information_schema_{node.name}")


def _materialized(node: exp.Expr) -> exp.Expr:
    node.set("materialized", None)
    return node


def _select(node: exp.Expr) -> exp.Expr:
    """QUALIFY and DISTINCT ON: what would be dropped is marked in a column that nobody else sees."""
    assert isinstance(node, exp.Select)
    condition: exp.Expr | None = None
    distinct = node.args.get("distinct")
    if distinct is not None and distinct.args.get("on"):
        keys = distinct.args["on"].expressions
        condition = exp.EQ(this=_first_of(keys), expression=exp.Literal.number(1))
        node.set("distinct", None)
    if (qualify := node.args.get("qualify")) is not None:
        condition = qualify.this
        node.set("qualify", None)
    if condition is None:
        return node
    marked = node.copy().select(exp.alias_(exp.Paren(this=condition.copy()), IS_KEPT))
    everything = exp.Star(except_=[exp.to_identifier(IS_KEPT)])
    return exp.select(everything).from_(marked.subquery("marked")).where(exp.column(IS_KEPT))


def _first_of(keys: list[exp.Expr]) -> exp.Expr:
    copies = [key.copy() for key in keys]
    order = exp.Order(expressions=[exp.Ordered(this=key.copy()) for key in keys])
    return exp.Window(this=exp.RowNumber(), partition_by=copies, order=order)


EXCEPTIONS: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.Anonymous: _function,
    exp.Literal: _number,
    exp.UnixToTime: _make_timestamp,
    exp.DayOfWeek: _day_of_week,
    exp.DayOfWeekIso: lambda node: _iso_day(node.this),
    exp.Extract: _extract,
    exp.Like: _like,
    exp.ILike: _like,
    # DuckDB's hash has no sign, so nothing negative may be shifted in.
    exp.BitwiseRightShift: lambda node: _call("SHIFTRIGHTUNSIGNED", node.this, node.expression),
    exp.Table: _catalogue,
    exp.CTE: _materialized,
    exp.Select: _select,
}

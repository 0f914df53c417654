"""Filters as people choose them: what, how and which value; and the condition that each of them becomes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from regard.kernel.errors import InvalidInput
from regard.kernel.registry import Registry
from regard.metrics.dimensions import ATTRIBUTE, COLUMNS, LONGEST_NAME, TRAIT
from regard.warehouse.literals import text_sql

NUMBERS = ("score", "duration_seconds", "wait_seconds", "amount_minor")
WORDS = ("text",)
FILTERED = (*COLUMNS, *NUMBERS, *WORDS)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to compare.

    Args:
        condition: makes the SQL condition from the column and the value given.
        has_value: whether a value is asked for.
    """

    key: str
    title: str | Promise
    condition: Callable[[str, str], str]
    has_value: bool = True


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition: `channel is web`."""

    on: str
    way: str
    value: str

    def sql(self) -> str:
        """The condition as `compute` reads it. Raises: InvalidInput for what cannot be filtered so."""
        way = WAYS.get(self.way)
        if way.has_value and not self.value.strip():
            raise InvalidInput(_now("A filter on “%(name)s” needs a value.") % {"name": self.on})
        return way.condition(column_of(self.on), self.value.strip())


def column_of(name: str) -> str:
    """What a filter reads, as it is written in a condition. Raises: InvalidInput."""
    head, dot, rest = name.partition(".")
    if not dot and head in FILTERED:
        return head
    if head in (ATTRIBUTE, TRAIT) and rest and len(rest) <= LONGEST_NAME and '"' not in rest:
        return f'{head}."{rest}"'
    raise InvalidInput(_now("Nothing called “%(name)s” can be filtered on.") % {"name": name[:LONGEST_NAME]})


def _is(column: str, value: str) -> str:
    values = [one.strip() for one in value.split(",") if one.strip()]
    return f"{column} in ({', '.join(_literal(column, one) for one in values or [value])})"


def _is_not(column: str, value: str) -> str:
    return f"({column} is null or not ({_is(column, value)}))"


def _contains(column: str, value: str) -> str:
    return f"contains(lower(cast({column} as varchar)), {text_sql(value.lower())})"


def _at_least(column: str, value: str) -> str:
    return f"{_as_number(column)} >= {_number(value)}"


def _below(column: str, value: str) -> str:
    return f"{_as_number(column)} < {_number(value)}"


def _literal(column: str, value: str) -> str:
    return _number(value) if column in NUMBERS else text_sql(value)


def _as_number(column: str) -> str:
    return column if column in NUMBERS else f"try_cast({column} as double)"


def _number(value: str) -> str:
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        raise InvalidInput(_now("“%(name)s” is no number.") % {"name": value}) from None
    if not math.isfinite(number):
        raise InvalidInput(_now("“%(name)s” is no number.") % {"name": value})
    return f"{number:.15g}" if number >= 0 else f"(-{abs(number):.15g})"


WAYS: Registry[Way] = Registry("way to filter")
WAYS.register(Way("is", _("is"), _is))
WAYS.register(Way("is-not", _("is not"), _is_not))
WAYS.register(Way("contains", _("contains"), _contains))
WAYS.register(Way("at-least", _("is at least"), _at_least))
WAYS.register(Way("below", _("is below"), _below))
WAYS.register(Way("given", _("is given"), lambda column, _value: f"{column} is not null", has_value=False))
WAYS.register(Way("missing", _("is missing"), lambda column, _value: f"{column} is null", has_value=False))

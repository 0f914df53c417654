"""Which column of a file becomes which column of an interaction: declared, kept as TOML, used again."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field

from regard.kernel.errors import unknown_name

# The names that need no mapping, and the incoming column each one fills.
STANDARD = {
    "message_id": "message_id",
    "customer": "user_id",
    "customer_email": "email",
    "customer_phone": "phone",
    "anonymous_id": "anonymous_id",
    "account": "account",
    "occurred_at": "occurred_at",
    "kind": "kind",
    "channel": "channel",
    "touchpoint": "touchpoint",
    "metric": "metric",
    "score": "score",
    "weight": "weight",
    "text": "text",
    "language": "language",
    "amount": "amount",
    "amount_minor": "amount_minor",
    "currency": "currency",
    "duration_seconds": "duration_seconds",
    "wait_seconds": "wait_seconds",
    "unit": "unit",
    "agent": "agent",
    "thread": "thread",
}
NUMBERS = ("score", "weight", "amount", "amount_minor", "duration_seconds", "wait_seconds")


@dataclass(frozen=True, slots=True)
class Field:
    """Where one column of an interaction comes from.

    Args:
        column: the file's column; or
        template: text with columns in braces, as in "{DAY}.05.2017"; or
        value: the same for every row.
        format: how a time is written: "iso", "epoch_seconds", "epoch_milliseconds", "excel", or with
            strptime's signs, as in "%d.%m.%Y %H:%M"; several are tried in order.
        zone: the time zone of times that name none.
        decimal: the sign before the fraction, "." or ",".
        missing: values that mean that there is none, as in a blank coded 11.
        scale: lowest and highest number of the scale that the score was given on.
        values: other words for values, as in {"Very good" = 5}.
        times: of a number, what to multiply it by: another column, or a number (60 makes seconds of minutes).
    """

    column: str | None = None
    value: str | None = None
    template: str | None = None
    format: tuple[str, ...] = ()
    zone: str | None = None
    decimal: str | None = None
    missing: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None
    values: tuple[tuple[str, str], ...] = ()
    times: str | float | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One of several interactions that a row gives; there is one only where its score, text or amount is filled."""

    fields: Map[str, Field]


@dataclass(frozen=True, slots=True)
class Mapping:
    """How the columns of a file become interactions.

    Args:
        fields: per standard name where it comes from, for all interactions of a row.
        blocks: the several interactions of a row; none means that each row is one.
        attributes: columns kept as attributes; None for all that nothing else uses.
        traits: per trait of the customer the column that says it.
        missing: per column of the file the values that mean that there is none.
        encoding, delimiter: of the text; None to recognise them.
        zone: the zone of times that name none; None for the organisation's.
        decimal: the sign before the fraction in numbers.
        currency: of amounts where no column says it; None for the organisation's.
        region: the country (ISO 3166, as in GR) of phone numbers without country code.
        reasons: per guessed thing why it was guessed so.
    """

    fields: Map[str, Field]
    blocks: tuple[Block, ...] = ()
    attributes: tuple[str, ...] | None = None
    traits: Map[str, str] = field(default_factory=dict)
    missing: Map[str, tuple[str, ...]] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    zone: str | None = None
    decimal: str = "."
    currency: str | None = None
    region: str | None = None
    reasons: tuple[str, ...] = ()

    @property
    def gives_orders(self) -> bool:
        """Whether a row gives money as an interaction of its own, beside others. Such a row enters whole or not at all."""
        return any({"amount", "amount_minor"} & set(block.fields) for block in self.blocks)

    def used_columns(self) -> frozenset[str]:
        """The file's columns that something other than the attributes uses."""
        every = [*self.fields.values(), *(f for block in self.blocks for f in block.fields.values())]
        named = {f.column for f in every if f.column} | set(self.traits.values())
        named |= {f.times for f in every if isinstance(f.times, str)}
        return frozenset(named | {name for f in every if f.template for name in template_columns(f.template)})

    def attribute_columns(self, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the file's columns that are kept as attributes."""
        if self.attributes is not None:
            return tuple(name for name in self.attributes if name in columns)
        used = self.used_columns()
        return tuple(name for name in columns if name not in used)


def template_columns(template: str) -> list[str]:
    """The columns named in braces.

    >>> template_columns("{YEAR}-05-{DAY}")
    ['YEAR', 'DAY']
    """
    return [part.split("}", 1)[0] for part in template.split("{")[1:]]


def check_columns(mapping: Mapping, columns: tuple[str, ...]) -> None:
    """Raises: InvalidInput where the mapping names a column that the file has not."""
    named = mapping.used_columns() | set(mapping.attributes or ()) | set(mapping.missing)
    for name in sorted(named):
        if name not in columns:
            raise unknown_name("column", name, columns)

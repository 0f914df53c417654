"""The first rows of a file, and what the values of a column can be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from regard.warehouse.files.mapping import NUMBERS
from regard.warehouse.files.numbers import guess_decimal


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of a file: its columns' names and, per column, the values as text; and types, if it has any."""

    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    types: tuple[str, ...] = ()

    def of(self, column: str) -> list[str]:
        """The filled values of `column`."""
        return [cell.strip() for cell in self.cells[self.columns.index(column)] if cell.strip()]

    def is_time(self, column: str) -> bool:
        """Whether the file itself says that the column holds times."""
        return bool(self.types) and self.types[self.columns.index(column)].startswith(("TIMESTAMP", "DATE"))

    def why_fits(self, name: str, column: str) -> str | None:
        """Why the values can be what the name says, None where they cannot."""
        values = self.of(column)
        if not values:
            return None
        if name == "message_id":
            return "no value comes twice" if len(set(values)) == len(self.cells[0]) else None
        if name in NUMBERS:
            decimal, reason = guess_decimal(values)
            return reason if decimal else None
        if name == "language":
            return (
                "its values are language codes" if _share(r"[A-Za-z]{2,3}([-_]\w+)?", values) > 0.9 else None
            )
        if name == "currency":
            return "its values are currency codes" if _share(r"[A-Za-z]{3}", values) > 0.9 else None
        if name == "customer_email":
            return "its values are addresses" if _share(r"\S+@\S+\.\S+", values) > 0.5 else None
        if name == "customer_phone":
            return (
                "its values are numbers to call" if _share(r"[+\d][\d\s().\-/]{5,}", values) > 0.5 else None
            )
        if name in ("text", "kind", "channel"):
            return "its values are words" if _share(r"[\d.,\s-]+", values) < 0.5 else None
        return f"it has {len(set(values))} different values in the first {len(self.cells[0])} rows"

    def is_rating(self, column: str) -> bool:
        """Whether nearly all rows hold a small whole number, of several."""
        values = self.of(column)
        numbers = whole_numbers(values)
        filled = len(values) >= 0.5 * max(1, len(self.cells[0]))
        return (
            filled
            and len(numbers) > 0.95 * len(values)
            and 3 <= len(set(numbers)) <= 11
            and 4 <= max(numbers) <= 10
        )


def whole_numbers(values: Sequence[str]) -> list[int]:
    """Those of the values that are whole numbers."""
    whole = [re.fullmatch(r"(-?\d{1,6})(\.0+|,0{1,2})?", value) for value in values]
    return [int(found[1]) for found in whole if found]


def _share(pattern: str, values: Sequence[str]) -> float:
    return sum(bool(re.fullmatch(pattern, value)) for value in values) / max(1, len(values))

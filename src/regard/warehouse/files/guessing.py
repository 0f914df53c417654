"""Which column of an unknown file is what: guessed by its name and its values, with a reason for each guess."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from regard.warehouse.files.mapping import Mapping, standard_mapping


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of a file: its columns' names and, per column, the values as text; and types, if it has any."""

    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    types: tuple[str, ...] = ()


def guess_mapping(sample: Sample, whole_column: Callable[[str], list[str]]) -> Mapping:
    """The likeliest mapping of a file with these rows."""
    return standard_mapping(sample.columns)

"""Typed readers of the environment. They fail loudly, and they keep the table of what may be set."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from regard.kernel.errors import InvalidInput

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting as the documentation lists it."""

    name: str
    default: str
    meaning: str


VARIABLES: dict[str, Variable] = {}


def read(name: str, default: str, meaning: str, parse: Callable[[str], Value]) -> Value:
    """The value of setting `name`, parsed. An empty value counts as not set.

    Raises: InvalidInput naming the setting and what was given, where `parse` refuses it.
    """
    VARIABLES[name] = Variable(name, default, meaning)
    given = os.environ.get(name) or default
    try:
        return parse(given)
    except ValueError as error:
        raise InvalidInput(f"{name}={given!r} cannot be used: {error}. It means: {meaning}.") from error


def text(name: str, default: str, meaning: str) -> str:
    """A setting that is any text."""
    return read(name, default, meaning, str)


def whole_number(name: str, default: int, meaning: str, *, least: int = 0) -> int:
    """A setting that is a whole number of at least `least`."""

    def parse(given: str) -> int:
        value = int(given)
        if value < least:
            raise ValueError(f"the least is {least}")
        return value

    return read(name, str(default), meaning, parse)


def switch(name: str, default: bool, meaning: str) -> bool:
    """A setting that is `yes` or `no`."""

    def parse(given: str) -> bool:
        try:
            return {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}[
                given.lower()
            ]
        except KeyError:
            raise ValueError("say yes or no") from None

    return read(name, "yes" if default else "no", meaning, parse)


def names(name: str, default: str, meaning: str) -> list[str]:
    """A setting that is a list, separated by commas."""
    return read(
        name, default, meaning, lambda given: [part.strip() for part in given.split(",") if part.strip()]
    )


def one_of(name: str, default: str, meaning: str, *, allowed: tuple[str, ...]) -> str:
    """A setting that is one of a few words."""

    def parse(given: str) -> str:
        if given not in allowed:
            raise ValueError(f"allowed are {', '.join(allowed)}")
        return given

    return read(name, default, meaning, parse)

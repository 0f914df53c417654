"""What a caller may set on a metric, and what was set."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from regard.kernel.errors import InvalidInput, unknown_name

Value = str | float | tuple[str, ...] | datetime | None


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that may be set, with its default; the default's type says what is allowed.

    Args:
        name: as in `--set NAME=VALUE`.
        default: a number, a text, or several texts (given with commas between them); None where it must be given.
        meaning: one plain sentence.
        allowed: the texts that are allowed; empty for any.
    """

    name: str
    default: Value
    meaning: str
    allowed: tuple[str, ...] = ()

    @property
    def tells_nobody_apart(self) -> bool:
        """Whether two figures that differ in it cannot show a single customer: a choice, or an input of a formula.

        Kinds and numbers can: two figures a hair apart differ by whom the hair parts.
        """
        return bool(self.allowed) or self.default is None

    def read(self, given: object) -> Value:
        """The value that was given, in the default's type. Raises: InvalidInput."""
        if isinstance(self.default, tuple):
            parts = given if isinstance(given, list | tuple) else str(given).split(",")
            return tuple(str(part).strip() for part in parts if str(part).strip())
        if isinstance(self.default, float) or self.default is None:
            return self._number(given)
        text = str(given)
        if self.allowed and text not in self.allowed:
            raise unknown_name(f"value of '{self.name}'", text, self.allowed)
        return text

    def _number(self, given: object) -> float:
        try:
            number = float(str(given))
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise InvalidInput(
                "The setting '%(name)s' is a number; '%(given)s' is not.", name=self.name, given=given
            )
        return number


def read_settings(given: Sequence[str]) -> dict[str, object]:
    """What was set, by name, from texts such as `basis=purchase`. Raises: InvalidInput for one that sets nothing.

    >>> read_settings(["basis=purchase", "inactivity_days = 180"])
    {'basis': 'purchase', 'inactivity_days': '180'}
    """
    found: dict[str, object] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or not name.strip():
            raise InvalidInput(f"'{one}' sets nothing; write NAME=VALUE, such as basis=purchase.")
        found[name.strip()] = value.strip()
    return found


@dataclass(frozen=True, slots=True)
class MetricSettings:
    """What was set for one question.

    Args:
        values: settings of the metric by name, as text or in their own type.
        until: the moment at which threads that are still open are censored; the period's end where None.
        unweighted: count every answer once, whatever it weighs.
        defaults: what the organisation chose, by name; it holds for metrics that have such a setting.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    until: datetime | None = None
    unweighted: bool = False
    defaults: Mapping[str, object] = field(default_factory=dict)

    def resolve(self, known: tuple[Setting, ...]) -> dict[str, Value]:
        """Every known setting with what was given or its default. Raises: InvalidInput for an unknown name."""
        names = {setting.name: setting for setting in known}
        for given in self.values:
            if given not in names:
                raise unknown_name("setting of this metric", given, names)
        chosen = {**self.defaults, **self.values}
        return {
            name: setting.read(chosen[name]) if name in chosen else setting.default
            for name, setting in names.items()
        }

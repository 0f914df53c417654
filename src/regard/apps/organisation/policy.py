"""Who may see what: pure decisions, the only place where they are made.

Pages, API, exports and digests ask `sight_of` and obey it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from regard.kernel.registry import Registry


class Part(StrEnum):
    """What a member may do, beyond the figures of their unit."""

    SCORES = "scores"
    COMMENTS = "comments"
    CUSTOMERS = "customers"
    CASES = "cases"
    EXPLORER = "explorer"
    IMPORTS = "imports"
    OPERATIONS = "operations"
    MEMBERS = "members"


@dataclass(frozen=True, slots=True)
class Role:
    """One kind of work, and the parts of Regard that it needs.

    Args:
        parts: what this role may open.
        reads_answers: may read single answers in their unit, so small groups are not withheld from them.
    """

    key: str
    title: str
    parts: frozenset[Part]
    reads_answers: bool = False


ROLES: Registry[Role] = Registry("role")
FIGURES = frozenset({Part.SCORES, Part.COMMENTS})
PEOPLE = FIGURES | {Part.CUSTOMERS, Part.CASES}
ROLES.register(Role("executive", "Executive", FIGURES))
ROLES.register(Role("manager", "Manager", PEOPLE | {Part.EXPLORER}, reads_answers=True))
ROLES.register(Role("frontline", "Frontline", PEOPLE, reads_answers=True))
ROLES.register(Role("analyst", "Analyst", PEOPLE | {Part.EXPLORER, Part.IMPORTS}, reads_answers=True))
ROLES.register(
    Role(
        "administrator",
        "Administrator",
        frozenset({Part.SCORES, Part.IMPORTS, Part.OPERATIONS, Part.MEMBERS}),
    )
)


@dataclass(frozen=True, slots=True)
class Viewer:
    """What the decision needs to know of a member."""

    role: str
    unit: str | None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Sight:
    """What a member may see.

    Args:
        units: keys of the units whose interactions they see; None is everything, empty is nothing.
        parts: what they may open.
        reads_answers: single answers are theirs to read, within `units`.
    """

    units: frozenset[str] | None
    parts: frozenset[Part]
    reads_answers: bool

    def may(self, part: Part) -> bool:
        """Whether this part is open to them."""
        return part in self.parts

    def sees_unit(self, unit: str | None) -> bool:
        """Whether interactions of this unit are theirs to see; those of no unit are the whole company's."""
        return self.units is None or (unit is not None and unit in self.units)


BLIND = Sight(units=frozenset(), parts=frozenset(), reads_answers=False)


def sight_of(viewer: Viewer, parents: Mapping[str, str | None]) -> Sight:
    """What this member may see, given the tree of units (each key with its parent's).

    Whoever is disabled or has a role that nobody knows sees nothing.

    >>> sight_of(Viewer("manager", "north"), {"north": None, "shop 1": "north", "south": None}).units == {"north", "shop 1"}
    True
    """
    if not viewer.is_active or viewer.role not in ROLES:
        return BLIND
    role = ROLES.get(viewer.role)
    units = None if viewer.unit is None else below(viewer.unit, parents)
    return Sight(units=units, parts=role.parts, reads_answers=role.reads_answers)


def below(unit: str, parents: Mapping[str, str | None]) -> frozenset[str]:
    """The unit and everything under it, however deep; a loop in the tree ends the search."""
    found = {unit}
    edge = {unit}
    while edge:
        edge = {key for key, parent in parents.items() if parent in edge and key not in found}
        found |= edge
    return frozenset(found)


# How often somebody may guess: per address tried, and per network address, within the window.
TRIES_PER_ADDRESS = 5
TRIES_PER_NETWORK = 30
WINDOW_SECONDS = 15 * 60


def may_try_again(*, failures_of_address: int, failures_of_network: int) -> bool:
    """Whether another try to sign in is answered at all.

    >>> may_try_again(failures_of_address=4, failures_of_network=29), may_try_again(failures_of_address=5, failures_of_network=5)
    (True, False)
    """
    return failures_of_address < TRIES_PER_ADDRESS and failures_of_network < TRIES_PER_NETWORK

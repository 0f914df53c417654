"""Who may see what, decided without a database."""

from __future__ import annotations

import pytest

from regard.apps.organisation.policy import ROLES, Part, Viewer, may_try_again, sight_of

TREE = {"north": None, "shop 1": "north", "till 1": "shop 1", "south": None}


def test_a_member_of_the_whole_company_sees_every_unit_and_what_belongs_to_none() -> None:
    sight = sight_of(Viewer("executive", None), TREE)
    assert sight.units is None
    assert sight.sees_unit("south")
    assert sight.sees_unit(None)


def test_a_member_of_a_unit_sees_it_and_what_lies_below_and_nothing_else() -> None:
    sight = sight_of(Viewer("manager", "north"), TREE)
    assert sight.units == {"north", "shop 1", "till 1"}
    assert not sight.sees_unit("south")
    assert not sight.sees_unit(None)


def test_a_loop_among_units_ends() -> None:
    assert sight_of(Viewer("manager", "a"), {"a": "b", "b": "a"}).units == {"a", "b"}


@pytest.mark.parametrize("viewer", [Viewer("executive", None, is_active=False), Viewer("gardener", None)])
def test_who_is_disabled_or_of_an_unknown_role_sees_nothing(viewer: Viewer) -> None:
    sight = sight_of(viewer, TREE)
    assert sight.units == frozenset()
    assert not sight.parts


FIGURES = {Part.SCORES, Part.COMMENTS}
PEOPLE = FIGURES | {Part.CUSTOMERS, Part.CASES}


@pytest.mark.parametrize(
    ("role", "parts", "reads_answers"),
    [
        ("executive", FIGURES, False),
        ("manager", PEOPLE | {Part.EXPLORER}, True),
        ("frontline", PEOPLE, True),
        ("analyst", PEOPLE | {Part.EXPLORER, Part.IMPORTS}, True),
        ("administrator", {Part.SCORES, Part.IMPORTS, Part.OPERATIONS, Part.MEMBERS}, False),
    ],
)
def test_each_role_has_its_parts(role: str, parts: set[Part], reads_answers: bool) -> None:
    found = ROLES.get(role)
    assert found.parts == parts
    assert found.reads_answers is reads_answers


def test_the_sixth_guess_at_one_address_is_not_answered() -> None:
    assert may_try_again(failures_of_address=4, failures_of_network=4)
    assert not may_try_again(failures_of_address=5, failures_of_network=5)
    assert not may_try_again(failures_of_address=0, failures_of_network=30)

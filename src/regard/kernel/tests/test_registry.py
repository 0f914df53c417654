"""Many of a kind under their keys, and the messages for a key that does not exist."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from regard.kernel.errors import InvalidInput, RegardError, unknown_name
from regard.kernel.registry import Registry


@dataclass(frozen=True)
class Shape:
    """Something with a key."""

    key: str
    corners: int = 0


def test_items_are_found_by_key_in_the_order_in_which_they_came() -> None:
    shapes: Registry[Shape] = Registry("shape")
    square, line = shapes.register(Shape("square", 4)), shapes.register(Shape("line", 2))
    assert shapes.get("line") is line
    assert list(shapes) == [square, line]
    assert ("square" in shapes, "cube" in shapes, len(shapes)) == (True, False, 2)


def test_registering_the_same_item_again_is_harmless() -> None:
    shapes: Registry[Shape] = Registry("shape")
    square = Shape("square")
    assert shapes.register(square) is shapes.register(square)
    assert len(shapes) == 1


def test_two_items_cannot_share_a_key_even_when_equal() -> None:
    shapes: Registry[Shape] = Registry("shape")
    first = shapes.register(Shape("square"))
    with pytest.raises(ValueError, match="'square'"):
        shapes.register(Shape("square"))
    assert shapes.get("square") is first


def test_an_unknown_key_names_the_nearest_and_all_that_are_known() -> None:
    shapes: Registry[Shape] = Registry("shape")
    shapes.register(Shape("square"))
    with pytest.raises(InvalidInput, match="Did you mean 'square'"):
        shapes.get("sqare")


def test_without_anything_near_or_known_the_message_still_reads() -> None:
    assert str(unknown_name("chart", "pie", [])) == "There is no chart 'pie'. Known: none."
    assert isinstance(unknown_name("chart", "pie", []), RegardError)

"""Many of a kind, each describing itself and registering itself under its key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from regard.kernel.errors import unknown_name


class Keyed(Protocol):
    """Anything with a stable key, stored as text wherever it is referred to."""

    @property
    def key(self) -> str: ...


Item = TypeVar("Item", bound=Keyed)


class Registry(Generic[Item]):
    """The known items of one kind by key, in the order in which they registered.

    Args:
        what: the kind in the singular, used in messages ("metric", "chart").
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self._items: dict[str, Item] = {}

    def register(self, item: Item) -> Item:
        """Add `item` under its key and return it. Raises: ValueError where the key is taken by another."""
        known = self._items.setdefault(item.key, item)
        if known is not item:
            raise ValueError(f"Two kinds of {self.what} call themselves '{item.key}'.")
        return item

    def get(self, key: str) -> Item:
        """The item called `key`. Raises: InvalidInput naming the nearest known key."""
        try:
            return self._items[key]
        except KeyError:
            raise unknown_name(self.what, key, self._items) from None

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items.values())

    def __contains__(self, key: str) -> bool:
        return key in self._items

    def __len__(self) -> int:
        return len(self._items)

"""What other slices put onto a customer's page: cards beside the timeline, and what can be done with an interaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from regard.kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class Panel:
    """One card.

    Args:
        part: what a member must be allowed to open to see it.
        order: smaller stands higher.
        draw: the card's inside for a customer whom the reader may see; empty: the card is left out.
    """

    key: str
    part: str
    order: int
    draw: Callable[[HttpRequest, int], SafeString]


@dataclass(frozen=True, slots=True)
class Action:
    """What can be done with one interaction.

    Args:
        title: a lazy translation, such as "Open a case".
        href: where it is done, given the customer and the interaction's id in hexadecimal digits.
    """

    key: str
    part: str
    title: str | Promise
    href: Callable[[int, str], str]


PANELS: Registry[Panel] = Registry("panel")
ACTIONS: Registry[Action] = Registry("action on an interaction")

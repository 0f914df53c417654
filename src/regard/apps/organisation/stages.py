"""The stages of the customer's journey, in order, and which touchpoints make each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _kept

from regard.kernel.errors import InvalidInput

# What stands in no stage. No stage may take this key.
OTHER = "other"
MOST_STAGES = 12
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Stage:
    """One stretch of the journey.

    Args:
        key: stays when the title changes.
        title: as the organisation calls it; empty for a usual stage, whose name follows the reader's language.
        touchpoints: keys of touchpoints as interactions name them.
    """

    key: str
    title: str
    touchpoints: tuple[str, ...]


DEFAULT_STAGES = (
    Stage("discover", "", ("acquisition", "browse", "product", "pricing", "search", "demo", "forum")),
    Stage("buy", "", ("basket", "checkout", "order", "payment", "invoice", "shop")),
    Stage("receive", "", ("delivery", "pickup", "installation", "onboarding")),
    Stage("use", "", ("use", "account", "airport")),
    Stage("help", "", ("support", "self-service", "complaint", "return", "repair", "warranty")),
    Stage("renew", "", ("plan", "renewal", "loyalty", "referral", "cancellation")),
)


def read_stages(given: Iterable[Stage | Mapping[str, object]]) -> tuple[Stage, ...]:
    """Stages as they were saved or sent, checked. Raises: InvalidInput saying what cannot be."""
    stages = tuple(one if isinstance(one, Stage) else _stage(one) for one in given)
    if not 1 <= len(stages) <= MOST_STAGES:
        raise InvalidInput(_kept("There are 1 to %(most)s stages."), most=MOST_STAGES)
    seen: set[str] = set()
    for stage in stages:
        if (
            not stage.key
            or stage.key == OTHER
            or stage.key in {one.key for one in stages if one is not stage}
        ):
            raise InvalidInput(
                _kept("A stage cannot be called '%(given)s' here."), given=stage.title or stage.key
            )
        if len(stage.title) > LONGEST_TITLE:
            raise InvalidInput(
                _kept("The name of a stage has at most %(most)s characters."), most=LONGEST_TITLE
            )
        if twice := seen & set(stage.touchpoints):
            raise InvalidInput(_kept("'%(given)s' stands in two stages."), given=min(twice))
        seen |= set(stage.touchpoints)
    return stages


def key_of(title: str) -> str:
    """The key of a stage of this name.

    >>> key_of("After the sale")
    'after-the-sale'
    """
    return re.sub(r"\W+", "-", title.lower()).strip("-")


def _stage(given: Mapping[str, object]) -> Stage:
    touchpoints = given.get("touchpoints")
    if not isinstance(touchpoints, list | tuple):
        raise InvalidInput(_kept("A stage names its touchpoints in a list."))
    key, title = str(given.get("key", "")), str(given.get("title", ""))
    return Stage(key, title, tuple(str(touchpoint) for touchpoint in touchpoints))

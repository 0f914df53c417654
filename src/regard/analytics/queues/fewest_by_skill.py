"""How many agents of each group are enough for several skills?"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from regard.analytics.queues.offered import Level
from regard.analytics.queues.skills import Drawn, Group, Skill, check, overloaded, simulate
from regard.kernel.errors import InvalidInput

MOST_STEPS = 400


def fewest(
    skills: Sequence[Skill], groups: Sequence[Group], open_: Sequence[bool], drawn: Sequence[Drawn], level: Level,
    progress: Callable[[int], None],
) -> list[Group]:  # fmt: skip
    """Agents for the groups that are `open_` so that every skill meets its target: added one by one where they help most,
    then taken away again where they are not missed. Few, though not proved to be the fewest.
    """
    found = list(groups)

    def lacking(tried: Sequence[Group]) -> float:
        if overloaded(skills, tried):
            return math.inf
        mean = simulate(skills, tried, drawn, level).level.mean(axis=0)
        return float(sum(max(one.target - got, 0.0) for one, got in zip(skills, mean, strict=True)))

    while overloaded(skills, found):
        short = overloaded(skills, found)
        helps = [place for place, one in enumerate(found) if open_[place] and set(one.skills) & set(short)]
        if not helps:
            check(skills, found)
        least = min(helps, key=lambda place: found[place].agents)
        found[least] = _changed(found[least], 1)
    short_of = lacking(found)
    for step in range(MOST_STEPS):
        if short_of <= 0:
            break
        progress(step)
        tried = [(lacking(_with(found, place, 1)), place) for place in range(len(found)) if open_[place]]
        short_of, place = min(tried)
        found = _with(found, place, 1)
    else:
        raise InvalidInput(
            "The target cannot be met by these groups. Set the target lower, or let more groups be searched."
        )
    for place in sorted(range(len(found)), key=lambda one: -len(found[one].skills)):
        while open_[place] and found[place].agents > 0 and lacking(_with(found, place, -1)) <= 0:
            found = _with(found, place, -1)
    return found


def _changed(group: Group, more: int) -> Group:
    return replace(group, agents=group.agents + more)


def _with(groups: Sequence[Group], place: int, more: int) -> list[Group]:
    return [_changed(one, more) if at == place else one for at, one in enumerate(groups)]

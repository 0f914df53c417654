"""How are several kinds of calls served by groups of agents who know some of them each?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import stdtrit

from regard.analytics.arrays import Floats, floats
from regard.analytics.journeys.compiled import loop
from regard.analytics.queues.offered import Level
from regard.analytics.queues.played import play
from regard.kernel.errors import InvalidInput, NotEnoughData

METHOD = (
    "multi-skill simulation with common random numbers; specialists first, who waits longest is taken next"
)
SOURCE = "Gans, Koole and Mandelbaum (2003), Manufacturing & Service Operations Management 5, 79-141; Law (2015), Simulation Modeling and Analysis, 5th ed., chapter 11"
MOST_SKILLS, MOST_AGENTS = 12, 2_000


@dataclass(frozen=True, slots=True)
class Skill:
    """One kind of calls: how many come a second, what they take and how long they wait, and how many of them are to be
    answered within so many seconds."""

    name: str
    rate: float
    handling: float
    patience: float
    target: float
    within: float


@dataclass(frozen=True, slots=True)
class Group:
    """Agents who know the same skills, told by their places."""

    name: str
    agents: int
    skills: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """The calls of one run, in the order of their coming: the same whoever is there to answer them."""

    comes: Floats
    skills: np.ndarray
    takes: Floats
    stays: Floats
    warm: float


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """What the runs came to; arrays (runs, skills), but for `busy` (runs, groups)."""

    level: Floats
    delayed: Floats
    abandoned: Floats
    wait: Floats
    calls: Floats
    busy: Floats


def draw(skills: Sequence[Skill], *, seed: int, runs: int, calls: int) -> list[Drawn]:
    """The calls of some runs, each skill with a stream of its own."""
    total = sum(one.rate for one in skills)
    if total <= 0:
        raise NotEnoughData("No calls come in any skill, and nobody is needed.")
    warm = 5 * max(one.handling for one in skills)
    end = warm + calls / total
    found = []
    for run in np.random.SeedSequence(seed).spawn(runs):
        parts = []
        for place, (skill, stream) in enumerate(zip(skills, run.spawn(len(skills)), strict=True)):
            random = np.random.default_rng(stream)
            n = int(random.poisson(skill.rate * end))
            comes = np.sort(random.uniform(0, end, n))
            stays = (
                random.exponential(1.0, n) * skill.patience
                if math.isfinite(skill.patience)
                else np.full(n, np.inf)
            )
            parts.append((comes, np.full(n, place), random.exponential(skill.handling, n), stays))
        comes, kinds, takes, stays = (np.concatenate(one) for one in zip(*parts, strict=True))
        order = np.argsort(comes, kind="stable")
        found.append(Drawn(comes[order], kinds[order], takes[order], stays[order], warm))
    return found


def simulate(
    skills: Sequence[Skill], groups: Sequence[Group], drawn: Sequence[Drawn], level: Level
) -> Played:
    """How the groups serve the calls drawn.

    A call goes to a free agent of the group with the fewest skills, the first of equal ones; who becomes free takes who has
    waited longest of what they know.

    Raises: InvalidInput where nobody knows a skill, or a queue grows without end.
    """
    check(skills, groups)
    members = np.repeat(np.arange(len(groups)), [one.agents for one in groups])
    ranks = np.full((len(groups), len(skills)), np.inf)
    for place, one in enumerate(groups):
        ranks[place, list(one.skills)] = len(one.skills) * len(groups) + place
    run = loop(play, sum(len(one.comes) for one in drawn))
    rows = []
    for calls in drawn:
        waits, gone, busy = run(
            calls.comes, calls.skills, calls.takes, calls.stays, members, ranks, calls.warm
        )
        rows.append(_told(skills, groups, calls, waits, gone, busy, level))
    return Played(*(floats(np.array(column)) for column in zip(*rows, strict=True)))


def _told(
    skills: Sequence[Skill], groups: Sequence[Group], one: Drawn, waits: Floats, gone: np.ndarray, busy: Floats,
    level: Level,
) -> tuple[Floats, ...]:  # fmt: skip
    seen = one.comes >= one.warm
    columns = []
    for place, skill in enumerate(skills):
        chosen = seen & (one.skills == place)
        wait, left = waits[chosen], gone[chosen]
        n = len(wait)
        good, early = (~left & (wait <= skill.within)).sum(), (left & (wait <= skill.within)).sum()
        below = {Level.OFFERED: n, Level.ANSWERED: n - left.sum(), Level.PATIENT: n - early}[level]
        columns.append(
            [
                good / below if below else 1.0,
                *(float(x.mean()) if n else 0.0 for x in (wait > 0, left, wait)),
                n,
            ]
        )
    length = one.comes[-1] - one.warm if len(one.comes) else 1.0
    shares = busy / (np.maximum([group.agents for group in groups], 1) * length)
    return (
        *(floats(np.array(column)) for column in zip(*columns, strict=True)),
        floats(np.minimum(shares, 1.0)),
    )


def check(skills: Sequence[Skill], groups: Sequence[Group]) -> None:
    """Refuse what cannot be served.

    Raises: InvalidInput where nobody knows a skill, or more comes than those who know it can do, and nobody gives up.
    """
    if len(skills) > MOST_SKILLS:
        raise InvalidInput(f"At most {MOST_SKILLS} skills can be played; bring alike ones together.")
    for place, skill in enumerate(skills):
        if not any(place in one.skills for one in groups):
            raise InvalidInput(f"Nobody knows the skill '{skill.name}'. Give it to a group.")
    if sum(one.agents for one in groups) > MOST_AGENTS:
        raise InvalidInput(f"At most {MOST_AGENTS:,} agents can be played at once; split what is asked.")
    short = overloaded(skills, groups)
    if short:
        raise InvalidInput(
            f"More comes of {', '.join(skills[place].name for place in short)} than those who know it can do, and nobody hangs "
            "up: the queue grows without end. Give more agents, or callers a patience."
        )


def overloaded(skills: Sequence[Skill], groups: Sequence[Group]) -> tuple[int, ...]:
    """The first skills whose load is not below the agents who know any of them; none where all is well."""
    endless = [place for place, one in enumerate(skills) if math.isinf(one.patience) and one.rate > 0]
    for size in range(1, len(endless) + 1):
        for chosen in combinations(endless, size):
            load = sum(skills[place].rate * skills[place].handling for place in chosen)
            if load >= sum(one.agents for one in groups if set(one.skills) & set(chosen)):
                return chosen
    return ()


def interval(values: Floats, confidence: float = 0.95) -> tuple[float, float, float]:
    """The mean over the runs with its interval by Student's t."""
    n, mean = len(values), float(values.mean())
    away = float(stdtrit(n - 1, (1 + confidence) / 2) * values.std(ddof=1) / math.sqrt(n))
    return mean, mean - away, mean + away

"""The people whom several skills need."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import numpy as np

from regard.analyses.pictures import Dot, dots
from regard.analyses.staffing.asked import Asked
from regard.analyses.staffing.skills_file import read_skills
from regard.analyses.telling import Answer, Sheet, between, number
from regard.analytics.arrays import Floats
from regard.analytics.queues import skills as played
from regard.analytics.queues.fewest_by_skill import fewest
from regard.analytics.queues.skills import Group, Played, Skill

SEED, RUNS, CALLS = 1, 20, 4_000


def staff_skills(args: argparse.Namespace, asked: Asked) -> Answer:
    """The answer for the skills and groups of the file; groups without `agents` are searched."""
    skills, groups, open_ = read_skills(args, asked)
    drawn = played.draw(skills, seed=SEED, runs=RUNS, calls=CALLS)
    if any(open_):
        groups = _searched(skills, groups, open_, drawn, asked)
    found = played.simulate(skills, groups, drawn, asked.level)
    whole = _whole(found)
    agents = [one.agents for one in groups]
    document = {
        "model": "multi-skill",
        "agents": sum(agents),
        "scheduled": int(asked.scheduled(np.array([float(one) for one in agents])).sum()),
        **whole,
        "skills": [_skill(one, found, place) for place, one in enumerate(skills)],
        "groups": [
            {
                "group": one.name,
                "agents": one.agents,
                "scheduled": int(asked.scheduled(np.array([float(one.agents)]))[0]),
                "occupancy": float(found.busy[:, place].mean()),
            }
            for place, one in enumerate(groups)
        ],
        "one_fewer": _one_fewer(skills, groups, drawn, asked),
        "runs": len(drawn),
        "method": f"{played.METHOD}; {asked.level.ratio}",
        "source": played.SOURCE,
    }
    return Answer(
        document,
        lines=[_line(document, skills)],
        sheets=_sheets(document),
        notes=[
            f"{len(drawn)} runs of some {CALLS:,} calls; the intervals are of the simulation, at the load given."
        ],
        draw=lambda: _draw(document),
    )


def _searched(
    skills: list[Skill], groups: list[Group], open_: list[bool], drawn: list[played.Drawn], asked: Asked
) -> list[Group]:
    from rich.console import Console

    with Console(file=sys.stderr).status("looking for the fewest agents") as status:
        return fewest(
            skills, groups, open_, drawn, asked.level,
            lambda step: status.update(f"looking for the fewest agents: {step} added"),
        )  # fmt: skip


def _one_fewer(
    skills: list[Skill], groups: list[Group], drawn: list[played.Drawn], asked: Asked
) -> list[dict[str, Any]]:
    """What each group less one agent would do: the skill that lies furthest below its target."""
    entries = []
    for place, one in enumerate(groups):
        if not one.agents:
            continue
        fewer = [Group(g.name, g.agents - (at == place), g.skills) for at, g in enumerate(groups)]
        entry: dict[str, Any] = {
            "group": one.name,
            "agents": one.agents - 1,
            "skill": None,
            "service_level": None,
        }
        if not played.overloaded(skills, fewer):
            level = played.simulate(skills, fewer, drawn, asked.level).level.mean(axis=0)
            worst = int(np.argmin([got - s.target for s, got in zip(skills, level, strict=True)]))
            entry |= {"skill": skills[worst].name, "service_level": float(level[worst])}
        entries.append(entry)
    return entries


def _whole(found: Played) -> dict[str, Any]:
    """All skills together, weighted by their calls."""
    weights: Floats = found.calls.mean(axis=0)
    names = ("service_level", "p_wait", "p_abandon", "mean_wait_seconds")
    columns = (found.level, found.delayed, found.abandoned, found.wait)
    return {
        **{
            name: float(np.average(one.mean(axis=0), weights=weights))
            for name, one in zip(names, columns, strict=True)
        },
        "occupancy": float(found.busy.mean()),
    }


def _skill(one: Skill, found: Played, place: int) -> dict[str, Any]:
    level, low, high = played.interval(found.level[:, place])
    return {
        "skill": one.name,
        "service_level": level,
        "low": max(low, 0.0),
        "high": min(high, 1.0),
        "target": {"share": one.target, "seconds": one.within},
        "p_wait": float(found.delayed[:, place].mean()),
        "mean_wait_seconds": float(found.wait[:, place].mean()),
        "p_abandon": float(found.abandoned[:, place].mean()),
    }


def _line(document: dict[str, Any], skills: list[Skill]) -> str:
    met = sum(one["service_level"] >= one["target"]["share"] for one in document["skills"])
    return (
        f"{document['agents']:,} agents ({document['scheduled']:,} scheduled) meet the target of {met} of {len(skills)} "
        f"skill{'s' * (len(skills) != 1)}; {number(100 * document['service_level'], 1)}% of all calls are answered in time."
    )


def _sheets(document: dict[str, Any]) -> list[Sheet]:
    rows = [
        [
            one["skill"],
            number(100 * one["service_level"], 1) + "%",
            between(100 * one["low"], 100 * one["high"], 1),
            f"{100 * one['target']['share']:g}% in {one['target']['seconds']:g} s",
            number(one["mean_wait_seconds"], 1) + " s",
            number(100 * one["p_abandon"], 1) + "%",
        ]
        for one in document["skills"]
    ]
    fewer = {one["group"]: one for one in document["one_fewer"]}
    groups = []
    for one in document["groups"]:
        less = fewer.get(one["group"])
        said = "–"
        if less is not None:
            level = less["service_level"]
            said = "unstable" if level is None else f"{less['skill']}: {number(100 * level, 1)}%"
        groups.append(
            [
                one["group"],
                f"{one['agents']:,}",
                f"{one['scheduled']:,}",
                number(100 * one["occupancy"], 1) + "%",
                said,
            ]
        )
    return [
        Sheet(
            ["skill", "in time", "95% interval", "asked", "mean wait", "hang up"], rows, numeric=range(1, 6)
        ),
        Sheet(
            ["group", "agents", "scheduled", "busy", "worst skill with one fewer"], groups, numeric=(1, 2, 3)
        ),
    ]


def _draw(document: dict[str, Any]) -> str:
    rows = [
        Dot(one["skill"], 100 * one["service_level"], 100 * one["low"], 100 * one["high"],
            f"{number(100 * one['service_level'], 1)}%", is_told=one["service_level"] >= one["target"]["share"])
        for one in document["skills"]
    ]  # fmt: skip
    return dots("Answered in time, by skill", "per cent; grey: below its target", rows, reference=None)

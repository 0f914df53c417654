"""The file that tells several skills, and the groups of agents who know them."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

from regard.analyses.durations import seconds_of
from regard.analyses.staffing.asked import Asked, number_of
from regard.analytics.queues import skills as played
from regard.analytics.queues.skills import Group, Skill
from regard.kernel.errors import InvalidInput, unknown_name

EXAMPLE = '[skills.orders] calls = 60, aht = 240; [[groups]] name = "all", skills = ["orders"], agents = 12'


def read_skills(path: Path, asked: Asked) -> tuple[list[Skill], list[Group], list[bool]]:
    """The skills, the groups and which of these are to be searched. Raises: InvalidInput for another file."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        named, listed = dict(given["skills"]), list(given["groups"])
        skills = [_read_skill(str(name), dict(one), asked) for name, one in named.items()]
        names = [one.name for one in skills]
        groups = [_read_group(dict(one), names) for one in listed]
    except OSError as error:
        raise InvalidInput(
            "The file '%(given)s' cannot be read: %(why)s.", given=path.name, why=error.strerror
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput(
            "The file '%(given)s' does not tell skills and groups (%(why)s). It is TOML such as: %(example)s.",
            given=path.name, why=error, example=EXAMPLE,
        ) from None  # fmt: skip
    if not skills or not groups:
        raise InvalidInput("The file '%(given)s' needs at least one skill and one group.", given=path.name)
    load = sum(one.rate * one.handling for one in skills)
    if load > played.MOST_AGENTS:
        raise InvalidInput(f"More than {played.MOST_AGENTS:,} Erlangs cannot be played; split what is asked.")
    return skills, [one for one, _ in groups], [is_open for _, is_open in groups]


def _read_skill(name: str, one: dict[str, Any], asked: Asked) -> Skill:
    calls = number_of(str(one["calls"]), f"calls of '{name}'")
    if calls < 0:
        raise InvalidInput("The skill '%(given)s' cannot have fewer than no calls.", given=name)
    target, _, within = str(one.get("target", f"{asked.target}/{asked.within:g}")).partition("/")
    share = number_of(target, f"target of '{name}'")
    if not 0 < share < 1:
        raise InvalidInput(
            "The target of '%(given)s' needs a share and seconds, such as \"0.8/20\".", given=name
        )
    return Skill(
        name, calls / asked.per, seconds_of(str(one["aht"])),
        seconds_of(str(one["patience"])) if "patience" in one else asked.patience, share,
        0.0 if within.strip() == "0" else seconds_of(within or "20"),
    )  # fmt: skip


def _read_group(one: dict[str, Any], names: list[str]) -> tuple[Group, bool]:
    known = [str(skill) for skill in one["skills"]]
    for skill in known:
        if skill not in names:
            raise unknown_name("skill", skill, names)
    agents = number_of(str(one.get("agents", 0)), f"agents of '{one['name']}'")
    if agents < 0 or agents != math.floor(agents):
        raise InvalidInput(
            "The group '%(given)s' needs a whole number of agents, or none to search it.", given=one["name"]
        )
    return Group(
        str(one["name"]), int(agents), tuple(names.index(skill) for skill in known)
    ), "agents" not in one

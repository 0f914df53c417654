"""Several skills and the groups of agents who know them, told in a file or one by one."""

from __future__ import annotations

import argparse
import math
import tomllib
from pathlib import Path
from typing import Any

from regard.analyses.durations import seconds_of
from regard.analyses.figures import number_of
from regard.analyses.staffing.asked import Asked
from regard.analytics.queues import skills as played
from regard.analytics.queues.skills import Group, Skill
from regard.kernel.errors import InvalidInput, unknown_name

EXAMPLE = '[skills.orders] calls = 60, aht = 240; [[groups]] name = "all", skills = ["orders"], agents = 12'


def read_skills(args: argparse.Namespace, asked: Asked) -> tuple[list[Skill], list[Group], list[bool]]:
    """The skills, the groups and which of these are to be searched. Raises: InvalidInput where they are told otherwise."""
    name = Path(args.skills).name if args.skills else "--skill"
    try:
        given = _of_file(Path(args.skills)) if args.skills else _of_options(args)
        named, listed = dict(given["skills"]), list(given["groups"])
        skills = [_read_skill(str(name), dict(one), asked) for name, one in named.items()]
        names = [one.name for one in skills]
        groups = [_read_group(dict(one), names) for one in listed]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise InvalidInput(
            "The file '%(given)s' does not tell skills and groups (%(why)s). It is TOML such as: %(example)s.",
            given=name, why=error, example=EXAMPLE,
        ) from None  # fmt: skip
    if not skills or not groups:
        raise InvalidInput("The file '%(given)s' needs at least one skill and one group.", given=name)
    load = sum(one.rate * one.handling for one in skills)
    if load > played.MOST_AGENTS:
        raise InvalidInput(f"More than {played.MOST_AGENTS:,} Erlangs cannot be played; split what is asked.")
    return skills, [one for one, _ in groups], [is_open for _, is_open in groups]


def _of_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InvalidInput(
            "The file '%(given)s' cannot be read: %(why)s.", given=path.name, why=error.strerror
        ) from None


def _of_options(args: argparse.Namespace) -> dict[str, Any]:
    """What --skill and --group say; without a group, everybody knows everything."""
    skills: dict[str, Any] = {}
    for one in args.skill:
        name, _, told = one.partition("=")
        calls, _, times = told.partition("/")
        handling, _, patience = times.partition("/")
        if not (name.strip() and calls.strip() and handling.strip()) or name.strip() in skills:
            raise InvalidInput(
                "--skill '%(given)s' says no new skill. Give a name, calls in an interval and seconds of each: orders=60/240, "
                "and how long callers wait where some hang up: orders=60/240/120.",
                given=one,
            )
        skills[name.strip()] = {"calls": calls, "aht": handling} | (
            {"patience": patience} if patience else {}
        )
    groups = [_group_of(one) for one in args.group]
    return {"skills": skills, "groups": groups or [{"name": "all", "skills": list(skills)}]}


def _group_of(text: str) -> dict[str, Any]:
    name, equals, told = text.partition("=")
    known, colon, agents = told.partition(":")
    listed = [one.strip() for one in known.split(",") if one.strip()]
    if not (name.strip() and equals and listed):
        raise InvalidInput(
            "--group '%(given)s' says no group. Give a name, what it knows, and how many they are if that is settled: "
            "both=orders,returns:6.",
            given=text,
        )
    return {"name": name.strip(), "skills": listed} | ({"agents": agents} if colon else {})


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
        name, calls / asked.per, seconds_of(str(one["aht"]), unit="s"),
        seconds_of(str(one["patience"]), unit="s") if "patience" in one else asked.patience, share,
        0.0 if within.strip() == "0" else seconds_of(within or "20", unit="s"),
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

"""The people whom one interval needs."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from regard.analyses.durations import seconds_of
from regard.analyses.figures import number_of
from regard.analyses.staffing.asked import ERLANG_A, Asked
from regard.analyses.staffing.picture import draw_interval
from regard.analyses.telling import Answer, Sheet, number
from regard.analytics.queues.offered import Level, Offered, Service
from regard.kernel.errors import InvalidInput

STABLE, UNSTABLE = "stable", "unstable"


def staff_interval(args: argparse.Namespace, asked: Asked) -> Answer:
    """The answer for so many calls in one interval."""
    if args.low or args.high or args.time:
        raise InvalidInput("--low, --high and --time name columns; give the file that has them.")
    if asked.carries:
        raise InvalidInput("--carry-over is for intervals that follow each other: give a file or --forecast.")
    calls = number_of(args.calls, "--calls")
    offered = asked.offered(calls, seconds_of(args.aht, unit="s"))
    chosen = int(asked.enough(offered)[0])
    choices = [n for n in (chosen - 1, chosen, chosen + 1) if n >= 1] if calls else [0]
    many = offered[np.zeros(len(choices), dtype=np.intp)]
    served = asked.served(many, np.array(choices, dtype=np.float64))
    found = [figures(asked, served, place) for place in range(len(choices))]
    here = found[choices.index(chosen)]
    fewer = found[choices.index(chosen - 1)] if chosen - 1 in choices else None
    document = {
        "model": asked.model,
        **here,
        "load_erlangs": float(offered.load[0]),
        "target": {"share": asked.target, "seconds": asked.within, "level": asked.level.ratio},
        "one_fewer": fewer,
        "method": asked.method,
        "source": asked.source,
    }
    return Answer(
        document,
        lines=_lines(asked, calls, here),
        sheets=[_sheet(asked, found, chosen)],
        notes=asked.notes,
        draw=lambda: _draw(asked, offered, chosen),
    )


def _draw(asked: Asked, offered: Offered, chosen: int) -> str:
    """The service level of a handful of agents fewer and more."""
    if not chosen:
        raise InvalidInput("Nobody calls, so that there is nothing to draw. Leave --svg out.")
    away = max(4, chosen // 8)
    agents = np.arange(max(1, chosen - away), chosen + away + 1)
    many = offered[np.zeros(len(agents), dtype=np.intp)]
    levels = asked.served(many, agents.astype(np.float64)).level(asked.level)
    if not np.isfinite(levels).any():
        raise InvalidInput(
            "With so few agents the queue grows without end, and there is nothing to draw. Leave --svg out."
        )
    return draw_interval(asked, list(zip(agents.tolist(), levels.tolist(), strict=True)), chosen)


def figures(asked: Asked, served: Service, place: int) -> dict[str, Any]:
    """How the agents serve that interval, in the names that programs know."""
    level = served.level(asked.level)
    return {
        "agents": int(served.agents[place]),
        "scheduled": int(asked.scheduled(served.agents)[place]),
        "status": STABLE if served.stable[place] else UNSTABLE,
        "service_level": float(level[place]),
        "occupancy": float(served.occupancy[place]),
        "p_wait": float(served.delayed[place]),
        "mean_wait_seconds": float(served.wait[place]),
        "p_abandon": float(served.abandoned[place]),
    }


def _lines(asked: Asked, calls: float, here: dict[str, Any]) -> list[str]:
    if not calls:
        return ["Nobody calls, and nobody is needed."]
    agents, within = here["agents"], f"{asked.within:g} seconds"
    if here["status"] == UNSTABLE:
        return [
            f"Unstable: {_people(agents)} cannot handle what comes, and the queue grows without end. It takes more "
            "people, or a model in which callers hang up (--patience)."
        ]
    said = f"{_people(agents)} answer{'s' * (agents == 1)} {number(100 * here['service_level'], 1)}% within {within}"
    if asked.agents is None:
        said += f" (asked: {100 * asked.target:g}%)"
    if asked.shrinkage:
        said += f"; {here['scheduled']:,} must be scheduled, as {100 * asked.shrinkage:g}% of paid time is elsewhere"
    lines = [said + "."]
    if asked.model == ERLANG_A:
        lines.append(f"{number(100 * here['p_abandon'], 1)}% of the callers hang up before anybody answers.")
    return lines


def _people(agents: int) -> str:
    return "1 agent" if agents == 1 else f"{agents:,} agents"


def _sheet(asked: Asked, found: list[dict[str, Any]], chosen: int) -> Sheet:
    names = {chosen - 1: "one fewer", chosen: "", chosen + 1: "one more"}
    rows = []
    for one in found:
        shown = [
            number(100 * one[key], 1) + "%" for key in ("service_level", "p_wait", "p_abandon", "occupancy")
        ]
        wait = number(one["mean_wait_seconds"], 1) + " s"
        if one["status"] == UNSTABLE:
            shown, wait = [UNSTABLE, "–", "–", "–"], "–"
        rows.append(
            [
                f"{one['agents']:,}",
                f"{one['scheduled']:,}",
                shown[0],
                shown[1],
                wait,
                *shown[2:],
                names[one["agents"]],
            ]
        )
    what = {
        Level.OFFERED: "of all in time",
        Level.ANSWERED: "of answered in time",
        Level.PATIENT: "of patient in time",
    }[asked.level]
    columns = ["agents", "scheduled", what, "wait at all", "mean wait", "hang up", "busy", ""]
    return Sheet(columns, rows, numeric=range(7))

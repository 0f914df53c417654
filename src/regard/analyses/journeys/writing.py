"""Journeys written down as an event log that other tools of process mining read."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from regard.analyses.journeys.reading import Journeys
from regard.kernel.errors import InvalidInput
from regard.warehouse.files import xes
from regard.warehouse.files.ocel import Event, write_ocel
from regard.warehouse.files.xes import write_xes

ENDS = (".xes", ".jsonocel", ".xmlocel")


def write_log(path: Path, journeys: Journeys) -> None:
    """Write the events to `path`, by the end of its name as XES or OCEL 2.0, with the further columns that were read.

    Raises: InvalidInput for another end, or where the file cannot be written.
    """
    if path.suffix.lower() not in ENDS:
        raise InvalidInput("'%(given)s' must end in %(ends)s.", given=path.name, ends=", ".join(ENDS))
    try:
        if path.suffix.lower() == ".xes":
            write_xes(path, _traces(journeys))
        else:
            write_ocel(path, journeys.case, _events(journeys))
    except OSError as error:
        raise InvalidInput(
            "The log cannot be written to '%(given)s': %(why)s.", given=path, why=error.strerror
        ) from None


def _traces(journeys: Journeys) -> Iterator[tuple[str, list[dict[str, str | float]]]]:
    log, case = journeys.log, journeys.texts[journeys.case]
    for low, high in zip(log.starts[:-1].tolist(), log.starts[1:].tolist(), strict=True):
        yield (
            case[low],
            [
                {xes.ACTIVITY: log.names[log.activities[place]], xes.TIME: _when(journeys, place)}
                | _others(journeys, place)
                for place in range(low, high)
            ],
        )


def _events(journeys: Journeys) -> Iterator[Event]:
    log, case = journeys.log, journeys.texts[journeys.case]
    for place in range(log.n_events):
        others = {name: str(value) for name, value in _others(journeys, place).items()}
        name = log.names[log.activities[place]]
        yield Event(f"e{place + 1}", name, _when(journeys, place), [case[place]], others)


def _others(journeys: Journeys, place: int) -> dict[str, str | float]:
    """What else was read of this event."""
    found: dict[str, str | float] = {
        name: values[place]
        for name, values in journeys.texts.items()
        if name != journeys.case and values[place] is not None
    }
    numbers = {name: float(values[place]) for name, values in journeys.numbers.items()}
    return found | {name: value for name, value in numbers.items() if not math.isnan(value)}


def _when(journeys: Journeys, place: int) -> str:
    return f"{np.datetime64(int(journeys.log.times[place]), 'us')}+00:00"

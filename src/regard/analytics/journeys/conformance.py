"""Where cases go another way than was designed: what was missing, too much, out of order, and what that took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats
from regard.analytics.journeys.compiled import loop
from regard.analytics.journeys.design import Design, Moves, moves
from regard.analytics.journeys.log import MICROSECONDS, EventLog
from regard.analytics.journeys.variants import Variants

METHOD = (
    "conformance: the fewest events left out or added that turn each way into the designed order (alignment)"
)
SOURCE = "Adriansyah, A. (2014), Aligning Observed and Modeled Behavior, TU Eindhoven"
KINDS = ("missing", "out of order", "repeated", "not in the design")
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Deviation:
    """One way in which cases differ from the design.

    Args:
        kind: see `KINDS`. activity: what was missing, or came where it should not.
        n: how often. n_cases: in how many cases.
        seconds: from these events to the next ones, added up; not a number where nothing happened that took time.
        amount: of these events, added up; not a number where none are given.
        case_seconds, case_amount: what the cases that have it take and cost, on average.
    """

    kind: str
    activity: str
    n: int
    n_cases: int
    seconds: float
    amount: float
    case_seconds: float
    case_amount: float


@dataclass(frozen=True, slots=True, eq=False)
class Conformance:
    """How the log compares with the design.

    Args:
        conforms: for each case, whether it went as designed.
        deviations: the most frequent first.
        seconds, amount: what cases that went as designed take and cost on average; not a number where none did.
    """

    conforms: NDArray[np.bool_]
    deviations: tuple[Deviation, ...]
    seconds: float
    amount: float

    @property
    def share(self) -> float:
        """The share of cases that went as designed."""
        return float(self.conforms.mean())


def conformance(log: EventLog, ways: Variants, design: Design, amounts: Floats | None = None) -> Conformance:
    """How often, and how, cases go another way than designed.

    Each way is aligned with the design: it keeps as many events as can stand in the designed order. What then is too
    much was *out of order* if it is missing elsewhere in the same case, *repeated* if the design has it, else *not in
    the design*; what is missing and stands nowhere else is *missing*.

    Args:
        amounts: of each event, in the order of the log; not a number where there is none.

    Source: Adriansyah (2014), Aligning Observed and Modeled Behavior.
    """
    plan = moves(design, log.names)
    starts, codes = _paths(log, ways)
    extra, missed = loop(_align, len(codes) * len(plan.labels))(
        starts, codes, plan.before, plan.after, plan.does, plan.price, plan.n_states, plan.free
    )
    kinds = _kinds(log, design, plan, starts, codes, extra, missed)
    return _told(log, ways, starts, kinds, _missing(plan, missed), amounts)


def _paths(log: EventLog, ways: Variants) -> tuple[Numbers, NDArray[np.uint16]]:
    """One example of each way: where each starts, and the activities."""
    lengths = np.diff(log.starts)[ways.example]
    starts = np.r_[0, np.cumsum(lengths)]
    place = np.repeat(log.starts[ways.example] - starts[:-1], lengths) + np.arange(starts[-1])
    return starts, log.activities[place]


def _align(
    starts: Numbers,
    codes: NDArray[np.uint16],
    before: Numbers,
    after: Numbers,
    does: NDArray[np.bool_],
    price: Numbers,
    n_states: int,
    free: NDArray[np.bool_],
) -> Any:
    """For each event whether it is too much, for each way and move whether it was missed. Run by `loop`."""
    n_ways, n_moves, far = len(starts) - 1, len(before), 1 << 40
    extra, missed = np.zeros(len(codes), np.bool_), np.zeros((n_ways, n_moves), np.bool_)
    longest = np.max(starts[1:] - starts[:-1])
    cost, how = np.empty((longest + 1, n_states), np.int64), np.empty((longest + 1, n_states), np.int64)
    for way in range(n_ways):
        length = starts[way + 1] - starts[way]
        cost[:, :] = far
        cost[0, 0] = 0
        for i in range(length + 1):
            for m in range(n_moves):  # without an event
                if price[m] < 2 and cost[i, before[m]] + price[m] < cost[i, after[m]]:
                    cost[i, after[m]], how[i, after[m]] = cost[i, before[m]] + price[m], m
            if i == length:
                break
            a = codes[starts[way] + i]
            for state in range(n_states):  # an event too much
                cost[i + 1, state] = cost[i, state] + (0 if free[a] else 1)
                how[i + 1, state] = -1
            for m in range(n_moves):
                if does[m, a] and cost[i, before[m]] <= cost[i + 1, after[m]]:
                    cost[i + 1, after[m]], how[i + 1, after[m]] = cost[i, before[m]], n_moves + m
        i, state = length, n_states - 1
        while i > 0 or state > 0:
            m = how[i, state]
            if m < 0:
                i -= 1
                extra[starts[way] + i] = not free[codes[starts[way] + i]]
            elif m >= n_moves:
                i -= 1
                state = before[m - n_moves]
            else:
                missed[way, m] = price[m] > 0
                state = before[m]
    return extra, missed


def _missing(plan: Moves, missed: NDArray[np.bool_]) -> dict[str, NDArray[np.bool_]]:
    """By what should have been done, the ways in which it was not."""
    found: dict[str, NDArray[np.bool_]] = {}
    for move, label in enumerate(plan.labels):
        if missed[:, move].any():
            found[label] = found.get(label, np.zeros(len(missed), dtype=bool)) | missed[:, move]
    return found


def _kinds(
    log: EventLog,
    design: Design,
    plan: Moves,
    starts: Numbers,
    codes: NDArray[np.uint16],
    extra: NDArray[np.bool_],
    missed: NDArray[np.bool_],
) -> NDArray[np.int8]:
    """For each event of a way its place in `KINDS`, -1 where it is as designed.

    A move that is done out of order is no longer missed: `missed` is changed.
    """
    known = np.array([name in design.names for name in log.names])
    kinds = np.where(extra, np.where(known[codes], 2, 3), -1).astype(np.int8)
    way = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    for move in range(len(plan.labels)):
        late = np.flatnonzero(missed[way, move] & (kinds == 2) & plan.does[move, codes])
        _, first = np.unique(way[late], return_index=True)
        kinds[late[first]] = 1
        missed[way[late[first]], move] = False
    return kinds


def _told(
    log: EventLog,
    ways: Variants,
    starts: Numbers,
    kinds: NDArray[np.int8],
    missing: dict[str, NDArray[np.bool_]],
    amounts: Floats | None,
) -> Conformance:
    lengths, of_case = np.diff(log.starts), ways.of_case
    kind = kinds[np.repeat(starts[of_case] - log.starts[:-1], lengths) + np.arange(log.n_events)]
    case = log.case_of_event()
    lasts = (log.times[log.starts[1:] - 1] - log.times[log.starts[:-1]]) / MICROSECONDS
    costs = np.full(log.n_cases, np.nan) if amounts is None else np.bincount(case, np.nan_to_num(amounts))
    until = np.append(np.diff(log.times), 0) / MICROSECONDS
    until[log.starts[1:] - 1] = 0.0
    astray, found = np.zeros(log.n_cases, dtype=bool), []

    def add(name: str, what: str, n: int, cases: Numbers, seconds: float, amount: float) -> None:
        astray[cases] = True
        means = (float(lasts[cases].mean()), float(costs[cases].mean()))
        found.append(Deviation(name, what, n, len(cases), seconds, amount, *means))

    for number, name in enumerate(KINDS[1:], 1):
        for code in np.unique(log.activities[kind == number]).tolist():
            here = np.flatnonzero((kind == number) & (log.activities == code))
            total = np.nan if amounts is None else float(np.nansum(amounts[here]))
            add(name, log.names[code], len(here), np.unique(case[here]), float(until[here].sum()), total)
    for label, of_way in missing.items():
        cases = np.flatnonzero(of_way[of_case])
        if len(cases):
            add(KINDS[0], label, len(cases), cases, np.nan, np.nan)
    found.sort(key=lambda one: (-one.n_cases, -one.n, one.kind, one.activity))
    well = ~astray
    seconds, amount = (float(all_[well].mean()) if well.any() else np.nan for all_ in (lasts, costs))
    return Conformance(well, tuple(found), seconds, amount)

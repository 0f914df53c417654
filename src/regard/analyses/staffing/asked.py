"""What was asked of the staffing: the target, the model, and what keeps people from the phone."""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from regard.analyses.durations import seconds_of
from regard.analyses.figures import number_of
from regard.analyses.staffing.together import check_together
from regard.analytics.arrays import Floats
from regard.analytics.queues import erlang_a as patient
from regard.analytics.queues import erlang_c as endless
from regard.analytics.queues import over_time as through
from regard.analytics.queues import side_by_side as chats
from regard.analytics.queues.fewest_agents import fewest_agents
from regard.analytics.queues.offered import Level, Offered, Service
from regard.kernel.errors import InvalidInput

ERLANG_A = "erlang-a"
ERLANG_C = "erlang-c"
MOST_AGENTS = 1_000_000
STANDING = "each interval by itself, in its long run"


@dataclass(frozen=True, slots=True)
class Asked:
    """The question, beside the calls.

    Args:
        per: seconds of an interval.
        target, within: the share to be answered within so many seconds, by the definition `level`.
        model: "erlang-c" or "erlang-a".
        patience: mean seconds until a caller gives up; infinite under Erlang C.
        shrinkage: the share of paid time that is not at the phone.
        most_occupancy: 1 where none was asked for.
        agents: how many there are; None where that is the question.
        at_once, slower: how many chats an agent has side by side, and how much slower each further one makes them.
        carries: whether an interval begins with the queue of the one before.
        notes: what to keep in mind.
    """

    per: float
    target: float
    within: float
    level: Level
    model: str
    patience: float
    shrinkage: float
    most_occupancy: float
    agents: int | None
    at_once: int = 1
    slower: float = 0.0
    carries: bool = False
    notes: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        """The model and what the service level counts, by name."""
        found = patient.METHOD if self.model == ERLANG_A else endless.METHOD
        if self.at_once > 1:
            found = f"{chats.METHOD}{', exponential patience' * (self.model == ERLANG_A)}"
        return f"{found}; {through.METHOD if self.carries else STANDING}; {self.level.ratio}"

    @property
    def source(self) -> str:
        """Where the model is published."""
        found = patient.SOURCE if self.model == ERLANG_A else endless.SOURCE
        found = chats.SOURCE if self.at_once > 1 else found
        return f"{found}; {through.SOURCE}" if self.carries else found

    def offered(self, calls: Floats | float, handling: Floats | float) -> Offered:
        """What comes, of calls in an interval and their handling time in seconds."""
        return Offered.of(np.asarray(calls) / self.per, handling, self.patience)

    def enough(self, offered: Offered) -> Floats:
        """The fewest agents that do what is asked; or those that there are."""
        if self.agents is not None:
            return np.where(offered.load > 0, float(self.agents), 0.0)
        wanted: dict[str, Any] = {
            "target": self.target, "within": self.within, "level": self.level, "most_occupancy": self.most_occupancy,
        }  # fmt: skip
        beside: dict[str, Any] = {"at_once": self.at_once, "slower": self.slower}
        if self.at_once > 1:
            alone = chats.fewest_side_by_side(offered, **wanted, **beside)
        else:
            alone = fewest_agents(offered, **wanted, gives_up=self.model == ERLANG_A)
        if not self.carries:
            return alone
        return through.fewest_over_time(offered, seconds=self.per, begin=alone, **wanted, **beside)

    def served(self, offered: Offered, agents: Floats) -> Service:
        """How they serve."""
        if self.at_once > 1:
            return chats.side_by_side(
                offered, agents, at_once=self.at_once, slower=self.slower, within=self.within
            )
        queue = patient.erlang_a if self.model == ERLANG_A else endless.erlang_c
        return queue(offered, agents, within=self.within)

    def served_in_turn(self, offered: Offered, agents: Floats) -> Service:
        """How they serve intervals one after the other, with what each leaves to the next where that is asked for."""
        if not self.carries:
            return self.served(offered, agents)
        return through.over_time(
            offered, agents, seconds=self.per, within=self.within, at_once=self.at_once, slower=self.slower
        )

    def scheduled(self, agents: Floats) -> Floats:
        """How many must be scheduled so that so many are at the phone."""
        return np.ceil(agents / (1 - self.shrinkage) * (1 - 1e-12))


def asked_of(args: argparse.Namespace) -> Asked:
    """The question that the arguments ask. Raises: InvalidInput where one of them cannot be."""
    check_together(args)
    share, slash, seconds = args.target.partition("/")
    if not slash:
        raise InvalidInput(
            "'%(given)s' is no target. Give a share and seconds, such as 0.8/20: 80%% within 20 seconds.",
            given=args.target,
        )
    patience = seconds_of(args.patience, unit="s") if args.patience else math.inf
    model = args.model or (ERLANG_A if args.patience else ERLANG_C)
    notes: tuple[str, ...] = ()
    if model == ERLANG_A and not args.patience:
        raise InvalidInput(
            "Erlang A needs --patience: the seconds after which callers hang up, on average, such as 120."
        )
    if model == ERLANG_C and args.patience:
        notes = ("Erlang C lets everybody wait as long as it takes: --patience was not used.",)
        patience = math.inf
    if args.at_once:
        notes += ("Busy is who has one chat at least, not who has as many as they can.",)
    busy = _share(args.max_occupancy, "--max-occupancy", 0, 1) if args.max_occupancy else 1.0
    return Asked(
        per=seconds_of(args.per),
        target=_share(share, "--target", 0, 1, below=True),
        within=0.0 if seconds.strip() == "0" else seconds_of(seconds, unit="s"),
        level=Level(args.level),
        model=model,
        patience=patience,
        shrinkage=_share(args.shrinkage, "--shrinkage", -math.inf, 1, below=True),
        most_occupancy=busy,
        agents=_agents(args.agents) if args.agents is not None else None,
        at_once=_agents(args.at_once, "--at-once") if args.at_once else 1,
        slower=_slower(args),
        carries=args.carry_over,
        notes=notes,
    )


def _share(text: str, what: str, above: float, most: float, *, below: bool = False) -> float:
    value = number_of(text, what)
    if not (above < value and (value < most if below else value <= most) and value >= 0):
        raise InvalidInput(
            "%(what)s needs a share such as 0.8 or 80%%, not '%(given)s'.", what=what, given=text
        )
    return value


def _agents(text: str, what: str = "--agents") -> int:
    value = number_of(text, what)
    if not 1 <= value <= MOST_AGENTS or value != math.floor(value):
        raise InvalidInput("%(what)s needs a whole number from 1 on, not '%(given)s'.", what=what, given=text)
    return int(value)


def _slower(args: argparse.Namespace) -> float:
    if args.slower is None:
        return 0.0
    value = number_of(args.slower, "--slower")
    if not args.at_once or not 0 <= value <= 1:
        raise InvalidInput(
            "--slower goes with --at-once and needs a share from 0 to 1, not '%(given)s'; 1: two chats take twice as long.",
            given=args.slower,
        )
    return value

"""What was asked of the plan of an experiment, and what is known before it."""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass

import numpy as np

from regard.analyses.experiment.judging import kind_of
from regard.analyses.experiment.reading import read_before
from regard.analytics.arrays import divide
from regard.analytics.experiments import effects
from regard.analytics.experiments.moments import moments
from regard.analytics.experiments.power import Design
from regard.kernel.errors import InvalidInput, NotEnoughData

LEAST = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked.

    Args:
        kind: proportion, mean or ratio. design: what is known and how it will be read.
        difference: to be told; None where it is asked which can be. daily: units a day; None where unknown.
        units: in all; None where it is asked how many it takes.
    """

    kind: str
    design: Design
    power: float
    difference: float | None
    daily: float | None
    units: float | None


def plan_of(args: argparse.Namespace) -> Plan:
    """The question. Raises: InvalidInput where one of the arguments cannot be."""
    if not 0.5 <= args.power < 1:
        raise InvalidInput(
            "--power is a chance from 0.5 to below 1, such as 0.8, not %(given)s.", given=args.power
        )
    if not 0 < args.confidence < 1:
        raise InvalidInput(
            "A confidence lies between 0 and 1, such as 0.95; %(given)s does not.", given=args.confidence
        )
    for name in ("units", "daily", "days", "tightest"):
        given = getattr(args, name)
        if given is not None and not 1 <= given < math.inf:
            raise InvalidInput("--%(name)s is a number from 1 on, not %(given)s.", name=name, given=given)
    kind, baseline, sd, explained = _known(args)
    design = Design(
        baseline, sd, explained, args.variants, args.confidence, args.tightest if args.sequential else None
    )
    difference = args.difference
    if args.relative is not None:
        difference = args.relative * abs(baseline)
    units = args.daily * args.days if args.days and args.daily else args.units
    if (difference is None) == (units is None) or (args.difference is not None and args.relative is not None):
        raise InvalidInput(
            "Say one of two: the difference to be told (--difference or --relative), or how many units there will be "
            "(--units, or --days with --daily)."
        )
    if units is not None and units < 2 * args.variants:
        raise InvalidInput("So few units tell nothing; give at least %(n)s.", n=2 * args.variants)
    return Plan(kind, design, args.power, difference, args.daily, units)


def _known(args: argparse.Namespace) -> tuple[str, float, float | None, float]:
    """(kind, baseline, standard deviation, share explained before), from rows or as they were given."""
    if not args.metric:
        if args.file or args.baseline is None:
            raise InvalidInput(
                "Give --metric with a FILE of what was before, or --baseline (and --sd for a mean)."
            )
        return ("proportion" if args.sd is None else "mean"), args.baseline, args.sd, args.explained
    if args.baseline is not None or args.sd is not None or args.explained:
        raise InvalidInput("--baseline, --sd and --explained are read from the rows; leave them out.")
    rows = read_before(args)
    if len(rows.y) < LEAST:
        raise NotEnoughData(
            f"{len(rows.y):,} units with '{args.metric}' say too little; give {LEAST} or more."
        )
    found = moments(rows.variant, rows.y, rows.x, rows.z)[0]
    variance = float(effects.linearised(found))
    if not variance > 0:
        raise NotEnoughData(f"'{args.metric}' is the same for every unit: there is nothing to plan with.")
    shared = float(divide(effects.together(found) ** 2, variance * found.zz)) if rows.z is not None else 0.0
    if not shared < 1 - 1e-9:
        raise InvalidInput("The column of --pre must differ between units, and not be the metric itself.")
    kind = kind_of(rows.y, None, args.denominator) if np.all(rows.x == 1) or args.denominator else "mean"
    plain = kind == "proportion"
    return kind, float(found.y / found.x), None if plain else math.sqrt(variance), shared

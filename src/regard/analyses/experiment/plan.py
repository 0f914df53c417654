"""How many units and days an experiment takes, from what is known before it."""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from regard.analyses.experiment.judging import kind_of
from regard.analyses.experiment.reading import read_before
from regard.analyses.telling import Answer, Sheet, number
from regard.analytics.arrays import divide
from regard.analytics.experiments import effects, power, sequences
from regard.analytics.experiments.moments import moments
from regard.analytics.experiments.power import Design
from regard.kernel.errors import InvalidInput, NotEnoughData

WEEKS = (1, 2, 3, 4, 6, 8, 12)
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


def plan(args: argparse.Namespace) -> Answer:
    """The answer to what `args` ask."""
    asked = _asked(args)
    variants = asked.design.variants
    each = asked.design.units(asked.difference, asked.power) if asked.difference is not None else None
    units = each * variants if each else asked.units
    assert units is not None, "either the difference or the units are given"
    difference = asked.difference
    if difference is None:
        difference = asked.design.detectable(units / variants, asked.power)
    days = math.ceil(units / asked.daily) if asked.daily else None
    document: dict[str, Any] = {
        "kind": asked.kind,
        "baseline": asked.design.baseline,
        "sd": asked.design.sd,
        "explained": asked.design.explained,
        "difference": difference,
        "relative": float(divide(difference, abs(asked.design.baseline))),
        "power": asked.power,
        "confidence": asked.design.confidence,
        "variants": variants,
        "sequential": asked.design.tightest is not None,
        "units_per_variant": each or math.floor(units / variants),
        "units": math.ceil(units),
        "days": days,
        "weeks": None if days is None else math.ceil(days / 7),
        "detectable": _by_week(asked),
        "method": power.METHOD,
        "source": power.SOURCE,
    }
    if asked.design.explained:
        document["method"] += f"; {effects.CUPED_METHOD}"
        document["source"] += f"; {effects.CUPED_SOURCE}"
    if asked.design.tightest is not None:
        document["method"] += f"; {sequences.METHOD}"
        document["source"] += f"; {sequences.SOURCE}"
    sheets = [_sheet(document["detectable"])] if document["detectable"] else []
    return Answer(document, lines=_lines(asked, document), sheets=sheets, notes=_notes(asked))


def _asked(args: argparse.Namespace) -> Plan:
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


def _by_week(asked: Plan) -> list[dict[str, Any]]:
    """What is told after so many weeks, where it is known how many units come."""
    if asked.daily is None:
        return []
    found = []
    for weeks in WEEKS:
        units = math.floor(7 * weeks * asked.daily)
        difference = asked.design.detectable(max(units / asked.design.variants, 2), asked.power)
        relative = float(divide(difference, abs(asked.design.baseline)))
        found.append({"weeks": weeks, "units": units, "difference": difference, "relative": relative})
    return found


def _lines(asked: Plan, document: dict[str, Any]) -> list[str]:
    share = (
        ""
        if math.isnan(document["relative"])
        else f" ({document['relative']:+.1%} of {asked.design.baseline:.4g})"
    )
    what = f"a difference of {document['difference']:.4g}{share}"
    each, units = document["units_per_variant"], document["units"]
    chance = f"with a chance of {asked.power:.0%}"
    if asked.difference is None:
        if math.isinf(document["difference"]):
            return [f"{units:,} units tell no difference {chance}. Plan for more."]
        lines = [
            f"{units:,} units, {each:,} in each of {asked.design.variants} variants, tell {what} or more {chance}."
        ]
    else:
        lines = [
            f"{units:,} units, {each:,} in each of {asked.design.variants} variants, tell {what} {chance}."
        ]
    if document["days"]:
        lines.append(
            f"At {number(asked.daily, 0)} units a day that takes {document['days']:,} days; run it for whole weeks: "
            f"{document['weeks']:,}."
        )
    return lines


def _sheet(entries: list[dict[str, Any]]) -> Sheet:
    rows = [
        [
            f"{one['weeks']}",
            f"{one['units']:,}",
            "–" if math.isinf(one["difference"]) else f"{one['difference']:.3g}",
            "–" if not math.isfinite(one["relative"]) else f"{one['relative']:.1%}",
        ]
        for one in entries
    ]
    columns = ["weeks", "units", "smallest difference told", "of the baseline"]
    return Sheet(columns, rows, title="What each duration can tell", numeric=range(4))


def _notes(asked: Plan) -> list[str]:
    notes = []
    if asked.design.variants > 2:
        notes.append("Each variant is compared with the baseline at its part of the false alarms.")
    if asked.design.explained:
        notes.append(
            f"The time before explains {asked.design.explained:.0%} of the variance; read the experiment with the same --pre."
        )
    if asked.design.tightest is not None:
        notes.append("Looked at while it runs; this counts the last look only, so it is often told earlier.")
    return notes

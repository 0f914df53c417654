"""How many units and days an experiment takes, from what is known before it."""

from __future__ import annotations

import argparse
import math
from typing import Any

from regard.analyses.experiment.planned import Plan, plan_of
from regard.analyses.telling import Answer, Sheet, number
from regard.analytics.arrays import divide
from regard.analytics.experiments import effects, power, sequences

WEEKS = (1, 2, 3, 4, 6, 8, 12)


def plan(args: argparse.Namespace) -> Answer:
    """The answer to what `args` ask."""
    asked = plan_of(args)
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

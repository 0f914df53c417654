"""When a figure changed, as entries of the document, sentences and tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from regard.analyses.explain.told import Unit
from regard.analyses.telling import Sheet, chance
from regard.analytics.changes.anomalies import Course
from regard.analytics.changes.change_points import FALSE_ALARMS
from regard.analytics.changes.series import Series

MOST_ROWS = 12
OverTime = tuple[Series, Course] | None


def time_entries(found: OverTime) -> dict[str, Any]:
    """For the document: nothing but empty lists where it was not asked for."""
    if not found:
        return {"change_points": [], "anomalies": []}
    series, course = found
    return {
        "change_points": [
            {
                "at": str(series.starts[one.place]),
                "before": one.before,
                "after": one.after,
                "change": one.after - one.before,
                "low": one.low,
                "high": one.high,
            }
            for one in course.change_points
        ],
        "anomalies": [
            {
                "at": str(series.starts[one.place]),
                "n": int(series.n[one.place]),
                "value": one.value,
                "expected": one.expected,
                "low": one.low,
                "high": one.high,
                "p": one.p,
            }
            for one in course.anomalies
        ],
        "false_alarm_rate": FALSE_ALARMS,
        "points": int(series.is_used.sum()),
        "points_left_out": int((~series.is_used).sum()),
        "season": series.season or None,
    }


def time_lines(found: OverTime, every: str, unit: Unit) -> list[str]:
    """What a person reads first."""
    if not found:
        return []
    series, course = found
    said = [
        f"The level changed with the {every} of {series.starts[one.place]}: {unit.value(one.before)} to "
        f"{unit.value(one.after)}, {unit.change(one.after - one.before)} ({unit.between(one.low, one.high)})."
        for one in course.change_points
    ] or [f"The level changed at no {every} by more than chance ({int(series.is_used.sum()):,} looked at)."]
    if course.anomalies:
        days = ", ".join(str(series.starts[one.place]) for one in course.anomalies[:MOST_ROWS])
        more = f" and {len(course.anomalies) - MOST_ROWS} more" if len(course.anomalies) > MOST_ROWS else ""
        stand = f"{every} stands" if len(course.anomalies) == 1 else f"{every}s stand"
        said.append(f"{len(course.anomalies)} {stand} out: {days}{more}.")
    else:
        said.append(f"No {every} stands out.")
    return said


def time_sheets(found: OverTime, every: str, unit: Unit) -> list[Sheet]:
    """What stands out."""
    if not found or not found[1].anomalies:
        return []
    series, course = found
    order = np.argsort([one.p for one in course.anomalies], kind="stable")[:MOST_ROWS]
    rows = [
        [
            str(series.starts[one.place]),
            f"{int(series.n[one.place]):,}",
            unit.value(one.value),
            unit.value(one.expected),
            unit.between(one.low, one.high),
            chance(one.p),
        ]
        for one in (course.anomalies[place] for place in order)
    ]
    heads = [every, "answers", unit.name, "expected", "usual", "p"]
    return [
        Sheet(
            heads,
            rows,
            title=f"What stands out from level and season: {every}s",
            numeric=range(1, len(heads)),
        )
    ]


def time_notes(found: OverTime, every: str) -> list[str]:
    """What to keep in mind."""
    if not found:
        return []
    series = found[0]
    left = int((~series.is_used & (series.n > 0)).sum())
    season = (
        f"a season of {series.season} {every}s was taken off"
        if series.season
        else "there is too little to tell a season"
    )
    return [
        f"In {FALSE_ALARMS:.0%} of series of pure noise a change of level is named, and in as many a {every} that stands out; "
        f"{season}." + (f" Left out for fewer than 5 answers: {left:,}." if left else "")
    ]

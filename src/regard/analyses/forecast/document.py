"""What comes, as a document, sentences and tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analyses.durations import said_seconds
from regard.analyses.forecast.foretold import Foretold
from regard.analyses.forecast.notes import effects, instant, read, thin
from regard.analyses.telling import Sheet, between, number
from regard.analytics.forecasting import conformal
from regard.analytics.forecasting.forecast import METHOD, SOURCE

MOST_ROWS = 31


def document(told: Foretold) -> dict[str, Any]:
    """The figures for programs."""
    found, past = told.found, told.past
    return {
        "every": told.asked.every,
        "zone": past.zone.key,
        "from": instant(told, 0),
        "until": told.rows[0].time if told.rows else None,
        "n_intervals": len(past.values),
        "thin_since": instant(told, -n_thin) if (n_thin := thin(told)) else None,
        "n_gaps": found.n_gaps,
        "n_outliers": found.n_outliers,
        "seasons": list(found.shape.seasons),
        "tests": found.tests,
        "confidence": found.confidence,
        "models": [
            {
                "model": one.model,
                "mase": one.mase,
                "smape": one.smape,
                "wql": one.wql,
                "coverage": one.coverage,
            }
            for one in found.models
        ],
        "chosen": found.chosen,
        **_to_come(told),
        "special_days": [
            {"name": name, "effect": size, "n": n, "unit": "times" if found.effects.times else "added"}
            for name, size, n in effects(told)
        ],
        "method": f"{METHOD}; {conformal.METHOD}",
        "source": SOURCE,
    }


def _to_come(told: Foretold) -> dict[str, Any]:
    """The intervals and the days to come."""
    return {
        "forecast": [
            {"time": one.time, "value": one.value, "low": one.low, "high": one.high} for one in told.rows
        ],
        "days": [
            {
                "date": one.date,
                "total": _ends(one.total),
                "peak": {"time": one.peak_time, **_ends(one.peak)},
                "special": one.special or None,
            }
            for one in told.days()
        ],
    }


def _ends(one: Any) -> dict[str, float]:
    return {"value": one.value, "low": one.low, "high": one.high}


def lines(told: Foretold) -> list[str]:
    """What a person reads first."""
    found = told.found
    best = next(one for one in found.models if one.model == found.chosen)
    naive = found.models[0]
    said = [
        f"{found.chosen} foretold the past best: {found.tests} times, with errors {100 * best.mase / naive.mase:.0f}% as "
        f"large as those of taking the last season again."
        if best is not naive and naive.mase > 0
        else f"No model foretold the past better than taking the last season again ({found.tests} times)."
    ]
    days = told.days()
    if days:
        top = max(days, key=lambda one: one.peak.value)
        said.append(
            f"The highest peak: {number(top.peak.value, 1)} ({between(top.peak.low, top.peak.high, 1)}) in "
            f"{_length(told.asked.every)} on {top.date} about {top.peak_time}."
        )
    return said


def sheets(told: Foretold) -> list[Sheet]:
    """The models, and what comes."""
    found = told.found
    models = [
        [
            one.model + (" (chosen)" if one.model == found.chosen else ""),
            number(one.mase),
            number(100 * one.smape, 1) + "%",
            number(one.wql),
            number(100 * one.coverage, 1) + "%",
        ]
        for one in found.models
    ]
    share = f"{100 * found.confidence:g}%"
    tables = [Sheet(["model", "MASE", "sMAPE", "WQL", f"held by {share}"], models, numeric=(1, 2, 3, 4))]
    days = told.days()
    if days and len(told.rows) > MOST_ROWS:
        rows = [
            [
                one.date,
                number(one.total.value, 0),
                between(one.total.low, one.total.high, 0),
                one.peak_time,
                number(one.peak.value, 1),
                between(one.peak.low, one.peak.high, 1),
                one.special,
            ]
            for one in days
        ]
        heads = ["day", "sum", f"{share} interval", "peak at", "peak", f"{share} interval", ""]
        return [*tables, Sheet(heads, rows, numeric=(1, 2, 4, 5))]
    shown = [
        [read(one.time, told), number(one.value, 1), between(one.low, one.high, 1)]
        for one in told.rows[:MOST_ROWS]
    ]
    return [*tables, Sheet(["from", told.past.name, f"{share} interval"], shown, numeric=(1, 2))]


def _length(seconds: float) -> str:
    """A length of intervals within a day, as people say it: 30 min, 1.5 h."""
    return said_seconds(seconds).replace(".0 ", " ")


def write_intervals(path: Path, told: Foretold) -> None:
    """One row an interval."""
    from regard.warehouse.files.written import write_columns

    columns: dict[str, NDArray[Any]] = {"time": np.array([one.time for one in told.rows])}
    for name in ("value", "low", "high"):
        columns[name] = np.array([getattr(one, name) for one in told.rows])
    write_columns(path, columns)

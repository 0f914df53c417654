"""Ratings on another scale than their metric's, found before any row of their file enters."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from regard.kernel.errors import InvalidInput
from regard.warehouse.files.mapping import Mapping
from regard.warehouse.schema.checks import SCALES

# Fewer are slips of single rows, which are set aside alone.
FEWEST, SHARE = 3, 0.05
_LISTED = 8
WHAT_TO_DO = (
    "its scale is %(low)s to %(high)s (%(outside)s of %(all)s answers looked at lie outside). Declare what it was asked on "
    "(scale = %(scale)s), or the values that mean no answer (missing = [%(values)s]), or give the question another "
    "name than that metric's."
)
UP_TO = f"%(metric)s holds values up to %(end)s; {WHAT_TO_DO}"
DOWN_TO = f"%(metric)s holds values down to %(end)s; {WHAT_TO_DO}"


class WrongScale(InvalidInput):
    """Too many scores of a metric lie outside its scale: most likely it was asked on another one."""


def check_scales(connection: DuckDBPyConnection, mapping: Mapping, checked: str) -> None:
    """See whether the answers of a standard metric lie on its scale, where nothing was declared about them.

    Args:
        checked: a table with `metric`, `score` and the `reason` against each row.

    Raises: WrongScale where more than a twentieth of them, and at least three, do not.
    """
    asked = [metric for metric in SCALES if metric not in _declared(mapping)]
    if not asked:
        return
    listed = ", ".join(f"'{metric}'" for metric in asked)
    found = connection.execute(
        f"""SELECT metric, count(*) AS n, count(*) FILTER (is_outside) AS n_outside, min(score), max(score),
                list_sort(list(DISTINCT score) FILTER (is_outside))
            FROM (SELECT metric, score, reason IS NOT NULL AS is_outside FROM {checked}
                WHERE metric IN ({listed}) AND score IS NOT NULL AND coalesce(reason, 'score_out_of_range') = 'score_out_of_range')
            GROUP BY metric ORDER BY metric"""
    ).fetchall()
    for metric, n, n_outside, lowest, highest, outside in found:
        if n_outside >= FEWEST and n_outside > SHARE * n:
            raise _wrong(metric, n, n_outside, (lowest, highest), outside)


def _declared(mapping: Mapping) -> set[str]:
    """The metrics about whose scale or blanks something was said, also by the guess, which asks to be checked."""
    doubted = {getattr(reason, "column", "") for reason in mapping.reasons if _is_doubt(reason)}
    declared: set[str] = set()
    for own in [block.fields for block in mapping.blocks] or [{}]:
        fields = {**mapping.fields, **own}
        score, metric = fields.get("score"), fields.get("metric")
        if score is None or metric is None:
            continue
        missing = score.missing or mapping.missing.get(score.column or "")
        if score.scale is not None or missing or score.column in doubted:
            declared |= set(SCALES) if metric.value is None else {metric.value.lower()}
    return declared


def _is_doubt(reason: str) -> bool:
    return getattr(reason, "code", "") == "outside_scale"


def _wrong(
    metric: str, n: int, n_outside: int, ends: tuple[float, float], outside: list[float]
) -> WrongScale:
    scale = SCALES[metric]
    lowest, highest = ends
    return WrongScale(
        UP_TO if highest > scale.high else DOWN_TO,
        metric=metric,
        end=f"{highest if highest > scale.high else lowest:g}",
        low=scale.low,
        high=scale.high,
        outside=f"{n_outside:,}",
        all=f"{n:,}",
        scale=f"[{min(lowest, scale.low):g}, {highest:g}]",
        values=", ".join(f"{value:g}" for value in outside[:_LISTED]),
    )

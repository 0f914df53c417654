"""Grain: one interaction, such as an answer, an order or a call."""

from __future__ import annotations

from regard.metrics.relations.relation import Relation


def answers(metric: str) -> Relation:
    """The answers to one question; skipped ones (no score) are no rows."""
    return Relation(
        grain="interaction",
        reads=("survey.answered",),
        filter=f"metric = '{metric}' and score is not null",
    )


own_answers = Relation(
    grain="interaction",
    reads=("survey.answered",),
    filter="kind = 'survey.answered' and metric not in ('nps', 'csat', 'ces') and score is not null",
)


def interactions(*kinds: str, where: str = "", seconds: str = "") -> Relation:
    """The interactions of some kinds, kept only where a further condition holds; `seconds` is a time that each took."""
    also = f" and ({where})" if where else ""
    rows = f"SELECT *, {seconds} AS seconds, true AS ended FROM source" if seconds else ""
    return Relation(grain="interaction", reads=kinds, filter=f"kind in ($kinds){also}", rows=rows)

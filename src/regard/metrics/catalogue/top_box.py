"""How many customers give the top answers to a question of the organisation's own."""

from __future__ import annotations

from regard.metrics.estimators.share import share
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.interaction import own_answers
from regard.metrics.settings import Setting

top_box = register(
    Metric(
        key="top_box",
        title="Top answers to a question of your own",
        question="What share of customers give one of the top answers to a question of your own?",
        definition="share of the answers to one question other than nps, csat and ces that are at least top_from: with 4 the top two of a scale 1–5; skipped questions count nowhere; answers to different questions are never put together",
        unit=Unit.FRACTION,
        better=Better.HIGHER,
        relation=own_answers,
        counts={
            "n": "count(*)",
            "x": "sum(w)",
            "y": "coalesce(sum(w) filter (where score >= $top_from), 0)",
        },
        estimate=share,
        source="ISO 10004:2018; top-two-box convention; interval: Wilson (1927), JASA 22(158), 209-212",
        settings=(Setting("top_from", 4.0, "the lowest of the top answers, on the scale of the question"),),
        absent="no answer to a question of your own in the log",
        weighted=True,
        apart="metric",
    )
)

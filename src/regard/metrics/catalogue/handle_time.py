"""How long we work on a contact."""

from __future__ import annotations

from regard.metrics.estimators.mean_time import mean_time
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.interaction import interactions

handle_time = register(
    Metric(
        key="handle_time",
        title="Handle time",
        question="How long does a call or chat take on average?",
        definition="mean of duration_seconds of calls and chats that ended; those without a duration count nowhere",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        relation=interactions(
            "call.ended", "chat.ended", where="duration_seconds is not null", seconds="duration_seconds"
        ),
        counts={"n": "count(*)", "x": "count(*)", "y": "sum(duration_seconds)"},
        estimate=mean_time,
        source="Cleveland (2012), Call Center Management on Fast Forward, 4th ed.; interval: Cochran (1977), section 6.3; median and 90th percentile: Brookmeyer and Crowley (1982), Biometrics 38, 29-41",
        absent="no call.ended or chat.ended with a duration in the log",
    )
)

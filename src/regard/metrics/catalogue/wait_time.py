"""How long customers wait."""

from __future__ import annotations

from regard.metrics.estimators.mean_time import mean_time
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.thread import waits

wait_time = register(
    Metric(
        key="wait_time",
        title="Wait time",
        question="How long do customers wait on average until they are served or give up?",
        definition="mean of wait_seconds, one for each call, chat or visit (its last one told), those who gave up included",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        relation=waits,
        counts={"n": "count(*)", "x": "count(*)", "y": "sum(wait_seconds)"},
        estimate=mean_time,
        source="Cleveland (2012), Call Center Management on Fast Forward, 4th ed. (average speed of answer, abandoned ones included); interval: Cochran (1977), section 6.3; median and 90th percentile: Brookmeyer and Crowley (1982), Biometrics 38, 29-41",
        absent="no interaction with wait_seconds in the log",
    )
)

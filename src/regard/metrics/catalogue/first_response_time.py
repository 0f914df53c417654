"""How long until somebody first answers."""

from __future__ import annotations

from regard.metrics.estimators.waiting import median_wait
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.thread import first_replies

first_response_time = register(
    Metric(
        key="first_response_time",
        title="First response time",
        question="How long do customers wait until half of them have a first reply?",
        definition="seconds from the first message, chat or case of a thread to our first reply in it, or to its resolution where no reply is recorded; the Kaplan–Meier median, threads without a reply being censored at the moment of looking",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        relation=first_replies,
        counts={},
        estimate=median_wait,
        source="Kaplan and Meier (1958), JASA 53, 457-481; Brookmeyer and Crowley (1982), Biometrics 38, 29-41",
    )
)

"""How long until a case is resolved, open ones included."""

from __future__ import annotations

from regard.metrics.estimators.waiting import median_wait
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.thread import cases

time_to_resolution = register(
    Metric(
        key="time_to_resolution",
        title="Time to resolution",
        question="How long does it take until half of the cases are resolved?",
        definition="seconds from the opening of a case to its last resolution that no reopening followed (its closing where it was never marked resolved); the Kaplan–Meier median, open cases being censored at the moment of looking; a case belongs to the period in which it was opened. On a flat stretch at one half the median is its midpoint, as in R's survfit (lifelines takes the right end)",
        unit=Unit.SECONDS,
        better=Better.LOWER,
        relation=cases,
        counts={},
        estimate=median_wait,
        source="Kaplan and Meier (1958), JASA 53, 457-481; Brookmeyer and Crowley (1982), Biometrics 38, 29-41",
    )
)

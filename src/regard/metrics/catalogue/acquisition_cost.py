"""What it costs to win a customer."""

from __future__ import annotations

from regard.metrics.estimators.cost_each import cost_each
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.money import costs_and_customers_won

acquisition_cost = register(
    Metric(
        key="acquisition_cost",
        title="Acquisition cost",
        question="How much does it cost to win a customer?",
        definition="cost recorded in the period (kind cost.recorded; amounts are taken by size, whatever their sign) ÷ customers whose first order or first subscription that is no trial falls in it; currencies are never added",
        unit=Unit.MONEY,
        better=Better.LOWER,
        relation=costs_and_customers_won,
        counts={"n": "sum(won)", "x": "sum(won)", "y": "sum(cost)"},
        estimate=cost_each,
        source="Farris et al. (2010), Marketing Metrics, 2nd ed.; interval: Garwood (1936), Biometrika 28, 437-442",
    )
)

"""What a customer is worth."""

from __future__ import annotations

from collections.abc import Mapping

from regard.analytics.retention.lifetime_value import lifetime_value as contractual_value
from regard.kernel.errors import InvalidInput
from regard.kernel.estimates import Estimate
from regard.metrics.estimators.mean import mean
from regard.metrics.metric import Better, Metric, Unit, register
from regard.metrics.relations.money import PAID_KINDS, first_payments
from regard.metrics.settings import Setting, Value

FORMULA = Setting(
    "formula",
    "observed",
    "observed: what was paid so far; contractual: m(1+d)/(1+d−r) from margin, retention and discount",
    ("observed", "contractual"),
)
INPUTS = (
    Setting("margin", None, "with formula=contractual: margin a customer brings each period, in major units"),
    Setting(
        "retention", None, "with formula=contractual: share of customers kept from one period to the next"
    ),
    Setting("discount", None, "with formula=contractual: discount for one period, such as 0.1"),
)


def from_inputs(values: Mapping[str, Value]) -> Estimate | None:
    """The contractual value where it is asked for. Raises: InvalidInput where an input is missing or impossible."""
    if values["formula"] != "contractual":
        return None
    missing = [setting.name for setting in INPUTS if values[setting.name] is None]
    if missing:
        raise InvalidInput(
            "The contractual formula needs %(missing)s; give them as NAME=VALUE.", missing=", ".join(missing)
        )
    margin, retention, discount = (float(str(values[setting.name])) for setting in INPUTS)
    try:
        value = contractual_value(margin, retention, discount)
    except ValueError as error:
        raise InvalidInput(f"The contractual formula: {error}") from None
    return Estimate(value, None, None, 0, "contractual lifetime value m(1+d)/(1+d−r), inputs given")


lifetime_value = register(
    Metric(
        key="lifetime_value",
        title="Customer lifetime value",
        question="How much has a customer brought us so far?",
        definition="mean over the customers whose first payment falls in the period of all that they paid up to the "
        "moment of looking (returns taken off); currencies are never added. With formula=contractual: "
        "m(1+d)/(1+d−r) from the inputs given",
        unit=Unit.MONEY,
        better=Better.HIGHER,
        relation=first_payments,
        counts={"n": "1", "x": "1", "y": "paid"},
        estimate=mean,
        source="Gupta and Lehmann (2003), J. Interactive Marketing 17(1), 9-24; interval: Student (1908), Biometrika 6, 1-25",
        settings=(FORMULA, *INPUTS, PAID_KINDS),
        given=from_inputs,
    )
)

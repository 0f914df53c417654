"""What the customers will buy, as a document, sentences and tables."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analyses.telling import Sheet, between, number
from regard.analyses.value.traits import trait_entries, trait_sheet
from regard.analyses.value.valued import Valued
from regard.analytics.arrays import Floats
from regard.analytics.buying import gamma_gamma
from regard.analytics.buying.with_traits import WithTraits
from regard.analytics.distributions.normal import normal_quantile

FAR = normal_quantile(0.975)
# How far from what was expected, as a share of it, a reader is warned.
ROUGH = 0.2


def _total(valued: Valued) -> tuple[float, float, float]:
    """The purchases of all customers within the horizon, and between which numbers they come out 95 times in 100.

    Chance among customers, and what the parameters leave open (by the delta method), are added.
    """
    model, kinds, n = valued.model, valued.kinds, valued.kinds.n
    total = float(n @ valued.ahead.mean)
    slope = []
    for away in 1e-3 * np.eye(len(model.at)):
        ends = [
            float(n @ model.moved(model.at + way * away).purchases(kinds, valued.horizon)) for way in (1, -1)
        ]
        slope.append((ends[0] - ends[1]) / 2e-3)
    reach = FAR * math.sqrt(
        float(n @ valued.ahead.variance) + float(np.array(slope) @ model.covariance @ slope)
    )
    return total, max(total - reach, 0.0), total + reach


def _parameters(valued: Valued) -> dict[str, tuple[float, float, float]]:
    """Each parameter with its 95% interval, made on the logarithm."""
    model, found = valued.model, {}
    groups: list[tuple[tuple[str, ...], tuple[float, ...], Floats]] = [
        (tuple(model.parameters), tuple(model.parameters.values()), model.covariance[:4, :4])
    ]
    if valued.spend:
        spend = valued.spend
        groups.append((gamma_gamma.NAMES, (spend.p, spend.q, spend.gamma), spend.covariance))
    for names, values, covariance in groups:
        for name, value, error in zip(names, values, np.sqrt(np.diag(covariance)), strict=True):
            found[name] = (value, value * math.exp(-FAR * error), value * math.exp(FAR * error))
    return found


def document(model: str, valued: Valued) -> dict[str, Any]:
    """The figures for programs."""
    total, low, high = _total(valued)
    parameters = _parameters(valued)
    n, place, counted = len(valued.customers), valued.place, valued.customers.counted
    worth = None if valued.amounts is None else float(valued.amounts @ valued.ahead.mean[place])
    told: dict[str, Any] = {
        "model": model if valued.spend is None else f"{model}, gamma-gamma",
        "n": n,
        "until": valued.customers.until.isoformat(),
        f"horizon_{counted.key}": valued.horizon,
        "parameters": {name: value for name, (value, _, _) in parameters.items()},
        "parameter_intervals": {name: [low, high] for name, (_, low, high) in parameters.items()},
        "log_likelihood": valued.model.log_likelihood,
        "customers": {
            "n": n,
            "expected_purchases": total,
            "expected_purchases_low": low,
            "expected_purchases_high": high,
            "alive_share": float(valued.kinds.n @ valued.model.alive(valued.kinds)) / n,
            "value": worth,
        },
        "method": valued.model.method + (f"; {gamma_gamma.METHOD}" if valued.spend else ""),
        "source": valued.model.source + (f"; {gamma_gamma.SOURCE}" if valued.spend else ""),
    }
    if valued.spend:
        told["amount_log_likelihood"] = valued.spend.log_likelihood
        told["mean_amount"] = valued.spend.mean
    if valued.traits and isinstance(valued.model, WithTraits):
        told["covariates"] = trait_entries(valued.traits, valued.model)
    if counted.is_whole:
        told["period"] = counted.unit
    if valued.customers.time_later:
        told["held_out"] = {
            counted.key: valued.customers.time_later,
            "expected": float(
                valued.kinds.n @ valued.model.purchases(valued.kinds, valued.customers.time_later)
            ),
            "actual": float(valued.customers.later.sum()),
        }
    return told


def lines(valued: Valued) -> list[str]:
    """What a person reads first."""
    total, low, high = _total(valued)
    share = 100 * float(valued.kinds.n @ valued.model.alive(valued.kinds)) / len(valued.customers)
    said = (
        f"{len(valued.customers):,} customers bought by {valued.customers.until}; {share:.0f}% of them are likely still "
        f"customers. Within {valued.ahead_of(valued.horizon)} they will buy {number(total, 0)} times "
        f"({between(low, high, 0)})"
    )
    if valued.amounts is not None:
        said += f", worth {number(float(valued.amounts @ valued.ahead.mean[valued.place]), 0)}"
    read = [said + "."]
    if valued.customers.time_later:
        later = valued.customers.time_later
        expected = float(valued.kinds.n @ valued.model.purchases(valued.kinds, later))
        read.append(
            f"Held out: in the {valued.ahead_of(round(later))} after that day {number(expected, 0)} purchases were expected, and "
            f"{made_of(expected, float(valued.customers.later.sum()))}"
        )
    return read


def made_of(expected: float, made: float) -> str:
    """What was made in the time held out, beside what was expected; far from it, what that means for the time ahead.

    >>> made_of(1653.4, 1882)
    '1,882 made, 14% more.'
    >>> made_of(200, 150)
    '150 made, 25% fewer. So far from what came, the model is a rough guide to the time ahead.'
    """
    apart = made / expected - 1 if expected > 0 else 0.0
    said = f"{number(made, 0)} made"
    if abs(apart) >= 0.005:
        said += f", {abs(apart):.0%} {'more' if apart > 0 else 'fewer'}"
    rough = " So far from what came, the model is a rough guide to the time ahead."
    return f"{said}.{rough if abs(apart) > ROUGH else ''}"


def sheets(valued: Valued) -> list[Sheet]:
    """The parameters, and means by how often customers bought again."""
    rows = [
        [name, number(value), between(low, high)] for name, (value, low, high) in _parameters(valued).items()
    ]
    tables = [Sheet(["parameter", "value", "95% interval"], rows, numeric=(1, 2))]
    if valued.traits and isinstance(valued.model, WithTraits):
        tables.append(trait_sheet(valued.traits, valued.model))
    return [*tables, _means_sheet(valued)]


def _means_sheet(valued: Valued) -> Sheet:
    customers, place = valued.customers, valued.place
    alive, mean = valued.model.alive(valued.kinds)[place], valued.ahead.mean[place]
    later = valued.model.purchases(valued.kinds, customers.time_later)[place]
    found = []
    for first, last in ((0, 0), (1, 1), (2, 3), (4, 6), (7, math.inf)):
        chosen = (customers.again >= first) & (customers.again <= last)
        if not chosen.any():
            continue
        row = [
            _range(first, last),
            f"{int(chosen.sum()):,}",
            f"{100 * alive[chosen].mean():.0f}%",
            number(mean[chosen].mean(), 2),
        ]
        if valued.amounts is not None:
            row.append(number(float((valued.amounts * mean)[chosen].mean()), 2))
        if customers.time_later:
            row += [number(float(later[chosen].mean()), 2), number(float(customers.later[chosen].mean()), 2)]
        found.append(row)
    columns = [
        "bought again",
        "customers",
        "still customers",
        f"purchases in {valued.ahead_of(valued.horizon)}",
    ]
    columns += ["worth"] if valued.amounts is not None else []
    columns += ["expected, held out", "made, held out"] if customers.time_later else []
    return Sheet(columns, found, title="Means by how often they bought again", numeric=range(1, len(columns)))


def _range(first: int, last: float) -> str:
    if first == last:
        return f"{first}"
    return f"{first} to {last:g}" if last < math.inf else f"{first} and more"


def write_customers(path: Path, valued: Valued) -> None:
    """One row a customer."""
    from regard.warehouse.files.written import write_columns

    place, ahead, counted = valued.place, valued.ahead, valued.customers.counted
    columns: dict[str, NDArray[Any]] = {
        "customer": valued.customers.names.astype(str),
        "bought_again": valued.customers.again,
        f"last_{counted.key}": counted.steps(valued.customers.last),
        f"age_{counted.key}": counted.steps(valued.customers.age),
        "alive": valued.model.alive(valued.kinds)[place],
        "expected_purchases": ahead.mean[place],
        "purchases_low": ahead.low[place],
        "purchases_high": ahead.high[place],
    }
    if valued.amounts is not None:
        columns["value"] = valued.amounts * ahead.mean[place]
        columns["low"] = valued.amounts * ahead.low[place]
        columns["high"] = valued.amounts * ahead.high[place]
    write_columns(path, columns)

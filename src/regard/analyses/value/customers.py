"""What the customers will buy, and what that is worth."""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analyses.durations import seconds_of
from regard.analyses.reading import given_rows
from regard.analyses.telling import Answer, Sheet, between, number
from regard.analyses.value.bought import DAYS_A_WEEK, Bought, bought, day_of
from regard.analyses.value.drawn import draw_customers
from regard.analytics.arrays import Floats
from regard.analytics.buying import gamma_gamma
from regard.analytics.buying.bg_nbd import Ahead, BgNbd, fit_bg_nbd
from regard.analytics.buying.gamma_gamma import GammaGamma, fit_gamma_gamma
from regard.analytics.buying.histories import Histories, Places, group
from regard.analytics.buying.pareto_nbd import ParetoNbd, fit_pareto_nbd
from regard.analytics.distributions.normal import normal_quantile
from regard.kernel.errors import InvalidInput

Model = BgNbd | ParetoNbd

WEEK = 604_800
WEEKS_A_YEAR = 365.25 / 7
FAR = normal_quantile(0.975)
# Above this the worth of a purchase goes with how often somebody buys, which the model takes as independent.
STRONG = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Valued:
    """The customers with what was found; arrays by customer, but for `kinds`, `place` and `ahead`."""

    customers: Bought
    kinds: Histories
    place: Places
    model: Model
    ahead: Ahead
    spend: GammaGamma | None
    horizon: float
    amounts: Floats | None  # what a purchase leaves, after margin and discount
    notes: list[str]


def value_customers(args: argparse.Namespace) -> Answer:
    """The answer for the purchases that `args` name."""
    horizon = seconds_of(args.horizon) / WEEK
    margin, discount = share_of(args.margin, "--margin"), share_of(args.discount, "--discount")
    until = day_of(args.until) if args.until else None
    columns = [args.customer, args.time, *([args.amount] if args.amount else [])]
    with given_rows(args, columns) as table:
        (who,), (when,) = table.texts(args.customer), table.times(args.time)
        paid = table.numbers(args.amount)[0] if args.amount else None
    customers = bought(who, when, paid, until)
    kinds, place = group(customers.again, customers.last, customers.age, per=DAYS_A_WEEK)
    model: Model = (
        fit_pareto_nbd(kinds)
        if args.model == "pareto-nbd"
        else fit_bg_nbd(kinds, modified=args.model == "mbg-nbd")
    )
    notes = _notes(customers, model)
    spend = amounts = None
    if args.amount:
        spend, amounts = _spend(customers, notes)
        amounts = amounts * margin * _discounted(model, kinds, horizon, discount)[place]
    valued = Valued(
        customers, kinds, place, model, model.ahead(kinds, horizon), spend, horizon, amounts, notes
    )
    if args.out:
        _write(Path(args.out), valued)
    return Answer(
        _document(args.model, valued),
        lines=_lines(valued),
        sheets=_sheets(valued),
        notes=notes,
        draw=partial(draw_customers, valued),
    )


def share_of(text: str, what: str) -> float:
    """The share that `text` says. Raises: InvalidInput where it says none."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise InvalidInput(
            "%(what)s needs a share from 0 to 1, such as 0.1, not '%(given)s'.", what=what, given=text
        )
    return value


def _notes(customers: Bought, model: Model) -> list[str]:
    notes = []
    if customers.left_out:
        notes.append(f"{customers.left_out:,} rows without a customer or a time were left out.")
    if np.sqrt(np.diag(model.covariance)).max() > 1:
        notes.append(
            "These purchases hardly tell some of the parameters; take single customers' figures with care."
        )
    return notes


def _spend(customers: Bought, notes: list[str]) -> tuple[GammaGamma, Floats]:
    """The model of amounts, and what a purchase of each customer brings on average."""
    told = (customers.again > 0) & ~np.isnan(customers.amount)
    usable = told & (customers.amount > 0)
    if (told & ~usable).any():
        notes.append(
            f"{int((told & ~usable).sum()):,} customers whose purchases come to nothing or less are left out of the "
            "model of amounts and taken as average."
        )
    x, z = customers.again[usable], customers.amount[usable]
    spend = fit_gamma_gamma(x, z)
    if math.isnan(spend.mean):
        notes.append(
            "Amounts are so uneven that they have no mean under the model; the values hang on a few customers."
        )
    together = float(np.corrcoef(x, z)[0, 1]) if np.ptp(x) > 0 else 0.0
    if abs(together) > STRONG:
        notes.append(
            f"Who buys more often spends {'more' if together > 0 else 'less'} each time (correlation {together:.2f}); "
            "the model of amounts takes the two as independent."
        )
    return spend, spend.amounts(np.where(usable, customers.again, 0), np.where(usable, customers.amount, 0.0))


def _discounted(model: Model, kinds: Histories, horizon: float, discount: float) -> Floats:
    """What a purchase of each kind within the horizon is worth today: 1 without a discount, else by quarters of a year."""
    if not discount:
        return np.ones(len(kinds))
    ends = np.linspace(0, horizon, max(math.ceil(horizon / (WEEKS_A_YEAR / 4)), 1) + 1)
    until = np.array([np.zeros(len(kinds)), *(model.purchases(kinds, end) for end in ends[1:])])
    worth = (1 + discount) ** (-(ends[1:] + ends[:-1]) / 2 / WEEKS_A_YEAR)
    return np.asarray(worth @ np.diff(until, axis=0) / np.maximum(until[-1], 1e-300), dtype=np.float64)


def _total(valued: Valued) -> tuple[float, float, float]:
    """The purchases of all customers within the horizon, and between which numbers they come out 95 times in 100.

    Chance among customers, and what the parameters leave open (by the delta method), are added.
    """
    model, kinds, n = valued.model, valued.kinds, valued.kinds.n
    total = float(n @ valued.ahead.mean)
    logs = np.log(list(model.parameters.values()))
    slope = []
    for away in 1e-3 * np.eye(len(logs)):
        ends = [
            float(n @ model.moved(np.exp(logs + way * away)).purchases(kinds, valued.horizon))
            for way in (1, -1)
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
        (tuple(model.parameters), tuple(model.parameters.values()), model.covariance)
    ]
    if valued.spend:
        spend = valued.spend
        groups.append((gamma_gamma.NAMES, (spend.p, spend.q, spend.gamma), spend.covariance))
    for names, values, covariance in groups:
        for name, value, error in zip(names, values, np.sqrt(np.diag(covariance)), strict=True):
            found[name] = (value, value * math.exp(-FAR * error), value * math.exp(FAR * error))
    return found


def _document(model: str, valued: Valued) -> dict[str, Any]:
    total, low, high = _total(valued)
    parameters = _parameters(valued)
    n, place = len(valued.customers), valued.place
    worth = None if valued.amounts is None else float(valued.amounts @ valued.ahead.mean[place])
    document: dict[str, Any] = {
        "model": model if valued.spend is None else f"{model}, gamma-gamma",
        "n": n,
        "until": valued.customers.until.isoformat(),
        "horizon_weeks": valued.horizon,
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
        document["amount_log_likelihood"] = valued.spend.log_likelihood
        document["mean_amount"] = valued.spend.mean
    if valued.customers.weeks_later:
        document["held_out"] = {
            "weeks": valued.customers.weeks_later,
            "expected": float(
                valued.kinds.n @ valued.model.purchases(valued.kinds, valued.customers.weeks_later)
            ),
            "actual": float(valued.customers.later.sum()),
        }
    return document


def _lines(valued: Valued) -> list[str]:
    total, low, high = _total(valued)
    share = 100 * float(valued.kinds.n @ valued.model.alive(valued.kinds)) / len(valued.customers)
    said = (
        f"{len(valued.customers):,} customers bought by {valued.customers.until}; {share:.0f}% of them are likely still "
        f"customers. Within {valued.horizon:g} weeks they will buy {number(total, 0)} times ({between(low, high, 0)})"
    )
    if valued.amounts is not None:
        said += f", worth {number(float(valued.amounts @ valued.ahead.mean[valued.place]), 0)}"
    lines = [said + "."]
    if valued.customers.weeks_later:
        weeks = valued.customers.weeks_later
        expected = float(valued.kinds.n @ valued.model.purchases(valued.kinds, weeks))
        lines.append(
            f"Held out: in the {weeks:.0f} weeks after that day {number(expected, 0)} purchases were expected, and "
            f"{number(float(valued.customers.later.sum()), 0)} made."
        )
    return lines


def _sheets(valued: Valued) -> list[Sheet]:
    rows = [
        [name, number(value), between(low, high)] for name, (value, low, high) in _parameters(valued).items()
    ]
    sheets = [Sheet(["parameter", "value", "95% interval"], rows, numeric=(1, 2))]
    customers, place = valued.customers, valued.place
    alive, mean = valued.model.alive(valued.kinds)[place], valued.ahead.mean[place]
    later = valued.model.purchases(valued.kinds, max(customers.weeks_later, 1e-9))[place]
    found = []
    for first, last in ((0, 0), (1, 1), (2, 3), (4, 6), (7, math.inf)):
        chosen = (customers.again >= first) & (customers.again <= last)
        if not chosen.any():
            continue
        name = (
            f"{first}"
            if first == last
            else f"{first} to {last:g}"
            if last < math.inf
            else f"{first} and more"
        )
        row = [
            name,
            f"{int(chosen.sum()):,}",
            f"{100 * alive[chosen].mean():.0f}%",
            number(mean[chosen].mean(), 2),
        ]
        if valued.amounts is not None:
            row.append(number(float((valued.amounts * mean)[chosen].mean()), 2))
        if customers.weeks_later:
            row += [number(float(later[chosen].mean()), 2), number(float(customers.later[chosen].mean()), 2)]
        found.append(row)
    columns = ["bought again", "customers", "still customers", f"purchases in {valued.horizon:g} weeks"]
    columns += ["worth"] if valued.amounts is not None else []
    columns += ["expected, held out", "made, held out"] if customers.weeks_later else []
    sheets.append(
        Sheet(columns, found, title="Means by how often they bought again", numeric=range(1, len(columns)))
    )
    return sheets


def _write(path: Path, valued: Valued) -> None:
    """One row a customer."""
    from regard.warehouse.files.written import write_columns

    place, ahead = valued.place, valued.ahead
    columns: dict[str, NDArray[Any]] = {
        "customer": valued.customers.names.astype(str),
        "bought_again": valued.customers.again,
        "last_weeks": valued.customers.last / DAYS_A_WEEK,
        "age_weeks": valued.customers.age / DAYS_A_WEEK,
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

"""How many of those under contract will renew, and what that is worth."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analyses.bands import Band, bands
from regard.analyses.durations import seconds_of
from regard.analyses.figures import share_of
from regard.analyses.reading import given_rows
from regard.analyses.telling import Answer, Sheet, between, number
from regard.analyses.value.bought import day_of
from regard.analyses.value.customers import cost_of
from regard.analyses.value.document import made_of
from regard.analyses.value.renewed import Renewed, renewed
from regard.analytics.arrays import Floats
from regard.analytics.buying.shifted_beta_geometric import Sbg, fit_bdw, fit_sbg
from regard.analytics.distributions.normal import normal_quantile
from regard.analytics.sizes import check_size
from regard.kernel.errors import InvalidInput, NotEnoughData

DAY = 86_400
YEAR = "365d"
DAYS_A_YEAR = 365.0
FAR = normal_quantile(0.975)
MOST_PERIODS = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class _Valued:
    """The customers with the model, and for each of them the renewals to come and what these are worth."""

    customers: Renewed
    model: Sbg
    kinds: Floats
    n: Floats
    horizon: int
    ahead: Floats
    value: Floats | None
    observed: tuple[Floats, Floats]


def value_contracts(args: argparse.Namespace) -> Answer:
    """The answer for the payments that `args` name."""
    period = max(round(seconds_of(args.every or YEAR) / DAY), 1)
    horizon = min(max(round(seconds_of(args.horizon) / DAY / period), 1), MOST_PERIODS)
    margin, discount = share_of(args.margin, "--margin"), share_of(args.discount, "--discount")
    if args.covariate:
        raise InvalidInput(
            "--covariate goes with the models bg-nbd, mbg-nbd and pareto-nbd; of contracts ask 'regard predict'."
        )
    customers = _renewals(args, margin, period)
    fit = fit_bdw if args.model == "bdw" else fit_sbg
    valued = _valued(fit, customers, horizon, (1 + discount) ** (period / DAYS_A_YEAR) - 1)
    if args.out:
        _write(Path(args.out), valued)
    return Answer(
        _document(valued, period),
        lines=_lines(valued, period),
        sheets=[_sheet(valued)],
        notes=_notes(customers, period),
        draw=partial(_picture, valued, period),
    )


def _renewals(args: argparse.Namespace, margin: float, period: int) -> Renewed:
    """The renewals in the payments that `args` name, each worth its margin less what it costs to serve."""
    until = day_of(args.until) if args.until else None
    share, column = cost_of(args)
    columns = [one for one in (args.customer, args.time, args.amount, column) if one]
    with given_rows(args, columns) as table:
        (who,), (when,) = table.texts(args.customer), table.times(args.time)
        paid, spent = (table.numbers(one)[0] if one else None for one in (args.amount, column))
    if paid is not None and not (paid > 0).any():
        raise NotEnoughData(
            f"The column '{args.amount}' holds no amount above 0. Leave --amount out, or name another."
        )
    check_size(f"The column '{args.amount}'", paid)
    check_size(f"The column '{column}'", spent)
    left = None if paid is None else paid * (margin - share)
    if left is not None and spent is not None:
        left = left - np.nan_to_num(spent)
    return renewed(who, when, left, period, until)


def _notes(customers: Renewed, period: int) -> list[str]:
    left_out = f"{customers.left_out:,} rows without a customer or a time were left out."
    return [
        *([left_out] if customers.left_out else []),
        f"A contract runs {period:,} days. A renewal that was due by {customers.until} and never paid is an end; give an "
        "earlier --until where late payments are still to come.",
    ]


def _valued(
    fit: Callable[[Floats, Floats, Floats], Sbg], customers: Renewed, horizon: int, discount: float
) -> _Valued:
    kinds, counts = np.unique(2 * customers.renewed + customers.is_lost, return_counts=True)
    model = fit(kinds // 2, kinds % 2, counts.astype(np.float64))
    here = kinds % 2 == 0
    stay = ~customers.is_lost
    places = np.searchsorted(kinds, 2 * customers.renewed + customers.is_lost)
    ahead = np.where(stay, model.renewals(kinds // 2, horizon)[places], 0.0)
    value = None
    if not np.isnan(customers.amount).all():
        later = model.renewals(kinds // 2, horizon, discount=discount)[places]
        value = np.where(stay, later, 0.0) * np.nan_to_num(customers.amount)
    seen = (kinds // 2, counts.astype(np.float64) * (kinds % 2))
    return _Valued(customers, model, (kinds // 2)[here], counts[here].astype(np.float64), horizon, ahead, value,
                   _observed(customers.renewed, seen))  # fmt: skip


def _observed(renewals: Floats, lost: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """The share still there after each renewal as it was seen (Kaplan and Meier 1958, JASA 53, 457-481)."""
    at, n = lost
    periods = np.arange(renewals.max() + 1)
    due = np.array([(renewals >= one).sum() for one in periods], dtype=np.float64)
    left = np.bincount(at.astype(np.int64), n, len(periods))
    # Who has not come to a renewal yet was not at risk of missing it.
    here = np.bincount(renewals.astype(np.int64), minlength=len(periods)) - left
    risk = np.maximum(due - here, 0)
    stays = np.cumprod(np.where(risk > 0, 1 - left / np.maximum(risk, 1), 1.0))
    told = risk > 0
    return np.r_[0.0, periods[told] + 1], np.r_[1.0, stays[told]]


def _parameters(model: Sbg) -> dict[str, tuple[float, float, float]]:
    found = {}
    for name, value, error in zip(
        model.parameters, model.parameters.values(), np.sqrt(np.diag(model.covariance)), strict=True
    ):
        found[name] = (value, value * math.exp(-FAR * error), value * math.exp(FAR * error))
    return found


def _document(valued: _Valued, period: int) -> dict[str, Any]:
    model, customers = valued.model, valued.customers
    total, se = model.total(valued.kinds, valued.n, valued.horizon)
    parameters = _parameters(model)
    periods, shares = valued.observed
    told, errors = model.survival(periods), model.survival_errors(periods)
    document: dict[str, Any] = {
        "model": "bdw" if model.is_ageing else "sbg",
        "n": model.n,
        "until": customers.until.isoformat(),
        "period_days": period,
        "horizon_periods": valued.horizon,
        "parameters": {name: value for name, (value, _, _) in parameters.items()},
        "parameter_intervals": {name: [low, high] for name, (_, low, high) in parameters.items()},
        "log_likelihood": model.log_likelihood,
        "customers": {
            "n": model.n,
            "expected_purchases": total,
            "expected_purchases_low": max(total - FAR * se, 0.0),
            "expected_purchases_high": min(total + FAR * se, valued.horizon * float(valued.n.sum())),
            "alive_share": float(valued.n.sum()) / model.n,
            "value": None if valued.value is None else float(valued.value.sum()),
        },
        "survival": [
            {"renewals": int(at), "expected": one, "low": one * math.exp(-FAR * error), "high": min(one * math.exp(FAR * error), 1.0),
             "observed": share}
            for at, one, error, share in zip(periods, told, errors, shares, strict=True)
        ],
        "method": model.method,
        "source": model.source,
    }  # fmt: skip
    if customers.due_later.any():
        document["held_out"] = {"expected": _held_out(valued), "actual": float(customers.later.sum())}
    return document


def _held_out(valued: _Valued) -> float:
    """The renewals expected after the last day looked at, of those that the file still tells."""
    customers, found = valued.customers, 0.0
    for periods in np.unique(customers.due_later):
        chosen = (customers.due_later == periods) & ~customers.is_lost
        found += float(valued.model.renewals(customers.renewed[chosen], int(periods)).sum())
    return found


def _lines(valued: _Valued, period: int) -> list[str]:
    model, customers = valued.model, valued.customers
    total, se = model.total(valued.kinds, valued.n, valued.horizon)
    here = int(valued.n.sum())
    said = (
        f"{model.n:,} customers had a contract by {customers.until}; {here:,} still have one. Within {valued.horizon:,} "
        f"periods of {period:,} days they will renew {number(total, 0)} times "
        f"({between(max(total - FAR * se, 0.0), total + FAR * se, 0)})"
    )
    if valued.value is not None:
        said += f", worth {number(float(valued.value.sum()), 0)}"
    lines = [said + "."]
    if customers.due_later.any():
        lines.append(
            f"Held out: after that day {number(_held_out(valued), 0)} renewals were expected, and "
            f"{made_of(_held_out(valued), float(customers.later.sum()))}"
        )
    return lines


def _sheet(valued: _Valued) -> Sheet:
    periods, shares = valued.observed
    told, errors = valued.model.survival(periods), valued.model.survival_errors(periods)
    rows = [
        [f"{int(at)}", f"{share:.1%}", f"{one:.1%}",
         between(100 * one * math.exp(-FAR * error), min(100 * one * math.exp(FAR * error), 100.0), 1)]
        for at, share, one, error in zip(periods, shares, told, errors, strict=True)
    ]  # fmt: skip
    parameters = ", ".join(
        f"{name} {number(value)} ({between(low, high)})"
        for name, (value, low, high) in _parameters(valued.model).items()
    )
    heads = ["renewals", "still there", "expected", "interval"]
    return Sheet(heads, rows, title=parameters, numeric=range(1, 4))


def _picture(valued: _Valued, period: int) -> str:
    periods, shares = valued.observed
    ahead = np.arange(periods.max() + valued.horizon + 1)
    told, errors = 100 * valued.model.survival(ahead), FAR * valued.model.survival_errors(ahead)
    lines = [
        Band("expected", ahead, told, told * np.exp(-errors), np.minimum(told * np.exp(errors), 100.0)),
        Band("seen", periods, 100 * shares),
    ]
    return bands("Customers still under contract", f"renewals, each after {period:,} days", "%", lines)


def _write(path: Path, valued: _Valued) -> None:
    """One row a customer."""
    from regard.warehouse.files.written import write_columns

    customers = valued.customers
    columns: dict[str, NDArray[Any]] = {
        "customer": customers.names.astype(str),
        "renewed": customers.renewed,
        "alive": (~customers.is_lost).astype(np.float64),
        "expected_purchases": valued.ahead,
    }
    if valued.value is not None:
        columns["value"] = valued.value
    write_columns(path, columns)

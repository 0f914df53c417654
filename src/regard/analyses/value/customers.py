"""What the customers will buy, and what that is worth."""

from __future__ import annotations

import argparse
import math
from functools import partial
from pathlib import Path

import numpy as np

from regard.analyses.durations import seconds_of
from regard.analyses.reading import given_rows
from regard.analyses.telling import Answer
from regard.analyses.value.bought import DAYS_A_WEEK, Bought, bought, day_of
from regard.analyses.value.document import document, lines, sheets, write_customers
from regard.analyses.value.drawn import draw_customers
from regard.analyses.value.valued import Model, Valued
from regard.analytics.arrays import Floats
from regard.analytics.buying.bg_nbd import fit_bg_nbd
from regard.analytics.buying.gamma_gamma import GammaGamma, fit_gamma_gamma
from regard.analytics.buying.histories import Histories, group
from regard.analytics.buying.pareto_nbd import fit_pareto_nbd
from regard.kernel.errors import InvalidInput

WEEK = 604_800
WEEKS_A_YEAR = 365.25 / 7
# Above this the worth of a purchase goes with how often somebody buys, which the model takes as independent.
STRONG = 0.3


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
        write_customers(Path(args.out), valued)
    return Answer(
        document(args.model, valued),
        lines=lines(valued),
        sheets=sheets(valued),
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

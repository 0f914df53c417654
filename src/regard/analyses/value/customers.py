"""What the customers will buy, and what that is worth."""

from __future__ import annotations

import argparse
import math
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from regard.analyses.columns import read_columns
from regard.analyses.figures import parsed, share_of
from regard.analyses.reading import given_rows
from regard.analyses.telling import Answer
from regard.analyses.value.bought import Bought, bought, day_of
from regard.analyses.value.counted import WEEKS
from regard.analyses.value.document import document, lines, sheets, write_customers
from regard.analyses.value.drawn import draw_customers
from regard.analyses.value.spending import costs, discounted, spend
from regard.analyses.value.traits import traits_of
from regard.analyses.value.valued import Model, Valued
from regard.analytics.buying.bg_bb import BgBb, fit_bg_bb
from regard.analytics.buying.bg_nbd import BgNbd, fit_bg_nbd
from regard.analytics.buying.histories import Histories, group
from regard.analytics.buying.pareto_nbd import ParetoNbd, fit_pareto_nbd
from regard.analytics.buying.with_traits import WithTraits, fit_with_traits
from regard.analytics.predicting.columns import Column
from regard.analytics.sizes import check_size
from regard.kernel.errors import InvalidInput, NotEnoughData


def value_customers(args: argparse.Namespace) -> Answer:
    """The answer for the purchases that `args` name."""
    margin, discount = share_of(args.margin, "--margin"), share_of(args.discount, "--discount")
    customers, columns = _read(args)
    notes = _notes(customers)
    horizon = customers.counted.horizon(args.horizon)
    traits = traits_of(columns, notes) if columns else None
    kinds, place = group(
        customers.again,
        customers.last,
        customers.age,
        per=customers.counted.per,
        traits=None if traits is None else traits.matrix,
    )
    model = _fit(args.model, kinds)
    if traits is not None and not isinstance(model, (BgBb, WithTraits)):
        traits = replace(traits, without=model.log_likelihood)
        model = _told_apart(kinds, model, notes)
    if np.sqrt(np.diag(model.covariance)).max() > 1:
        notes.append(
            "These purchases hardly tell some of the parameters; take single customers' figures with care."
        )
    amount_model = amounts = None
    if args.amount:
        amount_model, amounts = spend(customers, notes)
        share, column = cost_of(args)
        amounts = amounts * (margin - share) - (costs(customers) if column else 0.0)
        amounts = amounts * discounted(customers, model, kinds, horizon, discount)[place]
    ahead = model.ahead(kinds, horizon)
    valued = Valued(customers, kinds, place, model, ahead, amount_model, horizon, amounts, notes, traits)
    if args.out:
        write_customers(Path(args.out), valued)
    return Answer(
        document(args.model, valued),
        lines=lines(valued),
        sheets=sheets(valued),
        notes=notes,
        draw=partial(draw_customers, valued),
    )


def cost_of(args: argparse.Namespace) -> tuple[float, str | None]:
    """The share of an amount that serving costs, and the column that tells it; 0 and None where nothing is said of it.

    Raises: InvalidInput where there is no amount to take it from.
    """
    if args.cost is None:
        return 0.0, None
    if not args.amount:
        raise InvalidInput(
            "--cost is taken from what a purchase brings. Name that column too: --amount COLUMN."
        )
    if math.isnan(parsed(args.cost)):
        return 0.0, str(args.cost)
    return share_of(args.cost, "--cost"), None


def _read(args: argparse.Namespace) -> tuple[Bought, list[Column]]:
    """The customers, and the columns that tell what was known of them at first."""
    if args.covariate and args.model == "bg-bb":
        raise InvalidInput(
            "--covariate goes with the models bg-nbd, mbg-nbd and pareto-nbd. Leave it or --model out."
        )
    until = day_of(args.until) if args.until else None
    _, cost = cost_of(args)
    columns = [one for one in (args.customer, args.time, args.amount, cost, *args.covariate) if one]
    with given_rows(args, columns) as table:
        (who,), (when,) = table.texts(args.customer), table.times(args.time)
        paid = table.numbers(args.amount)[0] if args.amount else None
        spent = table.numbers(cost)[0] if cost else None
        known = read_columns(table, args.covariate)
    if paid is not None and not (paid > 0).any():
        raise NotEnoughData(
            f"The column '{args.amount}' holds no amount above 0. Leave --amount out, or name another."
        )
    for name, values in ((args.amount, paid), (cost, spent), *((one.name, one.numbers) for one in known)):
        check_size(f"The column '{name}'", values)
    way = (args.every or "year") if args.model == "bg-bb" else WEEKS
    customers = bought(who, when, paid, until, way, costs=spent)
    return customers, [column[customers.first_rows] for column in known]


def _fit(name: str, kinds: Histories) -> Model:
    if name == "bg-bb":
        return fit_bg_bb(kinds)
    if name == "pareto-nbd":
        return fit_pareto_nbd(kinds)
    return fit_bg_nbd(kinds, modified=name == "mbg-nbd")


def _told_apart(kinds: Histories, model: BgNbd | ParetoNbd, notes: list[str]) -> WithTraits:
    """The model with traits; where too few leave to tell who does so sooner, with who buys faster only."""
    try:
        return fit_with_traits(kinds, model)
    except NotEnoughData:
        found = fit_with_traits(kinds, model, leave_alike=True)
    notes.append(
        "Too few customers of some trait leave to tell who does so sooner; leaving is taken as alike, and only how often they "
        "buy is told apart."
    )
    return found


def _notes(customers: Bought) -> list[str]:
    notes = []
    if customers.left_out:
        notes.append(f"{customers.left_out:,} rows without a customer or a time were left out.")
    counted = customers.counted
    if counted.is_whole:
        notes.append(
            f"Counted in {counted.unit}, of which the last ends with {customers.until}: in each of them a customer buys or "
            "does not."
        )
    return notes

"""`regard value`: who is still a customer, how often they will buy, and what that is worth."""

from __future__ import annotations

import argparse

from regard.analyses.asking import Commands, add_command, ask
from regard.analyses.telling import tell

EPILOG = """
  regard value orders.csv --customer customer_id --time ordered_at --amount total
  regard value orders.csv --customer customer_id --time ordered_at --amount total --until 2025-09-30 --horizon 26w
  regard value orders.csv --customer customer_id --time ordered_at --covariate channel --out customers.parquet
  regard value gifts.csv --customer donor --time given_on --amount gift --model bg-bb --every year --horizon 260w
  regard value payments.csv --customer customer_id --time paid_at --amount fee --model sbg --every 30d --horizon 52w
  regard value --where "kind = 'order.placed'" --customer customer_id --time occurred_at --amount amount
"""


OPTIONS = (
    ask("--customer", "who bought", required=True, metavar="COLUMN"),
    ask("--time", "when", required=True, metavar="COLUMN"),
    ask("--amount", "for how much; without it only purchases are told", metavar="COLUMN"),
    ask("--until", "the last day looked at; the last one of the file if not given", metavar="DATE"),
    ask("--horizon", "how far ahead: 26w, 90d; 52w if not given", default="52w", metavar="TIME"),
    ask(
        "--model",
        "whether customers may leave after their second purchase at the earliest (bg-nbd, the default), or after their first (mbg-nbd), or at any moment (pareto-nbd); bg-bb where they buy once a period or not, such as donors each year; sbg for contracts, where each row is a payment and a missed one an end; bdw the same where each customer grows more or less likely to leave with the years",
        choices=("bg-nbd", "mbg-nbd", "pareto-nbd", "bg-bb", "sbg", "bdw"),
        default="bg-nbd",
    ),
    ask(
        "--covariate",
        "what was known of a customer with their first purchase, such as the channel that they came by: whether those buy more often or leave sooner; once for each",
        many=True,
        metavar="COLUMN",
    ),
    ask(
        "--every",
        "for bg-bb, the period: day, week, month, quarter or year of the calendar (year), or a time such as 28d; for sbg and bdw, how long a contract runs until it is renewed (365d)",
        metavar="TIME",
    ),
    ask("--margin", "of an amount, the share that is left: 0.35", default="1", metavar="SHARE"),
    ask(
        "--cost",
        "what serving a purchase costs: a column of amounts, or a share of what it brings",
        metavar="COLUMN|SHARE",
    ),
    ask("--discount", "a year, for what comes later: 0.1", default="0", metavar="SHARE"),
    ask("--out", "write a row for each customer to this .parquet or .csv", metavar="FILE"),
)


def register(commands: Commands) -> None:
    """Add `regard value`."""
    add_command(
        commands,
        "value",
        run,
        OPTIONS,
        help="who will buy again, how often, and for how much",
        description=__doc__,
        epilog=EPILOG,
        draws=True,
    )


def run(args: argparse.Namespace) -> int:
    """Tell what the customers are worth. Returns 0."""
    if args.model in ("sbg", "bdw"):
        from regard.analyses.value.contracts import value_contracts

        tell(value_contracts(args), args)
    else:
        from regard.analyses.value.customers import value_customers

        tell(value_customers(args), args)
    return 0

"""`regard value`: who is still a customer, how often they will buy, and what that is worth."""

from __future__ import annotations

import argparse

from regard.analyses.reading import add_rows
from regard.analyses.telling import add_telling, tell

EPILOG = """
  regard value orders.csv --customer customer_id --time ordered_at --amount total
  regard value orders.csv --customer customer_id --time ordered_at --amount total --until 2025-09-30 --horizon 26w
  regard value orders.csv --customer customer_id --time ordered_at --covariate channel --out customers.parquet
  regard value gifts.csv --customer donor --time given_on --amount gift --model bg-bb --every year --horizon 260w
  regard value payments.csv --customer customer_id --time paid_at --amount fee --model sbg --every 30d --horizon 52w
  regard value --where "kind = 'order.placed'" --customer customer_id --time occurred_at --amount amount
"""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `regard value`."""
    parser = commands.add_parser(
        "value",
        help="who will buy again, how often, and for how much",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_rows(parser)
    parser.add_argument("--customer", required=True, metavar="COLUMN", help="who bought")
    parser.add_argument("--time", required=True, metavar="COLUMN", help="when")
    parser.add_argument("--amount", metavar="COLUMN", help="for how much; without it only purchases are told")
    parser.add_argument(
        "--until", metavar="DATE", help="the last day looked at; the last one of the file if not given"
    )
    parser.add_argument(
        "--horizon", default="52w", metavar="TIME", help="how far ahead: 26w, 90d; 52w if not given"
    )
    parser.add_argument(
        "--model",
        choices=("bg-nbd", "mbg-nbd", "pareto-nbd", "bg-bb", "sbg", "bdw"),
        default="bg-nbd",
        help="whether customers may leave after their second purchase at the earliest (bg-nbd, the default), or "
        "after their first (mbg-nbd), or at any moment (pareto-nbd); bg-bb where they buy once a period or not, such as "
        "donors each year; sbg for contracts, where each row is a payment and a missed one an end; bdw the same "
        "where each customer grows more or less likely to leave with the years",
    )
    parser.add_argument(
        "--covariate",
        action="append",
        default=[],
        metavar="COLUMN",
        help="what was known of a customer with their first purchase, such as the channel that they came by: whether those "
        "buy more often or leave sooner; once for each",
    )
    parser.add_argument(
        "--every",
        metavar="TIME",
        help="for bg-bb, the period: day, week, month, quarter or year of the calendar (year), or a time such as 28d; "
        "for sbg and bdw, how long a contract runs until it is renewed (365d)",
    )
    parser.add_argument(
        "--margin", default="1", metavar="SHARE", help="of an amount, the share that is left: 0.35"
    )
    parser.add_argument(
        "--cost",
        metavar="COLUMN|SHARE",
        help="what serving a purchase costs: a column of amounts, or a share of what it brings",
    )
    parser.add_argument("--discount", default="0", metavar="SHARE", help="a year, for what comes later: 0.1")
    parser.add_argument(
        "--out", metavar="FILE", help="write a row for each customer to this .parquet or .csv"
    )
    add_telling(parser, draws=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Tell what the customers are worth. Returns 0."""
    if args.model in ("sbg", "bdw"):
        from regard.analyses.value.contracts import value_contracts

        tell(value_contracts(args), args)
    else:
        from regard.analyses.value.customers import value_customers

        tell(value_customers(args), args)
    return 0

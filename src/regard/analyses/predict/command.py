"""`regard predict`: who will leave or buy, how far the chances can be trusted, and what they rest on."""

from __future__ import annotations

import argparse

from regard.analyses.reading import add_rows
from regard.analyses.telling import add_telling

EPILOG = """examples:
  regard predict customers.csv --outcome churned
  regard predict customers.csv --outcome churned --customer id --new today.csv --out chances.csv --svg reliability.svg
  regard predict customers.csv --outcome churned --time months --by contract --at 12 --at 24
  regard predict campaign.csv --outcome bought --treatment mailed"""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `regard predict`."""
    parser = commands.add_parser(
        "predict",
        help="who will leave or buy: calibrated chances with reasons, how long customers stay, whom to treat",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_rows(parser)
    add = parser.add_argument
    add("--outcome", required=True, metavar="COL", help="what is foretold: a column of two values")
    add("--yes", metavar="VALUE", help="which of them is the yes; guessed for yes/no, true/false and 1/0")
    add("--column", action="append", default=[], metavar="COL",
        help="what to foretell from; once for each (of a file, every other column where none is named)")  # fmt: skip
    add(
        "--without", action="append", default=[], metavar="COL", help="a column not to be used; once for each"
    )
    add(
        "--keep",
        action="append",
        default=[],
        metavar="COL",
        help="use this column though it was left out for a reason",
    )
    add(
        "--customer",
        metavar="COL",
        help="who each row is; rows of one customer are never on both sides of a test",
    )
    add("--model", choices=("best", "logistic", "curved", "boosted"), default="best",
        help="best (default) compares lines and curves and takes lines unless curves are better than chance explains")  # fmt: skip
    add("--boosted", action="store_true", help="let boosted trees take part in the comparison (slower)")
    add("--folds", type=int, default=5, metavar="N", help="parts that the rows are cut into (5)")
    add("--seeds", type=int, default=5, metavar="N", help="how many times they are cut anew (5)")
    add("--seed", type=int, default=2, metavar="N", help="start of the random numbers (2)")
    add(
        "--new",
        metavar="FILE",
        help="customers to foretell for; it is told where they differ from FILE (drift)",
    )
    add("--out", metavar="FILE", help="write chance and reasons of each customer to this .parquet or .csv")
    add("--time", metavar="COL", help="how long each customer was seen; tells how long customers stay")
    add("--by", metavar="COL", help="with --time: compare these groups")
    add(
        "--at",
        action="append",
        default=[],
        type=float,
        metavar="TIME",
        help="with --time: the share still there then",
    )
    add("--treatment", metavar="COL", help="who was treated by lot; tells whom the treatment moves (uplift)")
    add("--treated", metavar="VALUE", help="which value of it means treated")
    add_telling(parser, draws=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Foretell, judge and tell. Returns 0."""
    from regard.analyses.predict.answering import answer
    from regard.analyses.telling import tell

    tell(answer(args), args)
    return 0

"""`regard predict`: who will leave or buy, how far the chances can be trusted, and what they rest on."""

from __future__ import annotations

import argparse

from regard.analyses.asking import SEED, Commands, add_command, ask
from regard.analyses.figures import figure

EPILOG = """examples:
  regard predict customers.csv --outcome churned
  regard predict customers.csv --outcome churned --customer id --new today.csv --out chances.csv --svg reliability.svg
  regard predict customers.csv --outcome churned --time months --by contract --at 12 --at 24
  regard predict campaign.csv --outcome bought --treatment mailed"""


OPTIONS = (
    ask("--outcome", "what is foretold: a column of two values", required=True, metavar="COL"),
    ask("--yes", "which of them is the yes; guessed for yes/no, true/false and 1/0", metavar="VALUE"),
    ask(
        "--column",
        "what to foretell from; once for each (of a file, every other column where none is named)",
        many=True,
        metavar="COL",
    ),
    ask("--without", "a column not to be used; once for each", many=True, metavar="COL"),
    ask("--keep", "use this column though it was left out for a reason", many=True, metavar="COL"),
    ask(
        "--customer", "who each row is; rows of one customer are never on both sides of a test", metavar="COL"
    ),
    ask(
        "--model",
        "best (default) compares lines and curves and takes lines unless curves are better than chance explains",
        choices=("best", "logistic", "curved", "boosted"),
        default="best",
    ),
    ask("--boosted", "let boosted trees take part in the comparison (slower)", action="store_true"),
    ask("--folds", "parts that the rows are cut into (5)", type=int, default=5, metavar="N"),
    ask("--seeds", "how many times they are cut anew (5)", type=int, default=5, metavar="N"),
    SEED,
    ask("--new", "customers to foretell for; it is told where they differ from FILE (drift)", metavar="FILE"),
    ask("--out", "write chance and reasons of each customer to this .parquet or .csv", metavar="FILE"),
    ask("--time", "how long each customer was seen; tells how long customers stay", metavar="COL"),
    ask("--by", "with --time: compare these groups", metavar="COL"),
    ask("--at", "with --time: the share still there then", many=True, type=figure, metavar="TIME"),
    ask("--treatment", "who was treated by lot; tells whom the treatment moves (uplift)", metavar="COL"),
    ask("--treated", "which value of it means treated", metavar="VALUE"),
)


def register(commands: Commands) -> None:
    """Add `regard predict`."""
    add_command(
        commands,
        "predict",
        run,
        OPTIONS,
        help="who will leave or buy: calibrated chances with reasons, how long customers stay, whom to treat",
        description=__doc__,
        epilog=EPILOG,
        draws=True,
    )


def run(args: argparse.Namespace) -> int:
    """Foretell, judge and tell. Returns 0."""
    from regard.analyses.predict.answering import answer
    from regard.analyses.telling import tell

    tell(answer(args), args)
    return 0

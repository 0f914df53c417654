"""`regard effect`: what a treatment did to an outcome, by a named design, or that it is an association only."""

from __future__ import annotations

import argparse

from regard.analyses.reading import add_rows
from regard.analyses.telling import add_telling

EPILOG = """examples:
  regard effect customers.csv --treatment called --outcome spent --confounder tenure --confounder plan
  regard effect trial.csv --treatment mailed --outcome bought --confounder age --design random
  regard effect shops.csv --design did --unit shop --time week --treatment new_queue --outcome csat
  regard effect weeks.csv --design interrupted --time week --treatment after_launch --outcome calls
  regard effect shops.csv --design synthetic --unit shop --time week --treatment new_queue --outcome csat
  regard effect customers.csv --design instrument --instrument invited --treatment joined --outcome spent"""
DESIGNS = ("random", "adjusted", "did", "interrupted", "synthetic", "instrument")


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `regard effect`."""
    parser = commands.add_parser(
        "effect",
        help="what a treatment did to an outcome, by which design, and what would have to be hidden to explain it away",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_rows(parser)
    add = parser.add_argument
    add(
        "--treatment",
        required=True,
        metavar="COL",
        help="what was done: a column of two values (of an instrument, or numbers)",
    )
    add(
        "--treated",
        metavar="VALUE",
        help="which of them means treated; guessed for yes/no, true/false and 1/0",
    )
    add("--outcome", required=True, metavar="COL", help="what came of it: numbers, or a column of two values")
    add("--yes", metavar="VALUE", help="which of an outcome's two values is the yes")
    add("--confounder", action="append", default=[], metavar="COL",
        help="what may be behind both, known before the treatment; once for each")  # fmt: skip
    add(
        "--design", choices=DESIGNS, help="how the treatment came about; adjusted where confounders are named"
    )
    add("--target", choices=("everybody", "treated"), default="everybody",
        help="of whom the effect is told, where the design leaves a choice")  # fmt: skip
    add(
        "--learner",
        choices=("lines", "trees"),
        default="lines",
        help="what the doubly robust estimate learns by",
    )
    add(
        "--placebo",
        metavar="COL",
        help="an outcome that the treatment cannot have moved, such as an earlier one",
    )
    add("--instrument", metavar="COL", help="what moves the treatment by lot and the outcome in no other way")
    add("--unit", metavar="COL", help="of did and synthetic: who was observed, such as a shop")
    add("--time", metavar="COL", help="of did, interrupted and synthetic: when, as numbers or dates")
    add("--confidence", type=float, default=0.95, metavar="SHARE", help="coverage of intervals (0.95)")
    add("--seed", type=int, default=2, metavar="N", help="start of the random numbers (2)")
    add_telling(parser, draws=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Find the effect, judge it and tell. Returns 0."""
    from regard.analyses.effect.answering import answer
    from regard.analyses.telling import tell

    tell(answer(args), args)
    return 0

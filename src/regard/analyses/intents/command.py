"""`regard intents`: what customers want, learnt from labelled texts, and how well it is told of texts not seen."""

from __future__ import annotations

import argparse

from regard.analyses.reading import add_rows
from regard.analyses.telling import add_telling

EPILOG = """examples:
  regard intents train.csv --text message --label intent --test test.csv
  regard intents train.csv --text message --label intent --test test.csv --out-of-scope other
  regard intents train.csv --text message --label intent --test test.csv --predict today.csv --out told.csv"""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `regard intents`."""
    parser = commands.add_parser(
        "intents",
        help="what customers want, from their words: learnt from examples, with the words that made each verdict",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_rows(parser)
    add = parser.add_argument
    add("--text", required=True, metavar="COL", help="what the customer wrote")
    add("--label", required=True, metavar="COL", help="what they wanted: one label for each text")
    add("--test", required=True, metavar="FILE", help="labelled texts not learnt from, by which it is judged")
    add(
        "--out-of-scope",
        metavar="LABEL",
        help="the label of what is nothing known; texts that no other label fits get it",
    )
    add("--predict", metavar="FILE", help="texts to tell the label of")
    add(
        "--out",
        metavar="FILE",
        help="write label, chance and words of each text of --predict to this .parquet or .csv",
    )
    add("--seed", type=int, default=2, metavar="N", help="start of the random numbers (2)")
    add_telling(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Learn, judge and tell. Returns 0."""
    from regard.analyses.intents.answering import answer
    from regard.analyses.telling import tell

    tell(answer(args), args)
    return 0

"""`regard topics`: what customers write about, what it does to their score, and what is new."""

from __future__ import annotations

import argparse

from regard.analyses.reading import add_rows
from regard.analyses.telling import add_telling

EPILOG = """examples:
  regard topics comments.csv --text comment
  regard topics survey.csv --text comment --score nps --scale nps --svg topics.svg
  regard topics tickets.parquet --text note --time opened_at --latest 7d
  regard topics comments.csv --text comment --taught topics.toml --out told.parquet

a taught topic, in topics.toml (or a CSV with the columns topic, keyword, example):
  [[topic]]
  name = "refunds"
  keywords = ["refund*", "money back"]
  examples = ["I still wait for what you owe me"]"""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `regard topics`."""
    parser = commands.add_parser(
        "topics",
        help="what customers write about, what it does to their score, and what is new",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_rows(parser)
    add = parser.add_argument
    add("--text", required=True, metavar="COL", help="what the customer wrote")
    add(
        "--topics",
        type=int,
        default=10,
        metavar="N",
        help="how many topics are looked for (10); 0 for taught ones only",
    )
    add("--taught", metavar="FILE", help="topics of your own by keywords and examples, .toml or .csv")
    add("--score", metavar="COL", help="the score that stands beside the words")
    add("--scale", choices=("mean", "nps"), default="mean", help="how scores are summed up (mean)")
    add("--time", metavar="COL", help="when it was written; tells what is new")
    add("--latest", default="30d", metavar="TIME", help="how long the latest period is: 7d, 4w (30d)")
    add("--out", metavar="FILE", help="write the topic of each text to this .parquet or .csv")
    add("--seed", type=int, default=2, metavar="N", help="start of the random numbers (2)")
    add_telling(parser, draws=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Find topics and tell them. Returns 0."""
    from regard.analyses.telling import tell
    from regard.analyses.topics.answering import answer

    tell(answer(args), args)
    return 0

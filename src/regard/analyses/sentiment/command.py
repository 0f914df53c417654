"""`regard sentiment`: how customers feel about what, told from their words, with the words that made each verdict."""

from __future__ import annotations

import argparse

from regard.analyses.reading import add_rows
from regard.analyses.telling import add_telling

EPILOG = """examples:
  regard sentiment comments.csv --text comment
  regard sentiment comments.parquet --text comment --languages en,pl --out told.parquet
  regard sentiment survey.csv --text comment --score nps --predict emails.csv --out told.csv"""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `regard sentiment`."""
    parser = commands.add_parser(
        "sentiment",
        help="how customers feel, from their words: sentiment, emotion, effort, and what it is about",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_rows(parser)
    add = parser.add_argument
    add("--text", required=True, metavar="COL", help="what the customer wrote")
    add(
        "--languages",
        default="en,el,hy,pl,ru",
        metavar="LIST",
        help="those that may occur (en,el,hy,pl,ru); a text in another is unknown",
    )
    add("--score", metavar="COL", help="the score that stands beside the words; sentiment is learnt from it")
    add(
        "--scale",
        choices=("nps", "csat", "ces"),
        help="what the score counts: 0-10, 1-5 or 1-7; guessed from its values if not given",
    )
    add("--predict", metavar="FILE", help="with --score: texts to tell the sentiment of")
    add("--out", metavar="FILE", help="write what is told of each text to this .parquet or .csv")
    add("--aspects", type=int, default=12, metavar="N", help="how many aspects are told at the most (12)")
    add("--seed", type=int, default=2, metavar="N", help="start of the random numbers (2)")
    add_telling(parser, draws=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Tell how the writers feel. Returns 0."""
    from regard.analyses.telling import tell

    if args.score:
        from regard.analyses.sentiment.adapting import answer_learnt

        tell(answer_learnt(args), args)
        return 0
    from regard.analyses.sentiment.answering import answer

    tell(answer(args), args)
    return 0

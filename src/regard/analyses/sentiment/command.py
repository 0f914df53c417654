"""`regard sentiment`: how customers feel about what, told from their words, with the words that made each verdict."""

from __future__ import annotations

import argparse

from regard.analyses.asking import SEED, Commands, add_command, ask

EPILOG = """examples:
  regard sentiment comments.csv --text comment
  regard sentiment comments.csv --text comment --cluster customer_id
  regard sentiment comments.parquet --text comment --languages en,pl --out told.parquet
  regard sentiment survey.csv --text comment --score nps --predict emails.csv --out told.csv"""


OPTIONS = (
    ask("--text", "what the customer wrote", required=True, metavar="COL"),
    ask(
        "--languages", "those that may occur (en,el,hy,pl,ru); a text in another is unknown",
        default="en,el,hy,pl,ru", metavar="LIST",
    ),
    ask("--cluster", "rows with the same value belong together, such as a customer's", metavar="COL"),
    ask("--score", "the score that stands beside the words; sentiment is learnt from it", metavar="COL"),
    ask(
        "--scale", "what the score counts: 0-10, 1-5 or 1-7; guessed from its values if not given",
        choices=("nps", "csat", "ces"),
    ),
    ask("--predict", "with --score: texts to tell the sentiment of", metavar="FILE"),
    ask("--out", "write what is told of each text to this .parquet or .csv", metavar="FILE"),
    ask("--aspects", "how many aspects are told at the most (12)", type=int, default=12, metavar="N"),
    SEED,
)  # fmt: skip


def register(commands: Commands) -> None:
    """Add `regard sentiment`."""
    add_command(
        commands,
        "sentiment",
        run,
        OPTIONS,
        help="how customers feel, from their words: sentiment, emotion, effort, and what it is about",
        description=__doc__,
        epilog=EPILOG,
        draws=True,
    )


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

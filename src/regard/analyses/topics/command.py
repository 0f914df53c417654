"""`regard topics`: what customers write about, what it does to their score, and what is new."""

from __future__ import annotations

import argparse

from regard.analyses.asking import SEED, Commands, add_command, ask

EPILOG = """examples:
  regard topics comments.csv --text comment
  regard topics survey.csv --text comment --score nps --scale nps --svg topics.svg
  regard topics survey.csv --text comment --score nps --cluster customer_id
  regard topics tickets.parquet --text note --time opened_at --latest 7d
  regard topics comments.csv --text comment --taught topics.toml --out told.parquet

a taught topic, in topics.toml (or a CSV with the columns topic, keyword, example):
  [[topic]]
  name = "refunds"
  keywords = ["refund*", "money back"]
  examples = ["I still wait for what you owe me"]"""


OPTIONS = (
    ask("--text", "what the customer wrote", required=True, metavar="COL"),
    ask(
        "--topics", "how many topics are looked for (10); 0 for taught ones only",
        type=int, default=10, metavar="N",
    ),
    ask("--taught", "topics of your own by keywords and examples, .toml or .csv", metavar="FILE"),
    ask("--score", "the score that stands beside the words", metavar="COL"),
    ask("--scale", "how scores are summed up (mean)", choices=("mean", "nps"), default="mean"),
    ask("--cluster", "rows with the same value belong together, such as a customer's", metavar="COL"),
    ask("--time", "when it was written; tells what is new", metavar="COL"),
    ask("--latest", "how long the latest period is: 7d, 4w (30d)", default="30d", metavar="TIME"),
    ask("--out", "write the topic of each text to this .parquet or .csv", metavar="FILE"),
    SEED,
)  # fmt: skip


def register(commands: Commands) -> None:
    """Add `regard topics`."""
    add_command(
        commands,
        "topics",
        run,
        OPTIONS,
        help="what customers write about, what it does to their score, and what is new",
        description=__doc__,
        epilog=EPILOG,
        draws=True,
    )


def run(args: argparse.Namespace) -> int:
    """Find topics and tell them. Returns 0."""
    from regard.analyses.telling import tell
    from regard.analyses.topics.answering import answer

    tell(answer(args), args)
    return 0

"""`regard intents`: what customers want, learnt from labelled texts, and how well it is told of texts not seen."""

from __future__ import annotations

import argparse

from regard.analyses.asking import SEED, Commands, add_command, ask

EPILOG = """examples:
  regard intents train.csv --text message --label intent --test test.csv
  regard intents train.csv --text message --label intent --test test.csv --out-of-scope other
  regard intents train.csv --text message --label intent --test test.csv --predict today.csv --out told.csv
  regard intents turns.csv --text message --label intent --thread conversation --test other-turns.csv"""


OPTIONS = (
    ask("--text", "what the customer wrote", required=True, metavar="COL"),
    ask("--label", "what they wanted: one label for each text", required=True, metavar="COL"),
    ask("--test", "labelled texts not learnt from, by which it is judged", required=True, metavar="FILE"),
    ask(
        "--thread",
        "rows of one conversation, in their order; what was said before in it counts too (a column such as conversation_id, "
        "where every file has it and its rows stand together)",
        metavar="COL",
    ),
    ask("--no-thread", "each text by itself, whatever column there is", action="store_true"),
    ask(
        "--out-of-scope",
        "the label of what is nothing known; texts that no other label fits get it",
        metavar="LABEL",
    ),
    ask("--predict", "texts to tell the label of", metavar="FILE"),
    ask(
        "--out",
        "write label, chance and words of each text of --predict to this .parquet or .csv",
        metavar="FILE",
    ),
    SEED,
)


def register(commands: Commands) -> None:
    """Add `regard intents`."""
    add_command(
        commands,
        "intents",
        run,
        OPTIONS,
        help="what customers want, from their words: learnt from examples, with the words that made each verdict",
        description=__doc__,
        epilog=EPILOG,
    )


def run(args: argparse.Namespace) -> int:
    """Learn, judge and tell. Returns 0."""
    from regard.analyses.intents.answering import answer
    from regard.analyses.telling import tell

    tell(answer(args), args)
    return 0

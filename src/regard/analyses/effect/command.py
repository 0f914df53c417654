"""`regard effect`: what a treatment did to an outcome, by a named design, or that it is an association only."""

from __future__ import annotations

import argparse

from regard.analyses.asking import CONFIDENCE, SEED, Commands, add_command, ask

EPILOG = """examples:
  regard effect customers.csv --treatment called --outcome spent --confounder tenure --confounder plan
  regard effect trial.csv --treatment mailed --outcome bought --confounder age --design random
  regard effect shops.csv --design did --unit shop --time week --treatment new_queue --outcome csat
  regard effect weeks.csv --design interrupted --time week --treatment after_launch --outcome calls
  regard effect shops.csv --design synthetic --unit shop --time week --treatment new_queue --outcome csat
  regard effect customers.csv --design instrument --instrument invited --treatment joined --outcome spent"""
DESIGNS = ("random", "adjusted", "did", "interrupted", "synthetic", "instrument")


OPTIONS = (
    ask(
        "--treatment",
        "what was done: a column of two values (of an instrument, or numbers)",
        required=True,
        metavar="COL",
    ),
    ask("--treated", "which of them means treated; guessed for yes/no, true/false and 1/0", metavar="VALUE"),
    ask("--outcome", "what came of it: numbers, or a column of two values", required=True, metavar="COL"),
    ask("--yes", "which of an outcome's two values is the yes", metavar="VALUE"),
    ask(
        "--confounder",
        "what may be behind both, known before the treatment; once for each",
        many=True,
        metavar="COL",
    ),
    ask("--design", "how the treatment came about; adjusted where confounders are named", choices=DESIGNS),
    ask(
        "--target",
        "of whom the effect is told, where the design leaves a choice",
        choices=("everybody", "treated"),
        default="everybody",
    ),
    ask(
        "--learner", "what the doubly robust estimate learns by", choices=("lines", "trees"), default="lines"
    ),
    ask(
        "--placebo", "an outcome that the treatment cannot have moved, such as an earlier one", metavar="COL"
    ),
    ask("--instrument", "what moves the treatment by lot and the outcome in no other way", metavar="COL"),
    ask("--unit", "of did and synthetic: who was observed, such as a shop", metavar="COL"),
    ask("--time", "of did, interrupted and synthetic: when, as numbers or dates", metavar="COL"),
    CONFIDENCE,
    SEED,
)


def register(commands: Commands) -> None:
    """Add `regard effect`."""
    add_command(
        commands,
        "effect",
        run,
        OPTIONS,
        help="what a treatment did to an outcome, by which design, and what would have to be hidden to explain it away",
        description=__doc__,
        epilog=EPILOG,
        draws=True,
    )


def run(args: argparse.Namespace) -> int:
    """Find the effect, judge it and tell. Returns 0."""
    from regard.analyses.effect.answering import answer
    from regard.analyses.telling import tell

    tell(answer(args), args)
    return 0

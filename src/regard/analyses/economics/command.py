"""The command `economics`: what promoters, passives and detractors bring, how many stay, and what that is worth."""

from __future__ import annotations

import argparse

from regard.analyses.asking import CONFIDENCE, Commands, add_command, ask
from regard.analyses.figures import figure

EPILOG = """examples:
  regard economics log.csv --customer customer --score nps --amount total --time day
  regard economics log.csv --customer customer --score nps --amount total --time day --cost service --margin 0.35 --svg worth.svg
  regard economics --customer customer_id --score score --amount amount --time occurred_at --where "metric = 'nps' or kind = 'order.placed'"

A row is an answer where it has a score, and a purchase where it has an amount; it may be both."""


OPTIONS = (
    ask("--customer", "who answered or bought", required=True, metavar="COL"),
    ask(
        "--score",
        "how likely they are to recommend, from 0 to 10; empty in rows that are no answer",
        required=True,
        metavar="COL",
    ),
    ask("--amount", "what they paid; empty in rows that are no purchase", required=True, metavar="COL"),
    ask("--time", "when", required=True, metavar="COL"),
    ask("--cost", "what it cost to serve them", metavar="COL"),
    ask("--margin", "of an amount, the share that is left (1)", type=figure, default=1.0, metavar="SHARE"),
    ask("--discount", "what a later amount loses a year (0.1)", type=figure, default=0.1, metavar="SHARE"),
    ask("--every", "how long a period is (365d)", default="365d", metavar="TIME"),
    ask("--until", "the last day looked at; the last one of the file if not given", metavar="DATE"),
    CONFIDENCE,
)


def register(commands: Commands) -> None:
    """Add the command `economics`."""
    add_command(
        commands,
        "economics",
        run,
        OPTIONS,
        help="what promoters, passives and detractors are worth, raw and made alike in tenure and spend",
        description=__doc__,
        epilog=EPILOG,
        draws=True,
    )


def run(args: argparse.Namespace) -> int:
    """Follow the customers from their first answer, and tell what each group is worth."""
    from regard.analyses.economics.document import answer
    from regard.analyses.economics.followed import follow
    from regard.analyses.telling import tell
    from regard.kernel.errors import InvalidInput

    if not 0 < args.confidence < 1:
        raise InvalidInput(
            f"A confidence lies between 0 and 1, such as 0.95; {args.confidence:g} does not. Correct --confidence."
        )
    if not 0 < args.discount <= 10:
        raise InvalidInput(
            f"A discount lies above 0, such as 0.1, or the value has no bound; {args.discount:g} does not. Correct --discount."
        )
    if not 0 < args.margin <= 1:
        raise InvalidInput(f"--margin needs a share above 0, up to 1, such as 0.35, not {args.margin:g}.")
    tell(answer(follow(args), args), args)
    return 0

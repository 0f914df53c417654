"""The command `explain`: what made a figure change, where and for whom, and when."""

from __future__ import annotations

import argparse

from regard.analyses.asking import CONFIDENCE, SEED, Commands, add_command, ask
from regard.analyses.figures import figure

EPILOG = """examples:
  regard explain answers.csv --metric nps --score nps --period quarter --by shop --by channel
  regard explain answers.csv --metric csat --score rating --period day --cut 2026-04-01 --by shop --by product --svg why.svg
  regard explain answers.parquet --metric mean --score minutes --period month --before 2026-03 --after 2026-04 --by team --time answered_at"""


OPTIONS = (
    ask("--metric", "the figure that the scores make", required=True, choices=("nps", "csat", "mean")),
    ask("--score", "0 to 10 for nps, 1 to 5 for csat, any number for mean", required=True, metavar="COL"),
    ask(
        "--period",
        "which of two periods an answer belongs to; or, with --cut, when it came",
        required=True,
        metavar="COL",
    ),
    ask("--by", "what to split by; once for each", required=True, action="append", metavar="COL"),
    ask("--before", "of the period, what is before; once for each value", many=True, metavar="VALUE"),
    ask("--after", "of the period, what is after", many=True, metavar="VALUE"),
    ask("--cut", "take the period's column as a time: before this, and from it on", metavar="DATE"),
    ask("--cluster", "rows with the same value belong together, such as a customer's", metavar="COL"),
    ask("--conditions", "the most conditions of a slice (3)", type=int, default=3, choices=(1, 2, 3)),
    ask(
        "--support",
        "the least share of all answers in a slice (0.01)",
        type=figure,
        default=0.01,
        metavar="SHARE",
    ),
    ask("--time", "also tell at which days the figure changed, and which days stand out", metavar="COL"),
    ask("--every", "what --time counts together (day)", choices=("day", "week", "month"), default="day"),
    CONFIDENCE,
    SEED,
)


def register(commands: Commands) -> None:
    """Add the command `explain`."""
    add_command(
        commands,
        "explain",
        run,
        OPTIONS,
        help="what made a figure change: mix and rate of each group, the slices that explain it, and when",
        description=__doc__,
        epilog=EPILOG,
        draws=True,
    )


def run(args: argparse.Namespace) -> int:
    """Read the answers, split their change, search the slices, tell it."""
    from rich.console import Console

    from regard.analyses.explain.document import answer
    from regard.analyses.explain.found import find
    from regard.analyses.explain.reading import read_asked
    from regard.analyses.telling import tell
    from regard.kernel.errors import InvalidInput

    if not 0 < args.confidence < 1:
        raise InvalidInput(
            f"A confidence lies between 0 and 1, such as 0.95; {args.confidence:g} does not. Correct --confidence."
        )
    with Console(stderr=True).status("reading") as status:
        asked = read_asked(args)
        found = find(asked, args, status.update)
    tell(answer(asked, found, args), args)
    return 0

"""The command `explain`: what made a figure change, where and for whom, and when."""

from __future__ import annotations

import argparse

from regard.analyses.reading import add_rows
from regard.analyses.telling import add_telling

EPILOG = """examples:
  regard explain answers.csv --metric nps --score nps --period quarter --by shop --by channel
  regard explain answers.csv --metric csat --score rating --period day --cut 2026-04-01 --by shop --by product --svg why.svg
  regard explain answers.parquet --metric mean --score minutes --period month --before 2026-03 --after 2026-04 --by team --time answered_at"""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `explain`."""
    parser = commands.add_parser(
        "explain",
        help="what made a figure change: mix and rate of each group, the slices that explain it, and when",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_rows(parser)
    add = parser.add_argument
    add("--metric", required=True, choices=("nps", "csat", "mean"), help="the figure that the scores make")
    add("--score", required=True, metavar="COL", help="0 to 10 for nps, 1 to 5 for csat, any number for mean")
    add("--period", required=True, metavar="COL", help="which of two periods an answer belongs to; or, with --cut, when it came")  # fmt: skip
    add("--by", required=True, action="append", metavar="COL", help="what to split by; once for each")
    add("--before", action="append", default=[], metavar="VALUE", help="of the period, what is before; once for each value")  # fmt: skip
    add("--after", action="append", default=[], metavar="VALUE", help="of the period, what is after")
    add("--cut", metavar="DATE", help="take the period's column as a time: before this, and from it on")
    add("--cluster", metavar="COL", help="rows with the same value belong together, such as a customer's")
    add("--conditions", type=int, default=3, choices=(1, 2, 3), help="the most conditions of a slice (3)")
    add("--support", type=float, default=0.01, metavar="SHARE", help="the least share of all answers in a slice (0.01)")  # fmt: skip
    add("--time", metavar="COL", help="also tell at which days the figure changed, and which days stand out")
    add("--every", choices=("day", "week", "month"), default="day", help="what --time counts together (day)")
    add("--confidence", type=float, default=0.95, metavar="SHARE", help="coverage of intervals (0.95)")
    add("--seed", type=int, default=2, metavar="N", help="start of the random numbers (2)")
    add_telling(parser, draws=True)
    parser.set_defaults(run=run)


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

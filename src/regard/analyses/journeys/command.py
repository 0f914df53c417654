"""The command `journeys`: what follows upon what, which ways cases take, where they wait and where they go astray."""

from __future__ import annotations

import argparse

from regard.analyses.reading import add_rows
from regard.analyses.telling import add_telling

EPILOG = """examples:
  regard journeys events.parquet --case order --activity step --time at --svg journeys.svg
  regard journeys events.csv --case order --activity step --time at --model designed.txt --amount cost
  regard journeys --case customer_id --activity kind --time occurred_at       (of the hub)"""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `journeys`."""
    parser = commands.add_parser(
        "journeys",
        help="what follows upon what, how long after, by which ways, and where it differs from what was designed",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_rows(parser)
    add = parser.add_argument
    add("--case", required=True, metavar="COL", help="which events belong together, such as an order's")
    add("--activity", required=True, metavar="COL", help="what happened")
    add("--time", required=True, metavar="COL", help="when it began; equal times stand as in the file")
    add(
        "--variants",
        default="1000",
        metavar="N",
        help="how many ways the JSON lists: a number, or all (1000)",
    )
    add_telling(parser, draws=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read the events, find what follows upon what, tell it."""
    from regard.analyses.journeys.document import answer
    from regard.analyses.journeys.reading import read_journeys
    from regard.analyses.telling import tell

    tell(answer(read_journeys(args), args), args)
    return 0

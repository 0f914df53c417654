"""The command `journeys`: what follows upon what, which ways cases take, where they wait and where they go astray."""

from __future__ import annotations

import argparse
from pathlib import Path

from regard.analyses.reading import add_rows
from regard.analyses.telling import add_telling

EPILOG = """examples:
  regard journeys events.parquet --case order --activity step --time at --svg journeys.svg
  regard journeys events.csv --case order --activity step --time at --model designed.txt --amount cost
  regard journeys log.xes --model designed.txt            (XES and OCEL 2.0 say themselves what is what)
  regard journeys --where "channel = 'web'"               (of the hub)"""


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
    add(
        "--case",
        metavar="COL",
        help="which events belong together, such as an order's (of the hub: customer_id)",
    )
    add("--activity", metavar="COL", help="what happened (of the hub: kind)")
    add(
        "--time",
        metavar="COL",
        help="when it began; equal times stand as in the file (of the hub: occurred_at)",
    )
    add("--object", metavar="TYPE", help="of an object-centric log (OCEL 2.0), which objects are the cases")
    add("--out", metavar="FILE", help="write the events as .xes, or as OCEL 2.0: .jsonocel or .xmlocel")
    add(
        "--variants",
        default="1000",
        metavar="N",
        help="how many ways the JSON lists: a number, or all (1000)",
    )
    _add_questions(parser)
    add_telling(parser, draws=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read the events, find what follows upon what, tell it."""
    from regard.analyses.journeys.asked import asked
    from regard.analyses.journeys.document import answer
    from regard.analyses.journeys.reading import read_journeys
    from regard.analyses.telling import tell
    from regard.analytics.journeys.variants import variants

    journeys = read_journeys(args)
    ways = variants(journeys.log)
    if args.out:
        from regard.analyses.journeys.writing import write_log

        write_log(Path(args.out), journeys)
    tell(answer(journeys, ways, args, asked(journeys, ways, args)), args)
    return 0


def _add_questions(parser: argparse.ArgumentParser) -> None:
    """What can be asked beside the graph."""
    add = parser.add_argument_group("a designed order").add_argument
    add("--model", metavar="FILE",
        help="compare with this order: a step a line; `a | b` one of them, `a & b` both in any order, a line ending in "
        "` ?` may be left out, in ` +` repeated, in ` *` both; `anywhere: c, d` may happen at any time")  # fmt: skip
    add("--amount", metavar="COL", help="what an event costs, to price what goes otherwise")
    add = parser.add_argument_group("a funnel").add_argument
    add("--step", action="append", default=[], metavar="NAME[/TIME]",
        help="an activity of the funnel, once for each in order; with the time it may take after the one before: pay/2h")  # fmt: skip
    add("--within", metavar="TIME", help="how long all steps may take together, such as 7d")
    add("--segment", metavar="COL", help="compare the funnel between these, each with all others")
    add = parser.add_argument_group("what goes with an outcome").add_argument
    add(
        "--outcome",
        metavar="COL[=VALUE]",
        help="a case has it where any of its rows says so (1, yes, true or VALUE)",
    )
    add(
        "--outcome-step",
        metavar="NAME",
        help="a case has it where this happens; only what came before counts",
    )
    add("--longest", type=int, default=3, metavar="N", help="the most activities of a stretch (3)")
    add = parser.add_argument_group("what comes next").add_argument
    add("--ahead", action="store_true", help="the next step and the time left, judged on the latest cases")
    add("--done", action="append", default=[], metavar="NAME",
        help="a case is finished once this happened; once for each (all are, where none is named)")  # fmt: skip
    add = parser.add_argument_group("contacts").add_argument
    add("--channel", metavar="COL", help="tell hops between channels and repeated contacts")
    add("--contact", action="append", default=[], metavar="NAME",
        help="an activity that is a contact; once for each (whatever has a channel, where none is named)")  # fmt: skip
    add(
        "--again",
        default="7d",
        metavar="TIME",
        help="a contact is repeated if another one follows within this (7d)",
    )

"""The command `journeys`: what follows upon what, which ways cases take, where they wait and where they go astray."""

from __future__ import annotations

import argparse
from pathlib import Path

from regard.analyses.asking import Commands, add_command, ask

EPILOG = """examples:
  regard journeys events.parquet --case order --activity step --time at --svg journeys.svg
  regard journeys events.csv --case order --activity step --time at --model designed.txt --amount cost
  regard journeys log.xes --model designed.txt            (XES and OCEL 2.0 say themselves what is what)
  regard journeys --where "channel = 'web'"               (of the hub)"""


OPTIONS = (
    ask(
        "--case", "which events belong together, such as an order's (of the hub: customer_id)", metavar="COL"
    ),
    ask("--activity", "what happened (of the hub: kind)", metavar="COL"),
    ask("--time", "when it began; equal times stand as in the file (of the hub: occurred_at)", metavar="COL"),
    ask("--object", "of an object-centric log (OCEL 2.0), which objects are the cases", metavar="TYPE"),
    ask("--out", "write the events as .xes, or as OCEL 2.0: .jsonocel or .xmlocel", metavar="FILE"),
    ask("--variants", "how many ways the JSON lists: a number, or all (1000)", default="1000", metavar="N"),
)

GROUPS = {
    "a designed order": (
        ask(
            "--model",
            "compare with this order: a step a line; `a | b` one of them, `a & b` both in any order, a line ending in ` ?` may be left out, in ` +` repeated, in ` *` both; `anywhere: c, d` may happen at any time",
            metavar="FILE",
        ),
        ask("--amount", "what an event costs, to price what goes otherwise", metavar="COL"),
    ),
    "a funnel": (
        ask(
            "--step",
            "an activity of the funnel, once for each in order; with the time it may take after the one before: pay/2h",
            many=True,
            metavar="NAME[/TIME]",
        ),
        ask("--within", "how long all steps may take together, such as 7d", metavar="TIME"),
        ask("--segment", "compare the funnel between these, each with all others", metavar="COL"),
    ),
    "what goes with an outcome": (
        ask(
            "--outcome",
            "a case has it where any of its rows says so (1, yes, true or VALUE)",
            metavar="COL[=VALUE]",
        ),
        ask(
            "--outcome-step", "a case has it where this happens; only what came before counts", metavar="NAME"
        ),
        ask("--longest", "the most activities of a stretch (3)", type=int, default=3, metavar="N"),
    ),
    "what comes next": (
        ask("--ahead", "the next step and the time left, judged on the latest cases", action="store_true"),
        ask(
            "--done",
            "a case is finished once this happened; once for each (all are, where none is named)",
            many=True,
            metavar="NAME",
        ),
    ),
    "contacts": (
        ask("--channel", "tell hops between channels and repeated contacts", metavar="COL"),
        ask(
            "--contact",
            "an activity that is a contact; once for each (whatever has a channel, where none is named)",
            many=True,
            metavar="NAME",
        ),
        ask(
            "--again",
            "a contact is repeated if another one follows within this (7d)",
            default="7d",
            metavar="TIME",
        ),
    ),
}


def register(commands: Commands) -> None:
    """Add the command `journeys`."""
    add_command(
        commands,
        "journeys",
        run,
        OPTIONS,
        help="what follows upon what, how long after, by which ways, and where it differs from what was designed",
        epilog=EPILOG,
        groups=GROUPS,
        draws=True,
    )


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

"""`regard forecast`: how much will come, interval by interval, by the model that foretold the past best."""

from __future__ import annotations

import argparse

from regard.analyses.asking import Commands, add_command, ask
from regard.analyses.telling import tell

EPILOG = """
  regard forecast calls.csv --time started_at --every 30m --horizon 7d --zone Europe/Athens --holidays GR
  regard forecast volumes.csv --time start --value calls --every 30m --horizon 7d --out next-week.csv
  regard forecast volumes.csv --time start --value calls --every 1d --horizon 28d --holidays special-days.csv
  regard forecast --where "kind = 'case.opened'" --time occurred_at --every 1h --horizon 3d --json
"""


OPTIONS = (
    ask("--time", "when", required=True, metavar="COLUMN"),
    ask("--value", "how much; without it rows are counted", metavar="COLUMN"),
    ask("--every", "length of an interval: 15m, 30m, 1h, 1d, 1w", required=True, metavar="TIME"),
    ask("--horizon", "how far ahead: 24h, 7d, 8w", required=True, metavar="TIME"),
    ask(
        "--holidays",
        "special days: a file with columns date and name, past and to come; or a country such as GR, PL, US-CA",
        metavar="FILE|COUNTRY",
    ),
    ask(
        "--as",
        "what rows of one interval come to (sum)",
        dest="gathered",
        choices=("sum", "mean"),
        default="sum",
    ),
    ask(
        "--empty",
        "what an interval without a row is: zero where rows are counted, a gap where --value is given",
        choices=("zero", "gap"),
    ),
    ask(
        "--until",
        "the rows are complete up to here; of events, the last interval is left out if not given, as it may not be over",
        metavar="TIME",
    ),
    ask("--zone", "such as Europe/Athens (default: the organisation's; UTC for a file)", metavar="ZONE"),
    ask("--confidence", "of the intervals (0.95)", default="0.95", metavar="SHARE"),
    ask("--out", "write a row for each interval to this .parquet or .csv", metavar="FILE"),
)


def register(commands: Commands) -> None:
    """Add `regard forecast`."""
    add_command(
        commands,
        "forecast",
        run,
        OPTIONS,
        help="how much will come, interval by interval",
        description=__doc__,
        epilog=EPILOG,
        draws=True,
    )


def run(args: argparse.Namespace) -> int:
    """Tell what comes. Returns 0."""
    from regard.analyses.forecast.answering import foretell

    tell(foretell(args), args)
    return 0

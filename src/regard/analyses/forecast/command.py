"""`regard forecast`: how much will come, interval by interval, by the model that foretold the past best."""

from __future__ import annotations

import argparse

from regard.analyses.reading import add_rows
from regard.analyses.telling import add_telling, tell

EPILOG = """
  regard forecast calls.csv --time started_at --every 30m --horizon 7d --zone Europe/Athens --holidays GR
  regard forecast volumes.csv --time start --value calls --every 30m --horizon 7d --out next-week.csv
  regard forecast volumes.csv --time start --value calls --every 1d --horizon 28d --holidays special-days.csv
  regard forecast --where "kind = 'case.opened'" --time occurred_at --every 1h --horizon 3d --json
"""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `regard forecast`."""
    parser = commands.add_parser(
        "forecast",
        help="how much will come, interval by interval",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_rows(parser)
    parser.add_argument("--time", required=True, metavar="COLUMN", help="when")
    parser.add_argument("--value", metavar="COLUMN", help="how much; without it rows are counted")
    parser.add_argument(
        "--every", required=True, metavar="TIME", help="length of an interval: 15m, 30m, 1h, 1d, 1w"
    )
    parser.add_argument("--horizon", required=True, metavar="TIME", help="how far ahead: 24h, 7d, 8w")
    parser.add_argument(
        "--holidays",
        metavar="FILE|COUNTRY",
        help="special days: a file with columns date and name, past and to come; or a country such as GR, PL, US-CA",
    )
    parser.add_argument(
        "--as",
        dest="gathered",
        choices=("sum", "mean"),
        default="sum",
        help="what rows of one interval come to (sum)",
    )
    parser.add_argument(
        "--empty",
        choices=("zero", "gap"),
        help="what an interval without a row is: zero where rows are counted, a gap where --value is given",
    )
    parser.add_argument(
        "--until", metavar="TIME", help="the rows are complete up to here; of events, the last interval "
        "is left out if not given, as it may not be over",
    )  # fmt: skip
    parser.add_argument(
        "--zone", metavar="ZONE", help="such as Europe/Athens (default: the organisation's; UTC for a file)"
    )
    parser.add_argument("--confidence", default="0.95", metavar="SHARE", help="of the intervals (0.95)")
    parser.add_argument(
        "--out", metavar="FILE", help="write a row for each interval to this .parquet or .csv"
    )
    add_telling(parser, draws=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Tell what comes. Returns 0."""
    from regard.analyses.forecast.answering import foretell

    tell(foretell(args), args)
    return 0

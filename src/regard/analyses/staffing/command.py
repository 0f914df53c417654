"""`regard staffing`: how many people must answer, how many must be scheduled, and how it would be with one fewer."""

from __future__ import annotations

import argparse

from regard.analyses.telling import add_telling, tell

EPILOG = """
  regard staffing --calls 120 --per 30m --aht 300 --target 0.8/20 --shrinkage 0.3
  regard staffing --calls 120 --per 30m --aht 300 --target 0.8/20 --patience 120
  regard staffing --calls 120 --per 30m --aht 300 --agents 24
  regard staffing tomorrow.csv --calls forecast --low low --high high --time start --per 30m --aht 300
  regard staffing --calls 90 --per 30m --aht 480 --target 0.8/30 --at-once 3 --slower 0.3
  regard staffing tomorrow.csv --calls forecast --per 30m --aht 300 --carry-over
  regard staffing claims.csv --calls claims --per 1d --aht 900 --due 3d --hours hours --backlog 120
  regard staffing --skills skills.toml --per 30m --target 0.8/20 --shrinkage 0.3
  regard staffing --forecast next-week.csv --aht 300 --target 0.8/20 --shrinkage 0.3 --svg week.svg
"""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `regard staffing`."""
    parser = commands.add_parser(
        "staffing",
        help="how many people answer so many calls in time",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_calls(parser)
    parser.add_argument(
        "--target",
        default="0.8/20",
        metavar="SHARE/SECONDS",
        help="share to be answered within so long (0.8/20)",
    )
    parser.add_argument(
        "--agents", metavar="N", help="tell how so many would serve, instead of how many it takes"
    )
    parser.add_argument(
        "--model", choices=("erlang-c", "erlang-a"), help="erlang-a where --patience is given, else erlang-c"
    )
    parser.add_argument("--patience", metavar="SECONDS", help="after which callers hang up, on average")
    parser.add_argument(
        "--shrinkage", default="0", metavar="SHARE", help="of paid time, the share away from the phone: 0.3"
    )
    parser.add_argument(
        "--max-occupancy", metavar="SHARE", help="nobody shall be busy for more of the time: 0.85"
    )
    parser.add_argument(
        "--level",
        choices=("offered", "answered", "patient"),
        default="offered",
        help="what answered in time is a share of: calls offered (default), calls answered, or calls offered "
        "but for those that hung up before the time",
    )
    _add_kinds(parser)
    _add_columns(parser)
    add_telling(parser, draws=True)
    parser.set_defaults(run=run)


def _add_calls(parser: argparse.ArgumentParser) -> None:
    """What comes, and how long it takes."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="CSV, Parquet or NDJSON with a row for each interval"
    )
    parser.add_argument("--calls", metavar="N", help="calls in an interval; of a file, their column")
    parser.add_argument(
        "--forecast", metavar="FILE", help="the intervals that `regard forecast` wrote, by --out or --json"
    )
    parser.add_argument(
        "--per", default="30m", metavar="TIME", help="length of an interval: 15m, 30m (default), 1h"
    )
    parser.add_argument(
        "--aht",
        metavar="SECONDS",
        help="handling time of a call, talk and wrap-up; or a column of it",
    )


def _add_kinds(parser: argparse.ArgumentParser) -> None:
    """What other queues need: those that last, chats, work that may wait, several skills."""
    parser.add_argument(
        "--carry-over", action="store_true", help="each interval begins with the queue of the one before it"
    )
    parser.add_argument("--at-once", metavar="K", help="chats that an agent has side by side")
    parser.add_argument(
        "--slower", metavar="SHARE", help="by which each further chat makes all of an agent's longer: 0.3"
    )
    parser.add_argument(
        "--due", metavar="TIME", help="work that may wait so long after the interval it came in: 3d"
    )
    parser.add_argument(
        "--hours",
        metavar="HOURS",
        help="of work that may wait, what one person works in an interval (8); or a column",
    )
    parser.add_argument("--backlog", metavar="N", help="of work that may wait, what is open at the beginning")
    parser.add_argument(
        "--skills",
        metavar="FILE",
        help="TOML that tells several skills and the groups of agents who know them",
    )


def _add_columns(parser: argparse.ArgumentParser) -> None:
    """Which columns of a file say what."""
    parser.add_argument("--time", metavar="COLUMN", help="of a file, the column that names the interval")
    parser.add_argument("--low", metavar="COLUMN", help="of a file, the low end of the forecast of calls")
    parser.add_argument("--high", metavar="COLUMN", help="of a file, its high end")


def run(args: argparse.Namespace) -> int:
    """Tell how many people it takes. Returns 0."""
    from dataclasses import replace

    from regard.analyses.staffing.asked import asked_of

    asked = asked_of(args)
    if args.skills:
        from regard.analyses.staffing.skills import staff_skills

        tell(staff_skills(args, asked), args)
    elif args.forecast or args.file:
        from regard.analyses.staffing.backlog import staff_backlog
        from regard.analyses.staffing.day import staff_day
        from regard.analyses.staffing.reading import read_day, read_forecast

        if args.forecast:
            day, every = read_forecast(args)
            asked = replace(asked, per=every)
        else:
            day = read_day(args)
        tell(staff_backlog(args, asked, day) if args.due else staff_day(day, asked), args)
    else:
        from regard.analyses.staffing.interval import staff_interval

        tell(staff_interval(args, asked), args)
    return 0

"""`regard staffing`: how many people must answer, how many must be scheduled, and how it would be with one fewer."""

from __future__ import annotations

import argparse

from regard.analyses.asking import Commands, add_command, ask
from regard.analyses.telling import tell

EPILOG = """
  regard staffing --calls 120 --per 30m --aht 300 --target 0.8/20 --shrinkage 0.3
  regard staffing --calls 120 --per 30m --aht 300 --target 0.8/20 --patience 120
  regard staffing --calls 120 --per 30m --aht 300 --agents 24
  regard staffing tomorrow.csv --calls forecast --low low --high high --time start --per 30m --aht 300
  regard staffing --calls 90 --per 30m --aht 480 --target 0.8/30 --at-once 3 --slower 0.3
  regard staffing tomorrow.csv --calls forecast --per 30m --aht 300 --carry-over
  regard staffing claims.csv --calls claims --per 1d --aht 900 --due 3d --hours hours --backlog 120
  regard staffing --skill orders=60/240 --skill returns=25/300/120 --group "orders only=orders:8" --group both=orders,returns
  regard staffing --skills skills.toml --per 30m --target 0.8/20 --shrinkage 0.3
  regard staffing --forecast next-week.csv --aht 300 --target 0.8/20 --shrinkage 0.3 --svg week.svg
"""


COMES = (
    ask("--calls", "calls in an interval; of a file, their column", metavar="N"),
    ask("--forecast", "the intervals that `regard forecast` wrote, by --out or --json", metavar="FILE"),
    ask("--per", "length of an interval: 15m, 30m (default), 1h", default="30m", metavar="TIME"),
    ask("--aht", "handling time of a call, talk and wrap-up; or a column of it", metavar="SECONDS"),
    ask("--time", "of a file, the column that names the interval", metavar="COLUMN"),
    ask("--low", "of a file, the low end of the forecast of calls (95%%)", metavar="COLUMN"),
    ask("--high", "of a file, its high end", metavar="COLUMN"),
)
ASKED = (
    ask("--target", "share to be answered within so long (0.8/20)", default="0.8/20", metavar="SHARE/SECONDS"),
    ask("--agents", "tell how so many would serve, instead of how many it takes", metavar="N"),
    ask(
        "--model", "erlang-a where --patience is given, else erlang-c",
        choices=("erlang-c", "erlang-a"),
    ),
    ask("--patience", "after which callers hang up, on average", metavar="SECONDS"),
    ask("--shrinkage", "of paid time, the share away from the phone: 0.3", default="0", metavar="SHARE"),
    ask("--max-occupancy", "nobody shall be busy for more of the time: 0.85", metavar="SHARE"),
    ask(
        "--level",
        "what answered in time is a share of: calls offered (default), calls answered, or calls offered but for those that hung up "
        "before the time",
        choices=("offered", "answered", "patient"), default="offered",
    ),
)  # fmt: skip
LASTS = (
    ask("--carry-over", "each interval begins with the queue of the one before it", action="store_true"),
)
CHATS = (
    ask("--at-once", "chats that an agent has side by side", metavar="K"),
    ask("--slower", "by which each further chat makes all of an agent's longer: 0.3", metavar="SHARE"),
)
WAITS = (
    ask("--due", "how long after the interval in which it came: 3d", metavar="TIME"),
    ask("--hours", "what one person works in an interval (8); or a column", metavar="HOURS"),
    ask("--backlog", "what is open at the beginning", metavar="N"),
)
SKILLS = (
    ask(
        "--skill",
        "calls in an interval, seconds of each, and patience if any: orders=60/240/120; again for each",
        many=True,
        metavar="NAME=N/SECONDS",
    ),
    ask(
        "--group",
        "who knows which, and how many they are if that is settled: both=orders,returns:6; again for each",
        many=True,
        metavar="NAME=SKILLS",
    ),
    ask("--skills", "TOML that tells several skills and the groups of agents who know them", metavar="FILE"),
)
GROUPS = {
    "what is asked": ASKED,
    "queues that last": LASTS,
    "chats": CHATS,
    "work that may wait": WAITS,
    "several skills": SKILLS,
}


def register(commands: Commands) -> None:
    """Add `regard staffing`."""
    add_command(
        commands,
        "staffing",
        run,
        COMES,
        help="how many people answer so many calls in time",
        description=__doc__,
        epilog=EPILOG,
        groups=GROUPS,
        draws=True,
        reads=_add_file,
    )


def _add_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="CSV, Parquet or NDJSON with a row for each interval"
    )


def run(args: argparse.Namespace) -> int:
    """Tell how many people it takes. Returns 0."""
    from dataclasses import replace

    from regard.analyses.staffing.asked import asked_of

    asked = asked_of(args)
    if args.skills or args.skill:
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

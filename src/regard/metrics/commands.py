"""The command `metric`: any figure of the catalogue, on the hub or on a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from regard.metrics.hub import OpenHub
    from regard.metrics.readings import Result
    from regard.warehouse.engines.engine import Engine

GRAINS = ("hour", "day", "week", "month", "quarter", "year")
EPILOG = """examples:
  regard metric nps --by channel --every month
  regard metric csat --from answers.csv --where "touchpoint = 'delivery'"
  regard metric nps --since 2026-01-01 --until 2026-07-01 --compare previous
  regard metric churn_rate --set basis=purchase --set inactivity_days=180 --every quarter
  regard metric --list"""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `metric`. Who builds the command line gives it `open_hub`."""
    parser = commands.add_parser(
        "metric",
        help="a figure with its interval, by any dimension, over time",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_what(parser.add_argument)
    _add_when_and_how(parser.add_argument)
    parser.set_defaults(run=run)


def _add_what(add: Callable[..., object]) -> None:
    """The metric, where it is read, and what it is cut, filtered and compared by."""
    add("key", nargs="?", metavar="KEY", help="which metric; --list shows them all")
    add(
        "--list",
        action="store_true",
        help="show the catalogue, or with KEY one metric's definition and settings",
    )
    add(
        "--from", dest="file", metavar="FILE", help="read this file (CSV, Parquet, NDJSON) instead of the hub"
    )
    add("--map", metavar="MAP.toml", help="with --from: which column is what; guessed where left out")
    add("--by", action="append", default=[], metavar="DIMENSION",
        help="channel, touchpoint, unit, agent, kind, source, language, account, attributes.NAME or trait.NAME, "
        "with --from also the file's own columns; several with commas")  # fmt: skip
    add("--where", metavar="CONDITION", help="a condition in SQL, such as \"channel = 'web' and score < 7\"")
    add("--compare", metavar="WITH", help="previous, year-ago or DIMENSION=VALUE")
    add("--currency", metavar="CODE", help="read only amounts of this currency")


def _add_when_and_how(add: Callable[..., object]) -> None:
    """The period and its pieces, what may be shown and set, and who answers."""
    add("--every", choices=GRAINS, help="cut the period into calendar pieces")
    add("--since", metavar="TIME", help="first day (2026-01-31) or instant")
    add(
        "--until",
        metavar="TIME",
        help="up to, not including, this day or instant; also the moment of looking",
    )
    add(
        "--min-n",
        type=_from_one,
        metavar="N",
        help="withhold figures of fewer answers (default 5; 1 shows all)",
    )
    add("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting of the metric")
    add("--unweighted", action="store_true", help="count every answer once, whatever it weighs")
    add(
        "--zone",
        metavar="ZONE",
        help="time zone, such as Europe/Athens (default: the organisation's; UTC for a file)",
    )
    add(
        "--engine",
        default="duckdb",
        metavar="ENGINE",
        help="who answers on the hub: duckdb in this process, or spark on the cluster that REGARD_SPARK names",
    )
    add("--json", action="store_true", help="print one JSON document")


def run(args: argparse.Namespace) -> int:
    """Print one metric, or the catalogue."""
    from regard.kernel.errors import InvalidInput

    if args.list:
        return show_catalogue(args)
    if not args.key:
        raise InvalidInput("Which metric? `regard metric --list` shows them all.")
    from regard.metrics.catalogue import METRICS

    METRICS.get(args.key)
    if args.file and args.engine != "duckdb":
        raise InvalidInput("A file is read in this process; --engine is for the hub.")
    _show(args, _from_file(args) if args.file else _on_hub(args))
    return 0


def show_catalogue(args: argparse.Namespace) -> int:
    """Print all metrics, or everything about one."""
    from regard.metrics.catalogue import METRICS
    from regard.metrics.reference import as_dictionary, described

    chosen = [METRICS.get(args.key)] if args.key else sorted(METRICS, key=lambda metric: metric.key)
    if args.json:
        _print_json([as_dictionary(metric) for metric in chosen])
    elif args.key:
        print(described(chosen[0]))
    else:
        width = max(len(metric.key) for metric in chosen)
        print("\n".join(f"{metric.key:{width}}  {metric.question}" for metric in chosen))
    return 0


def _from_file(args: argparse.Namespace) -> Result:
    from datetime import UTC, datetime
    from pathlib import Path

    from regard.metrics.from_file import after, file_log

    zone = _zone(args.zone or "UTC")
    mapping = Path(args.map) if args.map else None
    now = datetime.now(UTC)
    with file_log(Path(args.file), mapping, zone=zone, currency=args.currency, now=now) as found:
        for note in found.notes:
            print(f"regard: {note}", file=sys.stderr)
        if found.n_rejected:
            reason, _ = found.reasons[0]
            told = f"{found.n_rejected:,} of {found.n_rejected + found.n_rows:,} rows could not be read (mostly: {reason})"
            print(f"regard: {told}", file=sys.stderr)
        last = after(found.last_at) if found.last_at else now
        return _of_file(_compute(args, found.connection, zone, last, called=found.called))


def _of_file(result: Result) -> Result:
    """The result, speaking of the file where it says that there is nothing."""
    from dataclasses import replace

    readings = (
        replace(reading, reason=reading.reason and reading.reason.replace("in the log", "in the file"))
        for reading in result.readings
    )
    return replace(result, readings=tuple(readings))


def _on_hub(args: argparse.Namespace) -> Result:
    from datetime import UTC, datetime

    open_hub: OpenHub = args.open_hub
    with open_hub(args.engine) as found:
        zone = _zone(args.zone) if args.zone else found.zone
        return _compute(args, found.connection, zone, datetime.now(UTC), found.defaults)


def _compute(
    args: argparse.Namespace,
    connection: Engine,
    zone: ZoneInfo,
    last: datetime,
    defaults: Mapping[str, object] | None = None,
    called: Mapping[str, str] | None = None,
) -> Result:
    """Ask, with what the command line says; `last` is the moment of looking where it says none."""
    from regard.kernel.periods import Grain
    from regard.metrics.compute import compute
    from regard.metrics.log_view import first_instant
    from regard.metrics.moments import read_period, read_time
    from regard.metrics.settings import MetricSettings, read_settings
    from regard.metrics.small_groups import MIN_N

    until = read_time(args.until, zone) if args.until else None
    return compute(
        args.key,
        connection=connection,
        by=[name for given in args.by for name in given.split(",")],
        period=read_period(
            args.since or "",
            args.until or "",
            zone=zone,
            now=last,
            first=lambda: first_instant(connection, zone),
        ),
        every=Grain(args.every) if args.every else None,
        where=args.where,
        compare=args.compare,
        zone=zone,
        currency=args.currency,
        min_n=MIN_N if args.min_n is None else args.min_n,
        settings=MetricSettings(read_settings(args.set), until or last, args.unweighted, defaults or {}),
        now=last,
        called=called or {},
    )


def _zone(name: str) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    from regard.kernel.errors import InvalidInput

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidInput(f"'{name}' is no time zone; they are called such as Europe/Athens.") from None


def _show(args: argparse.Namespace, result: Result) -> None:
    if args.json:
        _print_json(result.as_json())
        return
    from rich.console import Console

    from regard.metrics.catalogue import METRICS
    from regard.metrics.show import table

    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    period = result.period
    span = f"{period.start:%Y-%m-%d %H:%M} to {period.end:%Y-%m-%d %H:%M}" if period else "no period"
    console.print(f"[bold]{result.title}[/bold], {span} ({result.zone})", highlight=False)
    console.print(table(result, METRICS.get(result.metric)))
    console.print(
        f"\n{result.definition}\nmethod: {result.method}\nsource: {result.source}",
        style="dim",
        highlight=False,
    )


def _print_json(document: object) -> None:
    import json

    # Lines and blanks are for people; a program gets them left out, which is ten times faster.
    print(json.dumps(document, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


def _from_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"a number from 1 on, not {text}")
    return number

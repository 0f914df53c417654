"""`regard sample`: a made-up company, or a real survey, to try everything on."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from regard.integrations.sample_company.generate import Written


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `sample` to the command line."""
    command = commands.add_parser(
        "sample",
        help="load a made-up company, or a real airport survey, to try everything on",
        description="Two years of a made-up retailer with planted, documented truths (docs/sample-company.md), "
        "or, with --airport, eight years of a real passenger survey (docs/airport-survey.md).",
    )
    command.add_argument(
        "--customers", type=int, default=20_000, metavar="N", help="how many people (default 20000)"
    )
    command.add_argument(
        "--seed", type=int, default=7, help="the same seed and day give the same data (default 7)"
    )
    command.add_argument(
        "--until", metavar="DAY", help="the day before which the two years end (default today)"
    )
    command.add_argument("--out", metavar="FOLDER", help="only write the files there; nothing is imported")
    command.add_argument("--airport", "--real", action="store_true", help="the real airport survey instead")
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Generate, and import unless only the files are wanted."""
    from pathlib import Path

    if args.airport:
        return _run_airport(args)
    until = _day(args.until)
    if args.out:
        written = _generate(args, Path(args.out), until or _today())
        told = {
            "n_rows": written.n_rows,
            "start": written.start.isoformat(),
            "until": written.until.isoformat(),
        }
        _tell(
            args, told, f"{written.n_rows:,} interactions of {args.customers:,} made-up customers: {args.out}"
        )
        return 0
    from regard.integrations.sample_company.loading import load

    loaded = load(
        customers=args.customers,
        seed=args.seed,
        until=until,
        today=_today(),
        write=lambda folder, day: _generate(args, folder, day),
    )
    rate = loaded.n_read / loaded.seconds if loaded.seconds else 0
    _tell(
        args,
        loaded.as_json(),
        f"The sample company (made up) is loaded: {loaded.n_new:,} interactions new, {loaded.n_known:,} already known, "
        f"{loaded.n_rejected:,} rejected ({rate:,.0f} rows a second).",
    )
    return 0


def _run_airport(args: argparse.Namespace) -> int:
    """Load the airport survey, or copy its files."""
    from pathlib import Path

    from regard.integrations.airport_survey import loading

    if args.out:
        loading.copy(Path(args.out))
        _tell(args, {"folder": args.out}, f"The airport survey's answers and mappings: {args.out}")
        return 0
    new, known, rejected = loading.load()
    told = {"n_new": new, "n_known": known, "n_rejected": rejected}
    _tell(
        args,
        told,
        f"The airport survey is loaded: {new:,} interactions new, {known:,} already known, {rejected:,} rejected.",
    )
    return 0


def _tell(args: argparse.Namespace, told: Mapping[str, object], sentence: str) -> None:
    """Say what was done, to people or to machines."""
    import json

    print(json.dumps(told, indent=1) if args.json else sentence)


def _day(given: str | None) -> date | None:
    """The day that was asked for."""
    from datetime import date

    from regard.kernel.errors import InvalidInput

    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InvalidInput(f"'{given}' is not a day such as 2026-11-22.") from None


def _today() -> date:
    """Today, in the company's zone."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from regard.integrations.sample_company.company import ZONE

    return datetime.now(ZoneInfo(ZONE)).date()


def _generate(args: argparse.Namespace, out: Path, until: date) -> Written:
    """Write the files, showing how far it is."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from regard.integrations.sample_company.generate import generate

    columns = (TextColumn("Writing the sample company"), BarColumn(), TextColumn("{task.fields[rows]:,} interactions"),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=args.customers, rows=0)
        return generate(
            out, customers=args.customers, seed=args.seed, until=until,
            progress=lambda done, rows: progress.update(task, completed=done, rows=rows),
        )  # fmt: skip

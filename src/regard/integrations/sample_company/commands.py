"""`regard sample`: a made-up company, or a real survey, to try everything on."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Generate, and import unless only the files are wanted."""
    from pathlib import Path

    if args.airport:
        from regard.integrations.airport_survey import loading

        return loading.run(Path(args.out) if args.out else None)
    if args.out:
        written = _generate(args, Path(args.out), _until(args.until))
        print(
            f"{written.n_rows:,} interactions of {args.customers:,} customers, {written.start} to {written.until}: {args.out}"
        )
        return 0
    from regard.integrations.sample_company import loading as sample

    return sample.run(lambda out: _generate(args, out, _until(args.until)))


def _until(given: str | None) -> date:
    """The day that was asked for, or today in the company's zone."""
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from regard.integrations.sample_company.company import ZONE
    from regard.kernel.errors import InvalidInput

    if given is None:
        return datetime.now(ZoneInfo(ZONE)).date()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InvalidInput(f"'{given}' is not a day such as 2026-11-22.") from None


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

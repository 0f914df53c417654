"""The command `drivers`: which columns go with an outcome, how much each carries, and how sure that is."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from regard.analyses.asking import CONFIDENCE, SEED, Commands, add_command, ask

if TYPE_CHECKING:
    from regard.analyses.drivers.reading import Columns
    from regard.analytics.drivers.key_drivers import KeyDrivers

EPILOG = """examples:
  regard drivers survey.csv --outcome satisfaction
  regard drivers survey.csv --outcome nps --driver delivery --driver price --driver staff --cluster customer
  regard drivers answers.parquet --outcome csat --weights weight --missing pairwise --svg drivers.svg --picture performance"""


OPTIONS = (
    ask("--outcome", "what the drivers are to go with", required=True, metavar="COL"),
    ask(
        "--driver",
        "a driver; once for each (of a file, every other column of numbers where none is named)",
        many=True,
        metavar="COL",
    ),
    ask("--weights", "how much each row counts", metavar="COL"),
    ask("--cluster", "rows with the same value belong together, such as a customer's", metavar="COL"),
    ask("--segment", "also tell what drivers carry in each of these segments and elsewhere", metavar="COL"),
    ask(
        "--dominance",
        "also tell which driver dominates which: in every set of the others, or in each size of set on average",
        action="store_true",
    ),
    ask(
        "--ordered",
        "also tell what one more of each driver adds to the chance of each answer (ordered logit)",
        action="store_true",
    ),
    ask(
        "--boosting",
        "also check by boosted trees whether straight lines miss something, with SHAP values",
        action="store_true",
    ),
    ask(
        "--missing",
        "rows with gaps: leave them out (the default), take each pair of columns where both are there, or fill the gaps twenty times by lot",
        choices=("listwise", "pairwise", "impute"),
        default="listwise",
    ),
    ask("--resamples", "draws of the bootstrap (1000)", type=int, default=1000, metavar="N"),
    ask("--interval", "which bootstrap interval (bca)", choices=("bca", "percentile"), default="bca"),
    CONFIDENCE,
    SEED,
    ask(
        "--picture",
        "what --svg draws: each driver's share, or its share beside how it is doing (importance)",
        choices=("importance", "performance"),
        default="importance",
    ),
)


def register(commands: Commands) -> None:
    """Add the command `drivers`."""
    add_command(
        commands,
        "drivers",
        run,
        OPTIONS,
        help="what goes with an outcome: each driver's share, its interval, and whether it is more than chance",
        description=__doc__,
        epilog=EPILOG,
        draws=True,
    )


def run(args: argparse.Namespace) -> int:
    """Read the columns, divide R², tell it."""
    from regard.analyses.drivers.beside import asked_beside
    from regard.analyses.drivers.document import answer
    from regard.analyses.drivers.reading import read_columns
    from regard.analyses.telling import tell
    from regard.kernel.errors import InvalidInput

    if not 0 < args.confidence < 1:
        raise InvalidInput(
            f"A confidence lies between 0 and 1, such as 0.95; {args.confidence:g} does not. Correct --confidence."
        )
    if not 100 <= args.resamples <= 100_000:
        raise InvalidInput(
            f"--resamples lies between 100 and 100,000; {args.resamples:,} does not. 1000 is usual."
        )
    columns = read_columns(args)
    found = _found(columns, args)
    tell(answer(columns, found, args, asked_beside(columns, found, args)), args)
    return 0


def _found(columns: Columns, args: argparse.Namespace) -> KeyDrivers:
    """The drivers, with the progress of the draws on the standard error."""
    from rich.console import Console
    from rich.progress import Progress

    from regard.analytics.drivers.key_drivers import key_drivers

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("drawing customers again", total=args.resamples)
        return key_drivers(
            columns.drivers,
            columns.outcome,
            names=columns.names,
            weights=columns.weights,
            customers=columns.customers,
            missing=args.missing,
            resamples=args.resamples,
            confidence=args.confidence,
            is_bca=args.interval == "bca",
            seed=args.seed,
            progress=lambda done: progress.update(task, advance=done),
        )

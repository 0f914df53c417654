"""The command `drivers`: which columns go with an outcome, how much each carries, and how sure that is."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from regard.analyses.reading import add_rows
from regard.analyses.telling import add_telling

if TYPE_CHECKING:
    from regard.analyses.drivers.reading import Columns
    from regard.analytics.drivers.key_drivers import KeyDrivers

EPILOG = """examples:
  regard drivers survey.csv --outcome satisfaction
  regard drivers survey.csv --outcome nps --driver delivery --driver price --driver staff --cluster customer
  regard drivers answers.parquet --outcome csat --weights weight --missing pairwise --svg drivers.svg --picture performance"""


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `drivers`."""
    parser = commands.add_parser(
        "drivers",
        help="what goes with an outcome: each driver's share, its interval, and whether it is more than chance",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_rows(parser)
    add = parser.add_argument
    add("--outcome", required=True, metavar="COL", help="what the drivers are to go with")
    add("--driver", action="append", default=[], metavar="COL",
        help="a driver; once for each (of a file, every other column of numbers where none is named)")  # fmt: skip
    add("--weights", metavar="COL", help="how much each row counts")
    add("--cluster", metavar="COL", help="rows with the same value belong together, such as a customer's")
    add(
        "--segment",
        metavar="COL",
        help="also tell what drivers carry in each of these segments and elsewhere",
    )
    add("--dominance", action="store_true",
        help="also tell which driver dominates which: in every set of the others, or in each size of set on average")  # fmt: skip
    add("--ordered", action="store_true",
        help="also tell what one more of each driver adds to the chance of each answer (ordered logit)")  # fmt: skip
    add("--boosting", action="store_true",
        help="also check by boosted trees whether straight lines miss something, with SHAP values")  # fmt: skip
    add("--missing", choices=("listwise", "pairwise", "impute"), default="listwise",
        help="rows with gaps: leave them out (the default), take each pair of columns where both are there, or "
        "fill the gaps twenty times by lot")  # fmt: skip
    add("--gap", action="append", default=[], type=float, metavar="VALUE",
        help="a number that stands for no answer in drivers and outcome, such as 99; once for each")  # fmt: skip
    add("--resamples", type=int, default=1_000, metavar="N", help="draws of the bootstrap (1000)")
    add("--interval", choices=("bca", "percentile"), default="bca", help="which bootstrap interval (bca)")
    add("--confidence", type=float, default=0.95, metavar="SHARE", help="coverage of intervals (0.95)")
    add("--seed", type=int, default=2, metavar="N", help="start of the random numbers (2)")
    add_telling(parser, draws=True)
    add("--picture", choices=("importance", "performance"), default="importance",
        help="what --svg draws: each driver's share, or its share beside how it is doing (importance)")  # fmt: skip
    parser.set_defaults(run=run)


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

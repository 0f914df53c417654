"""The `regard` command: collects the commands of every floor and runs the one that was asked for."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regard.metrics.hub import Hub

COMMANDS = (
    "regard.server.commands",
    "regard.integrations.sample_company.commands",
    "regard.apps.intake.commands",
    "regard.metrics.commands",
    "regard.analyses.commands",
    "regard.apps.organisation.commands",
    "regard.apps.customers.commands",
    "regard.apps.journal.commands",
)


def parser() -> argparse.ArgumentParser:
    """The whole command line. Nothing heavy is imported here: help must come at once."""
    top = argparse.ArgumentParser(
        prog="regard",
        description="Everything that passes between you and your customers, in one log, and what it tells.",
    )
    top.set_defaults(open_hub=_open_hub)
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for module in COMMANDS:
        import_module(module).register(commands)
    return top


def _open_hub(engine: str) -> AbstractContextManager[Hub]:
    """The hub of this environment, for commands of floors that do not know where it stands."""
    from regard.cli.hub import open_hub

    return open_hub(engine)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit status: 0 done, 2 a mistake in what was asked, 130 stopped by Ctrl-C."""
    try:
        return _run(arguments)
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        print("\nregard: stopped; the same command goes on from here.", file=sys.stderr)
        return 130


def _run(arguments: Sequence[str] | None) -> int:
    args = parser().parse_args(arguments)
    # No command multiplies matrices: starting threads for that is a quarter of what numpy takes to load.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from regard.kernel.errors import RegardError

    try:
        status: int = args.run(args)
    except RegardError as error:
        print(f"regard: {error}", file=sys.stderr)
        return 2
    return status


if __name__ == "__main__":
    sys.exit(main())

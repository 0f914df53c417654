"""What a command can be asked: a flat list of options, and one way to add a command that has them.

Only `argparse` is imported here, as `regard --help` asks every command.
"""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from regard.analyses.figures import figure
from regard.analyses.reading import add_rows
from regard.analyses.telling import add_telling
from regard.kernel.errors import InvalidInput

# `argparse` names the type for whoever checks types only.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Run = Callable[[argparse.Namespace], int]


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be asked.

    Args:
        how: the rest of what `argparse` is told of it.
    """

    flag: str
    help: str
    how: Mapping[str, Any]


def ask(flag: str, help: str, *, many: bool = False, **how: Any) -> Option:
    """An option; `many` may be given once for each."""
    return Option(flag, help, {"action": "append", "default": [], **how} if many else how)


CONFIDENCE = ask("--confidence", "coverage of intervals (0.95)", type=figure, default=0.95, metavar="SHARE")
# What names a file to write.
WRITTEN = ("svg", "out")
SEED = ask("--seed", "start of the random numbers (2)", type=int, default=2, metavar="N")


def add_command(
    commands: Commands,
    key: str,
    run: Run,
    options: Sequence[Option],
    *,
    help: str,
    description: str | None = None,
    epilog: str,
    groups: Mapping[str, Sequence[Option]] | None = None,
    draws: bool = False,
    reads: Callable[[argparse.ArgumentParser], None] = add_rows,
    **defaults: Any,
) -> None:
    """Add the command `regard KEY`, which reads rows, is asked by options and tells an answer.

    Args:
        reads: lets it be told where its rows stand.
        groups: further options under headings of their own.
        draws: whether its answer can be drawn.
        defaults: what it is told beside, without being asked.
    """
    parser = commands.add_parser(
        key,
        help=help,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    reads(parser)
    _add(parser, options)
    for title, own in (groups or {}).items():
        _add(parser.add_argument_group(title), own)
    add_telling(parser, draws=draws)
    parser.set_defaults(run=_when_files_have_a_folder(run), **defaults)


def _when_files_have_a_folder(run: Run) -> Run:
    """`run`, before which it is looked whether what is to be written has a folder: not after a minute of computing."""

    @functools.wraps(run)
    def checked(args: argparse.Namespace) -> int:
        for given in (getattr(args, name, None) for name in WRITTEN):
            if given and not Path(given).absolute().parent.is_dir():
                raise InvalidInput(
                    "'%(given)s' cannot be written: there is no folder %(folder)s. Make it, or name another.",
                    given=given, folder=Path(given).absolute().parent,
                )  # fmt: skip
        return run(args)

    return checked


def _add(parser: argparse._ActionsContainer, options: Sequence[Option]) -> None:
    for option in options:
        parser.add_argument(option.flag, help=option.help, **option.how)

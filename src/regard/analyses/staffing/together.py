"""What of the staffing can be asked together."""

from __future__ import annotations

import argparse

from regard.kernel.errors import InvalidInput


def check_together(args: argparse.Namespace) -> None:
    """Raises: InvalidInput where an option lacks another, or does not go with it."""
    several = bool(args.skills or args.skill)
    if sum(bool(one) for one in (args.calls, args.forecast, args.skills, args.skill)) != 1:
        raise InvalidInput(
            "Say what comes: --calls, --forecast with what `regard forecast` wrote, --skill for each of several kinds, or --skills "
            "with a file of them; one of the four."
        )
    if bool(args.aht) == several:
        raise InvalidInput(
            "--aht is needed: how long a call takes, in seconds. Skills have one each of their own."
        )
    if args.group and not args.skill:
        raise InvalidInput("--group says who knows which --skill; give these too.")
    if several and (
        args.file or args.agents or args.at_once or args.carry_over or args.due or args.max_occupancy
    ):
        raise InvalidInput(
            "Several skills have agents and calls of their own, and go with --per, --target, --patience, --level and --shrinkage."
        )
    if args.forecast and (args.file or args.low or args.high or args.time):
        raise InvalidInput("A forecast brings its own columns: leave FILE, --low, --high and --time out.")
    if (args.hours or args.backlog) and not args.due:
        raise InvalidInput(
            "--hours and --backlog are for work that may wait: say how long with --due, such as 3d."
        )
    if args.due and (not (args.file or args.forecast) or args.patience or args.at_once or args.carry_over):
        raise InvalidInput(
            "--due is for work that may wait, told interval by interval in a file or --forecast; it knows no --patience, "
            "--at-once or --carry-over."
        )

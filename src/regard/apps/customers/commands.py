"""The command `forget`: erase a person or a period everywhere, and prove it."""

from __future__ import annotations

import argparse
import json
import sys
import time
from datetime import UTC, datetime

POLL_SECONDS = 0.1
GIVE_UP_SECONDS = 3600.0


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `forget`."""
    forget = commands.add_parser(
        "forget", help="erase a customer or a period everywhere, for good, and prove it"
    )
    whom = forget.add_argument_group("whom or what")
    whom.add_argument("customer", nargs="?", type=int, metavar="CUSTOMER", help="the customer's number")
    whom.add_argument("--email", metavar="ADDRESS")
    whom.add_argument("--phone", metavar="NUMBER")
    whom.add_argument("--user", metavar="ID", help="user id of one source; name it with --source")
    whom.add_argument("--anonymous", metavar="ID", help="anonymous id of one source; name it with --source")
    whom.add_argument("--source", default="", metavar="NAME")
    whom.add_argument("--from", dest="since", metavar="DATE", help="all that happened from this day on")
    whom.add_argument("--until", metavar="DATE", help="up to, not including, this day")
    forget.add_argument("--yes", action="store_true", help="do not ask again")
    forget.add_argument("--at-once", action="store_true", help="remove old files though others may read them")
    forget.add_argument("--list", action="store_true", help="list the erasures so far")
    forget.add_argument(
        "--proof", type=int, metavar="N", help="print the proof of erasure N as it stands now"
    )
    forget.add_argument("--lift", type=int, metavar="N", help="let what erasure N named come in again")
    forget.add_argument("--json", action="store_true", help="print one JSON document")
    forget.set_defaults(run=run_forget)


def run_forget(args: argparse.Namespace) -> int:
    """Erase, wait until it is done, and print the proof. Returns 1 where it is not complete yet."""
    from regard.webkit import boot

    boot.setup()
    from regard.apps.customers import services

    if args.list:
        return _list(args)
    if args.lift is not None:
        services.lift(args.lift)
        print(f"What erasure {args.lift} named may come in again.")
        return 0
    if args.proof is not None:
        return _print_proof(args.proof, as_json=args.json)
    if not _is_sure(args):
        print("Nothing was erased.", file=sys.stderr)
        return 1
    number = _ask(args)
    _wait(number)
    return _print_proof(number, as_json=args.json)


def _ask(args: argparse.Namespace) -> int:
    """Ask for the erasure that the arguments name. Raises: InvalidInput where they name none, or two."""
    from regard.apps.customers import services
    from regard.apps.customers.policy import GLOBAL, Kind
    from regard.kernel.errors import InvalidInput

    kinds = {
        Kind.EMAIL: args.email,
        Kind.PHONE: args.phone,
        Kind.USER: args.user,
        Kind.ANONYMOUS: args.anonymous,
    }
    named = [(kind, given) for kind, given in kinds.items() if given]
    is_period = bool(args.since or args.until)
    if len(named) + is_period + (args.customer is not None) != 1:
        raise InvalidInput(
            "Name one customer (by number, --email, --phone, --user or --anonymous) or one period (--from, --until)."
        )
    if is_period:
        start, end = _period(args.since, args.until)
        return services.forget_period(start, end, at_once=args.at_once)
    if args.customer is not None:
        return services.forget(args.customer, at_once=args.at_once)
    [(kind, given)] = named
    if kind not in GLOBAL and not args.source:
        raise InvalidInput("A user or anonymous id belongs to one source: name it with --source.")
    source = "" if kind in GLOBAL else args.source
    value = services.normal_value(kind, given)
    return services.forget_identifier(kind, value, source=source, at_once=args.at_once)


def _period(since: str | None, until: str | None) -> tuple[datetime, datetime]:
    from zoneinfo import ZoneInfo

    from regard.apps.organisation.queries import get_settings
    from regard.kernel.errors import InvalidInput
    from regard.metrics.moments import read_time

    if not until:
        raise InvalidInput("Say up to when: --until DATE; that day itself stays.")
    zone = ZoneInfo(get_settings().zone)
    start = read_time(since, zone) if since else datetime(1970, 1, 1, tzinfo=UTC)
    return start.astimezone(UTC), read_time(until, zone).astimezone(UTC)


def _is_sure(args: argparse.Namespace) -> bool:
    """Ask a person at a terminal once more; a script has made up its mind."""
    if args.yes or args.json or not sys.stdin.isatty():
        return True
    return input("Erase it everywhere, for good? [y/N] ").strip().lower() in ("y", "yes")


def _wait(number: int) -> None:
    """See the erasure through: here, or, where a server does it, by waiting for it."""
    from regard.apps.customers import services
    from regard.apps.customers.queries import is_erasing
    from regard.apps.journal.projection.fence import Deposed, NotElected
    from regard.apps.journal.projector import Projector
    from regard.kernel.errors import Temporary

    projector = Projector()
    deadline = time.monotonic() + GIVE_UP_SECONDS
    try:
        while is_erasing(number) and time.monotonic() < deadline:
            try:
                projector.finish_errands()
                services.hurry(number)  # No server reads the log.
                projector.finish_errands()
                if is_erasing(number):
                    return
            except (NotElected, Deposed, Temporary):
                time.sleep(POLL_SECONDS)
    finally:
        projector.stop()


def _print_proof(number: int, *, as_json: bool) -> int:
    from regard.apps.customers.erasing.proof import make_proof
    from regard.kernel.errors import InvalidInput

    proof = make_proof(number, datetime.now(UTC))
    if proof is None:
        raise InvalidInput(f"There is no erasure {number}; see: regard forget --list")
    print(json.dumps(proof.as_json(), indent=1) if as_json else proof.as_text())
    return 0 if proof.erased_at else 1


def _list(args: argparse.Namespace) -> int:
    from regard.apps.customers.queries import list_erasures

    rows = list_erasures()
    if args.json:
        print(json.dumps([row.as_json() for row in rows], indent=1))
        return 0
    for row in rows:
        state = (
            "lifted"
            if row.lifted_at
            else "complete"
            if row.done_at
            else "erased"
            if row.erased_at
            else "open"
        )
        print(f"{row.id:>6}  {row.asked_at:%F %R}  {row.kind:<10}  {state}")
    if not rows:
        print("Nothing was erased yet.")
    return 0

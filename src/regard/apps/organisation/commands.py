"""`regard user`: who may sign in."""

from __future__ import annotations

import argparse
import json
import sys


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `user` with its verbs to the command line."""
    user = commands.add_parser("user", help="members who may sign in")
    verbs = user.add_subparsers(title="verbs", metavar="VERB", required=True)

    add = verbs.add_parser("add", help="add a member, or set the role and password of one")
    add.add_argument("email")
    add.add_argument("--role", required=True, help="executive, manager, frontline, analyst or administrator")
    add.add_argument(
        "--unit", default=None, help="key of the unit they belong to; left out: the whole company"
    )
    add.add_argument("--name", default="")
    add.add_argument("--language", default="", help="en, el, hy, pl or ru")
    add.add_argument("--password", default=None, help="left out: a random one is made and printed")
    add.add_argument("--json", action="store_true")
    add.set_defaults(run=_add)

    everyone = verbs.add_parser("list", help="all members")
    everyone.add_argument("--json", action="store_true")
    everyone.set_defaults(run=_list)

    for verb, explanation, run in (
        ("disable", "they can no longer sign in; what they did stays", _disable),
        ("enable", "they can sign in again", _enable),
        ("remove", "delete a member", _remove),
    ):
        parser = verbs.add_parser(verb, help=explanation)
        parser.add_argument("email")
        parser.add_argument("--json", action="store_true")
        parser.set_defaults(run=run)


def _start() -> None:
    from regard.webkit import boot

    boot.setup()


def _add(args: argparse.Namespace) -> int:
    _start()
    from regard.apps.organisation import services

    password = args.password or services.random_password()
    member = services.create_member(
        email=args.email,
        role=args.role,
        unit=args.unit,
        password=password,
        name=args.name,
        language=args.language,
    )
    shown = None if args.password else password
    if args.json:
        print(json.dumps({**member.as_json(), "password": shown}, ensure_ascii=False))
    else:
        print(f"{member.email} may sign in as {member.role}.")
        if shown:
            print(f"Password (shown once): {shown}")
    return 0


def _list(args: argparse.Namespace) -> int:
    _start()
    from regard.apps.organisation import queries

    members = queries.list_members()
    if args.json:
        print(json.dumps([member.as_json() for member in members], ensure_ascii=False))
        return 0
    if not members:
        print("Nobody may sign in yet: regard user add EMAIL --role administrator", file=sys.stderr)
    for member in members:
        state = "" if member.is_active else "  (disabled)"
        print(f"{member.email:<40} {member.role:<14} {member.unit or 'whole company'}{state}")
    return 0


def _disable(args: argparse.Namespace) -> int:
    return _set_active(args, is_active=False)


def _enable(args: argparse.Namespace) -> int:
    return _set_active(args, is_active=True)


def _set_active(args: argparse.Namespace, *, is_active: bool) -> int:
    _start()
    from regard.apps.organisation import services

    member = services.set_active(email=args.email, is_active=is_active)
    word = "may sign in" if is_active else "can no longer sign in"
    print(json.dumps(member.as_json(), ensure_ascii=False) if args.json else f"{member.email} {word}.")
    return 0


def _remove(args: argparse.Namespace) -> int:
    _start()
    from regard.apps.organisation import services

    services.remove_member(email=args.email)
    print(json.dumps({"removed": args.email}) if args.json else f"{args.email} was removed.")
    return 0

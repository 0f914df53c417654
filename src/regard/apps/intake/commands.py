"""The commands `source` and `quarantine`, and those of files that come in and go out."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from regard.apps.intake.exporting import commands as exporting
from regard.apps.intake.importing import commands as importing


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands by which data come in and go out."""
    importing.register(commands)
    exporting.register(commands)
    _register_source(commands)
    _register_quarantine(commands)


def _register_source(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    source = commands.add_parser("source", help="who may send: add and list sources")
    verbs = source.add_subparsers(metavar="VERB", required=True)
    add = verbs.add_parser("add", help="add a source and its write key")
    add.add_argument("name", help="a-z, 0-9, - and _")
    add.add_argument("--print-key", action="store_true", help="print nothing but its write key")
    add.add_argument(
        "--kind",
        choices=("server", "browser"),
        default="server",
        help="a browser's key is public and may do less",
    )
    add.add_argument(
        "--region", default="", metavar="PL", help="the country of phone numbers without country code"
    )
    add.add_argument("--json", action="store_true", help="print one JSON document")
    add.set_defaults(run=run_source_add)
    listing = verbs.add_parser("list", help="list the sources")
    listing.add_argument("--json", action="store_true", help="print one JSON document")
    listing.set_defaults(run=run_source_list)


def _register_quarantine(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    quarantine = commands.add_parser(
        "quarantine", help="what could not be taken in: list, show, replay, discard, correct"
    )
    quarantine.set_defaults(run=run_quarantine_list, state="open", source=None, limit=200)
    quarantine.add_argument("--json", action="store_true", help="print one JSON document")
    verbs = quarantine.add_subparsers(metavar="VERB", help="default: list")
    listing = verbs.add_parser("list", help="list what is set aside")
    listing.add_argument("--state", choices=("open", "replayed", "discarded"), default="open")
    listing.add_argument("--source", help="of this source only")
    listing.add_argument("--limit", type=_positive, default=200)
    listing.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document"
    )
    listing.set_defaults(run=run_quarantine_list)
    show = verbs.add_parser("show", help="show one item as it came")
    show.add_argument("id", type=int)
    show.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON document"
    )
    show.set_defaults(run=run_quarantine_show)
    replay = verbs.add_parser(
        "replay", help="try items again as they are, after a mapping or setting was corrected"
    )
    replay.add_argument("ids", type=int, nargs="+", metavar="ID")
    replay.add_argument("--map", type=Path, metavar="MAP.toml", help="for rows of files")
    replay.set_defaults(run=run_quarantine_replay)
    correct = verbs.add_parser("correct", help="take an item in with corrected values")
    correct.add_argument("id", type=int)
    correct.add_argument("values", nargs="+", metavar="COLUMN=VALUE", help="as in score=10")
    correct.set_defaults(run=run_quarantine_correct)
    discard = verbs.add_parser("discard", help="give up on items; they stay visible as discarded")
    discard.add_argument("ids", type=int, nargs="+", metavar="ID")
    discard.set_defaults(run=run_quarantine_discard)


def run_source_add(args: argparse.Namespace) -> int:
    """Add a source."""
    from regard.webkit import boot

    boot.setup()
    from regard.apps.intake import services

    source = services.add_source(args.name, kind=args.kind, region=args.region)
    if args.json:
        print(json.dumps({"source": source.key, "kind": source.kind, "write_key": source.write_key}))
    elif args.print_key:
        print(source.write_key)
    else:
        print(f"Source '{source.key}' ({source.kind}) may send now. Its write key: {source.write_key}")
    return 0


def run_source_list(args: argparse.Namespace) -> int:
    """List the sources, without their keys."""
    from regard.webkit import boot

    boot.setup()
    from regard.apps.intake import queries

    rows = queries.list_sources()
    if args.json:
        listed = [
            {"source": r.key, "title": r.title, "kind": r.kind, "is_made_up": r.is_made_up} for r in rows
        ]
        print(json.dumps(listed, indent=1, ensure_ascii=False))
        return 0
    for row in rows:
        print(f"{row.key:<24} {row.kind:<8} {row.title}{' (made up)' if row.is_made_up else ''}")
    return 0


def run_quarantine_list(args: argparse.Namespace) -> int:
    """List what is set aside."""
    from regard.webkit import boot

    boot.setup()
    from regard.apps.journal import queries

    rows = queries.list_quarantine(state=args.state, source=args.source, limit=args.limit)
    if args.json:
        print(json.dumps([_item(row) for row in rows], indent=1, ensure_ascii=False))
        return 0
    for row in rows:
        place = f"{row.file}:{row.line}" if row.file else f"segment {row.seq}" if row.seq else ""
        print(f"{row.id:>6}  {row.source:<16}  {place:<32}  {row.message}")
    if not rows:
        print(f"Nothing is {args.state}." if args.state != "open" else "Nothing is set aside.")
    return 0


def _item(row: object) -> dict[str, object]:
    from regard.apps.journal.queries import QuarantineRow

    assert isinstance(row, QuarantineRow)
    return {
        "id": row.id,
        "source": row.source,
        "received_at": row.received_at.isoformat(),
        "reason": row.reason,
        "message": row.message,
        "file": row.file,
        "line": row.line,
        "raw": row.raw,
        "state": row.state,
        "replayed_as": row.replayed_as,
    }


def run_quarantine_show(args: argparse.Namespace) -> int:
    """Show one item."""
    from regard.kernel.errors import InvalidInput
    from regard.webkit import boot

    boot.setup()
    from regard.apps.journal import queries

    row = queries.find_quarantined(args.id)
    if row is None:
        raise InvalidInput(f"There is no item {args.id} in quarantine. See `regard quarantine list`.")
    if args.json:
        print(json.dumps(_item(row), indent=1, ensure_ascii=False))
        return 0
    for name, value in _item(row).items():
        if name != "raw" and value not in (None, ""):
            print(f"{name:<12} {value}")
    print(row.raw)
    return 0


def run_quarantine_replay(args: argparse.Namespace) -> int:
    """Try items again as they are."""
    from regard.webkit import boot

    boot.setup()
    from regard.apps.intake.importing.replaying import replay

    for item in args.ids:
        print(replay(item, {}, mapping=args.map))
    return 0


def run_quarantine_correct(args: argparse.Namespace) -> int:
    """Take one item in with corrected values."""
    from regard.kernel.errors import InvalidInput
    from regard.webkit import boot

    boot.setup()
    from regard.apps.intake.importing.replaying import replay

    wrong = [text for text in args.values if "=" not in text]
    if wrong:
        raise InvalidInput(f"Corrections are written COLUMN=VALUE, not '{wrong[0]}'.")
    print(replay(args.id, dict(text.split("=", 1) for text in args.values)))
    return 0


def run_quarantine_discard(args: argparse.Namespace) -> int:
    """Give up on items."""
    from regard.kernel.errors import InvalidInput
    from regard.webkit import boot

    boot.setup()
    from regard.apps.journal import queries, services

    rows = {item: queries.find_quarantined(item) for item in args.ids}
    for item, row in rows.items():
        if row is None:
            raise InvalidInput(f"There is no item {item} in quarantine; nothing was discarded.")
        if row.state != "open":
            raise InvalidInput(f"Item {item} is {row.state} already; nothing was discarded.")
    print(f"{services.discard(args.ids)} discarded.")
    return 0


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"a number from 1 on, not {text}")
    return number

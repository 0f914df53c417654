"""The command `export`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `export`."""
    parser = commands.add_parser("export", help="write everything, or a period, to a folder or one file")
    parser.add_argument("folder", nargs="?", type=Path, help="default: regard-export-DATE in this folder")
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="one file of interactions instead of a folder"
    )
    parser.add_argument(
        "--format", choices=("parquet", "csv", "ndjson"), help="default: parquet, or the file's ending"
    )
    parser.add_argument("--since", metavar="DATE", help="from this day on, in the organisation's zone")
    parser.add_argument("--until", metavar="DATE", help="up to, not including, this day")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=run_export)


def run_export(args: argparse.Namespace) -> int:
    """Write everything, or a period, out again."""
    from regard.webkit import boot

    boot.setup()
    from regard.apps.intake.exporting.services import export

    told = export(folder=args.folder, out=args.out, form=args.format, since=args.since, until=args.until)
    if args.json:
        print(json.dumps(told.as_json(), indent=1, ensure_ascii=False))
    else:
        print(f"{told.path}: {told.n_interactions:,} interactions, {told.n_bytes / 1e6:.1f} MB.")
        for note in told.notes:
            print(f"  {note}", file=sys.stderr)
    return 0

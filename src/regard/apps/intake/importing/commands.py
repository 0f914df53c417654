"""The command `import`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `import`."""
    parser = commands.add_parser(
        "import", help="take in files: CSV, Parquet or NDJSON, also .gz, or an exported folder"
    )
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="a file, or a folder made by `regard export`"
    )
    parser.add_argument(
        "--map", type=Path, metavar="MAP.toml", help="which column is what; without it, it is guessed"
    )
    parser.add_argument(
        "--source", default="files", metavar="NAME", help="where the rows come from; added where it is new"
    )
    parser.add_argument(
        "--region", default="", metavar="PL", help="the country of phone numbers without country code"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=run_import)


def run_import(args: argparse.Namespace) -> int:
    """Take in files and say what became of their rows."""
    from regard.webkit import boot

    boot.setup()
    from regard.apps.intake.importing.services import import_files
    from regard.apps.intake.importing.watching import ShownProgress

    folders = [path for path in args.files if path.is_dir()]
    reports = []
    with ShownProgress() as watcher:
        for folder in folders:
            from regard.apps.intake.exporting.bringing_back import import_folder

            reports.append(import_folder(folder, watcher=watcher))
        files = [path for path in args.files if path not in folders]
        if files:
            reports += import_files(
                files, source=args.source, mapping=args.map, watcher=watcher, region=args.region
            )
    if args.json:
        print(json.dumps({"files": [report.as_json() for report in reports]}, indent=1, ensure_ascii=False))
    else:
        for report in reports:
            _print_report(report)
    return 2 if any(report.problem for report in reports) else 0


def _print_report(report: object) -> None:
    from regard.apps.intake.importing.reports import Report

    assert isinstance(report, Report)
    if report.problem:
        print(f"{report.file}: {report.problem} Nothing of it was taken in.", file=sys.stderr)
        return
    for note in report.notes:
        print(f"  {note}", file=sys.stderr)
    if report.mapping_file:
        print(
            f"  What was guessed stands in {report.mapping_file}: correct it and give it with --map.",
            file=sys.stderr,
        )
    rate = report.n_read / report.seconds if report.seconds else 0
    print(
        f"{report.file}: {report.n_new:,} new, {report.n_known:,} already known, {report.n_rejected:,} rejected "
        f"({report.n_read:,} rows in {report.seconds:.1f} s, {rate:,.0f} a second)."
    )
    if report.n_rejected:
        print("  See what was rejected, and why: regard quarantine list", file=sys.stderr)
    if report.n_waiting:
        print(
            f"  {report.n_waiting} parts still wait for the server; `regard doctor` says how far it is.",
            file=sys.stderr,
        )

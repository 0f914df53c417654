"""The commands `doctor`, `backup`, `restore` and `rebuild`."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands that look after the stores."""
    doctor = commands.add_parser("doctor", help="check settings, stores, free disk and clock; say what to do")
    doctor.add_argument("--json", action="store_true", help="print one JSON document")
    doctor.set_defaults(run=run_doctor)

    backup = commands.add_parser("backup", help="write everything to one file, while the server runs")
    backup.add_argument("file", nargs="?", type=Path, help="default: regard-DATE-TIME.tar in this folder")
    backup.add_argument("--json", action="store_true", help="print the backup's manifest")
    backup.set_defaults(run=run_backup)

    restore = commands.add_parser("restore", help="put everything back as a backup holds it")
    restore.add_argument("file", type=Path, help="a file made by `regard backup`")
    restore.add_argument("--replace", action="store_true", help="move aside what the data folder holds")
    restore.add_argument(
        "--proof",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="proofs of erasures, as JSON: erase these, too",
    )
    restore.add_argument("--json", action="store_true", help="print the backup's manifest")
    restore.set_defaults(run=run_restore)

    rebuild = commands.add_parser(
        "rebuild", help="take the journal's last 30 days through the projector again"
    )
    rebuild.add_argument("--parked", action="store_true", help="try the batches that are parked again, too")
    rebuild.add_argument("--json", action="store_true", help="print one JSON document")
    rebuild.set_defaults(run=run_rebuild)


def run_doctor(args: argparse.Namespace) -> int:
    """Print every finding. Returns 1 where something is bad."""
    from regard.webkit import boot

    boot.setup(migrate=not (boot.data_dir() / "regard.sqlite3").exists())
    from regard.apps.journal.doctor import check_all

    findings = check_all()
    if args.json:
        print(json.dumps([finding.as_json() for finding in findings], indent=1))
    else:
        marks = {"good": "ok  ", "poor": "look", "bad": "BAD "}
        for finding in findings:
            advice = f"\n       {finding.advice}" if finding.advice else ""
            print(f"{marks[finding.state]}  {finding.subject}: {finding.says}{advice}")
    return int(any(finding.state == "bad" for finding in findings))


def run_backup(args: argparse.Namespace) -> int:
    """Write a backup and say where it is."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from regard.webkit import boot

    boot.setup()
    from rich.console import Console

    from regard.apps.journal.backup.taking import take_backup

    now = datetime.now(UTC)
    target = args.file or Path(f"regard-{now:%Y%m%d-%H%M%S}.tar")
    columns = (TextColumn("backup"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("backup", total=None)
        manifest = take_backup(
            target, now=now, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )
    if args.json:
        print(json.dumps({"file": str(target), **manifest}, indent=1))
    else:
        print(
            f"{target}: {target.stat().st_size / 1e6:.1f} MB. It holds the secret and personal data: keep it safe."
        )
        if not manifest["warehouse"]:
            print(
                "The warehouse is on object storage and is not in it: keep versions there.", file=sys.stderr
            )
    return 0


def run_restore(args: argparse.Namespace) -> int:
    """Restore a backup."""
    from regard.webkit import boot

    boot.setup()
    from regard.apps.journal.backup.restoring import restore_backup

    manifest = restore_backup(args.file, replace=args.replace, proofs=args.proof, now=datetime.now(UTC))
    if args.json:
        print(json.dumps(manifest, indent=1))
    else:
        print(f"Restored as of {manifest['made_at']}. `regard serve` projects what the warehouse lacks.")
    return 0


def run_rebuild(args: argparse.Namespace) -> int:
    """Begin a new epoch and take every segment that the journal still holds through the projector again."""
    from regard.webkit import boot

    boot.setup()
    from regard.apps.journal.rebuild import rebuild

    result = rebuild(parked=args.parked)
    if args.json:
        print(json.dumps(result.as_json(), indent=1))
    else:
        print(result.as_text())
    return 0

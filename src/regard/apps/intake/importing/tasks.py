"""Jobs of imports: take in what was brought by a browser, and forget what nobody came back to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from regard.apps.journal.jobs import JOBS, JobKind

JOB = "intake.import"


def run_import(payload: Mapping[str, Any], now: datetime) -> None:
    """Take one file in; done again after a crash, it goes on where it was."""
    from regard.apps.intake.importing.history import find_import
    from regard.apps.intake.importing.projecting import Waiting
    from regard.apps.intake.importing.reports import Watcher
    from regard.apps.intake.importing.services import take_in
    from regard.apps.intake.importing.uploads import fail, read_uploaded, remove_file
    from regard.apps.intake.services import ensure_source
    from regard.kernel.errors import InvalidInput

    row = find_import(int(payload["import"]))
    if row is None or row.state not in ("waiting", "running"):
        return
    try:
        reader = read_uploaded(row, now)
        source = ensure_source(row.source)
        report = take_in(reader.path, reader, source, now, Watcher(), import_id=row.id, projecting=Waiting)
    except InvalidInput as error:
        fail(row, str(error))
        return
    if report.problem:
        fail(row, report.problem)
    else:
        remove_file(row)


def discard_drafts(payload: Mapping[str, Any], now: datetime) -> None:
    """Forget files that were brought and never taken in."""
    from regard.apps.intake.importing.uploads import discard_old_drafts

    discard_old_drafts(now)


JOBS.register(JobKind(JOB, "Take in a file that was brought by a browser", run_import))
JOBS.register(
    JobKind("intake.drafts", "Forget files that nobody took in for a week", discard_drafts, cron="41 4 * * *")
)

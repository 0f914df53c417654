"""Where the figures of what was brought stand: on the home, or where they hold only questions of one's own, in the explorer."""

from __future__ import annotations

from urllib.parse import urlencode

from regard.apps.intake.importing.history import ImportRow
from regard.warehouse.schema.checks import SCALES
from regard.webkit.hub import hub
from regard.webkit.navigation import find_address

# What no home has a figure of.
QUIET = ("survey.answered", "comment.written")


def address_of_figures(row: ImportRow, *, may_explore: bool) -> str:
    """The first page with figures of this import's source."""
    explorer = find_address("explorer") if may_explore else ""
    if explorer and _asks_only_its_own(row.source):
        narrowed = {"on": "source", "way": "is", "value": row.source}
        asked = {"metric": "mean_score", "by": "metric", "days": "all", **narrowed}
        return f"{explorer}?{urlencode(asked)}"
    return f"/?{urlencode({'source': row.source})}"


def _asks_only_its_own(source: str) -> bool:
    """Whether a source holds answers, and none to a question that homes show."""
    log = hub()
    log.refresh()
    quiet, known = ", ".join(f"'{kind}'" for kind in QUIET), ", ".join(f"'{metric}'" for metric in SCALES)
    with log.cursor() as cursor:
        found = cursor.execute(
            f"""SELECT count(*) FILTER (score IS NOT NULL),
                count(*) FILTER (kind NOT IN ({quiet}) OR (score IS NOT NULL AND metric IN ({known})))
                FROM log WHERE source = ?""",
            [source],
        ).fetchone()
    n_answers, n_shown = found or (0, 0)
    return bool(n_answers > 0 and n_shown == 0)

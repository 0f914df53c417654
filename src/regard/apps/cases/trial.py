"""Cases of the made-up company, so that a trial has something to work on: made-up answers open none by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from regard.apps.cases import services
from regard.apps.cases.models import Case
from regard.apps.cases.policy import Rules
from regard.apps.cases.queries import get_rules
from regard.apps.cases.services import Origin
from regard.apps.customers.names import find_identifier
from regard.apps.intake.queries import list_sources
from regard.webkit.hub import hub

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DAYS = 6
MOST = 24
NOTICED_AFTER = timedelta(minutes=5)


def open_trial_cases(*, now: datetime) -> int:
    """Open a case for the latest unhappy answers of made-up sources, as if each had just come; returns how many.

    Where any case is there already, nothing is done.
    """
    made_up = [row.key for row in list_sources() if row.is_made_up]
    if not made_up or Case.objects.exists():
        return 0
    log = hub()
    log.refresh()
    with log.cursor() as cursor:
        answers = _list_unhappy(cursor, made_up, get_rules(), now)
    n = 0
    for occurred_at, identity_id, unit, origin in reversed(answers):
        if find_identifier(identity_id) is not None:
            services.open_case(
                identity_id=identity_id, unit=unit, origin=origin, now=min(now, occurred_at + NOTICED_AFTER)
            )
            n += 1
    return n


def _list_unhappy(
    connection: DuckDBPyConnection, sources: list[str], rules: Rules, now: datetime
) -> list[tuple[datetime, int, str | None, Origin]]:
    limits = " OR ".join(
        f"(metric = '{metric}' AND score <= {limit})" for metric, limit in rules.limits().items()
    )
    rows = connection.execute(
        f"""SELECT occurred_at, identity_id, unit, lower(hex(interaction_id)), source, thread, metric, score, channel,
                touchpoint, text, language
            FROM log WHERE kind = 'survey.answered' AND identity_id IS NOT NULL AND ({limits})
                AND occurred_at BETWEEN ? AND ? AND list_contains(?, source)
            QUALIFY row_number() OVER (PARTITION BY source, coalesce(thread, hex(interaction_id)) ORDER BY score) = 1
            ORDER BY occurred_at DESC LIMIT ?""",
        [now - timedelta(days=DAYS), now, sources, MOST],
    ).fetchall()
    return [
        (
            row[0],
            row[1],
            row[2],
            Origin(
                interaction_id=row[3],
                source=row[4],
                thread=row[5],
                metric=row[6],
                score=row[7],
                channel=row[8],
                touchpoint=row[9],
                words=row[10],
                language=row[11],
            ),
        )
        for row in rows
    ]

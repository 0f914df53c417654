"""The consumer `cases`: an unhappy answer opens a case, once, while it is fresh enough to be answered."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from regard.apps.cases import services
from regard.apps.cases.models import Case
from regard.apps.cases.policy import Rules
from regard.apps.cases.queries import find_case_of, get_rules
from regard.apps.cases.services import Origin
from regard.apps.customers.names import find_identifier
from regard.apps.intake.queries import list_sources
from regard.apps.journal.consumers import CONSUMERS, Batch
from regard.apps.journal.queries import find_position
from regard.warehouse.log import Log

logger = logging.getLogger(__name__)

# Confidential answers never point at anybody; the sender says so beside the answer.
UNHAPPY = """
SELECT lower(hex(interaction_id)), identity_id, source, thread, metric, score, channel, touchpoint, text, language,
    unit
FROM {table}
WHERE kind = 'survey.answered' AND identity_id IS NOT NULL AND occurred_at >= $since AND ({limits})
    AND coalesce(json_extract_string(attributes, '$.confidential'), '') NOT IN ('true', '1')
ORDER BY score IS NULL, source, thread, score, seq, position
"""


@dataclass(frozen=True, slots=True)
class Unhappy:
    """An answer that opens a case."""

    origin: Origin
    identity_id: int
    unit: str | None


class Cases:
    """Its position moves in the transaction that opens the cases, so that each is opened once."""

    key = "cases"
    order = 40

    def position(self, epoch: str, log: Log) -> int:
        """See Consumer."""
        return find_position(self.key, epoch=epoch)

    def forget_memory(self) -> None:
        """See Consumer."""

    def apply(self, batch: Batch) -> None:
        """See Consumer."""
        if self.position(batch.epoch, batch.log) >= batch.last_seq:
            return
        rules = get_rules()
        answers = list_unhappy(batch, rules) if rules.opens_by_itself else []
        with transaction.atomic():
            for answer in answers:
                _open(answer, batch.now)
            if batch.is_trial:
                transaction.set_rollback(True)
            else:
                batch.advance(self.key)


def list_unhappy(batch: Batch, rules: Rules) -> list[Unhappy]:
    """The answers of a batch that open a case: fresh, unhappy, somebody's, and of no made-up source."""
    since: datetime = batch.now - timedelta(days=rules.max_age_days)
    limits = " OR ".join(
        f"(metric = '{metric}' AND score <= {limit})" for metric, limit in rules.limits().items()
    )
    sql = UNHAPPY.format(table=batch.table, limits=limits)
    rows = batch.connection.execute(sql, {"since": since}).fetchall()
    made_up = {row.key for row in list_sources() if row.is_made_up} if rows else set()
    return [
        Unhappy(
            Origin(
                interaction_id=row[0],
                source=row[2],
                thread=row[3],
                metric=row[4],
                score=row[5],
                channel=row[6],
                touchpoint=row[7],
                words=row[8],
                language=row[9],
            ),
            row[1],
            row[10],
        )
        for row in rows
        if row[2] not in made_up
    ]


def _open(answer: Unhappy, now: datetime) -> None:
    """Open the answer's case, unless another answer of the same response has."""
    origin = answer.origin
    if find_case_of(origin.interaction_id) is not None or find_identifier(answer.identity_id) is None:
        return
    if origin.thread and _has_case(answer):
        return
    services.open_case(identity_id=answer.identity_id, unit=answer.unit, origin=origin, now=now)


def _has_case(answer: Unhappy) -> bool:
    origin = answer.origin
    return Case.objects.filter(
        source=origin.source,
        origin_thread=(origin.thread or "")[:200],
        identity_id=answer.identity_id,
        metric__in=("nps", "csat", "ces"),
    ).exists()


CONSUMERS.register(Cases())

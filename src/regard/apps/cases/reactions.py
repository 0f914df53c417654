"""What follows from a new answer: an unhappy one opens a case, and praise one to be thanked, once, while it is fresh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from regard.apps.cases import services
from regard.apps.cases.models import Case
from regard.apps.cases.policy import OLDEST_DAYS, Occasion, Rules, find_occasion
from regard.apps.cases.queries import find_case_of, get_rules
from regard.apps.cases.services import Origin
from regard.apps.customers.names import find_identifier
from regard.apps.intake.queries import list_sources
from regard.apps.journal.consumers import CONSUMERS, Batch, Reaction, Row

# First the columns of an Origin, in its order. Confidential answers never point at anybody; the sender says so beside the answer.
SELECT = f"""
SELECT lower(hex(interaction_id)), source, thread, metric, score, channel, touchpoint, text, language,
    identity_id, unit, occurred_at
FROM new_interactions
WHERE kind = 'survey.answered' AND identity_id IS NOT NULL AND metric IN ('nps', 'csat', 'ces') AND score IS NOT NULL
    AND epoch_us(received_at) - epoch_us(occurred_at) <= {OLDEST_DAYS * 86_400_000_000}
    AND coalesce(json_extract_string(attributes, '$.confidential'), '') NOT IN ('true', '1')
ORDER BY source, thread, score, seq, position
"""
_NAMES = [field.name for field in fields(Origin)]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that may open a case."""

    origin: Origin
    identity_id: int
    unit: str | None
    occurred_at: datetime

    def occasion(self, rules: Rules, now: datetime) -> Occasion | None:
        """Why it opens a case, if it does."""
        origin, age = self.origin, now - self.occurred_at
        return find_occasion(
            origin.metric, origin.score, age, rules, has_words=bool((origin.words or "").strip())
        )


def open_cases(rows: Sequence[Row], batch: Batch) -> None:
    """Open the cases that the organisation's rules ask for; unhappy answers of a response go before its praise."""
    rules = get_rules()
    found = [(answer.occasion(rules, batch.now), answer) for answer in map(_answer, rows)]
    made_up = {row.key for row in list_sources() if row.is_made_up}
    for wanted in (Occasion.UNHAPPY, Occasion.PRAISE):
        for occasion, answer in found:
            if occasion is wanted and answer.origin.source not in made_up:
                _open(answer, batch.now)


def _answer(row: Row) -> Answer:
    return Answer(Origin(**dict(zip(_NAMES, row, strict=False))), *row[len(_NAMES) :])


def _open(answer: Answer, now: datetime) -> None:
    """Open the answer's case, unless another answer of the same response has."""
    origin = answer.origin
    if find_case_of(origin.interaction_id) is not None or find_identifier(answer.identity_id) is None:
        return
    if origin.thread and _has_case(answer):
        return
    services.open_case(identity_id=answer.identity_id, unit=answer.unit, origin=origin, now=now)


def _has_case(answer: Answer) -> bool:
    origin = answer.origin
    return Case.objects.filter(
        source=origin.source,
        origin_thread=(origin.thread or "")[:200],
        identity_id=answer.identity_id,
        metric__in=("nps", "csat", "ces"),
    ).exists()


# What was answered before cases existed opens none: see Reaction. Its position has had this name from the beginning.
CONSUMERS.register(Reaction(key="cases", order=40, select=SELECT, react=open_cases))

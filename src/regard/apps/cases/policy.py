"""Which answers open a case, who gets it, and how urgent it is: pure decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_noop as _kept

from regard.kernel.errors import InvalidInput, Word, unknown_name

OPEN, RESOLVED = "open", "resolved"
STATES = (OPEN, RESOLVED)
OUTCOMES = ("solved", "made_good", "explained", "thanked", "not_reached", "nothing_to_do")
# Outcomes after which the customer may have been told nothing.
SILENT = ("not_reached", "nothing_to_do")
# Who works on cases, those nearest to the customer first.
WORKERS = ("frontline", "manager")
DETRACTOR_AT_MOST, PROMOTER_FROM = 6, 9
OLDEST_DAYS = 90  # more than any rule may ask for
SOON = timedelta(hours=8)
ESCALATED_AFTER = timedelta(hours=24)
LONGEST_TITLE = 200
LONGEST_TEXT = 5_000
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rules:
    """When cases open by themselves, as the organisation set it.

    Args:
        opens_by_itself: whether an unhappy answer opens a case at all.
        max_age_days: answers older than this, when they reach us, open none: history is not a queue.
        deadline_hours: within how many hours of the organisation's working time a case is to be resolved.
        csat_at_most, ces_at_most: answers up to these are unhappy ones; for NPS it is always 0 to 6.
        thanks_promoters: whether a promoter's answer with words opens one too, to be thanked.
    """

    opens_by_itself: bool = True
    max_age_days: int = 7
    deadline_hours: int = 48
    csat_at_most: int = 2
    ces_at_most: int = 3
    thanks_promoters: bool = False

    def limits(self) -> dict[str, int]:
        """Up to which answer each question's answers are unhappy ones."""
        return {"nps": DETRACTOR_AT_MOST, "csat": self.csat_at_most, "ces": self.ces_at_most}


def check_rules(rules: Rules) -> None:
    """Refuse what cannot be meant. Raises: InvalidInput."""
    for value, most, sentence in (
        (
            rules.max_age_days,
            OLDEST_DAYS,
            _kept("The oldest answer that opens a case is 1 to %(most)s days old, not %(given)s."),
        ),
        (
            rules.deadline_hours,
            24 * OLDEST_DAYS,
            _kept("A deadline lies 1 to %(most)s hours ahead, not %(given)s."),
        ),
        (
            rules.csat_at_most,
            4,
            _kept("The highest unhappy satisfaction answer is 1 to %(most)s, not %(given)s."),
        ),
        (rules.ces_at_most, 6, _kept("The highest unhappy effort answer is 1 to %(most)s, not %(given)s.")),
    ):
        if not 1 <= value <= most:
            raise InvalidInput(sentence, most=most, given=value)


class Occasion(StrEnum):
    """Why an answer opens a case."""

    UNHAPPY = "unhappy"
    PRAISE = "praise"


def find_occasion(
    metric: str | None, score: float | None, age: timedelta, rules: Rules, *, has_words: bool = False
) -> Occasion | None:
    """Why an answer of this age opens a case by itself, if it does.

    >>> find_occasion("nps", 6, timedelta(hours=1), Rules()), find_occasion("nps", 7, timedelta(hours=1), Rules())
    (<Occasion.UNHAPPY: 'unhappy'>, None)
    """
    if score is None or age > timedelta(days=rules.max_age_days):
        return None
    limit = rules.limits().get(metric or "")
    if rules.opens_by_itself and limit is not None and score <= limit:
        return Occasion.UNHAPPY
    if rules.thanks_promoters and has_words and is_praise(metric, score):
        return Occasion.PRAISE
    return None


def is_praise(metric: str | None, score: float | None) -> bool:
    """Whether an answer is a promoter's."""
    return metric == "nps" and score is not None and score >= PROMOTER_FROM


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who may own cases. `assigned_at`: when they last got one."""

    member_id: int
    role: str
    unit: str | None
    assigned_at: datetime | None = None


def choose_owner(
    unit: str | None, workers: Sequence[Worker], parents: Mapping[str, str | None]
) -> int | None:
    """Whose turn it is: in the unit, else in the one above it, agents before managers, longest without one first.

    >>> north = Worker(1, "manager", "north")
    >>> choose_owner("shop", [north, Worker(2, "manager", None)], {"shop": "north", "north": None})
    1
    """
    for place in _upwards(unit, parents):
        for role in WORKERS:
            found = [worker for worker in workers if worker.unit == place and worker.role == role]
            if found:
                return min(
                    found, key=lambda worker: (worker.assigned_at or NEVER, worker.member_id)
                ).member_id
    return None


def _upwards(unit: str | None, parents: Mapping[str, str | None]) -> list[str | None]:
    """The unit, those above it, and at last the whole company; a loop in the tree ends the way."""
    way: list[str | None] = []
    while unit is not None and unit not in way:
        way.append(unit)
        unit = parents.get(unit)
    return [*way, None]


class Urgency(StrEnum):
    """How a case stands against its deadline."""

    DONE = "done"
    LATER = "later"
    SOON = "soon"
    OVERDUE = "overdue"
    ESCALATED = "escalated"


def urgency(state: str, due_at: datetime, now: datetime) -> Urgency:
    """How urgent a case is; a day after its deadline it is escalated to whoever leads the unit."""
    if state != OPEN:
        return Urgency.DONE
    if now > due_at + ESCALATED_AFTER:
        return Urgency.ESCALATED
    if now > due_at:
        return Urgency.OVERDUE
    return Urgency.SOON if due_at - now <= SOON else Urgency.LATER


def check_outcome(outcome: str) -> None:
    """Refuse an outcome that nobody knows. Raises: InvalidInput."""
    if outcome not in OUTCOMES:
        raise unknown_name(_kept("outcome"), outcome, OUTCOMES)


def checked_text(text: str, *, what: str, most: int = LONGEST_TEXT, is_needed: bool = True) -> str:
    """The text without what no store keeps; `what` it is, in words of ours. Raises: InvalidInput where it is missing or too long."""
    given = text.replace("\x00", "").strip()
    if is_needed and not given:
        raise InvalidInput(_kept("%(what)s is missing."), what=Word(what))
    if len(given) > most:
        raise InvalidInput(_kept("%(what)s is longer than %(most)s characters."), what=Word(what), most=most)
    return given

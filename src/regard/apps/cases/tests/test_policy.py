"""Who gets a case, and how urgent it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from regard.apps.cases.policy import (
    OPEN,
    RESOLVED,
    Occasion,
    Rules,
    Urgency,
    Worker,
    check_rules,
    choose_owner,
    find_occasion,
    urgency,
)
from regard.kernel.errors import InvalidInput

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TREE = {"north": None, "shop": "north", "south": None}
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("metric", "score", "opens"),
    [
        ("nps", 0, True),
        ("nps", 6, True),
        ("nps", 7, False),
        ("csat", 2, True),
        ("csat", 3, False),
        ("ces", 3, True),
        ("ces", 4, False),
        ("mood", 1, False),
        (None, 1, False),
        ("nps", None, False),
    ],
)
def test_only_unhappy_answers_open_a_case(metric: str | None, score: float | None, opens: bool) -> None:
    assert (find_occasion(metric, score, HOUR, Rules()) is Occasion.UNHAPPY) is opens


def test_an_old_answer_opens_none_and_neither_does_any_where_it_is_switched_off() -> None:
    assert find_occasion("nps", 0, timedelta(days=7), Rules())
    assert not find_occasion("nps", 0, timedelta(days=7, seconds=1), Rules())
    assert not find_occasion("nps", 0, HOUR, Rules(opens_by_itself=False))


def test_praise_is_a_promoters_answer_with_words_where_the_organisation_wants_it() -> None:
    wanting = Rules(opens_by_itself=False, thanks_promoters=True)
    assert find_occasion("nps", 9, HOUR, wanting, has_words=True) is Occasion.PRAISE
    assert find_occasion("nps", 8, HOUR, wanting, has_words=True) is None
    assert find_occasion("nps", 9, HOUR, wanting) is None
    assert find_occasion("csat", 5, HOUR, wanting, has_words=True) is None
    assert find_occasion("nps", 10, HOUR, Rules(), has_words=True) is None
    assert find_occasion("nps", 0, HOUR, wanting, has_words=True) is None


def test_agents_of_the_unit_take_turns() -> None:
    ada = Worker(1, "frontline", "shop", NOW - HOUR)
    bo = Worker(2, "frontline", "shop", NOW - 2 * HOUR)
    boss = Worker(3, "manager", "shop")
    assert choose_owner("shop", [ada, bo, boss], TREE) == 2
    assert choose_owner("shop", [ada, Worker(2, "frontline", "shop", NOW), boss], TREE) == 1
    assert choose_owner("shop", [ada, Worker(9, "frontline", "shop"), boss], TREE) == 9


def test_where_nobody_works_it_goes_up_and_never_sideways() -> None:
    cleo = Worker(1, "frontline", "south")
    boss = Worker(2, "manager", "north")
    assert choose_owner("shop", [cleo, boss], TREE) == 2
    assert choose_owner("shop", [cleo], TREE) is None
    assert choose_owner("shop", [cleo, Worker(3, "analyst", "shop")], TREE) is None
    assert choose_owner(None, [cleo, Worker(4, "manager", None)], TREE) == 4


def test_a_loop_in_the_tree_ends() -> None:
    assert choose_owner("a", [Worker(1, "frontline", None)], {"a": "b", "b": "a"}) == 1


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        (-9 * HOUR, Urgency.LATER),
        (-8 * HOUR, Urgency.SOON),
        (0 * HOUR, Urgency.SOON),
        (HOUR, Urgency.OVERDUE),
        (24 * HOUR, Urgency.OVERDUE),
        (25 * HOUR, Urgency.ESCALATED),
    ],
)
def test_a_case_grows_urgent(late: timedelta, expected: Urgency) -> None:
    assert urgency(OPEN, NOW - late, NOW) is expected
    assert urgency(RESOLVED, NOW - late, NOW) is Urgency.DONE


@pytest.mark.parametrize(
    "change", [{"max_age_days": 0}, {"deadline_hours": 0}, {"csat_at_most": 5}, {"ces_at_most": 0}]
)
def test_rules_that_cannot_be_are_refused(change: dict[str, int]) -> None:
    with pytest.raises(InvalidInput):
        check_rules(Rules(**change))  # type: ignore[arg-type]

"""A metric asked on another scale than its own is never silently taken for it."""

from __future__ import annotations

import pytest

from regard.warehouse.files.scales import WrongScale
from regard.warehouse.files.tests.conftest import ReadFile

HEADER = "message_id,customer,occurred_at,metric,score\n"
DECLARED = """
[columns]
message_id = "message_id"
customer = "customer"
occurred_at = "occurred_at"
metric = "metric"
score = { column = "score", %s }
"""


def answers(metric: str, *scores: object) -> str:
    return HEADER + "".join(f"m{i},u{i},2026-05-01,{metric},{score}\n" for i, score in enumerate(scores))


def test_satisfaction_up_to_ten_is_refused_as_a_whole(read: ReadFile) -> None:
    says = r"csat holds values up to 10; its scale is 1 to 5 \(50 of 100 .*scale = \[1, 10\].*missing = \[6, 7, 8, 9, 10\]"
    with pytest.raises(WrongScale, match=says):
        read(answers("CSAT", *list(range(1, 11)) * 10))


def test_a_scale_that_begins_below_is_told_too(read: ReadFile) -> None:
    with pytest.raises(WrongScale, match=r"ces holds values down to 0; .*scale = \[0, 5\]"):
        read(answers("ces", *list(range(6)) * 10))


@pytest.mark.parametrize(
    "scores", [[*[9] * 60, 11], [*[9] * 100, 11, 11, 11, 12, 99], [*[9] * 8, 11, 11]], ids=str
)
def test_few_slips_are_set_aside_alone(read: ReadFile, scores: list[int]) -> None:
    found = read(answers("nps", *scores))
    assert len(found.rows) == scores.count(9)
    assert set(found.reasons.values()) == {"score_out_of_range"}


@pytest.mark.parametrize("setting", ["scale = [1, 10]", "missing = [6, 7, 8]"])
def test_what_is_declared_is_believed(read: ReadFile, setting: str) -> None:
    found = read(answers("csat", *list(range(1, 11)) * 10), mapping=DECLARED % setting)
    assert len(found.rows) >= 50


def test_questions_of_ones_own_have_any_scale(read: ReadFile) -> None:
    assert len(read(answers("mood", *range(1, 101))).rows) == 100

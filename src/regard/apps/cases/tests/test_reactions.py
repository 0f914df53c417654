"""Which answers open cases on the way from the journal, in new data folders and in those of earlier versions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from regard.apps.cases import queries, services
from regard.apps.cases.policy import OUTCOMES
from regard.apps.cases.queries import CaseCard
from regard.apps.cases.tests.conftest import NOW, Answer, member
from regard.apps.cases.web.words import title_of
from regard.apps.journal.consumers import CONSUMERS
from regard.apps.journal.models import Position
from regard.apps.journal.projector import Projector
from regard.apps.organisation.policy import Viewer, sight_of

pytestmark = pytest.mark.django_db(transaction=True)

ALL = sight_of(Viewer("manager", None), {})


def cases() -> list[CaseCard]:
    return queries.list_cases(ALL, member_id=0)


def before_cases_existed(patch: pytest.MonkeyPatch) -> None:
    """As a version without cases read the journal."""
    without = {consumer.key: consumer for consumer in CONSUMERS if consumer.key != "cases"}
    patch.setattr(CONSUMERS, "_items", without)


def test_answers_from_before_cases_existed_open_none(
    answer: Answer, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        before_cases_existed(patch)
        answer(0)
        answer(1, user="bo", occurred_at=NOW - timedelta(days=2000))
    assert not Position.objects.filter(consumer="cases").exists()
    projector.drain()
    assert cases() == [], "history is not a queue"
    answer(2, user="cleo")
    assert [case.score for case in cases()] == [2.0]


def test_a_folder_with_cases_goes_on_where_they_stood(
    answer: Answer, projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(0)
    # As an earlier version left it: beside the last segment that it looked at, under the epoch of then.
    Position.objects.filter(consumer="cases").update(epoch="of-then")
    with monkeypatch.context() as patch:
        before_cases_existed(patch)
        answer(1, user="bo")
    assert [case.score for case in cases()] == [0.0]
    answer(2, user="cleo")
    assert [case.score for case in cases()] == [0.0, 1.0, 2.0], "none is left out and none comes twice"


def test_years_of_answers_in_a_file_open_none_and_its_latest_do(answer: Answer) -> None:
    for age in (3000, 365, 91, 8):
        answer(0, user=f"u{age}", occurred_at=NOW - timedelta(days=age))
    assert cases() == []
    answer(0, user="fresh", occurred_at=NOW - timedelta(days=6))
    assert len(cases()) == 1


def test_a_promoters_words_wait_to_be_thanked_where_the_organisation_wants_it(answer: Answer) -> None:
    me = member("frontline", "shop-1")
    answer(10, text="Splendid.", thread="r1")
    assert cases() == []
    services.change_rules(thanks_promoters=True)
    answer(10, user="bo", text="Splendid.", thread="r2")
    answer(9, user="cleo", thread="r3")
    answer(10, user="dora", text="Yes, but the invoice.", thread="r4")
    answer(1, user="dora", metric="csat", thread="r4")
    [case] = [one for one in cases() if one.words == "Splendid."]
    assert len(cases()) == 2
    assert title_of(case).startswith("Praise")
    assert "thanked" in OUTCOMES
    services.resolve(case.id, outcome="thanked", said="Thank you.", by=me)


def test_what_a_response_complains_of_goes_before_its_praise(answer: Answer, projector: Projector) -> None:
    from regard.apps.journal import services as journal
    from regard.apps.journal.facts import Fact

    services.change_rules(thanks_promoters=True)
    told = {"kind": "survey.answered", "occurred_at": NOW, "user_id": "ada", "thread": "r1", "text": "Well."}
    facts = [
        Fact(message_id="b1", metric="csat", score=5, **told),  # type: ignore[arg-type]
        Fact(message_id="b2", metric="nps", score=10, **told),  # type: ignore[arg-type]
        Fact(message_id="b3", metric="ces", score=1, **told),  # type: ignore[arg-type]
    ]
    journal.record(facts, source="shop", now=NOW)
    projector.drain()
    assert [case.metric for case in cases()] == ["ces"]

"""What is done with cases, in the store and in the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from regard.apps.cases import queries, services
from regard.apps.cases.models import Case, Entry
from regard.apps.cases.services import Origin
from regard.apps.cases.tests.conftest import NOW, Answer, member
from regard.apps.customers.models import Identifier
from regard.apps.journal import services as journal
from regard.apps.journal.projector import Projector
from regard.apps.organisation.policy import Sight, Viewer, sight_of
from regard.kernel.errors import InvalidInput
from regard.metrics.compute import compute
from regard.webkit.hub import hub

pytestmark = pytest.mark.django_db(transaction=True)

ALL = sight_of(Viewer("manager", None), {})


def seen(unit: str | None, role: str = "frontline") -> Sight:
    return sight_of(Viewer(role, unit), {"north": None, "shop-1": "north", "south": None})


def in_log(columns: str = "kind") -> list[tuple[Any, ...]]:
    log = hub()
    log.refresh()
    with log.cursor() as cursor:
        return cursor.execute(
            f"SELECT {columns} FROM interactions WHERE kind LIKE 'case.%' ORDER BY occurred_at, kind"
        ).fetchall()


def ada() -> int:
    return Identifier.objects.get(kind="user", value="ada").identity_id


def test_a_detractor_opens_a_case_for_the_agent_of_the_unit(answer: Answer, projector: Projector) -> None:
    agent = member("frontline", "shop-1")
    member("manager", "north")
    answer(3, text="Third time late.", language="en", thread="r1")
    [case] = queries.list_cases(ALL, member_id=0)
    assert (case.metric, case.score, case.words, case.unit) == ("nps", 3.0, "Third time late.", "shop-1")
    assert case.owner is not None
    assert case.owner.id == agent
    assert case.due_at == NOW + timedelta(hours=48)
    assert case.identity_id == ada()
    projector.drain()
    assert in_log("kind, source, unit, customer_id, attributes->>'opened_by'") == [
        ("case.opened", "shop", "shop-1", ada(), "answer")
    ]


@pytest.mark.usefixtures("projector")
def test_happy_old_confidential_and_made_up_answers_open_none(answer: Answer) -> None:
    from regard.apps.intake.models import Source

    Source.objects.create(key="sample", title="Sample", write_key="k2", is_made_up=True)
    answer(7)
    answer(9)
    answer(3, metric="csat")
    answer(0, occurred_at=NOW - timedelta(days=8))
    answer(0, attributes={"confidential": True})
    answer(0, source="sample")
    assert queries.list_cases(ALL, member_id=0) == []
    answer(2, metric="csat")
    assert len(queries.list_cases(ALL, member_id=0)) == 1


def test_answers_of_one_response_open_one_case_and_another_response_another(answer: Answer) -> None:
    answer(1, thread="r1")
    answer(1, thread="r1", metric="csat")
    answer(2, thread="r1", metric="ces")
    assert len(queries.list_cases(ALL, member_id=0)) == 1
    answer(2, thread="r2")
    assert len(queries.list_cases(ALL, member_id=0)) == 2


def test_reading_the_journal_again_opens_nothing_twice(answer: Answer, projector: Projector) -> None:
    answer(1)
    answer(2, user="bo", thread="r9")
    projector.stop()
    journal.renew_epoch()
    projector.drain()
    assert len(queries.list_cases(ALL, member_id=0)) == 2
    assert len(in_log()) == 2


def test_the_organisation_sets_what_opens_a_case(answer: Answer) -> None:
    services.change_rules(csat_at_most=3, deadline_hours=4)
    answer(3, metric="csat")
    [case] = queries.list_cases(ALL, member_id=0)
    assert case.due_at == NOW + timedelta(hours=4)
    services.change_rules(opens_by_itself=False)
    answer(0)
    assert len(queries.list_cases(ALL, member_id=0)) == 1
    with pytest.raises(InvalidInput):
        services.change_rules(deadline_hours=0)


def test_a_deadline_counts_the_hours_in_which_the_organisation_works(answer: Answer) -> None:
    from regard.apps.organisation import services as organisation

    me, day = member("manager"), NOW.isoweekday() % 7 + 1
    organisation.change_settings(working_hours={"days": [day], "opens": "09:00", "closes": "17:00"})
    services.change_rules(deadline_hours=2)
    answer(0)
    [case] = queries.list_cases(ALL, member_id=0)
    tomorrow = (NOW + timedelta(days=1)).replace(hour=11, minute=0, second=0)
    assert case.due_at == tomorrow
    services.resolve(case.id, outcome="solved", said="Sorry.", by=me, now=NOW)
    services.reopen(case.id, text="again", by=me, now=NOW)
    [case] = queries.list_cases(ALL, member_id=0)
    assert case.due_at == tomorrow


def test_agents_take_turns(answer: Answer) -> None:
    agents = {member("frontline", "shop-1", name) for name in ("ada", "bo", "cleo")}
    for user in ("u1", "u2", "u3"):
        answer(1, user=user)
    assert {case.owner.id for case in queries.list_cases(ALL, member_id=0) if case.owner} == agents


def test_a_case_goes_its_way_and_each_step_stands_in_the_log(answer: Answer, projector: Projector) -> None:
    me, other = member("frontline", "shop-1"), member("manager", "north")
    answer(8)
    case = services.open_case(
        identity_id=ada(), unit="shop-1", title="Asks for a call", opened_by=me, now=NOW
    )
    services.assign(case, owner_id=other, by=me, now=NOW + timedelta(minutes=1))
    services.note(case, text="Called, no answer.", by=other, now=NOW + timedelta(minutes=2))
    services.resolve(
        case, outcome="solved", said="We send it again.", by=other, now=NOW + timedelta(minutes=3)
    )
    services.reopen(case, text="Late again.", by=me, now=NOW + timedelta(minutes=4))
    services.resolve(case, outcome="not_reached", by=me, now=NOW + timedelta(minutes=10))
    projector.drain()
    kinds = [kind for (kind,) in in_log()]
    assert kinds == [
        "case.opened", "case.assigned", "case.noted", "case.resolved", "case.reopened", "case.resolved",
    ]  # fmt: skip
    assert [entry.kind for entry in queries.list_entries(case)] == [
        kind.removeprefix("case.") for kind in kinds
    ]
    assert not any("Called" in str(row) or "again" in str(row) for row in in_log("text, attributes"))
    log = hub()
    log.refresh()
    with log.cursor() as cursor:
        rate = compute("resolution_rate", connection=cursor, min_n=1, now=NOW + timedelta(hours=1)).total
        time = compute("time_to_resolution", connection=cursor, min_n=1, now=NOW + timedelta(hours=1)).total
    assert rate.estimate is not None
    assert (rate.estimate.value, rate.estimate.n) == (1.0, 1)
    assert time.estimate is not None
    assert time.estimate.value == 600.0


def test_a_case_that_we_open_is_no_contact_of_the_customer(answer: Answer, projector: Projector) -> None:
    answer(1, occurred_at=NOW - timedelta(days=1))
    services.open_case(identity_id=ada(), unit=None, title="A", opened_by=member("manager"), now=NOW)
    projector.drain()
    assert len(in_log()) == 2
    log = hub()
    log.refresh()
    later = NOW + timedelta(days=30)
    with log.cursor() as cursor:
        contacts = compute("first_contact_resolution", connection=cursor, min_n=1, now=later).total
    assert contacts.estimate is None


def test_a_case_is_resolved_once_and_only_with_an_outcome(answer: Answer) -> None:
    me = member("frontline", "shop-1")
    answer(1)
    [case] = queries.list_cases(ALL, member_id=0)
    with pytest.raises(InvalidInput, match="outcome"):
        services.resolve(case.id, outcome="forgotten", said="x", by=me)
    with pytest.raises(InvalidInput, match="said"):
        services.resolve(case.id, outcome="solved", by=me)
    with pytest.raises(InvalidInput):
        services.reopen(case.id, text="why", by=me)
    services.resolve(case.id, outcome="solved", said="Sorry.", by=me)
    with pytest.raises(InvalidInput):
        services.resolve(case.id, outcome="solved", said="Sorry.", by=me)
    assert Entry.objects.filter(case_id=case.id, kind="resolved").count() == 1


def test_an_interaction_opens_one_case_whoever_asks(answer: Answer) -> None:
    me = member("frontline", "shop-1")
    answer(9)
    origin = Origin(interaction_id="ab" * 16, source="shop", metric="nps", score=9)
    first = services.open_case(identity_id=ada(), unit="shop-1", origin=origin, opened_by=me)
    assert services.open_case(identity_id=ada(), unit="shop-1", origin=origin, opened_by=me) == first
    assert Case.objects.count() == 1


def test_a_case_that_cannot_be_recorded_is_not_opened(
    answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(9)

    def fail(*_: object, **__: object) -> None:
        raise IntegrityError("disk")

    monkeypatch.setattr(journal, "record", fail)
    with pytest.raises(IntegrityError):
        services.open_case(identity_id=ada(), unit=None, title="A", opened_by=member("manager"))
    assert not Case.objects.exists()


def test_nobody_unknown_gets_a_case_and_nobody_without_the_part_owns_one(answer: Answer) -> None:
    answer(9)
    me, executive = member("manager"), member("executive")
    with pytest.raises(InvalidInput):
        services.open_case(identity_id=999, unit=None, title="A", opened_by=me)
    case = services.open_case(identity_id=ada(), unit=None, title="A", opened_by=me)
    with pytest.raises(InvalidInput):
        services.assign(case, owner_id=executive, by=me)
    with pytest.raises(InvalidInput):
        services.open_case(identity_id=ada(), unit=None, title=" \x00 ", opened_by=me)


def test_a_member_sees_the_cases_of_their_units_and_their_own(answer: Answer) -> None:
    ada_of_north, cleo = member("manager", "north"), member("frontline", "south", "cleo")
    answer(1)
    [case] = queries.list_cases(ALL, member_id=0)
    assert queries.find_case(seen("north"), case.id, member_id=ada_of_north)
    assert queries.find_case(seen("south"), case.id, member_id=cleo) is None
    assert queries.find_case(seen(None, "executive"), case.id, member_id=cleo) is None
    services.assign(case.id, owner_id=cleo, by=ada_of_north)
    assert queries.find_case(seen("south"), case.id, member_id=cleo)
    assert queries.find_case(ALL, 2**70, member_id=cleo) is None


def test_a_customer_is_forgotten_with_all_their_cases(answer: Answer) -> None:
    answer(1)
    answer(1, user="bo")
    assert services.forget(ada()) == 1
    assert Case.objects.count() == 1
    assert Entry.objects.count() == 1


def test_cases_come_as_they_are_due_and_are_counted(answer: Answer) -> None:
    for number, user in enumerate(("u1", "u2", "u3")):
        answer(1, user=user)
        Case.objects.order_by("-id").filter(
            identity_id=Identifier.objects.get(value=user).identity_id
        ).update(due_at=NOW + timedelta(hours=3 - 4 * number))
    cases = queries.list_cases(ALL, member_id=0)
    assert [case.due_at for case in cases] == sorted(case.due_at for case in cases)
    first = cases[0]
    assert len(queries.list_cases(ALL, member_id=0, after=(first.due_at, first.id))) == 2
    counts = queries.count_cases(ALL, member_id=0, now=NOW)
    assert (counts.open, counts.overdue, counts.soon, counts.unowned) == (3, 2, 1, 3)
    assert len(queries.list_cases(ALL, member_id=0, overdue_at=NOW)) == 2


def test_however_many_work_on_cases_they_are_found_at_once(
    answer: Answer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        member("frontline", "shop-1", name=f"agent-{number}")
    member("executive", "shop-1", name="no-worker")
    with django_assert_num_queries(1):
        found = services.list_owners()
    assert {card.role for card in found} == {"frontline"}

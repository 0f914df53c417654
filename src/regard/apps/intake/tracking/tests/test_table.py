"""What tracked events become."""

from __future__ import annotations

import duckdb
import pytest

from regard.apps.intake.tracking.table import EVENTS, find_rule, kind_of
from regard.kernel.errors import InvalidInput
from regard.warehouse.files.kinds import kind_sql


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("Order Completed", "order.placed"),
        ("order completed", "order.placed"),
        ("OrderCompleted", "order.placed"),
        ("Trial Started", "trial.started"),
        ("Signed Up", "customer.signed_up"),
        ("Button Clicked", "button.clicked"),
        ("Παραγγελία Άνοιξε", "παραγγελία.άνοιξε"),
    ],
)
def test_an_event_gives_its_kind(event: str, kind: str) -> None:
    assert find_rule("track", event).kind == kind


def test_every_kind_in_the_table_is_a_noun_and_a_verb() -> None:
    assert all(kind_of(rule.kind) == rule.kind for rule in EVENTS.values())


@pytest.mark.parametrize(
    "event",
    [
        *(
            "Loyalty Card Scanned",
            "order.placed",
            "Clicked",
            "Bad Kind!",
            "!!!",
            "Παραγγελία Άνοιξε",
            "a.b.c",
        ),
        *(
            "iPhoneBought",
            "HTTPServerFailed",
            "order_2.placed",
            "Order.Placed",
            " order.placed ",
            "__",
            "заказ-Создан",
        ),
    ],
)
def test_files_and_events_make_the_same_kinds_of_names(event: str) -> None:
    with duckdb.connect() as connection:
        [(kind,)] = connection.execute(
            f"SELECT {kind_sql('name')} FROM (SELECT ? AS name)", [event]
        ).fetchall()
    assert kind == (kind_of(event) or None)


def test_what_is_given_back_moves_money_back() -> None:
    assert find_rule("track", "Order Refunded").sign == -1
    returned = {"Parcel Returned": {"kind": "order.returned", "amount": "total"}}
    assert find_rule("track", "Parcel Returned", returned).sign == -1
    assert find_rule("track", "Order Completed").sign == 1


def test_a_source_can_add_an_event_and_change_one() -> None:
    mapping: dict[str, dict[str, object]] = {
        "Parcel Late": {"kind": "delivery.late", "thread": ["parcel_id"]},
        "Order Completed": {"amount": "net"},
    }
    assert find_rule("track", "parcel late", mapping).thread == ("parcel_id",)
    order = find_rule("track", "Order Completed", mapping)
    assert (order.kind, order.amount) == ("order.placed", ("net",))


def test_a_field_that_does_not_exist_is_named() -> None:
    with pytest.raises(InvalidInput, match="Did you mean 'amount'"):
        find_rule("track", "X", {"X": {"amonut": "net"}})


def test_calls_that_are_no_events_have_their_own_kinds() -> None:
    assert [find_rule(call, "").kind for call in ("page", "screen", "identify", "group", "alias")] == [
        "page.viewed",
        "screen.viewed",
        "customer.identified",
        "account.joined",
        "customer.aliased",
    ]

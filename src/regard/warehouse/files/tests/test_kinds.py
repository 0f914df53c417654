"""What happened, and which way money moved with it."""

from __future__ import annotations

import pytest

from regard.warehouse.files.tests.conftest import ReadFile


@pytest.mark.parametrize("kind", ["order.refunded", "order.returned", "order.cancelled", "Order Refunded"])
@pytest.mark.parametrize("amount", ["12.50", "-12.50"])
def test_what_is_given_back_is_negative_whatever_its_sign(read: ReadFile, kind: str, amount: str) -> None:
    found = read(
        f"message_id,customer,occurred_at,kind,amount\n"
        f"a,u,2026-05-01,order.placed,12.50\nb,u,2026-05-01,{kind},{amount}\n"
    )
    assert [row["amount_minor"] for row in found.rows] == [1250, -1250]


def test_smallest_units_and_constant_kinds_are_given_back_too(read: ReadFile) -> None:
    found = read(
        "customer,occurred_at,amount_minor\nu,2026-05-01,1250\n",
        mapping='[columns]\ncustomer = "customer"\noccurred_at = "occurred_at"\namount_minor = "amount_minor"\n'
        '[constants]\nkind = "order.refunded"\n',
    )
    assert [row["amount_minor"] for row in found.rows] == [-1250]


def test_an_amount_that_no_refund_can_turn_stops_no_file(read: ReadFile) -> None:
    found = read(
        "customer,occurred_at,kind,amount_minor\nu,2026-05-01,order.refunded,-9223372036854775808\n"
        "u,2026-05-01,order.refunded,\n"
    )
    assert [row["amount_minor"] for row in found.rows] == [-(2**63), None]


def test_a_kind_is_written_as_the_log_writes_it_or_set_aside(read: ReadFile) -> None:
    found = read(
        "message_id,customer,occurred_at,kind\n"
        "a,u,2026-05-01,Bad Kind!\nb,u,2026-05-01,LoyaltyCardScanned\nc,u,2026-05-01,page.viewed\n"
        "d,u,2026-05-01,!!!\ne,u,2026-05-01,Clicked\n"
    )
    assert [row["kind"] for row in found.rows] == [
        "bad.kind",
        "loyalty_card.scanned",
        "page.viewed",
        "event.clicked",
    ]
    assert found.reasons == {5: "kind_missing"}


def test_how_a_kind_is_written_stays_part_of_the_rows_own_id(read: ReadFile) -> None:
    header = "customer,occurred_at,kind\n"
    odd, plain = read(header + "u,2026-05-01,Order Placed\n"), read(header + "u,2026-05-01,order.placed\n")
    assert odd.rows[0]["kind"] == plain.rows[0]["kind"]
    assert odd.ids == {"row-2002d5ea-f431-fa41-02f6-a2140c4f231f"}
    assert odd.ids != plain.ids

"""Amounts in the smallest unit of their currency."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.kernel.money import Money, exponent, to_minor


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("EUR", 2), ("AMD", 2), ("JPY", 0), ("ISK", 0), ("KWD", 3), ("CLF", 4), ("jpy", 0)],
)
def test_each_currency_has_its_decimals(currency: str, decimals: int) -> None:
    assert exponent(currency) == decimals


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("86.40", "EUR", 8640),
        ("-0.01", "EUR", -1),
        ("100", "JPY", 100),
        ("1.234", "KWD", 1234),
        ("0.125", "EUR", 12),  # half a cent goes to the even one
        ("0.135", "EUR", 14),
        ("1e3", "EUR", 100_000),
    ],
)
def test_amounts_become_whole_smallest_units(amount: str, currency: str, minor: int) -> None:
    assert to_minor(Decimal(amount), currency) == minor


@given(st.integers(-(10**15), 10**15), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_an_amount_goes_there_and_back_exactly(minor: int, currency: str) -> None:
    assert to_minor(Money(minor, currency).major, currency) == minor


def test_amounts_of_one_currency_add_up() -> None:
    assert Money(150, "EUR") + Money(-50, "EUR") == Money(100, "EUR")


def test_different_currencies_are_never_added() -> None:
    with pytest.raises(ValueError, match="USD and EUR"):
        Money(1, "USD") + Money(1, "EUR")

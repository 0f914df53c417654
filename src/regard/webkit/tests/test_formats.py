"""Numbers, money and times in the reader's way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from regard.webkit import formats


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "number", "share", "amount", "time"),
    [
        ("en", "−1,234.6", "82.4%", "€86.40", "7.4 hr"),
        ("el", "−1.234,6", "82,4%", "86,40 €", "7,4 ώ."),
        ("hy", "−1 234,6", "82,4%", "86,40 €", "7,4 ժ"),
        ("pl", "−1 234,6", "82,4%", "86,40 €", "7,4 godz."),
        ("ru", "−1 234,6", "82,4 %", "86,40 €", "7,4 ч"),
    ],
)
def test_every_language_writes_numbers_its_own_way(
    language: str, number: str, share: str, amount: str, time: str
) -> None:
    with translation.override(language):
        assert plain(formats.number(-1234.56, 1)) == number
        assert plain(formats.percent(0.824)) == share
        assert plain(formats.money(8640, "EUR")) == amount
        assert plain(formats.duration(26_640)) == time


def test_nothing_is_never_negative_and_a_rise_carries_its_plus() -> None:
    assert formats.number(-0.04, 1) == "0.0"
    assert formats.signed(0.04, 1) == "0.0"
    assert formats.signed(3.91, 1) == "+3.9"


def test_currencies_without_cents_have_none() -> None:
    assert formats.money(500, "JPY") == "¥500"
    assert formats.money(865_000, "EUR") == "€8,650"


def test_long_times_are_told_in_days_and_short_ones_in_seconds() -> None:
    assert formats.duration(4.25) == "4.2 sec"
    assert formats.duration(45 * 60) == "45 min"
    assert formats.duration(10 * 86_400) == "10 days"


@pytest.mark.parametrize(
    ("days", "polish", "russian"),
    [
        (1, "1 dzień temu", "1 день назад"),
        (2, "2 dni temu", "2 дня назад"),
        (5, "5 dni temu", "5 дней назад"),
    ],
)
def test_polish_and_russian_decline_their_days(days: int, polish: str, russian: str) -> None:
    now = datetime(2026, 3, 20, tzinfo=UTC)
    with translation.override("pl"):
        assert plain(formats.ago(now - timedelta(days=days), now)) == polish
    with translation.override("ru"):
        assert plain(formats.ago(now - timedelta(days=days), now)) == russian

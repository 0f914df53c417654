"""Reasons about single values, gathered."""

from __future__ import annotations

from regard.kernel.sentences import places_of
from regard.warehouse.files.unreadable import NO_NUMBER, NO_TIME, OTHER_WIDTH, SENTENCES, code_of, gather


def test_one_reason_for_every_weekday_is_one_reason() -> None:
    days = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
    rows = [
        (NO_TIME % {"column": "DAY", "given": day}, 10 + at, 9 - at, f"raw {day}")
        for at, day in enumerate(days)
    ]
    [one] = gather(rows)
    assert (one.n, one.line, one.raw) == (91, 3, "raw Sunday")
    assert one.given == days[::-1], "the most frequent first"


def test_other_columns_and_other_reasons_stay_apart() -> None:
    rows = [
        (NO_NUMBER % {"column": "price", "given": "x"}, 2, 1, "a"),
        (NO_NUMBER % {"column": "price", "given": "y"}, 1, 2, "b"),
        (NO_NUMBER % {"column": "tax", "given": "x"}, 5, 3, "c"),
        (NO_TIME % {"column": "price", "given": "x"}, 4, 4, "d"),
        ("time_missing", 9, 5, "e"),
        (OTHER_WIDTH % {"given": 3, "expected": 7}, 1, 6, "f"),
        (OTHER_WIDTH % {"given": 9, "expected": 7}, 1, 7, "g"),
    ]
    assert [(one.n, one.line, one.given) for one in gather(rows)] == [
        (9, 5, []), (5, 3, ["x"]), (4, 4, ["x"]), (3, 1, ["x", "y"]), (2, 6, ["3", "9"])
    ]  # fmt: skip


def test_a_sentence_gives_its_places_back_whatever_stood_there() -> None:
    places = {"column": 'it\'s (a) "day"\n100%', "given": "' is not"}
    assert places_of(NO_TIME % places, SENTENCES) == (NO_TIME, places)
    assert places_of("time_missing", SENTENCES) is None
    assert code_of(OTHER_WIDTH % {"given": 3, "expected": 7}) == "wrong_number_of_columns"

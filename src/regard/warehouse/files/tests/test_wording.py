"""Which columns hold the customer's own words."""

from __future__ import annotations

import pytest

from regard.warehouse.files.wording import wording_of

ANSWERS = [f"It took {word} long until somebody answered." for word in ("too", "very", "so", "rather")]


@pytest.mark.parametrize(
    "column",
    [
        "What did you think?", "Any other comments?", "Reason for your score", "Q9_WHY", "otherComments",
        "Γιατί δώσατε αυτόν τον βαθμό;", "ΣΧΟΛΙΑ", "Ինչո՞ւ այս գնահատականը", "Այլ մեկնաբանություններ",
        "Dlaczego taka ocena?", "Powód oceny", "Co możemy poprawić?", "Почему такая оценка?", "Ваши пожелания",
    ],
)  # fmt: skip
def test_a_column_that_asks_for_words_and_holds_sentences_is_words(column: str) -> None:
    assert wording_of(column, ANSWERS) is not None


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("Reason", ["late delivery again", "broken"] * 20),
        ("Comments", ["1", "14", "3", "7"]),
        ("Why us", ["price", "quality", "staff", "friends"]),
        ("Description", [f"white hanging heart light holder {i}" for i in range(9)]),
        ("Any other comments?", []),
        ("Destination", ANSWERS),
    ],
)
def test_codes_single_words_names_of_products_and_empty_columns_are_not(
    column: str, values: list[str]
) -> None:
    assert wording_of(column, values) is None

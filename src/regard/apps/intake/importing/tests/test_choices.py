"""Mappings as choices, column by column, and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from regard.apps.intake.importing.choices import APART, QUESTION, Choice, Choices, choices_of, mapping_of
from regard.kernel.errors import InvalidInput
from regard.warehouse.files.declared import parse_mapping
from regard.warehouse.files.mapping import Field, Mapping
from regard.warehouse.files.toml import as_toml

COLUMNS = ("who", "day", "nps", "food", "words", "colour", "price", "n", "plan")


@pytest.mark.parametrize(
    "content",
    [
        '[columns]\ncustomer = "who"\noccurred_at = { column = "day", format = "%d/%m/%Y" }\ntext = "words"\nscore = { column = "nps", missing = ["11"] }\n[constants]\nmetric = "nps"\n',
        '[columns]\noccurred_at = "day"\namount = { column = "price", times = "n" }\n[constants]\nchannel = "store"\n[traits]\nplan = "plan"\n',
        '[columns]\noccurred_at = { template = "2017-05-{day}" }\n[[interaction]]\nmetric = "nps"\nscore = { column = "nps", missing = ["11", "0"] }\n'
        '[[interaction]]\nmetric = "food"\nscore = { column = "food", missing = ["0"], scale = [1, 10] }\n[[interaction]]\nkind = "comment.written"\ntext = "words"\n',
    ],
)
def test_a_mapping_survives_being_shown_and_saved(content: str) -> None:
    before = parse_mapping(content)
    after = mapping_of(choices_of(before, COLUMNS), before)
    again = mapping_of(choices_of(after, COLUMNS), after)
    assert as_toml(again) == as_toml(after)
    assert set(after.fields) | {"kind"} == set(before.fields) | {"kind"}
    assert after.blocks == before.blocks or len(after.blocks) == len(before.blocks)


def test_values_that_mean_no_answer_in_every_rating_are_shown_once() -> None:
    mapping = parse_mapping(
        '[columns]\noccurred_at = "day"\n[[interaction]]\nmetric = "nps"\nscore = { column = "nps", missing = [11, 0] }\n'
        '[[interaction]]\nmetric = "csat"\nscore = { column = "food", missing = [0] }\n'
    )
    shown = choices_of(mapping, COLUMNS)
    assert shown.blank == ("0",)
    assert (shown.columns["nps"].missing, shown.columns["food"].missing) == (("11",), ())
    saved = mapping_of(shown, mapping)
    assert [block.fields["score"].missing for block in saved.blocks] == [("11", "0"), ("0",)]


def test_two_columns_cannot_be_the_same() -> None:
    chosen = Choices({"a": Choice("customer"), "b": Choice("customer")})
    with pytest.raises(InvalidInput, match="'a' and 'b' cannot both be customer"):
        mapping_of(chosen, Mapping({}))


def test_what_is_left_out_does_not_become_an_attribute() -> None:
    shown = choices_of(parse_mapping('[columns]\noccurred_at = "day"\n'), COLUMNS)
    chosen = replace(shown, columns={**shown.columns, "colour": Choice(APART), "food": Choice(QUESTION)})
    mapping = mapping_of(chosen, Mapping({}))
    assert "colour" not in (mapping.attributes or ())
    assert "plan" in (mapping.attributes or ())
    assert mapping.fields["metric"] == Field(value="food")


def test_an_amount_beside_a_rating_is_an_order_of_its_own_until_it_is_told_what_all_rows_are() -> None:
    columns = {
        "day": Choice("occurred_at"),
        "price": Choice("amount"),
        "food": Choice(QUESTION),
        "words": Choice("text"),
    }
    two = mapping_of(Choices(columns), Mapping({}))
    assert [dict(block.fields) for block in two.blocks] == [
        {"metric": Field(value="food"), "score": Field(column="food"), "text": Field(column="words")},
        {"kind": Field(value="order.placed"), "amount": Field(column="price")},
    ]
    assert mapping_of(choices_of(two, tuple(columns)), two) == two
    one = mapping_of(Choices(columns, whole={"kind": "survey.answered"}), Mapping({}))
    assert not one.blocks
    assert {"amount", "score", "text", "kind"} <= set(one.fields)


def test_two_columns_of_words_stand_beside_ratings_but_not_beside_a_kind() -> None:
    columns = {
        "day": Choice("occurred_at"),
        "nps": Choice("nps"),
        "words": Choice("text"),
        "colour": Choice("text"),
    }
    both = mapping_of(Choices(columns), Mapping({}))
    assert [block.fields["text"].column for block in both.blocks] == ["words", "colour"]
    assert mapping_of(choices_of(both, tuple(columns)), both) == both
    with pytest.raises(InvalidInput, match="cannot both be text"):
        mapping_of(
            Choices(
                {name: one for name, one in columns.items() if name != "nps"}, whole={"kind": "note.made"}
            ),
            Mapping({}),
        )

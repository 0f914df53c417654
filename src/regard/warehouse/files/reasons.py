"""Why something was guessed: a sentence for the terminal, and its code and values for whoever says it in other words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SENTENCES = {
    "usual_name": "'{column}' is {name}: its name is usual for it, and {why}.",
    "time": "'{column}' is occurred_at: its name says a time, and {why}.",
    "time_form": "In '{column}', {why}; it is read as {form}.",
    "time_form_unsure": "Please check: in '{column}', {why}; it is read as {form}.",
    "no_time": "No column holds dates with a usual name: say when, under occurred_at.",
    "no_kind": "No column says what happened: every row is called 'interaction.recorded'.",
    "no_question": "No column says which question the score answers: it is kept as 'score'.",
    "standard_score": "'{column}' is the score of {metric}: it is called so, and lies on its scale.",
    "outside_scale": "Please check: '{column}' also holds {listed}, which will be set aside. "
    "If that means no answer, declare missing = [{listed}].",
    "other_scale": "Please check: '{column}' is called after {metric} but goes up to {highest}; its scale is {low} to {high}. "
    "It counts as no answer until a mapping declares its scale.",
    "not_read": "Please check: '{column}' is called after {metric}, but most of its values are not whole numbers from {low} "
    "to {high}. It counts as no answer until a mapping says how to read it.",
    "question": "'{column}' is kept as the question '{metric}': its scale is not declared. "
    "To count it as csat, say metric and scale.",
    "battery": "{n} columns {stem}… are questions of one battery, with numbers up to {highest}; "
    "each is kept under its own name. Declare values that mean no answer under missing.",
    "product": "'{column}' times '{factor}' is the amount: one is called a price, the other a quantity.",
    "words": "'{column}' is the customer's words: its name asks for them ('{word}'), {different} of its values differ, and they have "
    "{n} words on average.",
    "order_too": "Each row is an order with the amount in '{column}' and, beside it, what the customer answered. "
    "To make it one interaction, say its kind.",
    "comma": "In '{column}', a comma stands before the fraction.",
    "named_twice": "The columns {listed} are all called '{column}': the later ones are kept as '{column}_2' and so on.",
}


class Reason(str):
    """One reason, as a sentence.

    Args:
        code: which of SENTENCES. column: of the file, where it is about one. given: the values in the sentence.
    """

    code: str
    column: str
    given: Mapping[str, Any]

    def __new__(cls, code: str, column: str = "", **given: Any) -> Reason:
        self = super().__new__(cls, SENTENCES[code].format(column=column, **given))
        self.code, self.column, self.given = code, column, given
        return self

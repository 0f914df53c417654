"""Which column of an unknown file is what: guessed by its name and its values, with a reason for each guess."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from regard.warehouse.files.dates import DateGuess, guess_dates
from regard.warehouse.files.mapping import NUMBERS, STANDARD, Block, Field, Mapping
from regard.warehouse.files.names import (
    BATTERY,
    PRICE,
    QUANTITY,
    RATINGS,
    TIME_NAMES,
    USUAL_NAMES,
    metric_named,
    plain_name,
)
from regard.warehouse.files.numbers import guess_decimal
from regard.warehouse.files.parts import UNTOLD, may_hold_several_words, place_parts
from regard.warehouse.files.reasons import Reason
from regard.warehouse.files.sample import Sample, whole_numbers
from regard.warehouse.files.scales import SHARE
from regard.warehouse.files.wording import wording_of
from regard.warehouse.schema.checks import SCALES

WholeColumn = Callable[[str], list[str]]
_ESSENTIAL = ("customer", "customer_email", "customer_phone", "amount", "currency")
_FEWEST_ITEMS = 3
_MOST_BLANKS = 2


def guess_mapping(sample: Sample, whole_column: WholeColumn) -> Mapping:
    """The likeliest mapping of a file with these rows.

    Columns with the standard names are what they say. Where a file uses those names, only what is missing for a
    complete interaction is guessed; all else becomes attributes. A rating is never taken for a scale it may not be on.

    Args:
        whole_column: gives the different values of a column over the whole file, asked where the sample cannot tell
            day from month.
    """
    return _Guesser(sample, whole_column).mapping()


def complete(mapping: Mapping, sample: Sample, whole_column: WholeColumn) -> Mapping:
    """A declared mapping with the form of its times filled in where it says none."""
    field = mapping.fields.get("occurred_at")
    if field is None or field.column is None or field.format or sample.is_time(field.column):
        return mapping
    guesser = _Guesser(sample, whole_column)
    guess = guesser.dates(field.column)
    if not guess.formats or guess.formats == ("iso",):
        return mapping
    guesser.say_time(field.column, guess)
    fields = {**mapping.fields, "occurred_at": replace(field, format=guess.formats)}
    return replace(mapping, fields=fields, reasons=(*mapping.reasons, *guesser.reasons))


class _Guesser:
    def __init__(self, sample: Sample, whole_column: WholeColumn) -> None:
        self.sample = sample
        self.whole_column = whole_column
        self.fields: dict[str, Field] = {}
        self.ratings: list[tuple[Field, Field]] = []
        self.words: list[str] = []
        self.reasons: list[Reason] = []
        self.used: set[str] = set()

    def mapping(self) -> Mapping:
        for name in self.sample.columns:
            if name in STANDARD:
                self.take(name, name)
        knows_names = "occurred_at" in self.fields and len(self.fields) >= 2
        self.guess_time()
        self.guess_usual(only=_ESSENTIAL if knows_names else tuple(USUAL_NAMES))
        self.guess_product()
        self.guess_scores(batteries=not knows_names)
        if not knows_names:
            self.guess_words()
        self.say_unread()
        self.guess_numbers()
        blocks = self.place()
        if not blocks and not {"kind", "score", "amount", "amount_minor"} & set(self.fields):
            self.fields["kind"] = UNTOLD
            self.reasons.append(Reason("no_kind"))
        return Mapping(self.fields, blocks, reasons=tuple(self.reasons))

    def take(self, name: str, column: str, reason: Reason | None = None) -> None:
        self.fields[name] = Field(column=column)
        self.used.add(column)
        if reason:
            self.reasons.append(reason)

    def free(self) -> list[str]:
        return [column for column in self.sample.columns if column not in self.used]

    def guess_time(self) -> None:
        """The column of times: the standard one, else the one named most like it whose values are dates."""
        if "occurred_at" in self.fields:
            column = self.fields["occurred_at"].column or ""
            if not self.sample.is_time(column):
                self.read_times(column, self.dates(column))
            return
        best = None
        for pattern in TIME_NAMES:
            for column in self.free():
                if best is None and re.fullmatch(pattern, plain_name(column)):
                    guess = self.dates(column)
                    best = (column, guess) if guess.formats else None
        if best is None:
            self.reasons.append(Reason("no_time"))
            return
        column, guess = best
        self.take("occurred_at", column, Reason("time", column, why=guess.reason))
        self.read_times(column, guess)

    def read_times(self, column: str, guess: DateGuess) -> None:
        if guess.formats and guess.formats != ("iso",):
            self.fields["occurred_at"] = Field(column=column, format=guess.formats)
            self.say_time(column, guess)

    def say_time(self, column: str, guess: DateGuess) -> None:
        code = "time_form_unsure" if guess.ambiguous else "time_form"
        self.reasons.append(Reason(code, column, why=guess.reason, form=guess.formats[0]))

    def dates(self, column: str) -> DateGuess:
        if self.sample.is_time(column):
            return DateGuess(("iso",), "the file says so")
        guess = guess_dates(self.sample.of(column))
        if guess.ambiguous:
            whole = self.whole_column(column)
            guess = guess_dates(whole) if whole else guess
        return guess

    def guess_usual(self, only: Sequence[str]) -> None:
        for name, pattern in USUAL_NAMES.items():
            if name in self.fields or name not in only:
                continue
            for column in self.free():
                if re.fullmatch(pattern, plain_name(column)) and (why := self.sample.why_fits(name, column)):
                    self.take(name, column, Reason("usual_name", column, name=name, why=why))
                    break

    def guess_product(self) -> None:
        """The amount as a price times a quantity, where no column holds it."""
        if {"amount", "amount_minor"} & set(self.fields):
            return
        prices, quantities = (
            [
                column
                for column in self.free()
                if re.fullmatch(pattern, plain_name(column)) and self.sample.why_fits("amount", column)
            ]
            for pattern in (PRICE, QUANTITY)
        )
        if len(prices) == len(quantities) == 1:
            self.take("amount", prices[0], Reason("product", prices[0], factor=quantities[0]))
            self.fields["amount"] = Field(column=prices[0], times=quantities[0])
            self.used.add(quantities[0])

    def guess_scores(self, *, batteries: bool) -> None:
        """Answers on scales: one becomes the row's score, several become one interaction each."""
        if "score" in self.fields:
            if "metric" not in self.fields:
                self.fields["metric"] = Field(value="score")
                self.reasons.append(Reason("no_question"))
            return
        found: list[tuple[str, str]] = []
        for column in self.free():
            metric = metric_named(column)
            if metric and metric not in dict(found) and self.is_answer(metric, column):
                found.append((metric, column))
        if not found or batteries:
            found += [(plain_name(column), column) for column in self.named_questions(batteries, found)]
        self.used.update(column for _, column in found)
        self.ratings = [(Field(value=metric), self.score(column)) for metric, column in found]

    def guess_words(self) -> None:
        """Further columns that ask for words and hold them: why customers gave a score, what they would change."""
        for column in self.free():
            wording = wording_of(column, self.sample.of(column))
            if wording is None:
                continue
            if "text" in self.fields and not may_hold_several_words(self.fields, len(self.ratings)):
                continue
            why = {"word": wording.word, "different": f"{wording.different:.0%}", "n": round(wording.n_words)}
            if "text" in self.fields:
                self.words.append(column)
                self.used.add(column)
                self.reasons.append(Reason("words", column, **why))
            else:
                self.take("text", column, Reason("words", column, **why))

    def score(self, column: str) -> Field:
        """The score in a column, with the sign before its fraction."""
        decimal, _ = guess_decimal(self.sample.of(column))
        if decimal != ",":
            return Field(column=column)
        self.reasons.append(Reason("comma", column))
        return Field(column=column, decimal=",")

    def is_answer(self, metric: str, column: str) -> bool:
        """Whether nearly all values lie on the metric's scale; a value or two that mean no answer may lie outside."""
        values = self.sample.of(column)
        numbers = whole_numbers(values)
        scale = SCALES[metric]
        outside = [n for n in numbers if not scale.low <= n <= scale.high]
        if len(numbers) - len(outside) <= 0.8 * len(values):
            return False
        if len(set(outside)) > _MOST_BLANKS and len(outside) > SHARE * len(numbers):
            return False
        self.reasons.append(Reason("standard_score", column, metric=metric))
        if outside:
            self.reasons.append(Reason("outside_scale", column, listed=_listed(sorted(set(outside)))))
        return True

    def say_unread(self) -> None:
        """Name every column that is called after a metric and was not taken for it: nobody should miss its answers."""
        for column in self.free():
            metric, values = metric_named(column), self.sample.of(column)
            if metric is None or not values:
                continue
            scale, numbers = SCALES[metric], whole_numbers(values)
            about = {"metric": metric, "low": scale.low, "high": scale.high}
            if len(numbers) > 0.8 * len(values) and max(numbers) > scale.high:
                self.reasons.append(Reason("other_scale", column, **about, highest=max(numbers)))
            else:
                self.reasons.append(Reason("not_read", column, **about))

    def named_questions(self, batteries: bool, standard: list[tuple[str, str]]) -> list[str]:
        """Columns of ratings on a scale that nobody declared: kept under their own names."""
        taken = {column for _, column in standard}
        groups: dict[str, list[str]] = defaultdict(list)
        chosen: list[str] = []
        for column in self.free():
            if column in taken or not self.sample.is_rating(column):
                continue
            match = BATTERY.match(column)
            if re.fullmatch(RATINGS, plain_name(column)) and not match:
                chosen.append(column)
                self.reasons.append(Reason("question", column, metric=plain_name(column)))
            elif match and batteries:
                groups[match["stem"]].append(column)
        for stem, columns in groups.items():
            if len(columns) >= _FEWEST_ITEMS:
                chosen += columns
                highest = max(max(whole_numbers(self.sample.of(column))) for column in columns)
                self.reasons.append(Reason("battery", columns[0], n=len(columns), stem=stem, highest=highest))
        return chosen

    def guess_numbers(self) -> None:
        """The sign before the fraction, for each column of numbers."""
        for name in NUMBERS:
            field = self.fields.get(name)
            if field is None or field.column is None or name == "amount_minor":
                continue
            decimal, _ = guess_decimal(self.sample.of(field.column))
            if decimal == ",":
                self.fields[name] = replace(field, decimal=",")
                self.reasons.append(Reason("comma", field.column))

    def place(self) -> tuple[Block, ...]:
        """The several interactions of a row, said where an order stands beside what was answered about it."""
        words = [Field(column=column) for column in self.words]
        if self.ratings or words:
            words = [self.fields.pop("text"), *words] if "text" in self.fields else words
        amount = self.fields.get("amount") or self.fields.get("amount_minor")
        blocks = place_parts(self.fields, self.ratings, words)
        if amount is not None and amount not in self.fields.values():
            self.reasons.append(Reason("order_too", amount.column or ""))
        return blocks


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:8]))

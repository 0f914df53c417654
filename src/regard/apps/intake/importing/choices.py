"""A mapping as somebody sees and changes it: what each column of the file is, and what holds for the whole file.

A mapping can say more than this (templates, several texts in a row); what cannot be shown is kept as it is.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace

from regard.kernel.errors import InvalidInput
from regard.warehouse.files.mapping import NUMBERS, Field, Mapping
from regard.warehouse.files.names import plain_name
from regard.warehouse.files.parts import UNTOLD, may_hold_several_words, place_parts
from regard.warehouse.files.sample import Sample
from regard.warehouse.schema.checks import SCALES

APART, ATTRIBUTE, TRAIT, QUESTION = "apart", "attribute", "trait", "question"
RATINGS = (*SCALES, QUESTION)
# What a column can be, in the order in which it is offered; the ratings beside them.
FIELDS = (
    "occurred_at",
    "customer",
    "customer_email",
    "customer_phone",
    "anonymous_id",
    "account",
    "message_id",
    "thread",
    "kind",
    "channel",
    "touchpoint",
    "unit",
    "agent",
    "text",
    "language",
    "metric",
    "score",
    "weight",
    "amount",
    "amount_minor",
    "currency",
    "duration_seconds",
    "wait_seconds",
)
ROLES = (*FIELDS, *RATINGS, TRAIT, ATTRIBUTE, APART)
WHOLE = ("kind", "channel", "touchpoint", "unit", "occurred_at")  # May be said once for all rows.
SHOWN_VALUES = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """What one column is.

    Args:
        role: one of ROLES.
        missing: values that mean that there is none.
        scale: of a rating: its lowest and highest number where it is not the metric's own.
        format: of times. times: what a number is multiplied by: a column or a number.
        decimal: the sign before the fraction.
    """

    role: str = ATTRIBUTE
    missing: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None
    format: tuple[str, ...] = ()
    times: str | float | None = None
    decimal: str | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What every column is, and what holds for all rows.

    Args:
        columns: in the order of the file.
        whole: of WHOLE, the value that all rows share.
        blank: values that mean no answer in every rating.
    """

    columns: Map[str, Choice]
    whole: Map[str, str] = field(default_factory=dict)
    blank: tuple[str, ...] = ()
    currency: str = ""
    region: str = ""
    zone: str = ""


def choices_of(mapping: Mapping, columns: tuple[str, ...]) -> Choices:
    """The mapping, column by column."""
    found = {name: Choice(ATTRIBUTE) for name in columns}
    kept = mapping.attributes
    if kept is not None:
        found = {name: Choice(ATTRIBUTE if name in kept else APART) for name in columns}
    found |= {column: Choice(TRAIT) for column in mapping.traits.values()}
    for column in {f.times for f in mapping.fields.values() if isinstance(f.times, str) and f.times in found}:
        found[column] = Choice(APART)
    for name, one in mapping.fields.items():
        if one.column is not None:
            found[one.column] = _choice(name, one)
    metric = mapping.fields.get("metric")
    score = mapping.fields.get("score")
    if score is not None and score.column is not None and metric is not None and metric.value is not None:
        found[score.column] = _choice(_rating(metric.value), score)
    for block in mapping.blocks:
        for name, one in block.fields.items():
            if one.column is None:
                continue
            asked = block.fields.get("metric")
            role = _rating(asked.value) if name == "score" and asked and asked.value else name
            found[one.column] = _choice(role, one)
    for column, values in mapping.missing.items():
        if column in found:
            found[column] = replace(found[column], missing=(*found[column].missing, *values))
    blank = _shared_blanks([one for one in found.values() if one.role in RATINGS])
    return Choices(
        columns={name: _without(one, blank) if one.role in RATINGS else one for name, one in found.items()},
        whole={
            name: mapping.fields[name].value or mapping.fields[name].template or ""
            for name in WHOLE
            if name in mapping.fields and mapping.fields[name].column is None
        },
        blank=blank,
        currency=mapping.currency or "",
        region=mapping.region or "",
        zone=mapping.zone or "",
    )


def _shared_blanks(ratings: list[Choice]) -> tuple[str, ...]:
    """The values that mean no answer in every one of several ratings."""
    if len(ratings) < 2:
        return ()
    shared = set(ratings[0].missing).intersection(*(one.missing for one in ratings))
    return tuple(value for value in ratings[0].missing if value in shared)


def mapping_of(choices: Choices, before: Mapping) -> Mapping:
    """The mapping that these choices make; what they do not speak of stays as it was `before`.

    Raises: InvalidInput where two columns are said to be the same thing.
    """
    fields: dict[str, Field] = {}
    for name, value in choices.whole.items():
        if value.strip():
            fields[name] = Field(template=value) if "{" in value else Field(value=value.strip())
    words: list[Field] = []
    for column, one in choices.columns.items():
        if one.role == "text":
            words.append(_field(column, one))
        elif one.role in FIELDS:
            _check_free(fields.get(one.role), column, one.role)
            fields[one.role] = _field(column, one)
    ratings = _ratings(choices)
    for again in words[1:]:
        if not may_hold_several_words(fields, len(ratings)):
            _check_free(words[0], again.column or "", "text")
    blocks = place_parts(fields, ratings, words)
    roles = {one.role for one in choices.columns.values()}
    kept = tuple(column for column, one in choices.columns.items() if one.role == ATTRIBUTE)
    if not blocks and not {"kind", "score", "amount", "amount_minor", "text"} & set(fields):
        fields["kind"] = UNTOLD
    return replace(
        before,
        fields=fields,
        blocks=blocks,
        attributes=kept if APART in roles else None,
        traits={plain_name(column): column for column, one in choices.columns.items() if one.role == TRAIT},
        missing={},
        currency=choices.currency or None,
        region=choices.region or None,
        zone=choices.zone or None,
    )


def orders_beside_answers(choices: Choices) -> tuple[str, ...]:
    """The columns whose amount makes an order of its own of each row, beside what was answered; none where it is one."""
    try:
        mapping = mapping_of(choices, Mapping({}))
    except InvalidInput:  # They contradict each other, which is told where they are read.
        return ()
    if not mapping.gives_orders:
        return ()
    return tuple(name for name, one in choices.columns.items() if one.role in ("amount", "amount_minor"))


def values_of(sample: Sample, column: str, most: int = SHOWN_VALUES) -> list[str]:
    """Some different values of a column, for a person to recognise it by; numbers of few kinds all."""
    seen = list(dict.fromkeys(sample.of(column)))
    if len(seen) <= 14 and all(value.lstrip("-").isdigit() for value in seen):
        return sorted(seen, key=int)
    return [value if len(value) <= 40 else value[:39] + "…" for value in seen[:most]]


def _check_free(taken: Field | None, column: str, role: str) -> None:
    """Raises: InvalidInput where another column is that already."""
    if taken is not None and taken.column is not None:
        raise InvalidInput(
            "'%(one)s' and '%(other)s' cannot both be %(role)s.", one=taken.column, other=column, role=role
        )


def _ratings(choices: Choices) -> list[tuple[Field, Field]]:
    """Of each rating the question and the score."""
    return [
        (
            Field(value=one.role if one.role in SCALES else plain_name(column)),
            replace(_field(column, one), missing=tuple(dict.fromkeys((*one.missing, *choices.blank)))),
        )
        for column, one in choices.columns.items()
        if one.role in RATINGS
    ]


def _field(column: str, one: Choice) -> Field:
    is_rating = one.role in RATINGS or one.role == "score"
    return Field(
        column=column,
        missing=one.missing,
        scale=one.scale if is_rating else None,
        format=one.format if one.role == "occurred_at" else (),
        times=one.times if one.role in NUMBERS and one.role != "score" else None,
        decimal=one.decimal if one.role in NUMBERS or one.role in RATINGS else None,
    )


def _choice(role: str, one: Field) -> Choice:
    return Choice(role, one.missing, one.scale, one.format, one.times, one.decimal)


def _without(one: Choice, blank: tuple[str, ...]) -> Choice:
    return replace(one, missing=tuple(value for value in one.missing if value not in blank))


def _rating(metric: str) -> str:
    return metric if metric in SCALES else QUESTION

"""What a row gives: one interaction, or several where it tells of an order, of answers and of words at once."""

from __future__ import annotations

from collections.abc import Mapping as Map
from collections.abc import Sequence

from regard.warehouse.files.mapping import Block, Field

MONEY = ("amount", "amount_minor", "currency")
# What happened, where nothing in the file says it.
UNTOLD = Field(value="interaction.recorded")


def place_parts(
    fields: dict[str, Field], ratings: Sequence[tuple[Field, Field]], words: Sequence[Field]
) -> tuple[Block, ...]:
    """Put ratings and words where they belong; the only rating, or the only words, become the row's own.

    An amount beside ratings is an order of its own, unless `fields` say what happened: no answer has a price. Words go
    with the only rating; with several ratings nobody knows which they explain, so they stand by themselves.

    Args:
        fields: for all interactions of a row; what belongs to one of several is taken out, what is the row's is put in.
        ratings: of each the question and the score. words: the columns of customers' own words.

    Returns: the several interactions of a row; none where it is one.
    """
    if (ratings or len(words) > 1) and fields.get("kind") == UNTOLD:
        # It was written while nothing was known of any rating or words: they say what happened.
        del fields["kind"]
    parts = [{"metric": metric, "score": score} for metric, score in ratings]
    rest = list(words)
    if rest and len(parts) == 1:
        parts[0]["text"] = rest.pop(0)
    if parts and "kind" not in fields and {"amount", "amount_minor"} & set(fields):
        parts.append({"kind": Field(value="order.placed"), **_taken(fields)})
    if not parts and len(rest) == 1:
        fields["text"] = rest.pop()
    parts += [{"kind": Field(value="comment.written"), "text": text} for text in rest]
    if len(parts) == 1 and "score" not in fields:
        fields.update(parts.pop())
    return tuple(Block(part) for part in parts)


def may_hold_several_words(fields: Map[str, Field], n_ratings: int) -> bool:
    """Whether several columns of words can stand beside each other: where the row itself is no order and nothing told.

    Each becomes an interaction of its own, and a row of which nothing else would be left must not get lost.
    """
    told = {name for name in ("kind", "score", *MONEY[:2]) if name in fields and fields[name] != UNTOLD}
    return n_ratings > 0 or not told


def _taken(fields: dict[str, Field]) -> dict[str, Field]:
    """The money, taken out of what holds for all."""
    return {name: fields.pop(name) for name in MONEY if name in fields}

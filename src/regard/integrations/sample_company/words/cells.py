"""How a language's sentences become its bank: each topic and feeling has its own, what may follow goes by feeling."""

from collections.abc import Mapping

Bank = Mapping[tuple[str, str], tuple[tuple[str, ...], tuple[str, ...]]]
"""For each topic and sentiment: sentences that say it, and sentences that may follow (an empty one: nothing)."""


def bank(*, then: Mapping[str, tuple[str, ...]], first: Mapping[tuple[str, str], tuple[str, ...]]) -> Bank:
    """The bank in which each first sentence may be followed by each sentence of its feeling."""
    return {cell: (sentences, then[cell[1]]) for cell, sentences in first.items()}

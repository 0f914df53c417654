"""Amounts of money in the smallest unit of their currency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

# ISO 4217: the currencies whose smallest unit is not a hundredth.
EXPONENTS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}

# Kinds of interaction whose amount moves back, with whatever sign it is written.
MOVES_BACK = ("order.refunded", "order.returned", "order.cancelled")


def exponent(currency: str) -> int:
    """How many decimals the currency has (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD."""
    return EXPONENTS.get(currency.upper(), 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """An amount in major units as a whole number of smallest units; half a unit goes to the even one.

    >>> to_minor(Decimal("86.40"), "EUR"), to_minor(Decimal("100"), "JPY")
    (8640, 100)
    """
    return int((amount * 10 ** exponent(currency)).to_integral_value(ROUND_HALF_EVEN))


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency. Amounts of different currencies are never added."""

    amount_minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added.")
        return Money(self.amount_minor + other.amount_minor, self.currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.amount_minor).scaleb(-exponent(self.currency))

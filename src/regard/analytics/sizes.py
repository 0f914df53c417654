"""Numbers that are too large to be what a customer paid, said or did."""

from __future__ import annotations

import numpy as np

from regard.analytics.arrays import Floats
from regard.kernel.errors import InvalidInput

LARGEST = 1e12


def check_size(what: str, values: Floats | None, *, instead: str = "choose another column") -> None:
    """Refuse what looks like an identifier, an instant or a filler.

    Args:
        what: how the sentence begins, such as "The outcome".
        values: not a number where missing; None where there is no such column.
        instead: what to do other than to divide.
    Raises: InvalidInput saying what was too large.
    """
    size = 0.0 if values is None else float(np.nanmax(np.abs(values), initial=0.0))
    if size >= LARGEST:
        raise InvalidInput(
            f"{what} reaches {size:.3g}; values have to stay below {LARGEST:.0e}. That looks like an identifier, "
            f"an instant or a filler: {instead}, or divide it by a power of ten."
        )

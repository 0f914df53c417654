"""Numbers that are too large to be what a customer paid, said or did."""

from __future__ import annotations

import numpy as np

from regard.analytics.arrays import Floats
from regard.kernel.errors import InvalidInput

LARGEST = 1e12


def check_size(name: str, values: Floats | None) -> None:
    """Refuse a column that looks like an identifier, an instant or a filler.

    Args:
        values: not a number where missing; None where there is no such column.
    Raises: InvalidInput naming the column.
    """
    size = 0.0 if values is None else float(np.nanmax(np.abs(values), initial=0.0))
    if size >= LARGEST:
        raise InvalidInput(
            f"The column '{name}' reaches {size:.3g}; values have to stay below {LARGEST:.0e}. That looks like an identifier, "
            "an instant or a filler: choose another column, or divide it by a power of ten."
        )

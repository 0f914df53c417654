"""The rows that drivers are judged by: which can be used, and why others cannot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, floats
from regard.analytics.drivers.moments import Rows, correlations, totals
from regard.analytics.sizes import check_size
from regard.kernel.errors import InvalidInput, NotEnoughData

MISSING = ("listwise", "pairwise", "impute")
# Below this eigenvalue of their correlations, drivers repeat each other to the last digit.
REPEATED = 1e-9
SPARE = 4


def check_columns(names: Sequence[str], values: Floats) -> None:
    """Refuse columns that no share of R² can be had from.

    Raises: InvalidInput naming the column, and NotEnoughData where one has no values.
    """
    for name, column in zip(names, values.T, strict=True):
        known = column[~np.isnan(column)]
        if not len(known):
            raise NotEnoughData(f"The column '{name}' is empty in every row. Leave it out, or fill it.")
        if not np.isfinite(known).all():
            raise InvalidInput(
                f"The column '{name}' holds infinite values. Correct them or leave them empty."
            )
        check_size(f"The column '{name}'", known, instead="leave it out")
        if np.ptp(known) == 0:
            raise InvalidInput(
                f"The column '{name}' is {known[0]:g} in every row, and what never changes goes with nothing. "
                "Leave it out, or give rows in which it differs."
            )


def usable(
    names: Sequence[str],
    values: Floats,
    weights: Floats | None,
    customers: NDArray[np.int64] | None,
    missing: str,
) -> tuple[Rows, NDArray[np.int64]]:
    """The rows as resampling takes them, each column with mean 0 and variance 1, and their places among those given.

    Args:
        names: of the columns of `values`, the outcome last.
        customers: a number for each row; rows with the same one are drawn together.
        missing: "listwise" keeps complete rows; the others those with an outcome and any driver.

    Raises: InvalidInput, NotEnoughData with the reason.
    """
    if missing not in MISSING:
        raise InvalidInput(f"Missing values are taken as one of {', '.join(MISSING)}, not '{missing}'.")
    check_columns(names, values)
    weight = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=np.float64)
    if (weight < 0).any() or np.isinf(weight).any():
        raise InvalidInput("A weight is 0 or more, and finite. Correct the column of weights.")
    known = np.isfinite(values)
    whole = known.all(axis=1) if missing == "listwise" else known[:, -1] & known[:, :-1].any(axis=1)
    kept = np.flatnonzero(whole & (weight > 0))
    drivers = len(names) - 1
    units = None
    n_units = len(kept)
    if customers is not None:
        _, units = np.unique(customers[kept], return_inverse=True)
        n_units = int(units.max()) + 1 if len(kept) else 0
        units = None if n_units == len(kept) else units
    if n_units < drivers + SPARE:
        what = "rows that can be used" if units is None else "customers whose rows can be used"
        raise NotEnoughData(
            f"There are {n_units:,} {what}, and {drivers} drivers need at least {drivers + SPARE}. Give more rows, "
            "fewer drivers, or take missing values in another way (pairwise, impute)."
        )
    chosen = values[kept]
    if len(kept) < len(values):
        check_columns(names, chosen)
    part = weight[kept]
    told = np.isfinite(chosen)
    sums = (told * part[:, None]).sum(axis=0)
    filled = np.where(told, chosen, 0.0)
    centre = (filled * part[:, None]).sum(axis=0) / sums
    away = np.where(told, chosen - centre, 0.0)
    scale = np.sqrt((away**2 * part[:, None]).sum(axis=0) / sums)
    standard = (chosen - centre) / scale
    return Rows(standard, part * len(kept) / part.sum(), units, n_units, bool((~told).any())), kept


def correlation_of(names: Sequence[str], rows: Rows) -> Floats:
    """The correlation matrix of the drivers and, last, the outcome.

    Raises: InvalidInput where drivers repeat each other, or pairs of columns contradict each other.
    """
    found = correlations(totals(rows), rows)[0]
    values, vectors = np.linalg.eigh(found[:-1, :-1])
    if values[0] < -REPEATED or np.linalg.eigvalsh(found)[0] < -1e-6:
        raise InvalidInput(
            "Taken pair by pair, the correlations contradict each other: too many values are missing. "
            "Use complete rows (listwise), or fill the gaps (impute)."
        )
    if values[0] < REPEATED:
        loaded = np.abs(vectors[:, 0])
        repeated = [f"'{names[int(place)]}'" for place in np.flatnonzero(loaded > 0.01 * loaded.max())]
        raise InvalidInput(
            f"The drivers {', '.join(repeated)} repeat each other exactly (perfectly collinear), so that what each carries "
            "cannot be told. Leave one of them out."
        )
    told = np.abs(found[:-1, -1])
    first = int(np.argmax(told))
    if told[first] > 1 - REPEATED:
        raise InvalidInput(
            f"The driver '{names[first]}' is the outcome '{names[-1]}' in other words (perfectly collinear), and explains it by "
            "definition. Leave it out."
        )
    if np.linalg.eigvalsh(found)[0] < REPEATED:
        raise InvalidInput(
            f"The drivers together are the outcome '{names[-1]}' to the last digit (perfectly collinear), such as the parts of "
            "a sum. Leave one of them out."
        )
    return floats(found)

"""Who was treated, what came of it, and what else may be behind both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Floats, critical, floats, two_sided
from regard.analytics.sizes import check_size
from regard.kernel.errors import InvalidInput, NotEnoughData

REPEATED = 1e-9
FEWEST = 10
SPARE = 5


@dataclass(frozen=True, slots=True)
class Effect:
    """What a treatment adds to the outcome.

    Args:
        method: the estimator. target: whom it is told of: everybody, the treated, or those whom the instrument moves.
        value, se, low, high, p: in units of the outcome; low and high at 95% unless another confidence was asked for.
        df: degrees of freedom of the interval.
    """

    method: str
    target: str
    value: float
    se: float
    low: float
    high: float
    p: float
    df: float = np.inf


EVERYBODY, THE_TREATED, THE_MOVED = "everybody", "the treated", "those whom the instrument moves"


def effect(
    method: str, target: str, value: float, se: float, *, df: float = np.inf, confidence: float = 0.95
) -> Effect:
    """An effect with its interval and two-sided p, by Student's t with `df` degrees of freedom."""
    reach = float(critical(confidence, df)) * se
    p = float(two_sided(value / se, df)) if se > 0 else float("nan")
    return Effect(method, target, float(value), float(se), float(value - reach), float(value + reach), p, df)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows without gaps.

    Args:
        outcome: array (n,). treatment: array (n,) of 0 and 1. confounders: array (n, p), each with mean 0 and variance 1.
        names: of the confounders' columns; owners: of each, the place of the confounder it belongs to.
    """

    outcome: Floats
    treatment: Floats
    confounders: Floats
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.outcome)

    @property
    def is_share(self) -> bool:
        """Whether the outcome is 0 or 1."""
        return bool(np.isin(self.outcome, (0.0, 1.0)).all())


def rows_of(outcome: Floats, treatment: Floats, confounders: Floats, names: Sequence[str]) -> Rows:
    """The rows without gaps, once they are found to be such that an effect can be told.

    Raises: InvalidInput, NotEnoughData naming the column and what to do.
    """
    whole = np.column_stack((outcome, treatment, confounders))
    kept = np.isfinite(whole).all(axis=1)
    y, t, x = outcome[kept], treatment[kept], confounders[kept]
    for value, who in ((1, "treated"), (0, "untreated")):
        n = int((t == value).sum())
        if n < FEWEST:
            raise NotEnoughData(
                f"There are {n} {who} rows without gaps, and an effect needs at least {FEWEST} of each."
            )
    if len(y) < x.shape[1] + 2 + SPARE:
        raise NotEnoughData(
            f"{len(y)} rows without gaps are too few for {x.shape[1]} columns of confounders. Give more rows or fewer confounders."
        )
    check_numbers([*names, "outcome"], np.column_stack((x, y)))
    if all(np.ptp(y[t == which]) == 0 for which in (0, 1)):
        raise InvalidInput(
            "The outcome is the treatment in other words: it is the same for all the treated, and for all the others. Name another outcome."
        )
    scale = x.std(axis=0)
    standard = (x - x.mean(axis=0)) / scale
    _check_repeats(standard, y, t, names)
    return Rows(y, t, floats(standard), tuple(names))


def check_numbers(names: Sequence[str], values: Floats) -> None:
    """Refuse columns that are too large or never change. Raises: InvalidInput naming the column."""
    for name, column in zip(names, values.T, strict=True):
        said = "The outcome" if name == "outcome" else f"The confounder '{name}'"
        check_size(said, column, instead="leave it out")
        if column.std() == 0:
            raise InvalidInput(
                f"{said} is {column[0]:g} in every row without gaps. Leave it out, or give rows in which it differs."
            )


def _check_repeats(x: Floats, outcome: Floats, treatment: Floats, names: Sequence[str]) -> None:
    if not x.shape[1]:
        return
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(x, rowvar=False)))
    if values[0] < REPEATED:
        loaded = np.abs(vectors[:, 0])
        said = ", ".join(
            f"'{name}'" for name, size in zip(names, loaded, strict=True) if size > 0.01 * loaded.max()
        )
        raise InvalidInput(
            f"The confounders {said} repeat each other exactly (perfectly collinear). Leave one of them out."
        )
    for values, what in (
        (treatment, "who was treated, so that nobody can be compared. Is one of them the treatment itself?"),
        (
            outcome,
            "the outcome, so that nothing is left for the treatment. Is one of them the outcome in other words?",
        ),
    ):
        away = (values - values.mean()) / values.std()
        slopes = np.linalg.lstsq(x, away, rcond=None)[0]
        if ((away - x @ slopes) ** 2).sum() <= REPEATED * len(away):
            raise InvalidInput(f"The confounders tell without fail {what}")

"""What was known of customers with their first purchase, as numbers; and how those differ in what they do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regard.analyses.telling import Sheet, between, chance, number
from regard.analytics.arrays import Floats, floats, two_sided
from regard.analytics.buying.with_traits import PARAMETERS, WithTraits
from regard.analytics.distributions.normal import normal_quantile
from regard.analytics.predicting.columns import Column
from regard.kernel.errors import InvalidInput

FAR = normal_quantile(0.975)
# Words that fewer customers than this have are taken together; and no more than so many are told apart.
FEWEST = 30
MOST_LEVELS = 10
REST = "(others)"


@dataclass(frozen=True, slots=True)
class Trait:
    """One column of numbers.

    Args:
        covariate: the column of the file that it comes from. level: the word that is 1; None for numbers.
        against: the word that it is compared with. size: what one more is in the unit of the file.
    """

    covariate: str
    level: str | None
    against: str | None
    size: float

    @property
    def said(self) -> str:
        """What people read."""
        if self.level is not None:
            return f"{self.covariate}: {self.level}, not {self.against}"
        return f"{self.covariate}: {self.size:,.4g} more"


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """The traits of all customers.

    Args:
        of: what each column is. matrix: a row for each customer.
        without: the log-likelihood of the model that knows none of them.
    """

    of: tuple[Trait, ...]
    matrix: Floats
    without: float = math.nan


def traits_of(columns: Sequence[Column], notes: list[str]) -> Traits:
    """The columns as traits: of words each against the commonest, numbers by their standard deviation around the mean.

    Args:
        columns: a row for each customer.
    Raises: InvalidInput where a column says the same of every customer.
    """
    of: list[Trait] = []
    parts: list[Floats] = []
    for column in columns:
        named, part = _numbers(column, notes) if column.numbers is not None else _words(column)
        if not named:
            raise InvalidInput(
                f"The column '{column.name}' says the same of every customer, or of all but a few. Leave it out."
            )
        of += named
        parts.append(part)
    return Traits(tuple(of), np.column_stack(parts))


def _numbers(column: Column, notes: list[str]) -> tuple[list[Trait], Floats]:
    assert column.numbers is not None, "a column of numbers"
    values = column.numbers
    gap = np.isnan(values)
    if gap.all():
        return [], values[:, None]
    if gap.any():
        notes.append(f"{int(gap.sum()):,} customers without '{column.name}' are taken as average in it.")
    # In units of the largest, so that squares of huge numbers stay finite.
    unit = float(np.abs(values[~gap]).max()) or 1.0
    scaled = values / unit
    mean, spread = float(scaled[~gap].mean()), float(scaled[~gap].std())
    if not spread > 1e-12:
        return [], values[:, None]
    return [Trait(column.name, None, None, spread * unit)], np.where(gap, 0.0, (scaled - mean) / spread)[
        :, None
    ]


def _words(column: Column) -> tuple[list[Trait], Floats]:
    counts = np.bincount(column.words, minlength=len(column.levels))
    order = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
    chosen = [int(code) for code in order if counts[code] >= FEWEST]
    rest = int(counts.sum() - counts[chosen].sum())
    levels = [column.levels[code] for code in chosen]
    parts = [column.words == code for code in chosen]
    if chosen and rest >= FEWEST:
        levels.append(REST)
        parts.append(~np.isin(column.words, chosen))
    named = [Trait(column.name, level, levels[0], 1.0) for level in levels[1:]]
    return named, floats(np.column_stack(parts[1:])) if named else np.empty((len(column), 0))


def trait_entries(traits: Traits, model: WithTraits) -> dict[str, Any]:
    """The effects for programs."""
    from scipy.stats import chi2

    gain = max(2 * (model.log_likelihood - traits.without), 0.0)
    freedom = len(model.at) - PARAMETERS
    return {
        "log_likelihood_without": traits.without,
        "chi2": gain,
        "df": freedom,
        "p": float(chi2.sf(gain, freedom)),
        "effects": [
            {
                "covariate": trait.covariate,
                "level": trait.level,
                "against": trait.against,
                "one_more": trait.size if trait.level is None else None,
                **_ratio("buying", effect[0], effect[1]),
                **_ratio("leaving", effect[2], effect[3]),
            }
            for trait, effect in zip(traits.of, _effects(model), strict=True)
        ],
    }


def trait_sheet(traits: Traits, model: WithTraits) -> Sheet:
    """The effects for people."""
    rows = []
    for trait, (buying, buying_error, leaving, leaving_error) in zip(traits.of, _effects(model), strict=True):
        cells = [trait.said]
        for effect, error in ((buying, buying_error), (leaving, leaving_error)):
            told = _ratio("x", effect, error)
            cells += [number(told["x"], 2), between(told["x_low"], told["x_high"], 2), chance(told["x_p"])]
        rows.append(cells)
    entry = trait_entries(traits, model)
    title = (
        f"What was known with the first purchase: chi² {entry['chi2']:.1f}, {entry['df']} degrees of freedom, "
        f"p {chance(entry['p'])}"
    )
    heads = ["", "buys times as often", "interval", "p", "leaves times as soon", "interval", "p"]
    return Sheet(heads, rows, title=title, numeric=range(1, 7))


def _effects(model: WithTraits) -> list[tuple[float, float, float, float]]:
    k = len(model.buying)
    errors = np.sqrt(np.diag(model.covariance))[PARAMETERS:]
    none = np.full(k, np.nan)
    leaving, leaving_errors = (model.leaving, errors[k:]) if len(model.leaving) else (none, none)
    return [
        (float(one), float(two), float(three), float(four))
        for one, two, three, four in zip(model.buying, errors[:k], leaving, leaving_errors, strict=True)
    ]


def _ratio(name: str, effect: float, error: float) -> dict[str, float]:
    return {
        name: math.exp(effect),
        f"{name}_low": math.exp(effect - FAR * error),
        f"{name}_high": math.exp(effect + FAR * error),
        f"{name}_p": float(two_sided(effect / error)),
    }

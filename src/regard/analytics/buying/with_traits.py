"""Do customers buy and leave differently by what was known of them from the beginning?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from regard.analytics.arrays import Floats, floats
from regard.analytics.buying import bg_nbd, pareto_nbd
from regard.analytics.buying.bg_nbd import BgNbd
from regard.analytics.buying.histories import Histories
from regard.analytics.buying.likeliest import likeliest
from regard.analytics.buying.model import Ahead
from regard.analytics.buying.pareto_nbd import ParetoNbd
from regard.kernel.errors import InvalidInput, NotEnoughData

METHOD = "with traits that multiply the rates of buying and leaving"
SOURCE = (
    "Fader and Hardie (2007), Incorporating Time-Invariant Covariates into the Pareto/NBD and BG/NBD Models"
)
STEP = 1e-5
PARAMETERS = 4


@dataclass(frozen=True, slots=True, eq=False)
class WithTraits:
    """A model in which each trait multiplies how fast customers buy and how soon they leave.

    Args:
        model: of customers whose traits are all 0.
        buying: array (k,), the logarithm by which one more of each trait multiplies the rate of buying.
        leaving: array (k,), the same of the rate of leaving (Pareto/NBD) or the mean odds of leaving after a purchase;
            array (0,) where all leave alike.
        covariance: of `at`, (4 + 2 k, 4 + 2 k), or (4 + k, 4 + k) where all leave alike.
        log_likelihood: of all customers. n: customers.
    """

    model: BgNbd | ParetoNbd
    buying: Floats
    leaving: Floats
    covariance: Floats
    log_likelihood: float
    n: int

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters of customers whose traits are all 0, by name."""
        return self.model.parameters

    @property
    def method(self) -> str:
        """The model by name."""
        return f"{self.model.method}, {METHOD}"

    @property
    def source(self) -> str:
        """Where it is written."""
        return f"{self.model.source}; {SOURCE}"

    @property
    def at(self) -> Floats:
        """The logarithms of the parameters, then `buying` and `leaving`."""
        return np.concatenate([self.model.at, self.buying, self.leaving])

    def moved(self, at: Floats) -> WithTraits:
        """The same with other parameters, given as `at`."""
        buying, leaving = np.split(at[PARAMETERS:], [len(self.buying)])
        return replace(self, model=self.model.moved(at[:PARAMETERS]), buying=buying, leaving=leaving)

    def alive(self, histories: Histories) -> Floats:
        """The chance that a customer of each kind has not left."""
        return self._of(histories).alive(histories)

    def purchases(self, histories: Histories, horizon: float) -> Floats:
        """How many purchases a customer of each kind is expected to make within `horizon` from now."""
        return self._of(histories).purchases(histories, horizon)

    def ahead(self, histories: Histories, horizon: float, *, confidence: float = 0.95) -> Ahead:
        """How many purchases a customer of each kind makes within `horizon`, with how far that may come out otherwise."""
        return self._of(histories).ahead(histories, horizon, confidence=confidence)

    def _of(self, histories: Histories) -> BgNbd | ParetoNbd:
        """The model with the parameters of each kind; its formulas take arrays of them as they take numbers."""
        traits = _traits(histories)
        alpha = cast("float", self.model.alpha * np.exp(-traits @ self.buying))
        if not len(self.leaving):
            return replace(self.model, alpha=alpha)
        if isinstance(self.model, BgNbd):
            return replace(
                self.model, alpha=alpha, a=cast("float", self.model.a * np.exp(traits @ self.leaving))
            )
        beta = cast("float", self.model.beta * np.exp(-traits @ self.leaving))
        return replace(self.model, alpha=alpha, beta=beta)


def fit_with_traits(
    histories: Histories, without: BgNbd | ParetoNbd, *, leave_alike: bool = False
) -> WithTraits:
    """The model under which these histories are likeliest, where traits make a difference.

    alpha is alpha0 exp(-buying . traits); with BG/NBD a is a0 exp(leaving . traits), with Pareto/NBD beta is
    beta0 exp(-leaving . traits).

    Args:
        histories: with traits, best of mean 0 and variance 1.
        without: the model of these histories without traits, where the search begins.
        leave_alike: let traits tell who buys faster only, and not who leaves sooner; that takes fewer customers.

    Raises: InvalidInput where traits say the same as others; NotEnoughData where the likelihood has no peak.
    Source: Fader and Hardie (2007), Incorporating Time-Invariant Covariates into the Pareto/NBD and BG/NBD Models.
    """
    traits = _traits(histories)
    k = traits.shape[1]
    if np.linalg.matrix_rank(np.column_stack([np.ones(len(traits)), traits])) < k + 1:
        raise InvalidInput(
            "These traits say the same as each other, or the same of every customer. Leave one of them out."
        )
    unit = float(histories.age.max()) / 10
    scaled = replace(histories, last=histories.last / unit, age=histories.age / unit)
    start = np.concatenate([without.at, np.zeros(k if leave_alike else 2 * k)])
    shifts = np.array([1]) if isinstance(without, BgNbd) else np.array([1, 3])
    start[shifts] -= np.log(unit)
    peak = likeliest(_Likelihood(scaled, without), start, histories.n_customers)
    if peak is None:
        raise NotEnoughData(
            "These purchases and traits fit no model of this kind: customers of some trait never leave, or too few have "
            "it. Name fewer traits, or give a longer time of purchases."
        )
    at = peak.at.copy()
    at[shifts] += np.log(unit)
    height = peak.log_likelihood - float(histories.n @ histories.again) * np.log(unit)
    buying, leaving = np.split(at[PARAMETERS:], [k])
    return WithTraits(
        model=without.moved(at[:PARAMETERS]),
        buying=buying,
        leaving=leaving,
        covariance=peak.covariance,
        log_likelihood=float(height),
        n=without.n,
    )


class _Likelihood:
    """The log-likelihood and its slope at the logarithms of the parameters and the weights of the traits."""

    def __init__(self, histories: Histories, model: BgNbd | ParetoNbd) -> None:
        self.histories, self.model, self.traits = histories, model, _traits(histories)
        # The place of the parameter that each trait moves, and whether it grows with it.
        self.leaving, self.grows = (2, 1.0) if isinstance(model, BgNbd) else (3, -1.0)

    def __call__(self, at: Floats) -> tuple[float, Floats]:
        k, n = self.traits.shape[1], self.histories.n
        logs = [np.full(len(n), one) for one in at[:PARAMETERS]]
        logs[1] = logs[1] - self.traits @ at[PARAMETERS : PARAMETERS + k]
        leaving = at[PARAMETERS + k :]
        if len(leaving):
            logs[self.leaving] = logs[self.leaving] + self.grows * self.traits @ leaving
        slopes = []
        for place in range(PARAMETERS):
            up, down = (self._of(logs, place, way * STEP) for way in (1, -1))
            slopes.append(n * (up - down) / (2 * STEP))
        slope = [*(one.sum() for one in slopes), *(-slopes[1] @ self.traits)]
        if len(leaving):
            slope += [*(self.grows * slopes[self.leaving] @ self.traits)]
        return float(n @ self._of(logs, 0, 0.0)), floats(slope)

    def _of(self, logs: list[Floats], place: int, away: float) -> Floats:
        """The log-likelihood of a customer of each kind, one parameter moved by so much on its logarithm."""
        parameters = [np.exp(one + away * (at == place)) for at, one in enumerate(logs)]
        if isinstance(self.model, BgNbd):
            return bg_nbd.log_likelihoods(parameters, self.histories, modified=self.model.modified)
        return pareto_nbd.log_likelihoods(parameters, self.histories)


def _traits(histories: Histories) -> Floats:
    assert histories.traits is not None, "these histories were grouped without traits"
    return histories.traits

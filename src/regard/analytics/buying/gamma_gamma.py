"""How much does a customer spend with each purchase, on average over all that are still to come?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln, psi

from regard.analytics.arrays import Floats, floats, together
from regard.analytics.buying.likeliest import likeliest
from regard.kernel.errors import InvalidInput, NotEnoughData

METHOD = "Gamma-Gamma, maximum likelihood"
SOURCE = "Fader and Hardie (2013), The Gamma-Gamma model of monetary value; Colombo and Jiang (1999)"
NAMES = ("p", "q", "v")


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """Amounts are gamma distributed (p, nu) around each customer's mean; nu is gamma distributed (q, gamma) among them.

    Args:
        p, q, gamma: gamma in the unit of the amounts.
        covariance: of the logarithms of the three, (3, 3).
        log_likelihood: of all customers.
        n: customers.
    """

    p: float
    q: float
    gamma: float
    covariance: Floats
    log_likelihood: float
    n: int

    @property
    def mean(self) -> float:
        """The mean amount over all customers; not a number where q is at most 1 and it has no bound."""
        return self.p * self.gamma / (self.q - 1) if self.q > 1 else float("nan")

    def amounts(self, purchases: ArrayLike, mean: ArrayLike) -> Floats:
        """What customers spend on average, given the mean of so many purchases: drawn towards that of all.

        Source: Fader and Hardie (2013), equation 5.
        """
        x, z = together(purchases, mean)
        seen = np.where(x > 0, x * z, 0.0)
        return floats(self.p * (self.gamma + seen) / (self.p * x + self.q - 1))


def fit_gamma_gamma(purchases: ArrayLike, mean: ArrayLike) -> GammaGamma:
    """The model under which these mean amounts are likeliest.

    Args:
        purchases: how many of each customer's purchases `mean` is of, at least 1.
        mean: what they spent on average, above 0.

    Raises: InvalidInput for others; NotEnoughData where fewer than two customers differ in what they spend.
    Source: Fader and Hardie (2013), The Gamma-Gamma model of monetary value, equation 1a.
    """
    x, z = together(purchases, mean)
    if not ((x >= 1) & (z > 0) & np.isfinite(z)).all():
        raise InvalidInput("The Gamma-Gamma model needs amounts above 0; leave refunds and gifts out.")
    if len(z) < 2 or np.ptp(z) == 0:
        raise NotEnoughData("Fewer than two customers who bought again differ in what they spend.")
    unit = float(np.mean(z))
    peak = likeliest(_Likelihood(x, z / unit), np.log([5.0, 4.0, 1.0]), float(len(z)))
    if peak is None:
        raise NotEnoughData(
            "What these customers spend fits no Gamma-Gamma model: it hardly differs between them."
        )
    p, q, gamma = np.exp(peak.at)
    return GammaGamma(
        p=float(p),
        q=float(q),
        gamma=float(gamma * unit),
        covariance=peak.covariance,
        log_likelihood=float(peak.log_likelihood - len(z) * np.log(unit)),
        n=len(z),
    )


class _Likelihood:
    """The log-likelihood and its slope at the logarithms of p, q and gamma."""

    def __init__(self, x: Floats, z: Floats) -> None:
        self.counts, self.at = np.unique(x, return_inverse=True)
        self.weights = np.bincount(self.at).astype(np.float64)
        self.x, self.spent = x, x * z
        logs = np.log(self.spent)
        self.shares = floats(np.bincount(self.at, weights=logs))  # Σ log(x z) for each number of purchases
        self.log_means = float(np.log(z).sum())

    def __call__(self, logs: Floats) -> tuple[float, Floats]:
        p, q, gamma = np.exp(logs)
        counts, weights = self.counts, self.weights
        whole = np.log(gamma + self.spent)
        by_count = np.bincount(self.at, weights=whole)
        part = 1 / (gamma + self.spent)
        shape = p * counts
        value = weights @ (gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * logs[2])
        value += shape @ self.shares - self.log_means - (shape + q) @ by_count
        slope = np.array(
            [
                counts @ (weights * (psi(shape + q) - psi(shape)) + self.shares - by_count),
                weights @ (psi(shape + q) - psi(q) + logs[2]) - by_count.sum(),
                weights.sum() * q / gamma - (p * self.x + q) @ part,
            ]
        )
        return float(value), slope * np.exp(logs)

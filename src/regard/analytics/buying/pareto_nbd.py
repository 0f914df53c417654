"""How often will customers buy again, where each may leave at any moment without a word?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
from scipy.special import gammaln, hyp2f1

from regard.analytics.arrays import Floats, floats
from regard.analytics.buying.bg_nbd import MOST_PURCHASES
from regard.analytics.buying.histories import Histories
from regard.analytics.buying.model import Ahead, BuyingModel, check_histories, peak_of

METHOD = "Pareto/NBD (Pareto lifetimes, negative binomial), maximum likelihood"
SOURCE = (
    "Schmittlein, Morrison and Colombo (1987), Management Science 33(1), 1-24; Fader and Hardie (2005), "
    "A Note on Deriving the Pareto/NBD Model and Related Expressions"
)
# How many moments of leaving within the horizon stand for all.
MOMENTS = 24
STEP = 1e-5
SMALL = 1e-12
UNSURE = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class ParetoNbd(BuyingModel):
    """Customers buy at a rate that is gamma distributed (r, alpha) and leave at one that is, too (s, beta).

    Args:
        r, alpha: shape and rate of the buying rates. s, beta: of the leaving rates. Times as in the histories.
    """

    NAMES: ClassVar[tuple[str, ...]] = ("r", "alpha", "s", "beta")

    r: float
    alpha: float
    s: float
    beta: float

    @property
    def method(self) -> str:
        """The model by name."""
        return METHOD

    @property
    def source(self) -> str:
        """Where it is written."""
        return SOURCE

    def alive(self, histories: Histories) -> Floats:
        """The chance that a customer of each kind has not left."""
        there, gone = _log_parts((self.r, self.alpha, self.s, self.beta), histories)
        return floats(np.exp(there - np.logaddexp(there, gone)))

    def purchases(self, histories: Histories, horizon: float) -> Floats:
        """How many purchases a customer of each kind is expected to make within `horizon` from now.

        Source: Schmittlein, Morrison and Colombo (1987), equation 22.
        """
        since = self.beta + histories.age
        rate = (self.r + histories.again) / (self.alpha + histories.age)
        power = self.s - 1 + (1e-9 if abs(self.s - 1) < 1e-9 else 0.0)
        time = -since / power * np.expm1(power * np.log(since / (since + horizon)))
        return floats(self.alive(histories) * rate * time)

    def ahead(self, histories: Histories, horizon: float, *, confidence: float = 0.95) -> Ahead:
        """How many purchases a customer of each kind makes within `horizon`, with how far that may come out otherwise.

        Who has not left stays for a time that is Pareto distributed, and buys in it as a negative binomial says; the
        chances are added over moments of leaving.
        """
        tail, alive = (1 - confidence) / 2, self.alive(histories)[:, None]
        times, weights = self._times(histories, horizon)
        shape = (self.r + histories.again)[:, None]
        z = times / (floats(self.alpha + histories.age)[:, None] + times)
        weights = weights * alive
        exactly = np.exp(shape * np.log1p(-z))
        more = 1 - exactly
        mean, square, low, high = (np.zeros(len(histories)) for _ in range(4))
        for k in range(1, MOST_PURCHASES):
            chance = (weights * np.maximum(more, 0.0)).sum(axis=1)
            mean += chance
            square += (2 * k - 1) * chance
            low += chance > 1 - tail
            high += chance > tail
            if chance.max(initial=0.0) < SMALL:
                break
            exactly = exactly * (shape + k - 1) / k * z
            more = more - exactly
        return Ahead(mean=mean, variance=np.maximum(square - mean**2, 0.0), low=low, high=high)

    def _times(self, histories: Histories, horizon: float) -> tuple[Floats, Floats]:
        """Times that those who have not left stay within the horizon, and how likely each is, (kinds, moments)."""
        since = floats(self.beta + histories.age)[:, None]
        stays = (since / (since + horizon)) ** self.s
        nodes, weights = np.polynomial.legendre.leggauss(MOMENTS)
        shares = stays + (1 - stays) * (nodes + 1) / 2
        times = since * np.expm1(-np.log(shares) / self.s)
        whole = np.full_like(since, horizon)
        return np.hstack([times, whole]), np.hstack([(1 - stays) * weights / 2, stays])


def fit_pareto_nbd(histories: Histories) -> ParetoNbd:
    """The model under which these histories are likeliest.

    Args:
        histories: of all customers who ever bought, also those who bought once.

    Raises: NotEnoughData where fewer than two customers bought again, or the likelihood has no peak.
    Source: Schmittlein, Morrison and Colombo (1987), Management Science 33(1), 1-24; Fader and Hardie (2005), A Note on
    Deriving the Pareto/NBD Model and Related Expressions.
    """
    check_histories(histories)
    unit = float(histories.age.max()) / 10
    scaled = Histories(histories.again, histories.last / unit, histories.age / unit, histories.n)
    start = np.log([0.5, 1.0, 0.5, 1.0])
    peak = peak_of(partial(_with_slope, histories=scaled), start, histories.n_customers)
    r, alpha, s, beta = (math.exp(one) for one in peak.at)
    shift = -float(histories.n @ histories.again) * math.log(unit)
    return ParetoNbd(
        r,
        alpha * unit,
        s,
        beta * unit,
        covariance=peak.covariance,
        log_likelihood=float(peak.log_likelihood + shift),
        n=round(histories.n_customers),
    )


def log_likelihood(parameters: Floats, histories: Histories) -> float:
    """Of all these customers.

    Args:
        parameters: r, alpha, s and beta.
    """
    return float(histories.n @ log_likelihoods(parameters, histories))


def log_likelihoods(parameters: Sequence[float | Floats] | Floats, histories: Histories) -> Floats:
    """Of a customer of each kind.

    Args:
        parameters: r, alpha, s and beta; each one number, or one for each kind.
    """
    r, alpha, s, beta = (floats(one) for one in parameters)
    x = histories.again
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return floats(common + np.logaddexp(*_log_parts(parameters, histories)))


def _with_slope(logs: Floats, *, histories: Histories) -> tuple[float, Floats]:
    """The log-likelihood, and its slope by differences, at the logarithms of the parameters."""
    slope = []
    for away in STEP * np.eye(len(logs)):
        up, down = (log_likelihood(np.exp(logs + way * away), histories) for way in (1, -1))
        slope.append((up - down) / (2 * STEP))
    return log_likelihood(np.exp(logs), histories), np.array(slope)


def _log_parts(parameters: Sequence[float | Floats] | Floats, histories: Histories) -> tuple[Floats, Floats]:
    """Of each kind's likelihood, the logarithms of the parts in which customers are still there, and have left."""
    x, last, age = histories.again, histories.last, histories.age
    r, alpha, s, beta = (np.broadcast_to(floats(one), x.shape) for one in parameters)
    there = -(r + x) * np.log(alpha + age) - s * np.log(beta + age)
    power, most = r + s + x, np.maximum(alpha, beta)
    second = np.where(alpha >= beta, s + 1, r + x)
    with np.errstate(all="ignore"):
        at_last = hyp2f1(power, second, power + 1, np.abs(alpha - beta) / (most + last))
        at_age = hyp2f1(power, second, power + 1, np.abs(alpha - beta) / (most + age))
        shrunk = np.exp(power * np.log((most + last) / (most + age)))
        gone = (
            np.log(s / power)
            - power * np.log(most + last)
            + np.log(np.maximum(at_last - at_age * shrunk, 0.0))
        )
    # The series cannot be had far from any peak, and says nothing certain where its two terms all but cancel.
    unsure = ~np.isfinite(at_last) | ~np.isfinite(at_age) | (at_last - at_age * shrunk < UNSURE * at_last)
    if unsure.any():
        some = [one[unsure] for one in (r, alpha, s, beta)]
        gone[unsure] = _by_moments(some, x[unsure], last[unsure], age[unsure])
    return floats(there), floats(gone)


def _by_moments(parameters: Sequence[Floats], x: Floats, last: Floats, age: Floats) -> Floats:
    """The logarithm of the part in which customers have left, added up over moments since their last purchase, which
    lie closer where leaving is likelier."""
    r, alpha, s, beta, x, last, age = (one[:, None] for one in (*parameters, x, last, age))
    most, power = np.maximum(alpha, beta), r + s + x
    span = np.log((most + age) / (most + last))
    nodes, weights = np.polynomial.legendre.leggauss(MOMENTS)
    shares = (nodes + 1) / 2
    # Shares of the way on the scale on which a power of the time is even.
    whole = -np.expm1(-power * span)
    ahead = -np.log1p(-shares * whole) / power
    times = (most + last) * np.exp(ahead) - most
    logs = (power + 1) * ahead - (s + 1) * np.log(beta + times) - (r + x) * np.log(alpha + times)
    with np.errstate(divide="ignore"):
        size = np.log(s * whole / power * (most + last) * weights / 2)
    return floats(np.logaddexp.reduce(logs + size, axis=1))

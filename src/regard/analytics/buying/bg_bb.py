"""How often will customers buy again, who can buy once in each period at most and may leave without a word?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, psi

from regard.analytics.arrays import Floats, floats
from regard.analytics.buying.histories import Histories
from regard.analytics.buying.model import Ahead, BuyingModel, check_histories, peak_of
from regard.kernel.errors import InvalidInput

METHOD = "BG/BB (beta-geometric, beta-binomial), maximum likelihood"
SOURCE = "Fader, Hardie and Shang (2010), Marketing Science 29(6), 1086-1108"
# Chances of each number of purchases are added over each number of periods lived.
MOST_PERIODS = 500


@dataclass(frozen=True, slots=True, eq=False)
class BgBb(BuyingModel):
    """In each period a customer buys with a chance of their own (beta: alpha, beta), after leaving for good with
    another at its start (beta: gamma, delta).
    """

    NAMES: ClassVar[tuple[str, ...]] = ("alpha", "beta", "gamma", "delta")

    alpha: float
    beta: float
    gamma: float
    delta: float

    @property
    def method(self) -> str:
        """The model by name."""
        return METHOD

    @property
    def source(self) -> str:
        """Where it is written."""
        return SOURCE

    def alive(self, histories: Histories) -> Floats:
        """The chance that a customer of each kind is still there in the next period.

        Source: Fader, Hardie and Shang (2010), equation 11.
        """
        since = self.delta + histories.age
        return self._there(histories) * since / (self.gamma + since)

    def purchases(self, histories: Histories, horizon: float) -> Floats:
        """In how many of the next `horizon` periods a customer of each kind is expected to buy."""
        lived, stays = np.zeros(len(histories)), np.ones(len(histories))
        for ahead in range(_whole(horizon)):
            since = self.delta + histories.age + ahead
            stays = stays * since / (self.gamma + since)
            lived += stays
        chance = (self.alpha + histories.again) / (self.alpha + self.beta + histories.age)
        return floats(self._there(histories) * chance * lived)

    def ahead(self, histories: Histories, horizon: float, *, confidence: float = 0.95) -> Ahead:
        """In how many of the next periods a customer of each kind buys, with how far that may come out otherwise.

        Who is still there lives through some of the periods (beta-geometric), and buys in some of these (beta-binomial);
        the chances are added over the number of periods lived.
        """
        periods = _whole(horizon)
        buys, skips = self.alpha + histories.again, self.beta + histories.age - histories.again
        chances = np.zeros((periods + 1, len(histories)))
        there = self._there(histories)
        chances[0] = 1 - there
        for lived in range(periods + 1):
            since = self.delta + histories.age + lived
            ends = self.gamma / (self.gamma + since) if lived < periods else 1.0
            # Of so many periods lived, how likely none brings a purchase, one, two, ...
            part = np.exp(betaln(buys, skips + lived) - betaln(buys, skips)) * there * ends
            for bought in range(lived + 1):
                chances[bought] += part
                part = (
                    part
                    * ((lived - bought) * (buys + bought))
                    / ((bought + 1) * np.maximum(skips + lived - bought - 1, 1e-300))
                )
            there = there * since / (self.gamma + since)
        numbers = np.arange(periods + 1)
        mean, square = numbers @ chances, numbers**2 @ chances
        tail, more = (1 - confidence) / 2, np.cumsum(chances[::-1], axis=0)[::-1][1:]
        return Ahead(
            mean=floats(mean),
            variance=floats(np.maximum(square - mean**2, 0.0)),
            low=floats((more > 1 - tail).sum(axis=0)),
            high=floats((more > tail).sum(axis=0)),
        )

    def _there(self, histories: Histories) -> Floats:
        """The chance that a customer of each kind was still there in the last period."""
        return _Likelihood(histories).there(self.at)


def fit_bg_bb(histories: Histories) -> BgBb:
    """The model under which these histories are likeliest.

    Args:
        histories: of all customers who ever bought, counted in whole periods: in how many after that of the first
            purchase they bought again, in which last, and how many there were.

    Raises: InvalidInput for histories that are not of whole periods, or of more purchases than periods; NotEnoughData
        where fewer than two customers bought again, or the likelihood has no peak.
    Source: Fader, Hardie and Shang (2010), Marketing Science 29(6), 1086-1108; the likelihood is equation 5.
    """
    x, last, age = histories.again, histories.last, histories.age
    if (x > last).any() or (last != np.floor(last)).any() or (age != np.floor(age)).any():
        raise InvalidInput("BG/BB counts whole periods, and one purchase in each of them at most.")
    if age.max(initial=0.0) > MOST_PERIODS:
        raise InvalidInput(
            f"That makes {age.max():,.0f} periods, of which BG/BB takes {MOST_PERIODS} at most. Count in longer ones, or "
            "take BG/NBD, which counts none."
        )
    check_histories(histories)
    peak = peak_of(_Likelihood(histories), np.log([1.0, 1.0, 0.5, 2.0]), histories.n_customers)
    alpha, beta, gamma, delta = (math.exp(one) for one in peak.at)
    return BgBb(
        alpha,
        beta,
        gamma,
        delta,
        covariance=peak.covariance,
        log_likelihood=peak.log_likelihood,
        n=round(histories.n_customers),
    )


class _Likelihood:
    """The log-likelihood and its slope at the logarithms of the four.

    A history is the sum of what can have been: having left after each period since the last purchase, or still being
    there. Each of these is told by the purchases, the periods lived and whether the customer left; equal ones are
    computed once.
    """

    def __init__(self, histories: Histories) -> None:
        last, age = (histories.last.astype(np.int64), histories.age.astype(np.int64))
        x = histories.again.astype(np.int64)
        silent = age - last
        self.n = histories.n
        self.starts = np.r_[0, np.cumsum(silent + 1)[:-1]]
        self.of = np.repeat(np.arange(len(x)), silent + 1)
        lived = last[self.of] + np.arange(len(self.of)) - self.starts[self.of]
        left = lived < age[self.of]
        self.buying, self.at_buying = _pairs(x[self.of], lived)
        self.leaving, self.at_leaving = _pairs(left.astype(np.int64), lived)

    def __call__(self, logs: Floats) -> tuple[float, Floats]:
        alpha, beta, gamma, delta = np.exp(logs)
        total, terms, height = self._terms(logs)
        weights = self.n[self.of] * np.exp(terms - total[self.of])
        (x, lived), (left, until) = self.buying, self.leaving
        of_buying = np.bincount(self.at_buying, weights, len(x))
        of_leaving = np.bincount(self.at_leaving, weights, len(left))
        n = float(self.n.sum())
        both, either = psi(alpha + beta + lived), psi(gamma + left + delta + until)
        slope = np.array(
            [
                of_buying @ (psi(alpha + x) - both) - n * (psi(alpha) - psi(alpha + beta)),
                of_buying @ (psi(beta + lived - x) - both) - n * (psi(beta) - psi(alpha + beta)),
                of_leaving @ (psi(gamma + left) - either) - n * (psi(gamma) - psi(gamma + delta)),
                of_leaving @ (psi(delta + until) - either) - n * (psi(delta) - psi(gamma + delta)),
            ]
        )
        return height, floats(slope * np.exp(logs))

    def there(self, logs: Floats) -> Floats:
        """The chance that a customer of each kind was still there in the last period."""
        total, terms, _ = self._terms(logs)
        ends = np.r_[self.starts[1:], len(self.of)] - 1
        return floats(np.exp(terms[ends] - total))

    def _terms(self, logs: Floats) -> tuple[Floats, Floats, float]:
        """The logarithm of each kind's likelihood, of its parts, and of that of all customers."""
        alpha, beta, gamma, delta = np.exp(logs)
        (x, lived), (left, until) = self.buying, self.leaving
        buying = betaln(alpha + x, beta + lived - x) - betaln(alpha, beta)
        leaving = betaln(gamma + left, delta + until) - betaln(gamma, delta)
        terms = buying[self.at_buying] + leaving[self.at_leaving]
        most = np.maximum.reduceat(terms, self.starts)
        total = most + np.log(np.add.reduceat(np.exp(terms - most[self.of]), self.starts))
        return floats(total), floats(terms), float(self.n @ total)


def _pairs(
    one: NDArray[np.int64], other: NDArray[np.int64]
) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], NDArray[np.intp]]:
    """The distinct pairs of whole numbers, and the place of each."""
    size = int(other.max(initial=0)) + 1
    distinct, place = np.unique(one * size + other, return_inverse=True)
    return (distinct // size, distinct % size), place


def _whole(horizon: float) -> int:
    """The horizon as a number of periods. Raises: InvalidInput where it is none, or too many."""
    if horizon != round(horizon) or not 0 <= horizon <= MOST_PERIODS:
        raise InvalidInput(
            f"BG/BB looks whole periods ahead, {MOST_PERIODS} at most, not {horizon:g}. Count in longer ones."
        )
    return round(horizon)

"""How often will customers buy again, where each may leave after a purchase without a word?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import betaln, gammaln, hyp2f1, psi

from regard.analytics.arrays import Floats, floats
from regard.analytics.buying.histories import Histories
from regard.analytics.buying.model import Ahead, BuyingModel, check_histories, peak_of

METHOD = "BG/NBD (beta-geometric, negative binomial), maximum likelihood"
SOURCE = "Fader, Hardie and Lee (2005), Marketing Science 24(2), 275-284"
MODIFIED_METHOD = "MBG/NBD (modified beta-geometric, negative binomial), maximum likelihood"
MODIFIED_SOURCE = "Batislam, Denizel and Filiztekin (2007), Int. J. of Research in Marketing 24(3), 201-209"
MOST_PURCHASES = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class BgNbd(BuyingModel):
    """Customers buy at a rate that is gamma distributed (r, alpha) and leave after a purchase with a beta chance (a, b).

    Args:
        r, alpha: shape and rate of the buying rates; alpha in the unit of time of the histories.
        a, b: of the chance of leaving after a purchase; its mean is a / (a + b).
        modified: whether a customer may leave after the first purchase already (MBG/NBD).
    """

    NAMES: ClassVar[tuple[str, ...]] = ("r", "alpha", "a", "b")

    r: float
    alpha: float
    a: float
    b: float
    modified: bool = False

    @property
    def method(self) -> str:
        """The model by name."""
        return MODIFIED_METHOD if self.modified else METHOD

    @property
    def source(self) -> str:
        """Where it is written."""
        return MODIFIED_SOURCE if self.modified else SOURCE

    def alive(self, histories: Histories) -> Floats:
        """The chance that a customer of each kind has not left.

        In the model that is not modified it is 1 for who bought once, as leaving follows a further purchase.
        """
        x = histories.again
        stayed = self._stayed(x)
        longer = (self.r + x) * np.log((self.alpha + histories.age) / (self.alpha + histories.last))
        with np.errstate(over="ignore", divide="ignore"):
            odds = self.a / (self.b + np.maximum(stayed, 1) - 1) * np.exp(longer)
        return floats(np.where(stayed > 0, 1 / (1 + odds), 1.0))

    def purchases(self, histories: Histories, horizon: float) -> Floats:
        """How many purchases a customer of each kind is expected to make within `horizon` from now.

        Source: Fader, Hardie and Lee (2005), equation 10.
        """
        x, a = histories.again, self._a()
        b = self.b + self._stayed(x)
        z = horizon / (self.alpha + histories.age + horizon)
        shrunk = np.exp((self.r + x) * np.log1p(-z))
        expected = (a + b - 1) / (a - 1) * (1 - shrunk * hyp2f1(self.r + x, b, a + b - 1, z))
        return floats(expected * self.alive(histories))

    def ahead(self, histories: Histories, horizon: float, *, confidence: float = 0.95) -> Ahead:
        """How many purchases a customer of each kind makes within `horizon`, with how far that may come out otherwise.

        Who has not left makes the smaller of two numbers: what their rate gives by then (negative binomial), and how
        many it takes until they leave (beta-geometric). The chances of at least 1, 2, ... are added up.
        """
        x, tail = histories.again, (1 - confidence) / 2
        z = horizon / (self.alpha + histories.age + horizon)
        b, shape, alive = self.b + self._stayed(x), self.r + x, self.alive(histories)
        mean, square, low, high = (np.zeros(len(x)) for _ in range(4))
        exactly, stays = np.exp(shape * np.log1p(-z)), np.ones(len(x))
        more = 1 - exactly
        for k in range(1, MOST_PURCHASES):
            chance = alive * np.maximum(more, 0.0) * stays
            mean += chance
            square += (2 * k - 1) * chance
            low += chance > 1 - tail
            high += chance > tail
            if chance.max(initial=0.0) < 1e-12:
                break
            exactly = exactly * (shape + k - 1) / k * z
            more = more - exactly
            stays = stays * (b + k - 1) / (self.a + b + k - 1)
        return Ahead(mean=mean, variance=np.maximum(square - mean**2, 0.0), low=low, high=high)

    def _stayed(self, x: Floats) -> Floats:
        """After how many purchases a customer could have left, and did not until the last."""
        return x + 1 if self.modified else x

    def _a(self) -> Floats:
        """`a`, kept off 1, where the formulas divide nothing by nothing."""
        return floats(self.a + 1e-7 * (np.abs(self.a - 1) < 1e-7))


def fit_bg_nbd(histories: Histories, *, modified: bool = False) -> BgNbd:
    """The model under which these histories are likeliest.

    Customers with equal histories count together, and what depends on one part of a history is computed once for each
    value that it takes.

    Args:
        histories: of all customers who ever bought, also those who bought once.
        modified: let customers leave after their first purchase already (MBG/NBD).

    Raises: NotEnoughData where fewer than two customers bought again, or the likelihood has no peak.
    Source: Fader, Hardie and Lee (2005), Marketing Science 24(2), 275-284; the likelihood is equation 6. Modified:
    Batislam, Denizel and Filiztekin (2007), International Journal of Research in Marketing 24(3), 201-209.
    """
    check_histories(histories)
    unit = float(histories.age.max()) / 10
    likelihood = _Likelihood(histories, unit, modified)
    peak = peak_of(likelihood, np.log([0.5, 1.0, 1.0, 2.0]), histories.n_customers)
    r, alpha, a, b = (float(one) for one in np.exp(peak.at))
    shift = -float((histories.n * histories.again).sum()) * np.log(unit)
    return BgNbd(
        r=r,
        alpha=alpha * unit,
        a=a,
        b=b,
        covariance=peak.covariance,
        log_likelihood=float(peak.log_likelihood + shift),
        n=round(histories.n_customers),
        modified=modified,
    )


def log_likelihoods(
    parameters: Sequence[float | Floats], histories: Histories, *, modified: bool = False
) -> Floats:
    """Of a customer of each kind.

    Args:
        parameters: r, alpha, a and b; each one number, or one for each kind.
    """
    r, alpha, a, b = (floats(one) for one in parameters)
    x = histories.again
    stayed = x + 1 if modified else x
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + stayed) - betaln(a, b)
    here = -(r + x) * np.log(alpha + histories.age)
    gone = np.log(a) - np.log(b + np.maximum(stayed, 1) - 1) - (r + x) * np.log(alpha + histories.last)
    return floats(common + np.where(stayed > 0, np.logaddexp(here, gone), here))


class _Likelihood:
    """The log-likelihood and its slope at the logarithms of r, alpha, a and b; times in `unit`s."""

    def __init__(self, histories: Histories, unit: float, modified: bool) -> None:
        self.n, self.x = histories.n, histories.again
        self.counts, self.at = np.unique(self.x, return_inverse=True)
        self.stayed = self.counts + 1 if modified else self.counts
        self.weights = np.bincount(self.at, weights=self.n)
        self.ages, self.at_age = np.unique(histories.age / unit, return_inverse=True)
        self.lasts, self.at_last = np.unique(histories.last / unit, return_inverse=True)

    def __call__(self, logs: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = np.exp(logs)
        n, counts, weights, stayed = self.n, self.counts, self.weights, self.stayed
        common = gammaln(r + counts) - gammaln(r) + r * logs[1]
        common += gammaln(a + b) + gammaln(b + stayed) - gammaln(b) - gammaln(a + b + stayed)
        before = b + np.maximum(stayed, 1) - 1
        leaving = np.where(stayed > 0, logs[2] - np.log(before), -np.inf)
        power = r + self.x
        log_age, log_last = np.log(alpha + self.ages)[self.at_age], np.log(alpha + self.lasts)[self.at_last]
        # Having left, against having stayed: the odds, on the side where they cannot overflow.
        odds = leaving[self.at] + power * (log_age - log_last)
        small = np.exp(-np.abs(odds))
        either = np.maximum(odds, 0.0) + np.log1p(small) - power * log_age
        is_left = n * np.where(odds > 0, 1.0, small) / (1 + small)
        at_age, at_last = (1 / (alpha + self.ages))[self.at_age], (1 / (alpha + self.lasts))[self.at_last]
        in_all, gone = psi(a + b) - psi(a + b + stayed), np.bincount(self.at, weights=is_left)
        slope = np.array(
            [
                weights @ (psi(r + counts) - psi(r) + logs[1])
                - _dot(n, log_age)
                + _dot(is_left, log_age - log_last),
                weights.sum() * r / alpha - _dot(power, n * at_age + is_left * (at_last - at_age)),
                weights @ in_all + gone.sum() / a,
                weights @ (in_all + psi(b + stayed) - psi(b)) - gone @ (1 / before),
            ]
        )
        return float(weights @ common + _dot(n, either)), slope * np.exp(logs)


def _dot(one: Floats, other: Floats) -> float:
    """The sum of the products, by one thread: several cost more computing than they save time."""
    return float(np.einsum("i,i->", one, other))

"""How many of those under contract renew, period after period, where each has a chance of their own to leave?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, psi

from regard.analytics.arrays import Floats, floats
from regard.analytics.buying.likeliest import likeliest
from regard.kernel.errors import InvalidInput, NotEnoughData

METHOD = "sBG (shifted beta-geometric), maximum likelihood"
SOURCE = "Fader and Hardie (2007), J. Interactive Marketing 21(1), 76-90; Fader and Hardie (2010), Marketing Science 29(1), 85-93"
NAMES = ("alpha", "beta")
FEWEST = 5
# Terms of an endless sum are added until they are as small as this, or there are so many.
SMALL = 1e-10
MOST_PERIODS = 20_000
STEP = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Sbg:
    """At each renewal a customer leaves with a chance of their own, which is beta distributed (alpha, beta).

    Args:
        covariance: of the logarithms of the two, (2, 2). log_likelihood: of all customers. n: customers.
    """

    alpha: float
    beta: float
    covariance: Floats
    log_likelihood: float
    n: int

    def survival(self, periods: Floats) -> Floats:
        """The share that renews at least so often."""
        periods = floats(periods)
        return floats(np.exp(betaln(self.alpha, self.beta + periods) - betaln(self.alpha, self.beta)))

    def survival_errors(self, periods: Floats) -> Floats:
        """The standard errors of the logarithms of these shares, by the delta method."""
        periods = floats(periods)
        both, all_ = psi(self.alpha + self.beta), psi(self.alpha + self.beta + periods)
        slopes = np.stack(
            [
                self.alpha * (both - all_),
                self.beta * (psi(self.beta + periods) - all_ - psi(self.beta) + both),
            ]
        )
        return floats(np.sqrt(np.einsum("ip,ij,jp->p", slopes, self.covariance, slopes)))

    def renewals(self, renewed: Floats, horizon: int, *, discount: float = 0.0) -> Floats:
        """How many more times a customer is expected to renew within `horizon` periods, who has renewed so often.

        Args:
            discount: what a renewal loses for each period it lies ahead.
        """
        found, stays = np.zeros(len(renewed)), np.ones(len(renewed))
        for ahead in range(1, horizon + 1):
            at = self.beta + renewed + ahead - 1
            stays = stays * at / (self.alpha + at)
            found += stays / (1 + discount) ** ahead
        return found

    def total(self, renewed: Floats, n: Floats, horizon: int) -> tuple[float, float]:
        """How many renewals all these customers make within `horizon` periods, and its standard error: chance among
        customers, and what the parameters leave open (delta method), added.

        Args:
            n: array, how many customers of each kind.
        """
        mean, square, stays = np.zeros(len(renewed)), np.zeros(len(renewed)), np.ones(len(renewed))
        for ahead in range(1, horizon + 1):
            at = self.beta + renewed + ahead - 1
            stays = stays * at / (self.alpha + at)
            mean, square = mean + stays, square + (2 * ahead - 1) * stays
        slope = []
        for which in np.eye(2):
            ends = []
            for step in (STEP, -STEP):
                alpha, beta = np.exp(np.log([self.alpha, self.beta]) + step * which)
                ends.append(
                    float(n @ Sbg(alpha, beta, self.covariance, 0.0, self.n).renewals(renewed, horizon))
                )
            slope.append((ends[0] - ends[1]) / (2 * STEP))
        variance = float(n @ (square - mean**2)) + float(np.array(slope) @ self.covariance @ slope)
        return float(n @ mean), math.sqrt(max(variance, 0.0))

    def lifetime(self, discount: float, *, renewed: int = 0) -> float:
        """Discounted expected (residual) lifetime in periods, from the next renewal on for who has renewed so often; the
        period that runs counts as one.

        Raises: InvalidInput for a discount that is not above 0.
        Source: Fader and Hardie (2010), Marketing Science 29(1), 85-93 (DEL and DERL).
        """
        if not discount > 0:
            raise InvalidInput(f"A discount lies above 0, or a lifetime has no bound; {discount:g} does not.")
        total, stays = 1.0, 1.0
        for ahead in range(1, MOST_PERIODS):
            at = self.beta + renewed + ahead - 1
            stays *= at / (self.alpha + at)
            term = stays / (1 + discount) ** ahead
            total += term
            if term < SMALL * total:
                break
        return total


def fit_sbg(renewed: Floats, is_lost: Floats, n: Floats) -> Sbg:
    """The model under which these customers are likeliest.

    Args:
        renewed: array, how often customers of each kind have renewed. is_lost: 1 where they did not the next time, 0
            where they are still there. n: how many are of this kind.

    Raises: NotEnoughData where fewer than 5 left or none renewed, or the likelihood has no peak.
    Source: Fader and Hardie (2007), J. Interactive Marketing 21(1), 76-90; equations 5, 6 and 7.
    """
    renewed, lost, n = floats(renewed), floats(is_lost), floats(n)
    if (n @ lost) < FEWEST or not (n @ (renewed > 0)):
        raise NotEnoughData(
            f"{n @ lost:,.0f} customers left and {n @ (renewed > 0):,.0f} renewed, which tells too little. "
            f"At least {FEWEST} have to leave, and some to renew; give a longer time."
        )

    def likelihood(logs: Floats) -> tuple[float, Floats]:
        alpha, beta = np.exp(logs)
        whole = alpha + beta + renewed + lost
        value = n @ (betaln(alpha + lost, beta + renewed) - betaln(alpha, beta))
        first = n @ (psi(alpha + lost) - psi(whole) - psi(alpha) + psi(alpha + beta))
        second = n @ (psi(beta + renewed) - psi(whole) - psi(beta) + psi(alpha + beta))
        return float(value), np.array([first * alpha, second * beta])

    peak = likeliest(likelihood, np.log([1.0, 1.0]), float(n.sum()))
    if peak is None:
        raise NotEnoughData(
            "These renewals fit no model of this kind: all customers are equally likely to leave, or hardly any is. "
            "Give a longer time, or more customers."
        )
    alpha, beta = (math.exp(one) for one in peak.at)
    return Sbg(alpha, beta, peak.covariance, peak.log_likelihood, round(float(n.sum())))

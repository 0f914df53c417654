"""How many of those under contract renew, period after period, where each has a chance of their own to leave?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import betaln, psi

from regard.analytics.arrays import Floats, floats
from regard.analytics.buying.likeliest import likeliest
from regard.kernel.errors import InvalidInput, NotEnoughData

METHOD = "sBG (shifted beta-geometric), maximum likelihood"
SOURCE = "Fader and Hardie (2007), J. Interactive Marketing 21(1), 76-90; Fader and Hardie (2010), Marketing Science 29(1), 85-93"
AGEING_METHOD = "BdW (beta-discrete-Weibull), maximum likelihood"
AGEING_SOURCE = "Fader, Hardie, Liu, Davin and Steenburgh (2018), J. Interactive Marketing 43, 1-16"
NAMES = ("alpha", "beta", "c")
FEWEST = 5
# Terms of an endless sum are added until they are as small as this, or there are so many.
SMALL = 1e-10
MOST_PERIODS = 20_000
STEP = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Sbg:
    """At each renewal a customer leaves with a chance of their own, which is beta distributed (alpha, beta).

    Args:
        covariance: of the logarithms of the two, (2, 2), or with c of the three. log_likelihood: of all customers.
        n: customers.
        c: above 1 each customer grows likelier to leave with the renewals, below 1 less likely (BdW); 1 changes nothing.
    """

    alpha: float
    beta: float
    covariance: Floats
    log_likelihood: float
    n: int
    c: float = 1.0

    @property
    def is_ageing(self) -> bool:
        """Whether `c` is one of the parameters (BdW)."""
        return len(self.covariance) > 2

    @property
    def parameters(self) -> dict[str, float]:
        """The parameters by name."""
        return dict(zip(NAMES, (self.alpha, self.beta, self.c)[: len(self.covariance)], strict=False))

    @property
    def method(self) -> str:
        """The model by name."""
        return AGEING_METHOD if self.is_ageing else METHOD

    @property
    def source(self) -> str:
        """Where it is written."""
        return AGEING_SOURCE if self.is_ageing else SOURCE

    def moved(self, at: Floats) -> Sbg:
        """The same with other parameters, given by their logarithms."""
        alpha, beta, c = (float(one) for one in [*np.exp(at), 1.0][:3])
        return replace(self, alpha=alpha, beta=beta, c=c)

    def survival(self, periods: Floats) -> Floats:
        """The share that renews at least so often."""
        return floats(np.exp(_log_survival(self.alpha, self.beta, self.c, floats(periods))))

    def survival_errors(self, periods: Floats) -> Floats:
        """The standard errors of the logarithms of these shares, by the delta method."""
        slopes = _slopes(self.alpha, self.beta, self.c, floats(periods))[: len(self.covariance)]
        return floats(np.sqrt(np.einsum("ip,ij,jp->p", slopes, self.covariance, slopes)))

    def renewals(self, renewed: Floats, horizon: int, *, discount: float = 0.0) -> Floats:
        """How many more times a customer is expected to renew within `horizon` periods, who has renewed so often.

        Args:
            discount: what a renewal loses for each period it lies ahead.
        """
        found, stays = np.zeros(len(renewed)), np.ones(len(renewed))
        for ahead in range(1, horizon + 1):
            stays = stays * self._stays(renewed + ahead)
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
            stays = stays * self._stays(renewed + ahead)
            mean, square = mean + stays, square + (2 * ahead - 1) * stays
        slope, at = [], np.log(list(self.parameters.values()))
        for which in np.eye(len(at)):
            ends = [
                float(n @ self.moved(at + step * which).renewals(renewed, horizon)) for step in (STEP, -STEP)
            ]
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
            stays *= float(self._stays(floats(renewed + ahead)))
            term = stays / (1 + discount) ** ahead
            total += term
            if term < SMALL * total:
                break
        return total

    def _stays(self, time: Floats) -> Floats:
        """The chance to renew for that time, of those who did all times before."""
        if self.c == 1:
            at = self.beta + time - 1
            return floats(at / (self.alpha + at))
        ends = (_log_survival(self.alpha, self.beta, self.c, one) for one in (time, time - 1))
        return floats(np.exp(next(ends) - next(ends)))


def fit_sbg(renewed: Floats, is_lost: Floats, n: Floats) -> Sbg:
    """The model under which these customers are likeliest.

    Args:
        renewed: array, how often customers of each kind have renewed. is_lost: 1 where they did not the next time, 0
            where they are still there. n: how many are of this kind.

    Raises: NotEnoughData where fewer than 5 left or none renewed, or the likelihood has no peak.
    Source: Fader and Hardie (2007), J. Interactive Marketing 21(1), 76-90; equations 5, 6 and 7.
    """
    renewed, lost, n = _enough(renewed, is_lost, n)

    def likelihood(logs: Floats) -> tuple[float, Floats]:
        alpha, beta = np.exp(logs)
        whole = alpha + beta + renewed + lost
        value = n @ (betaln(alpha + lost, beta + renewed) - betaln(alpha, beta))
        first = n @ (psi(alpha + lost) - psi(whole) - psi(alpha) + psi(alpha + beta))
        second = n @ (psi(beta + renewed) - psi(whole) - psi(beta) + psi(alpha + beta))
        return float(value), np.array([first * alpha, second * beta])

    at, covariance, height = _peak(likelihood, 2, n)
    return Sbg(at[0], at[1], covariance, height, round(float(n.sum())))


def fit_bdw(renewed: Floats, is_lost: Floats, n: Floats) -> Sbg:
    """The same where each customer may grow more or less likely to leave with the renewals.

    Args:
        As `fit_sbg`.

    Raises: NotEnoughData where fewer than 5 left or none renewed, or the likelihood has no peak.
    Source: Fader, Hardie, Liu, Davin and Steenburgh (2018), J. Interactive Marketing 43, 1-16; equation 5.
    """
    renewed, lost, n = _enough(renewed, is_lost, n)

    def likelihood(logs: Floats) -> tuple[float, Floats]:
        alpha, beta, c = (float(one) for one in np.exp(logs))
        before, after = (_log_survival(alpha, beta, c, one) for one in (renewed, renewed + lost))
        first, second = (_slopes(alpha, beta, c, one) for one in (renewed, renewed + lost))
        # Who left did so between two renewals: the difference of two shares, as far as these differ.
        apart = np.where(lost > 0, -np.expm1(np.minimum(after - before, -1e-300)), 1.0)
        kept = np.where(lost > 0, np.exp(after - before), 0.0)
        slope = (first - kept * second) / apart
        return float(n @ (before + np.log(apart))), floats(slope @ n)

    at, covariance, height = _peak(likelihood, 3, n)
    return Sbg(at[0], at[1], covariance, height, round(float(n.sum())), at[2])


def _enough(renewed: Floats, is_lost: Floats, n: Floats) -> tuple[Floats, Floats, Floats]:
    """The customers, where there are enough. Raises: NotEnoughData where there are not."""
    renewed, lost, n = floats(renewed), floats(is_lost), floats(n)
    if (n @ lost) < FEWEST or not (n @ (renewed > 0)):
        raise NotEnoughData(
            f"{n @ lost:,.0f} customers left and {n @ (renewed > 0):,.0f} renewed, which tells too little. "
            f"At least {FEWEST} have to leave, and some to renew; give a longer time."
        )
    return renewed, lost, n


def _peak(
    likelihood: Callable[[Floats], tuple[float, Floats]], parameters: int, n: Floats
) -> tuple[list[float], Floats, float]:
    """The parameters, the covariance of their logarithms, and the height. Raises: NotEnoughData where there is none."""
    peak = likeliest(likelihood, np.zeros(parameters), float(n.sum()))
    if peak is None:
        raise NotEnoughData(
            "These renewals fit no model of this kind: all customers are equally likely to leave, or hardly any is. "
            "Give a longer time, or more customers."
        )
    return [math.exp(one) for one in peak.at], peak.covariance, peak.log_likelihood


def _log_survival(alpha: float, beta: float, c: float, periods: Floats) -> Floats:
    return floats(betaln(alpha, beta + periods**c) - betaln(alpha, beta))


def _slopes(alpha: float, beta: float, c: float, periods: Floats) -> Floats:
    """The slopes of the logarithm of survival at the logarithms of alpha, beta and c, (3, periods)."""
    power = periods**c
    both, all_, kept = psi(alpha + beta), psi(alpha + beta + power), psi(beta + power)
    longer = c * power * np.log(np.maximum(periods, 1.0))
    return np.stack([alpha * (both - all_), beta * (kept - all_ - psi(beta) + both), longer * (kept - all_)])

"""Units observed over time, some of which were treated from some time on: difference in differences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, floats
from regard.analytics.effects.given import THE_TREATED, Effect, effect
from regard.analytics.sizes import check_size
from regard.kernel.errors import InvalidInput, NotEnoughData

METHOD = "difference in differences of unit means, each cohort against the never treated, errors by unit"
SOURCE = (
    "Bertrand, Duflo & Mullainathan (2004), Q. J. Econ. 119, 249-275; Callaway & Sant'Anna (2021), J. Econometrics 225, "
    "200-230"
)
MOST_EVENTS = 20
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Units by periods, without gaps.

    Args:
        outcome: array (units, periods), means of the rows of each. began: array (units,), the first treated period of each;
            the number of periods where never.
        left_out: units with gaps, or treated from the first period on.
    """

    units: tuple[str, ...]
    periods: Floats
    outcome: Floats
    began: Whole
    left_out: int

    @property
    def treated(self) -> NDArray[np.bool_]:
        """Which units ever were."""
        return np.asarray(self.began < len(self.periods))


@dataclass(frozen=True, slots=True, eq=False)
class OverTime:
    """Effects by how many periods after the treatment began (negative: before), each with its interval."""

    since: Floats
    effects: tuple[Effect, ...]


def panel_of(units: NDArray[np.object_], time: Floats, outcome: Floats, treatment: Floats) -> Panel:
    """The panel of single rows, whose means are taken by unit and period.

    Raises: InvalidInput where a treatment ends again, NotEnoughData where there is nobody to compare.
    """
    known = (
        np.array([one is not None for one in units])
        & np.isfinite(time)
        & np.isfinite(outcome)
        & np.isfinite(treatment)
    )
    if not known.any():
        raise NotEnoughData("No row has a unit, a time, an outcome and a treatment.")
    check_size("The outcome", outcome[known], instead="name another")
    names, unit = np.unique(units[known].astype(str), return_inverse=True)
    periods, period = np.unique(time[known], return_inverse=True)
    shape = (len(names), len(periods))
    place = unit * len(periods) + period
    n = np.bincount(place, minlength=shape[0] * shape[1]).reshape(shape)
    sums = [
        np.bincount(place, weights=part[known], minlength=shape[0] * shape[1]).reshape(shape)
        for part in (outcome, treatment)
    ]
    whole = (n > 0).all(axis=1)
    n, y, t = n[whole], sums[0][whole], sums[1][whole]
    status = t / n >= 0.5
    if (np.diff(status.astype(np.int8), axis=1) < 0).any():
        raise InvalidInput(
            "The treatment of a unit ends again. These designs need a treatment that stays once it has begun: 0 before, 1 from then on."
        )
    began = np.where(status.any(axis=1), status.argmax(axis=1), len(periods))
    usable = began > 0
    kept = np.flatnonzero(whole)[usable]
    return Panel(
        tuple(names[kept].tolist()), floats(periods), floats((y / n)[usable]), began[usable].astype(np.int64),
        len(names) - len(kept),
    )  # fmt: skip


def difference_in_differences(panel: Panel, *, confidence: float = 0.95) -> Effect:
    """How much more the treated changed, from before to after, than those never treated did.

    Raises: NotEnoughData below two units of each kind.
    Source: Bertrand, Duflo and Mullainathan (2004), Quarterly Journal of Economics 119, 249-275; Callaway and Sant'Anna
        (2021), Journal of Econometrics 225, 200-230.
    """
    _check(panel)
    at = np.arange(len(panel.periods))
    return _contrast(
        panel,
        {int(began): (at < began, at >= began) for began in np.unique(panel.began[panel.treated])},
        confidence,
    )


def before(panel: Panel, *, confidence: float = 0.95) -> Effect | None:
    """The same between the earlier and the later half of the time before: none where both would have gone alike.

    Returns: None where no unit has two periods before.
    """
    at = np.arange(len(panel.periods))
    cohorts = {
        int(began): (at < began // 2, (at >= began // 2) & (at < began))
        for began in np.unique(panel.began[panel.treated])
        if began >= 2
    }
    return _contrast(panel, cohorts, confidence) if cohorts else None


def over_time(panel: Panel, *, confidence: float = 0.95) -> OverTime:
    """The effect by periods since it began, against the last period before.

    Source: Callaway and Sant'Anna (2021), Journal of Econometrics 225, 200-230.
    """
    at, cohorts = np.arange(len(panel.periods)), np.unique(panel.began[panel.treated])
    since, found = [], []
    for step in range(-MOST_EVENTS, MOST_EVENTS + 1):
        there = {int(g): (at == g - 1, at == g + step) for g in cohorts if 0 <= g + step < len(at)}
        if step == -1 or not there:
            continue
        since.append(float(step))
        found.append(_contrast(panel, there, confidence))
    return OverTime(floats(since), tuple(found))


def _check(panel: Panel) -> None:
    treated = int(panel.treated.sum())
    for n, who in ((treated, "treated from some time on"), (len(panel.units) - treated, "never treated")):
        if n < 2:
            raise NotEnoughData(
                f"There {'is' if n == 1 else 'are'} {n} unit{'s' * (n != 1)} {who} without gaps, and this design needs at least 2. The treatment column "
                "is 0 before and 1 from then on; with one treated unit ask --design synthetic, with none untreated --design interrupted."
            )


def _contrast(
    panel: Panel, cohorts: dict[int, tuple[NDArray[np.bool_], NDArray[np.bool_]]], confidence: float
) -> Effect:
    """The change of the treated less that of the others, each cohort by its own periods, by how many units it has."""
    never = ~panel.treated
    sizes = {began: int((panel.began == began).sum()) for began in cohorts}
    total = sum(sizes.values())
    value, pulls, pulls_never = 0.0, [], np.zeros(int(never.sum()))
    for began, (first, second) in cohorts.items():
        change = panel.outcome[:, second].mean(axis=1) - panel.outcome[:, first].mean(axis=1)
        cohort, others = change[panel.began == began], change[never]
        value += sizes[began] / total * (cohort.mean() - others.mean())
        pulls.append(cohort - cohort.mean())
        pulls_never += sizes[began] / total * (others - others.mean())
    spare = max(total - len(cohorts), 1)
    parts = np.array([
        (np.concatenate(pulls) ** 2).sum() / spare / total,
        (pulls_never**2).sum() / (len(pulls_never) - 1) / len(pulls_never),
    ])  # fmt: skip
    spread = float(parts.sum())
    df = (
        spread**2 / float((parts**2 / np.array([spare, len(pulls_never) - 1])).sum())
        if spread > 0
        else np.inf
    )
    return effect(METHOD, THE_TREATED, value, float(np.sqrt(spread)), df=df, confidence=confidence)

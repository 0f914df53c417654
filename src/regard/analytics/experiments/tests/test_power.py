"""Numbers of units against R's and statsmodels', and against experiments that were played."""

from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.stats.power import TTestIndPower, normal_power_het

from regard.analytics.experiments.comparisons import compare
from regard.analytics.experiments.moments import moments_of_sums
from regard.analytics.experiments.power import Design
from regard.kernel.errors import InvalidInput


def test_units_are_those_of_r() -> None:
    # power.prop.test(p1 = .1, p2 = .12, power = .8): 3840.847; power.t.test(delta = 1, power = .8): 16.71477, both in each group.
    assert Design(0.10).units(0.02) == 3841
    assert Design(0.12).units(-0.02) == 3841
    assert Design(10, sd=1).units(1) == 17


@pytest.mark.parametrize(("effect", "power"), [(0.2, 0.8), (0.5, 0.9), (1.5, 0.8), (0.05, 0.95)])
def test_units_and_power_are_those_of_statsmodels(effect: float, power: float) -> None:
    needed = TTestIndPower().solve_power(effect, power=power, alpha=0.05)
    design = Design(0, sd=2.0)
    assert design.units(2 * effect, power) == math.ceil(needed)
    expected = TTestIndPower().power(effect, 60, 0.05)
    assert design.power(2 * effect, 60) == pytest.approx(expected, abs=1e-9)


def test_shares_have_the_power_of_statsmodels() -> None:
    pooled, apart = math.sqrt(2 * 0.22 * 0.78), math.sqrt(0.2 * 0.8 + 0.24 * 0.76)
    expected = normal_power_het(0.04, 500, 0.05, std_null=pooled, std_alternative=apart)
    assert Design(0.2).power(0.04, 500) == pytest.approx(expected, abs=1e-4)


def test_what_is_detectable_is_what_needs_so_many_units() -> None:
    for design in (
        Design(0.1),
        Design(5, sd=3),
        Design(5, sd=3, explained=0.5, variants=4),
        Design(0.3, tightest=5_000),
    ):
        difference = design.detectable(4_000)
        assert design.units(difference * 1.0001) <= 4_000
        assert design.power(difference, 4_000) == pytest.approx(0.8, abs=1e-6)
    assert Design(0.5).detectable(3) == math.inf


def test_the_time_before_saves_what_it_explains_and_more_variants_cost() -> None:
    assert Design(5, sd=3, explained=0.5).units(0.1) == pytest.approx(Design(5, sd=3).units(0.1) / 2, abs=2)
    assert Design(5, sd=3, variants=3).units(0.1) > 1.15 * Design(5, sd=3).units(0.1)
    assert Design(5, sd=3, tightest=5_000).units(0.1) > 1.5 * Design(5, sd=3).units(0.1)


def test_played_experiments_are_told_as_often_as_planned() -> None:
    generator = np.random.default_rng(1)
    n = Design(0.3).units(0.05)
    hits = generator.binomial(n, 0.3, 2_000), generator.binomial(n, 0.35, 2_000)
    found = compare(moments_of_sums(n, hits[1], hits[1]), moments_of_sums(n, hits[0], hits[0]))
    assert (found.p < 0.05).mean() == pytest.approx(0.8, abs=0.03)


def test_plans_that_cannot_be_are_refused() -> None:
    with pytest.raises(InvalidInput, match="share lies"):
        Design(1.2)
    with pytest.raises(InvalidInput, match="must differ"):
        Design(1, sd=0)
    with pytest.raises(InvalidInput, match="explains"):
        Design(0.1, explained=1)
    with pytest.raises(InvalidInput, match="2 variants"):
        Design(0.1, variants=1)
    with pytest.raises(InvalidInput, match="no share"):
        Design(0.9).units(0.2)
    with pytest.raises(InvalidInput, match="must not be 0"):
        Design(0.9).units(0.0)
    with pytest.raises(InvalidInput, match="large enough"):
        Design(5, sd=1e6).units(1e-3)

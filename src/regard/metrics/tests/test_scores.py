from __future__ import annotations

import pytest

from regard.metrics.compute import compute
from regard.metrics.tests.hand_drawn import log_of, scores


def test_nps_of_230_promoters_120_passives_and_50_detractors_is_45() -> None:
    log = log_of(scores("nps", {10: 230, 8: 120, 3: 50}))
    figure = compute("nps", connection=log).total.estimate
    assert figure is not None
    assert figure.value == pytest.approx(45.0)
    assert (figure.low, figure.high) == (pytest.approx(37.8, abs=0.05), pytest.approx(51.6, abs=0.05))
    assert (figure.n, figure.n_customers, figure.method) == (400, 400, "adjusted Wald")

"""The donors of 1995 of Fader, Hardie and Shang (2010), which the package lifetimes ships: read there, kept nowhere here."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from regard.analytics.arrays import floats
from regard.analytics.buying.histories import Histories


@cache
def donors() -> Histories:
    """In how many of the six years after 1995 they gave again, in which last, and how many did so."""
    found = find_spec("lifetimes")
    assert found is not None
    assert found.origin is not None
    file = Path(found.origin).parent / "datasets" / "donations.csv"
    again, last, age, n = np.loadtxt(file, delimiter=",", skiprows=1).T
    return Histories(floats(again), floats(last), floats(age), floats(n))

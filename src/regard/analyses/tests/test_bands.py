"""Lines with bands, as pictures."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import numpy as np

from regard.analyses.bands import Band, bands

SVG = "{http://www.w3.org/2000/svg}"


def names(picture: str) -> list[str]:
    root = ElementTree.fromstring(picture)
    return [one.text or "" for one in root.iter(f"{SVG}text") if one.get("class") == "name"]


def test_lines_that_end_together_are_named_from_above() -> None:
    at = np.linspace(0, 1, 11)
    picture = bands("Gains", "share", "gained", [Band("straight", at, at), Band("bent", at, np.sqrt(at))])
    assert names(picture) == ["bent", "straight"]
    assert picture.count('class="line"') == 2


def test_a_band_is_drawn_only_where_it_is_known_and_words_are_kept_from_being_code() -> None:
    at = np.arange(5.0)
    high = np.array([1.0, 2, 3, np.nan, np.nan])
    picture = bands("<b>", "x & y", "y", [Band("one", at, at, high - 1, high)], steps=True, mark=2.0)
    assert picture.count('class="band"') == 1
    assert "nan" not in picture
    assert names(picture) == []
    assert "&lt;b&gt;" in picture

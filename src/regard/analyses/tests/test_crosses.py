"""The picture of points with an interval to each side."""

from __future__ import annotations

from xml.etree import ElementTree

from regard.analyses.crosses import Cross, _labels, crosses


def test_points_are_numbered_and_named_at_the_side() -> None:
    points = [Cross("price & <terms>", 3.0, 20.0, (2.5, 3.5), (10.0, 30.0)), Cross("staff", 4.0, 5.0)]
    drawn = crosses("Title", "mean", "share", points)
    ElementTree.fromstring(drawn)
    assert "1 price &amp; &lt;terms&gt;" in drawn
    assert "2 staff" in drawn
    assert drawn.count("<circle") == 2


def test_one_point_alone_can_be_drawn() -> None:
    ElementTree.fromstring(crosses("Title", "mean", "share", [Cross("only", 0.0, 0.0)]))


def test_numbers_keep_off_each_other_and_off_other_points() -> None:
    points = [(100.0, 100.0), (104.0, 98.0), (108.0, 104.0)]
    places = _labels(points)
    assert len(set(places)) == 3
    for own, (x, y) in enumerate(places):
        for other, (a, b) in enumerate(places):
            assert own == other or abs(x - a) >= 10 or abs(y - b) >= 10

"""The anatomy of a figure and of a comparison."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from regard.kernel.estimates import Difference, Estimate
from regard.webkit.charts.scales import round_scale
from regard.webkit.charts.trend import Point, draw_trend
from regard.webkit.comparisons import Contender, make_comparison
from regard.webkit.figures import make_tag
from regard.webkit.measures import MEASURES

POINTS, SHARE, SECONDS = MEASURES.get("points"), MEASURES.get("fraction"), MEASURES.get("seconds")


@pytest.mark.parametrize(
    ("change", "better", "tone", "says"),
    [
        (Difference(-3.9, -6.0, -1.8, 0.001, p_adjusted=0.004), 1, "bad", "down 3.9 points, real"),
        (Difference(3.9, 1.8, 6.0, 0.001, p_adjusted=0.004), 1, "good", "up 3.9 points, real"),
        (Difference(3.9, 1.8, 6.0, 0.001), -1, "bad", "up 3.9 points, real"),
        (Difference(3.9, 1.8, 6.0, 0.001), 0, "plain", "up 3.9 points, real"),
        (Difference(3.9, 0.1, 7.7, 0.04, p_adjusted=0.2), 1, "flat", "no real change"),
    ],
)
def test_a_tag_has_three_forms_and_obeys_the_corrected_p(
    change: Difference, better: int, tone: str, says: str
) -> None:
    tag = make_tag(change, measure=POINTS, better=better)
    assert (tag.tone, tag.text) == (tone, says)


def test_shares_change_by_points_and_times_by_time() -> None:
    assert (
        make_tag(Difference(0.012, 0.01, 0.014, 0.0), measure=SHARE, better=1).text == "up 1.2 points, real"
    )
    assert make_tag(Difference(3960, 3000, 4900, 0.0), measure=SECONDS, better=-1).text == "up 66 min, real"


def test_a_trend_breaks_where_there_is_no_figure_and_needs_two() -> None:
    assert draw_trend([Point(1.0)], label="x") == ""
    drawn = draw_trend(
        [Point(1, 0, 2), Point(2, 1, 3), Point(None), Point(3, 2, 4), Point(2, 1, 3)], label="a <b>"
    )
    root = ElementTree.fromstring(drawn)
    assert root.attrib["aria-label"] == "a <b>"
    assert len([part for part in root if part.attrib["class"] == "trend-line"]) == 2


def test_an_axis_has_round_ends_that_hold_everything() -> None:
    scale = round_scale([0.437, 0.812], floor=0.0)
    assert scale.low <= 0.437
    assert scale.high >= 0.812
    assert scale.ticks[0] == scale.low
    assert scale.ticks[-1] == scale.high
    assert round_scale([5.0, 5.0]).low < 5 < round_scale([5.0]).high
    assert round_scale([0.01, 0.02], floor=0.0).low >= 0


def test_a_comparison_is_sorted_greys_what_chance_explains_and_gathers_the_silent_by_their_reason() -> None:
    chart = make_comparison(
        [
            Contender("low", Estimate(10, 5, 15, 100), standing=-1),
            Contender("silent", None, reason="Fewer than 5 answers"),
            Contender("high", Estimate(40, 30, 50, 50), standing=0),
            Contender("mute", None, reason="Fewer than 5 answers"),
            Contender("other", None, reason="No answers"),
        ],
        measure=POINTS,
        better=1,
        reference=20.0,
    )
    assert [row.label for row in chart.rows] == ["high", "low"]
    assert [row.tone for row in chart.rows] == ["same", "bad"]
    assert [(those.reason, [one.label for one in those.contenders]) for those in chart.unknown] == [
        ("Fewer than 5 answers", ["silent", "mute"]),
        ("No answers", ["other"]),
    ]
    assert chart.n_apart == 1

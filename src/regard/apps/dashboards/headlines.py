"""What a home says first: recommending, satisfaction and ease, or else the organisation's own question, and which of them leads."""

from __future__ import annotations

from collections.abc import Sequence

from regard.apps.dashboards.narrowing import question_condition
from regard.apps.dashboards.own_questions import leading_question
from regard.apps.dashboards.readings import Ask, Readings
from regard.apps.dashboards.tiles import Tile, ask_tiles, corrected, tile_of
from regard.apps.dashboards.windows import Window

FEELINGS = ("nps", "csat", "ces")
MEAN, TOP = "mean_score", "top_box"
# With its default the top answers are those of a scale that ends here.
TOP_OF_SCALE = "5.5"


def read_headlines(metrics: Sequence[str], window: Window, readings: Readings) -> list[Tile]:
    """The tiles of a home, their changes one family.

    Where it has feelings to show and none of them has a figure, those of the own question that leads stand first.
    """
    tiles = ask_tiles(metrics, window, readings)
    feelings = [tile for tile in tiles if tile.metric in FEELINGS]
    if not feelings or any(tile.estimate for tile in feelings):
        return corrected(tiles)
    return corrected([*_own(window, readings), *tiles])


def leading(tiles: Sequence[Tile], wanted: Sequence[str]) -> list[Tile]:
    """The tiles that comparisons and heat maps may show, the one that leads first: a wanted metric, else the own question."""
    known = {tile.metric: tile for tile in tiles if tile.estimate}
    return [known[key] for key in (*wanted, MEAN, TOP) if key in known]


def _own(window: Window, readings: Readings) -> list[Tile]:
    """The mean and the top answers of the own question that leads; the second only where its scale is the usual one."""
    asked = readings.ask(Ask(MEAN, window.period, by=("metric",)))
    question = leading_question([one for one in asked.readings if one.group.get("metric")])
    if not question:
        return []
    where = question_condition(question)
    beyond = Ask(TOP, window.period, where=where, values=(("top_from", TOP_OF_SCALE),))
    above = readings.ask(beyond).total.estimate
    shown = (MEAN, TOP) if above is not None and above.value == 0 else (MEAN,)
    return [tile_of(tile.result, question) for tile in ask_tiles(shown, window, readings, where=where)]

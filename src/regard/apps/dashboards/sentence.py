"""The sentence that opens a home: written by rules from the figures of the same page, never more certain than they are."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from regard.apps.dashboards import words
from regard.apps.dashboards.tiles import Tile
from regard.apps.dashboards.windows import Window
from regard.webkit.figures import n_text
from regard.webkit.measures import MEASURES

FEELINGS = ("nps", "csat", "ces", "mean_score")


def opening(tiles: Sequence[Tile], window: Window) -> SafeString:
    """What the page found: what really changed, or how things stand, by the figures alone."""
    parts = [*_changes(tiles, window), *_besides(tiles)]
    return format_html_join(" ", "{}", ((part,) for part in parts))


def _changes(tiles: Sequence[Tile], window: Window) -> list[SafeString]:
    known = [tile for tile in tiles if tile.metric in FEELINGS and tile.estimate]
    if not known:
        return [
            SafeString(
                _(
                    "No or too few answers on recommending, satisfaction or ease in this period to say how customers feel."
                )
            )
        ]
    changed = sorted((tile for tile in known if tile.change), key=_weight)
    if changed:
        return [_changed(tile) for tile in changed[:2]]
    return [_stands(known[0], window)]


def _besides(tiles: Sequence[Tile]) -> list[SafeString]:
    """What changed of the figures that are no feelings, each with its direction and size."""
    changed = [tile for tile in tiles if tile.change and tile.estimate and tile.metric not in FEELINGS]
    if not changed:
        return []
    text = _("What really changed besides: {names}.")
    names = format_html_join(", ", "<b>{}</b> ({})", ((tile.title, _size(tile)) for tile in changed))
    return [format_html(text, names=names)]


def _size(tile: Tile) -> str:
    measure = MEASURES.get(str(tile.result.unit))
    change = measure.change(tile.difference.value if tile.difference else 0.0, tile.currency)
    text = _("up %(size)s") if tile.change > 0 else _("down %(size)s")
    return text % {"size": f"{change} {measure.change_unit()}".strip()}


def _weight(tile: Tile) -> float:
    return tile.difference.p if tile.difference else 1.0


def _changed(tile: Tile) -> SafeString:
    size = MEASURES.get(str(tile.result.unit)).change(tile.difference.value if tile.difference else 0.0)
    rose = {
        "nps": _("Recommendation rose by {size} points against the period before, and the rise is real."),
        "csat": _("Satisfaction rose by {size} points against the period before, and the rise is real."),
        "ces": _(
            "It became easier for customers, by {size} points against the period before; the change is real."
        ),
        "mean_score": _(
            "The mean answer to “{question}” rose by {size} against the period before, and the rise is real."
        ),
    }
    fell = {
        "nps": _("Recommendation fell by {size} points against the period before, and the fall is real."),
        "csat": _("Satisfaction fell by {size} points against the period before, and the fall is real."),
        "ces": _(
            "It became harder for customers, by {size} points against the period before; the change is real."
        ),
        "mean_score": _(
            "The mean answer to “{question}” fell by {size} against the period before, and the fall is real."
        ),
    }
    question = words.question_of(tile.question)
    return _fill((rose if tile.change > 0 else fell)[tile.metric], size=size, question=question)


def _stands(tile: Tile, window: Window) -> SafeString:
    assert tile.estimate is not None
    measure = MEASURES.get(str(tile.result.unit))
    texts = {
        "nps": _("Recommendation stands at {value} points ({interval})."),
        "csat": _("{value} of the answers are satisfied ones ({interval})."),
        "ces": _("{value} of the answers call it easy ({interval})."),
        "mean_score": _("The mean answer to “{question}” stands at {value} ({interval})."),
    }
    low, high = tile.estimate.low, tile.estimate.high
    interval = n_text(tile.estimate.n)
    if low is not None and high is not None:
        interval = f"{measure.value(low)} – {measure.value(high)}"
    text = _fill(
        texts[tile.metric],
        value=measure.value(tile.estimate.value),
        interval=interval,
        question=words.question_of(tile.question),
    )
    if not window.is_compared:
        return text
    if tile.difference is None:
        return format_html("{} {}", text, _("There is no earlier period to compare with."))
    return format_html("{} {}", text, _("That is no real change against the period before."))


def _fill(text: str, **values: str) -> SafeString:
    """The sentence with its figures in bold; everything is escaped."""
    plain = {"n", "interval", "question"}
    return format_html(
        text,
        **{
            name: value if name in plain else format_html("<b>{}</b>", value)
            for name, value in values.items()
        },
    )

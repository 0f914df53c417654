"""Where it hurts: what the map says of itself, in every language, and that it says nothing where nothing stands out."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django import Settings

from regard.apps.dashboards.parts.heat import Cell, HeatMap, say_where
from regard.apps.dashboards.tests.conftest import SignIn, use
from regard.apps.dashboards.tests.drawn_log import draw_log
from regard.apps.dashboards.tests.test_home import text_of
from regard.apps.organisation import services
from regard.apps.organisation.stages import Stage

LOW = Cell("Phone · Get help", "/x", value="−12.0", n="n 140", tone="l2")
FALL = Cell("Web · Buy", "/y", value="30.0", n="n 90", change="down 8.1 points", is_worse=True)


def heat(low: Cell | None, fall: Cell | None) -> HeatMap:
    return HeatMap("NPS", (), (), (), low, fall)


@pytest.mark.parametrize("language", ["en", "el", "hy", "pl", "ru"])
def test_the_sentence_is_whole_in_every_language(language: str) -> None:
    with translation.override(language):
        said = text_of(say_where(heat(LOW, FALL)).encode())
        assert "Phone · Get help" in said
        assert "n 140" in said
        assert "Web · Buy" in said
        assert not re.search(r"[{}%]", said)
        assert (language == "en") is ("It hurts most" in said)


def test_nothing_stands_out_and_nothing_is_said() -> None:
    assert say_where(heat(None, None)) == ""


@pytest.mark.usefixtures("drawn")
def test_the_map_follows_the_organisations_stages(sign_in: SignIn) -> None:
    client = sign_in("executive")
    services.change_settings(stages=[Stage("all-of-it", "All of it", ("checkout", "delivery", "support"))])
    words = text_of(client.get("/?days=90").content)
    assert "All of it" in words
    assert "Other" in words


def test_a_log_without_touchpoints_has_no_map(settings: Settings, tmp_path: Path, sign_in: SignIn) -> None:
    url = str(tmp_path / "warehouse")
    draw_log(url, end=datetime.now(UTC), n=3)
    use(settings, url)
    assert "Where it hurts" not in text_of(sign_in("analyst").get("/?days=30").content)

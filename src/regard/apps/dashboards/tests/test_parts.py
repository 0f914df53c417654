"""Every part describes itself, and homes name only parts that there are."""

from __future__ import annotations

from django.template.loader import get_template

from regard.apps.dashboards.catalogue import executive as _executive  # noqa: F401  Makes the homes known.
from regard.apps.dashboards.home import HOMES
from regard.apps.dashboards.parts import PARTS


def test_every_part_has_a_title_and_a_template() -> None:
    for part in PARTS:
        assert str(part.title)
        get_template(part.template)


def test_homes_name_parts_that_there_are_and_each_once() -> None:
    for home in HOMES:
        named = [*home.first, *home.parts]
        assert all(key in PARTS for key in named), home.key
        assert len(set(named)) == len(named), home.key

"""How metrics are counted, told in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from regard.apps.dashboards.defining import (
    CHOICES,
    GRAINS,
    METHODS,
    SETTINGS,
    definition_of,
    method_of,
    told,
)
from regard.metrics.catalogue import METRICS
from regard.webkit.catalogues import PACKAGE
from regard.webkit.gathering import gather


def test_a_method_of_several_parts_is_told_part_by_part() -> None:
    with translation.override("pl"):
        assert method_of("Wilson, weighted (Kish), clustered by customer") == (
            "przedział Wilsona, ważone (Kish), w grupach według klienta"
        )
        assert method_of("Wilsonian") == "Wilsonian"


@pytest.mark.parametrize("method", METHODS)
def test_every_method_has_words_in_every_language(method: str) -> None:
    for language in ("el", "hy", "pl", "ru"):
        with translation.override(language):
            assert method_of(method) != method


def test_what_was_set_stands_behind_the_definition_as_it_was_set() -> None:
    english = METRICS.get("ces").definition
    with translation.override("ru"):
        assert definition_of("ces", f"{english} (easy_from = 6)") == f"{told(english)} (easy_from = 6)"
        assert definition_of("ces", "another one altogether") == "another one altogether"


def test_every_setting_choice_and_grain_of_the_catalogue_has_words() -> None:
    settings = [setting for metric in METRICS for setting in metric.settings]
    assert {setting.name for setting in settings} == set(SETTINGS)
    assert {one for setting in settings for one in setting.allowed} == set(CHOICES)
    assert {metric.grain for metric in METRICS} <= set(GRAINS)


def test_what_metrics_say_of_themselves_is_gathered_for_translation() -> None:
    texts = [text for metric in METRICS for text in (metric.question, metric.definition)]
    texts += [setting.meaning for metric in METRICS for setting in metric.settings]
    texts += [kind for metric in METRICS for kind in metric.reads if " " in kind]
    assert set(texts) == set(gather(PACKAGE / "metrics")[PACKAGE / "metrics"])

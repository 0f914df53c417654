"""The stages of the journey: the usual ones until the organisation sets its own."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from regard.apps.organisation import queries, services
from regard.apps.organisation.stages import DEFAULT_STAGES, OTHER, Stage, key_of, read_stages
from regard.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db


def test_the_usual_stages_hold_until_others_are_set_and_come_back() -> None:
    assert queries.get_settings().stages == DEFAULT_STAGES
    own = (Stage("before", "Before", ("advert",)), Stage("after", "After", ()))
    services.change_settings(stages=own)
    services.change_settings(currency="CHF")
    assert queries.get_settings().stages == own
    services.change_settings(stages=DEFAULT_STAGES)
    assert queries.get_settings().stages == DEFAULT_STAGES


def test_stages_survive_being_written_down_as_text() -> None:
    own = (Stage("a", "A", ("one", "two")),)
    services.change_settings(stages=[asdict(stage) for stage in own])
    assert queries.get_settings().stages == own


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        (Stage("", "", ()),),
        (Stage(OTHER, "Other", ()),),
        (Stage("a", "A", ()), Stage("a", "B", ())),
        (Stage("a", "A", ("x",)), Stage("b", "B", ("x",))),
        (Stage("a", "A" * 61, ()),),
        ({"key": "a", "touchpoints": "x"},),
    ],
)
def test_stages_that_cannot_be_are_refused(wrong: tuple[Stage, ...]) -> None:
    with pytest.raises(InvalidInput):
        read_stages(wrong)


def test_a_name_of_any_script_gives_a_key() -> None:
    assert key_of("Μετά την αγορά!") == "μετά-την-αγορά"

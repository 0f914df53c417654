"""One group of a figure, as an address names it: checked, and never a free filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from regard.apps.dashboards import words
from regard.apps.organisation.policy import Sight
from regard.apps.organisation.stages import OTHER, Stage
from regard.apps.organisation.web.words import stage_title

# Figures of two groups crossed are what pages show; more would lead to single answers.
MOST = 2
LONGEST = 200
OPEN = ("channel", "touchpoint", "stage", "unit", "language")
# Only for who may read single answers.
CLOSED = ("agent",)
# Which question a figure is of crosses no groups: answers to different questions are never put together.
QUESTION = "metric"


@dataclass(frozen=True, slots=True)
class Group:
    """Which part of the whole is looked at: values of dimensions; none is the whole."""

    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def where(self) -> tuple[str, ...]:
        """The group as an address writes it."""
        return tuple(f"{dimension}={value}" for dimension, value in self.pairs)

    def condition(self, stages: Sequence[Stage]) -> str:
        """The group as a condition over the columns of the log."""
        return " AND ".join(_condition(dimension, value, stages) for dimension, value in self.pairs)

    def title(self, stages: Sequence[Stage], unit_titles: Mapping[str, str]) -> str:
        """What the group is called."""
        return " · ".join(
            stage_title(value, stages)
            if dimension == "stage"
            else unit_titles.get(value, value)
            if dimension == "unit"
            else words.label_of(dimension, value)
            for dimension, value in self.pairs
        )

    def names(self, dimension: str) -> bool:
        """Whether the group says a value of this dimension."""
        return any(named == dimension for named, _ in self.pairs)


def n_groups(where: Sequence[str]) -> int:
    """How many groups an address crosses; the question is none."""
    return sum(not one.startswith(f"{QUESTION}=") for one in where)


def read_group(
    given: Sequence[str], sight: Sight, stages: Sequence[Stage], *, has_questions: bool = False
) -> Group:
    """The group that an address asks for; what cannot be read or is not this reader's counts as not given.

    Args:
        has_questions: whether the figure is of one question of several, which may be named beside the groups.
    """
    allowed = (*OPEN, *CLOSED) if sight.reads_answers else OPEN
    allowed = (QUESTION, *allowed) if has_questions else allowed
    found: dict[str, str] = {}
    for one in given:
        dimension, _sign, value = one.partition("=")
        is_stage = dimension != "stage" or value in {OTHER, *(stage.key for stage in stages)}
        if dimension in allowed and value and len(value) <= LONGEST and is_stage and "\x00" not in value:
            found.setdefault(dimension, value)
    asked = [(QUESTION, found.pop(QUESTION))] if QUESTION in found else []
    return Group((*asked, *tuple(found.items())[:MOST]))


def question_condition(question: str) -> str:
    """One question as a condition over the columns of the log."""
    return f"{QUESTION} = {_quoted(question)}"


def _condition(dimension: str, value: str, stages: Sequence[Stage]) -> str:
    if dimension != "stage":
        return f"{dimension} = {_quoted(value)}"
    if value == OTHER:
        staged = [touchpoint for stage in stages for touchpoint in stage.touchpoints]
        return f"touchpoint IS NOT NULL AND touchpoint NOT IN ({_listed(staged)})"
    touchpoints = next((stage.touchpoints for stage in stages if stage.key == value), ())
    return f"touchpoint IN ({_listed(touchpoints)})"


def _listed(values: Sequence[str]) -> str:
    # Nothing is called by an empty text, and a list must not be empty.
    return ", ".join(_quoted(value) for value in values) or "''"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"

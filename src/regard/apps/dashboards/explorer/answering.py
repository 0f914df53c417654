"""The answer to a question, or what kept it from being answered, told where it was asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import duckdb
from django.utils.translation import gettext as _

from regard.apps.dashboards.explorer.asked import Problem, Question
from regard.apps.dashboards.readings import Readings
from regard.kernel.errors import InvalidInput
from regard.kernel.periods import Grain, Period
from regard.metrics.compute import SHORTEST
from regard.webkit.refusals import refusal_of

if TYPE_CHECKING:
    from regard.metrics.readings import Result

# More pieces than this no chart can show, and no reader can read.
MOST_PIECES = 800
MOST_VALUES = 100


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    Args:
        question: as it was asked in the end.
        whole: the figures of the whole period; None where there is no answer, and then `problems` say why.
        cut: the same figures piece by piece, where it was asked for.
    """

    question: Question
    period: Period
    whole: Result | None
    cut: Result | None
    problems: tuple[Problem, ...]


def answer(question: Question, period: Period, readings: Readings) -> Answer:
    """Ask; what cannot be answered becomes a problem, not an error."""
    problems: list[Problem] = []
    if question.every and (period.end - period.start) / SHORTEST[question.every] > MOST_PIECES:
        problems.append(Problem("every", _("So many pieces cannot be read; they were made coarser.")))
        question = replace(question, every=_readable(period))
    try:
        asked = question.ask(period)
        wanted = [replace(asked, every=None)] + ([asked] if asked.every else [])
        whole, *cut = readings.ask_all(wanted)
        return Answer(question, period, whole, cut[0] if cut else None, tuple(problems))
    except InvalidInput as error:
        problems.append(Problem("", _("This question cannot be answered."), *refusal_of(error)))
    except (duckdb.DataError, duckdb.ProgrammingError) as error:
        detail = str(error).splitlines()[0]
        problems.append(Problem("where", _("The condition does not fit what the log holds."), detail, "en"))
    except RecursionError:
        problems.append(Problem("where", _("The condition is nested too deeply.")))
    return Answer(question, period, None, None, tuple(problems))


def list_values(question: Question, dimension: str, period: Period, readings: Readings) -> list[str]:
    """The values of a dimension that have most behind them, for a filter to choose from; none where it has none."""
    asked = Question(metric=question.metric, by=(dimension,), values=question.values).ask(period)
    try:
        found = readings.ask(asked).readings
    except (InvalidInput, duckdb.DataError, duckdb.ProgrammingError):
        return []
    known = [(one.estimate.n, one.group.get(dimension)) for one in found[1:] if one.estimate]
    return list(dict.fromkeys(value for _n, value in sorted(known, key=lambda one: -one[0]) if value))[
        :MOST_VALUES
    ]


def _readable(period: Period) -> Grain:
    """The finest grain that leaves pieces to be read."""
    for grain, length in SHORTEST.items():
        if (period.end - period.start) / length <= MOST_PIECES:
            return grain
    return Grain.YEAR

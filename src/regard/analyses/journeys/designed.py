"""A designed order as people write it down: a step a line."""

from __future__ import annotations

from pathlib import Path

from regard.analytics.journeys.design import Design, Step
from regard.kernel.errors import InvalidInput, unknown_name

ANYWHERE = "anywhere:"
MARKS = {"?": (True, False), "+": (False, True), "*": (True, True)}


def read_design(path: Path, names: tuple[str, ...]) -> Design:
    """The order that the file at `path` describes.

    Each line is a step: one activity; several with `|` between of which one is done; several with `&` between that are
    done in any order. A line that ends in ` ?` may be left out, in ` +` repeated, in ` *` both. A line that begins with
    `anywhere:` names, with commas between, what may happen at any time. `#` begins a remark.

    Args:
        names: the activities that occur.

    Raises: InvalidInput where the file cannot be read or says no step, or none of its activities occurs.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput("The model '%(given)s' cannot be read: %(why)s.", given=path, why=error) from None
    steps, anywhere = [], set()
    for line in lines:
        said = line.split("#")[0].strip()
        if said.lower().startswith(ANYWHERE):
            anywhere |= {one.strip() for one in said[len(ANYWHERE) :].split(",") if one.strip()}
        elif said:
            steps.append(_step(said))
    if not steps:
        raise InvalidInput(
            "The model '%(given)s' names no step. Write one activity a line, in the designed order.",
            given=path.name,
        )
    design = Design(tuple(steps), frozenset(anywhere))
    if not design.names & set(names):
        raise unknown_name("activity", next(iter(steps[0].names)), names)
    return design


def _step(said: str) -> Step:
    """A step as it is written.

    >>> _step("pay | refuse ?")
    Step(parts=(('pay', 'refuse'),), may_be_left_out=True, may_be_repeated=False)
    """
    skip, repeat = False, False
    body, _, mark = said.rpartition(" ")
    if body and mark in MARKS:
        said, (skip, repeat) = body, MARKS[mark]
    parts = tuple(
        tuple(name.strip() for name in part.strip().strip("()").split("|") if name.strip())
        for part in said.split("&")
    )
    if not all(parts):
        raise InvalidInput("The step '%(given)s' lacks an activity beside '&' or '|'.", given=said)
    return Step(parts, skip, repeat)

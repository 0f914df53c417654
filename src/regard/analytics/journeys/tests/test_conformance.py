"""Alignment with a designed order: the running example, deviations planted one by one, and a search through all."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.analytics.journeys.conformance import Conformance, _align, _paths, conformance
from regard.analytics.journeys.design import Design, Step, moves
from regard.analytics.journeys.log import EventLog, event_log
from regard.analytics.journeys.tests.test_journeys import running_example
from regard.analytics.journeys.variants import variants
from regard.kernel.errors import InvalidInput


def design(*steps: str, anywhere: str = "") -> Design:
    """Letters are activities: "a", "a|b", "a&b", with "?" or "+" behind."""
    return Design(
        tuple(
            Step(
                tuple(tuple(part.split("|")) for part in step.rstrip("?+").split("&")),
                may_be_left_out=step.endswith("?"),
                may_be_repeated=step.endswith("+"),
            )
            for step in steps
        ),
        frozenset(anywhere),
    )


def log_of(*paths: str) -> EventLog:
    """A case for each path; a day between events."""
    rows = [(case, name, 86_400 * at) for case, path in enumerate(paths) for at, name in enumerate(path)]
    return event_log(*zip(*rows, strict=True))


def compared(log: EventLog, plan: Design, amounts: np.ndarray | None = None) -> Conformance:
    return conformance(log, variants(log), plan, amounts)


def test_the_running_example_conforms_where_a_request_is_decided_once() -> None:
    plan = Design(
        (
            Step((("register request",),)),
            Step((("examine thoroughly", "examine casually"), ("check ticket",))),
            Step((("decide",),)),
            Step((("pay compensation", "reject request"),)),
        )
    )
    log = running_example()
    found = compared(log, plan)
    assert found.conforms.tolist() == [
        path.count("reinitiate request") == 0 for path in map(log.path, range(6))
    ]
    assert found.share == pytest.approx(4 / 6)
    assert {one.activity: (one.kind, one.n, one.n_cases) for one in found.deviations}["reinitiate request"] == (
        "not in the design", 3, 2,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("abc", []),
        ("ac", [("missing", "b", 1)]),
        ("abbc", [("repeated", "b", 1)]),
        ("axbc", [("not in the design", "x", 1)]),
        ("bac", [("out of order", "b", 1)]),
        ("abcbb", [("repeated", "b", 2)]),
        ("x", [("missing", "a", 1), ("missing", "b", 1), ("missing", "c", 1), ("not in the design", "x", 1)]),
    ],
)
def test_each_kind_of_deviation_is_told_as_what_it_is(
    path: str, expected: list[tuple[str, str, int]]
) -> None:
    found = compared(log_of(path), design("a", "b", "c"))
    told = sorted((one.kind, one.activity, one.n) for one in found.deviations)
    assert told == expected or (path == "bac" and told in ([("out of order", "a", 1)], expected))
    assert found.conforms[0] == (not expected)


@pytest.mark.parametrize("path", ["abcd", "acbd", "acbdd", "abcxd", "xabcdx", "ad"])
def test_what_the_design_leaves_open_conforms(path: str) -> None:
    assert compared(log_of(path), design("a", "b&c?", "d+", anywhere="x")).conforms.all()


def test_deviations_are_timed_and_priced() -> None:
    log = log_of("abc", "abxbc", "abc")
    amounts = np.array([1.0, 2, 3, 1, 2, 50, 7, 3, 1, 2, 3])
    found = compared(log, design("a", "b", "c"), amounts)
    assert (found.share, found.seconds, found.amount) == (pytest.approx(2 / 3), 2 * 86_400, 6)
    by_name = {one.activity: one for one in found.deviations}
    assert (by_name["x"].seconds, by_name["x"].amount) == (86_400, 50)
    assert (by_name["x"].case_seconds, by_name["x"].case_amount) == (4 * 86_400, 63)
    assert by_name["b"].kind == "repeated"


def test_too_much_in_any_order_is_refused() -> None:
    with pytest.raises(InvalidInput, match="in any order"):
        Design((Step(tuple((name,) for name in "abcdefg")),))


def cheapest(path: str, plan: Design) -> int:
    """The fewest events to leave out or add: tried against every path that conforms and is not too long."""
    choices = []
    for step in plan.steps:
        orders = [
            list(one) for parts in itertools.permutations(step.parts) for one in itertools.product(*parts)
        ]
        if step.may_be_left_out:
            orders.append([])
        if step.may_be_repeated:
            more = step.names
            orders += [
                one + list(again)
                for one in orders
                for k in (1, 2, 3)
                for again in itertools.product(more, repeat=k)
            ]
        choices.append(orders)
    text = [name for name in path if name not in plan.anywhere]
    return min(_distance(text, list(itertools.chain(*one))) for one in itertools.product(*choices))


def _distance(one: list[str], other: list[str]) -> int:
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last if a == b else 99)
    return row[-1]


@given(st.text(alphabet="abcdx", min_size=1, max_size=5))
def test_an_alignment_is_never_dearer_than_the_best_that_a_search_finds(path: str) -> None:
    plan = design("a", "b&c|d", "d?", "a+", anywhere="x")
    log = log_of(path)
    found = moves(plan, log.names)
    starts, codes = _paths(log, variants(log))
    extra, missed = _align(
        starts, codes, found.before, found.after, found.does, found.price, found.n_states, found.free
    )
    assert int(extra.sum() + missed.sum()) == cheapest(path, plan)

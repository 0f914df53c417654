"""Which questions a tracked event answers: each rating of one event is an interaction of its own."""

from __future__ import annotations

from collections.abc import Sequence

from regard.apps.intake.tracking.table import RATINGS, Rule
from regard.apps.journal.projection.ratings import BETWEEN, WITHIN
from regard.warehouse.literals import text_sql


def metric_sql(forms: Sequence[Rule]) -> str:
    """The question that the first rating answers: the form's, else that rating's own name, else the property `metric`."""
    cases = []
    for number, form in enumerate(forms):
        own = [f"WHEN p.{name} IS NOT NULL THEN '{name}'" for name in RATINGS if name in form.score]
        if form.metric:
            cases.append(f"WHEN form = {number} THEN {text_sql(form.metric)}")
        elif own:
            cases.append(f"WHEN form = {number} THEN coalesce(CASE {' '.join(own)} END, lower(p.metric))")
    named = " ".join(f"WHEN p.{name} IS NOT NULL THEN '{name}'" for name in RATINGS)
    otherwise = f"coalesce(lower(p.metric), CASE {named} END)"
    return f"CASE {' '.join(cases)} ELSE {otherwise} END" if cases else otherwise


def further_sql(forms: Sequence[Rule]) -> str:
    """All ratings of an event that holds several, in the form that `journal.projection.ratings` reads; else NULL."""
    cases = []
    for number, form in enumerate(forms):
        own = [name for name in RATINGS if name in form.score]
        if form.metric or not own:
            continue
        told = [f"nullif(p.{name}, '')" for name in own]
        named = [f"'{name}' || {WITHIN} || {value}" for name, value in zip(own, told, strict=True)]
        others = [f"nullif(p.\"{name}\", '')" for name in form.score if name not in RATINGS]
        if others:
            # What has no name of its own answers the property `metric`, unless that was answered by name.
            answered = " OR ".join(
                f"(lower(p.metric) = '{name}' AND {value} IS NOT NULL)"
                for name, value in zip(own, told, strict=True)
            )
            other = f"CASE WHEN NOT ({answered}) THEN coalesce({', '.join(others)}) END"
            named.append(f"lower(nullif(p.metric, '')) || {WITHIN} || {other}")
        cases.append(f"WHEN form = {number} THEN concat_ws({BETWEEN}, {', '.join(named)})")
    if not cases:
        return "NULL::VARCHAR"
    listed = f"CASE {' '.join(cases)} END"
    return f"CASE WHEN contains({listed}, {BETWEEN}) THEN {listed} END"

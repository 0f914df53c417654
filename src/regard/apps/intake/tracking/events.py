"""The events seen so far and what they mean, so that a batch is read in one go: most events were seen before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import duckdb

from regard.apps.intake.models import Source
from regard.apps.intake.tracking.table import Rule, find_rule

MOST = 5_000  # Events remembered; a sender who makes up names may not fill the memory.
Event = tuple[str | None, str | None, str | None]  # Source, call, and the name of a tracked event.


class Events:
    """What each event becomes. Rules that differ only in kind, channel and touchpoint share a form."""

    def __init__(self) -> None:
        self.forms: list[Rule] = []
        self._rules: dict[Event, Rule] = {}
        self._mappings: dict[str, Mapping[str, Any] | None] = {}
        self._sources: Sequence[Source] = ()

    def __len__(self) -> int:
        return len(self._rules)

    def follow(self, sources: Iterable[Source]) -> None:
        """Forget all where a source reads its events otherwise than before, or too many were seen."""
        self._sources = list(sources)
        mappings = {source.key: source.mapping for source in self._sources}
        if mappings != self._mappings or len(self._rules) > MOST:
            self._rules, self.forms, self._mappings = {}, [], mappings

    def learn(self, events: Iterable[Event]) -> None:
        """Look up what events become that were not seen before."""
        for source, call, event in events:
            rule = find_rule(call or "", event or "", self._mappings.get(source or ""))
            self._rules[source, call, event] = rule
            if _form(rule) not in self.forms:
                self.forms.append(_form(rule))

    def make_table(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Create `tracking_events`: by (source, call, event) the number of the form, kind, …, and the source's limits."""
        places = {form: number for number, form in enumerate(self.forms)}
        sources = {source.key: source for source in self._sources}
        rows = []
        for (source, call, event), rule in self._rules.items():
            known = sources.get(source or "")
            is_browser = known is not None and known.kind == "browser"
            allowed = None if known is None else known.allow
            means = (places[_form(rule)], rule.kind, rule.channel or None, rule.touchpoint or None)
            rows.append((source, call, event, *means, is_browser, allowed))
        columns = list(zip(*rows, strict=True)) if rows else [()] * 9
        connection.execute(
            """CREATE OR REPLACE TEMP TABLE tracking_events AS SELECT unnest($1::VARCHAR[]) AS source,
            unnest($2::VARCHAR[]) AS call, unnest($3::VARCHAR[]) AS event, unnest($4::INTEGER[]) AS form,
            unnest($5::VARCHAR[]) AS kind, unnest($6::VARCHAR[]) AS channel, unnest($7::VARCHAR[]) AS touchpoint,
            unnest($8::BOOLEAN[]) AS is_browser, unnest($9::VARCHAR[][]) AS allowed""",
            [list(column) for column in columns],
        )


def _form(rule: Rule) -> Rule:
    return replace(rule, kind="", channel="", touchpoint="")

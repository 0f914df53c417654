"""The reference of the catalogue, made from the catalogue itself."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from regard.metrics.metric import Metric
from regard.metrics.settings import Setting, Value

BEGIN, END = "<!-- catalogue: begin -->", "<!-- catalogue: end -->"


def as_dictionary(metric: Metric) -> dict[str, Any]:
    """Everything about one metric, for machines."""
    return {
        "key": metric.key,
        "title": metric.title,
        "question": metric.question,
        "definition": metric.definition,
        "unit": str(metric.unit),
        "better": str(metric.better),
        "grain": metric.grain,
        "reads": list(metric.reads),
        "settings": [
            {
                "name": setting.name,
                "default": setting.default,
                "meaning": setting.meaning,
                "allowed": list(setting.allowed),
            }
            for setting in metric.settings
        ],
        "source": metric.source,
    }


def described(metric: Metric) -> str:
    """One metric in words: what it asks, how it is counted, what it reads, what can be set."""
    lines = [
        f"### `{metric.key}`: {metric.title}",
        "",
        metric.question,
        "",
        f"- Definition: {metric.definition}.",
        f"- Measured in {metric.unit}; {_better(metric)}. One observation is one {metric.grain}.",
        f"- Reads {', '.join(_code(kind) for kind in metric.reads)}.",
        f"- Source: {metric.source}.",
    ]
    lines += [
        f"- Setting `{setting.name}` ({_default(setting)}): {setting.meaning}." for setting in metric.settings
    ]
    return "\n".join(lines)


def reference(metrics: Iterable[Metric]) -> str:
    """The reference of all metrics, in order of key, as it stands in the docs between two marks."""
    parts = [described(metric) for metric in sorted(metrics, key=lambda metric: metric.key)]
    return "\n\n".join((BEGIN, *parts, END))


def _better(metric: Metric) -> str:
    return {"higher": "more is better", "lower": "less is better"}.get(metric.better, "neither way is better")


def _code(kind: str) -> str:
    return kind if " " in kind else f"`{kind}`"


def _default(setting: Setting) -> str:
    if setting.default is None:
        return "must be given"
    allowed = f", one of {', '.join(setting.allowed)}" if setting.allowed else ""
    return f"default {_told(setting.default)}{allowed}"


def _told(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(f"`{one}`" for one in value)
    return f"{value:g}" if isinstance(value, float) else f"`{value}`"


def refreshed(page: str, metrics: Iterable[Metric]) -> str:
    """The page with the reference between the two marks made anew. Raises: ValueError where a mark is missing."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page needs the marks {BEGIN} and {END}.")
    return before + reference(metrics) + after


def main(path: str) -> None:
    """Refresh the reference in the page at `path`."""
    from regard.metrics.catalogue import METRICS

    page = Path(path)
    page.write_text(refreshed(page.read_text(encoding="utf-8"), METRICS), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])

"""The same question elsewhere: as a call of the API and as a command."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from urllib.parse import urlencode

from regard.apps.dashboards.explorer.answering import Answer


def api_call(answer: Answer, base: str) -> str:
    """The address that gives the same figures as JSON; empty where a setting was changed, which the API cannot."""
    question, period = answer.question, answer.period
    if question.values:
        return ""
    pairs = {
        "by": ",".join(question.by),
        "every": question.every or "",
        "since": period.start.isoformat(),
        "until": period.end.isoformat(),
        "where": question.condition,
        "compare": question.comparison,
    }
    return f"{base}/api/v1/metrics/{question.metric}?" + urlencode({k: v for k, v in pairs.items() if v})


def command(answer: Answer, chosen: Mapping[str, str]) -> str:
    """The command line that gives the same figures.

    Args:
        chosen: settings of this metric that the organisation chose otherwise than the catalogue.
    """
    question, period = answer.question, answer.period
    parts = ["regard", "metric", question.metric]
    if question.by:
        parts += ["--by", ",".join(question.by)]
    if question.every:
        parts += ["--every", question.every]
    parts += ["--since", period.start.isoformat(), "--until", period.end.isoformat()]
    if question.condition:
        parts += ["--where", question.condition]
    if question.comparison:
        parts += ["--compare", question.comparison]
    for name, value in {**chosen, **dict(question.values)}.items():
        parts += ["--set", f"{name}={value}"]
    return shlex.join(parts)

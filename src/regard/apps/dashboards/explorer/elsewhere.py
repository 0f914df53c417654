"""The same question elsewhere: as a call of the API and as a command."""

from __future__ import annotations

import shlex
from urllib.parse import urlencode

from regard.apps.dashboards.explorer.answering import Answer


def api_call(answer: Answer, base: str) -> str:
    """The address that gives the same figures as JSON."""
    question, period = answer.question, answer.period
    pairs = {
        "by": ",".join(question.by),
        "every": question.every or "",
        "since": period.start.isoformat(),
        "until": period.end.isoformat(),
        "where": question.condition,
        "compare": question.comparison,
    }
    given = [(name, value) for name, value in pairs.items() if value]
    given += [("set", f"{name}={value}") for name, value in question.values]
    return f"{base}/api/v1/metrics/{question.metric}?" + urlencode(given)


def command(answer: Answer) -> str:
    """The command line that gives the same figures."""
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
    for name, value in question.values:
        parts += ["--set", f"{name}={value}"]
    return shlex.join(parts)

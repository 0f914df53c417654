"""How the journeys compare with a designed order, as a table and a document."""

from __future__ import annotations

from typing import Any

from regard.analyses.durations import said_seconds
from regard.analyses.telling import Beside, Sheet, number
from regard.analytics.journeys import conformance as conformance_
from regard.analytics.journeys.conformance import Conformance

SHOWN = 20
HEADS = ("otherwise", "what", "times", "cases", "share", "time after", "amount", "mean case", "its amount")


def told_conformance(found: Conformance) -> Beside:
    """What goes otherwise than designed, the most frequent first."""
    return Beside("conformance", _entry(found), _sheet(found), conformance_.METHOD, conformance_.SOURCE)


def _entry(found: Conformance) -> dict[str, Any]:
    """What programs read."""
    return {
        "conforming_share": found.share,
        "n_conforming": int(found.conforms.sum()),
        "mean_case_seconds": found.seconds,
        "mean_case_amount": found.amount,
        "deviations": [
            {
                "kind": one.kind,
                "activity": one.activity,
                "n": one.n,
                "n_cases": one.n_cases,
                "share_of_cases": one.n_cases / len(found.conforms),
                "seconds": one.seconds,
                "amount": one.amount,
                "mean_case_seconds": one.case_seconds,
                "mean_case_amount": one.case_amount,
            }
            for one in found.deviations
        ],
    }


def _sheet(found: Conformance) -> Sheet:
    n = len(found.conforms)
    rows = [
        [
            one.kind,
            one.activity,
            f"{one.n:,}",
            f"{one.n_cases:,}",
            f"{one.n_cases / n:.1%}",
            said_seconds(one.seconds),
            number(one.amount, 2),
            said_seconds(one.case_seconds),
            number(one.case_amount, 2),
        ]
        for one in found.deviations[:SHOWN]
    ]
    title = f"As designed: {found.conforms.sum():,} of {n:,} cases ({found.share:.1%})" + (
        f", {said_seconds(found.seconds)} each" if found.conforms.any() else ""
    )
    return Sheet(HEADS, rows, title=title, numeric=range(2, len(HEADS)))

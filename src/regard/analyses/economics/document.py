"""What promoters, passives and detractors are worth, as one answer."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from regard.analyses.economics.followed import GROUPS, Followed
from regard.analyses.pictures import Dot, dots
from regard.analyses.telling import Answer, Sheet, between, number
from regard.analytics.arrays import Floats
from regard.analytics.worth.figures import METHOD, SOURCE, Worth, worth
from regard.analytics.worth.matching import matched_weights
from regard.kernel.errors import NotEnoughData
from regard.kernel.estimates import Estimate

DAYS_A_YEAR = 365.0
RAW, MATCHED = "raw", "matched"
FIGURES = ("margin", "retention", "value", "value_after", "repurchase", "spend", "cost")
SURVIVORS = (
    "Only who was still a customer and answered is seen: unhappy customers who had left before anybody asked are missing, "
    "so that detractors look better than they were."
)
FORMULAS = {
    "value": "m(1+d)/(1+d-r): the first margin at once",
    "value_after": "m r/(1+d-r): without the first margin, which is already earned",
}


@dataclass(frozen=True, slots=True)
class _Told:
    """The figures of each group, as they are and made alike, and the share of customers that could be."""

    raw: dict[str, Worth | None]
    matched: dict[str, Worth | None]
    matched_share: float


def answer(followed: Followed, args: argparse.Namespace) -> Answer:
    """The figures of the three groups."""
    discount = (1 + args.discount) ** (followed.period / DAYS_A_YEAR) - 1
    traits = [followed.tenure, followed.behaviour.spend_before]
    there = np.isin(np.arange(len(GROUPS)), followed.group)
    weights = matched_weights(followed.group, traits)
    raw = _by_group(followed, np.ones(len(weights)), discount, args)
    if not any(raw.values()):
        raise NotEnoughData(
            "No group has 5 customers who bought and were seen for another whole period. Give a longer time, or a shorter "
            "period with --every."
        )
    if there.sum() < 2:
        raise NotEnoughData(
            f"All customers who can be followed are {GROUPS[int(there.argmax())]}, so that nobody is there to compare them with. "
            "Give the answers of others too."
        )
    matched = _by_group(followed, weights, discount, args)
    told = _Told(raw, matched, float((weights > 0).mean()))
    return Answer(
        _document(followed, told, discount, args),
        lines=_lines(followed, told),
        sheets=[
            _sheet(told.raw, "As they are"),
            _sheet(told.matched, "Made alike in tenure and in spend before"),
        ],
        notes=_notes(followed, told),
        draw=partial(_picture, told),
    )


def _by_group(
    followed: Followed, weights: Floats, discount: float, args: argparse.Namespace
) -> dict[str, Worth | None]:
    found = {}
    for place, name in enumerate(GROUPS):
        chosen = followed.group == place
        of = followed.behaviour.at(chosen)
        found[name] = worth(of, weights[chosen], discount, confidence=args.confidence)
    return found


def _document(followed: Followed, told: _Told, discount: float, args: argparse.Namespace) -> dict[str, Any]:
    return {
        "n": len(followed.group),
        "until": followed.until.isoformat(),
        "period_days": followed.period,
        "discount": args.discount,
        "discount_a_period": discount,
        "margin_share": args.margin,
        "confidence": args.confidence,
        "groups": [
            {
                "group": name,
                "n": int((followed.group == place).sum()),
                RAW: _entries(told.raw[name]),
                MATCHED: _entries(told.matched[name]),
            }
            for place, name in enumerate(GROUPS)
        ],
        "formulas": FORMULAS,
        "matched_on": ["tenure", "spend before"],
        "matched_share": told.matched_share,
        "n_too_late": followed.n_too_late,
        "n_left_out": followed.n_left_out,
        "warning": SURVIVORS,
        "method": METHOD,
        "source": SOURCE,
    }


def _entries(of: Worth | None) -> dict[str, Any] | None:
    if of is None:
        return None
    found: dict[str, Any] = {"n": of.n}
    for name in FIGURES:
        figure: Estimate = getattr(of, name)
        found |= {name: figure.value, f"{name}_low": figure.low, f"{name}_high": figure.high}
    return found


def _lines(followed: Followed, told: _Told) -> list[str]:
    parts = []
    for name in GROUPS:
        of, alike = told.raw[name], told.matched[name]
        if of is not None:
            beside = f", {number(alike.value.value, 0)} made alike" if alike else ""
            parts.append(
                f"A customer among the {name} is worth {number(of.value.value, 0)} "
                f"({between(of.value.low, of.value.high, 0)}){beside}: {number(of.margin.value, 2)} a period, and "
                f"{of.retention.value:.0%} go on to the next."
            )
        else:
            parts.append(f"Too few {name} are seen long enough to say what they are worth.")
    return parts


def _sheet(figures: dict[str, Worth | None], title: str) -> Sheet:
    rows = []
    for name, of in figures.items():
        if of is not None:
            rows.append(
                [
                    name,
                    f"{of.n:,}",
                    *_money(of.margin, 2),
                    f"{of.retention.value:.1%}",
                    _percent(of.retention),
                    *_money(of.value, 0),
                    *_money(of.value_after, 0),
                    f"{of.repurchase.value:.1%}",
                    number(of.spend.value, 2),
                    number(of.cost.value, 2),
                ]
            )
    heads = [
        *("group", "n", "margin", "interval", "retention", "interval", "value at once", "interval"),
        *("value after", "interval", "bought again", "spend", "cost"),
    ]
    return Sheet(heads, rows, title=title, numeric=range(1, len(heads)))


def _money(of: Estimate, digits: int) -> list[str]:
    return [number(of.value, digits), between(of.low, of.high, digits)]


def _percent(of: Estimate) -> str:
    return between(100 * (of.low or 0.0), 100 * (of.high or 0.0), 1)


def _notes(followed: Followed, told: _Told) -> list[str]:
    notes = [
        SURVIVORS,
        "Value at once is m(1+d)/(1+d-r), value after is m r/(1+d-r). These are associations: making a detractor a promoter "
        "need not bring the difference.",
    ]
    if 0 < told.matched_share < 0.995:
        notes.append(
            f"{told.matched_share:.0%} of customers have somebody like them in every group; the rest is left out of the second table."
        )
    elif not told.matched_share:
        notes.append("Nobody has somebody like them in every group, so that nothing could be made alike.")
    if followed.n_too_late:
        notes.append(
            f"{followed.n_too_late:,} customers answered too late to be followed for a whole period."
        )
    if followed.n_left_out:
        notes.append(f"{followed.n_left_out:,} rows without a customer or a time were left out.")
    return notes


def _picture(told: _Told) -> str:
    rows = []
    for name in GROUPS:
        for of, kind in ((told.raw[name], "as they are"), (told.matched[name], "made alike")):
            if of is not None:
                value = of.value
                rows.append(Dot(f"{name}, {kind}", value.value, value.low, value.high, number(value.value, 0), kind == "made alike"))  # fmt: skip
    return dots("What a customer is worth", "value at once; grey: as they are, not made alike", rows)

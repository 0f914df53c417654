"""An experiment as sentences, tables, a document and a picture."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any

import numpy as np

from regard.analyses.experiment.asked import Asked, asked_of
from regard.analyses.experiment.entries import compared_entries, guardrail_entries
from regard.analyses.experiment.judging import Judged, judge, kind_of
from regard.analyses.experiment.reading import Dealt, read_dealt
from regard.analyses.experiment.telling import (
    comparison_sheet,
    guardrail_sheet,
    picture,
    sentences,
    stopped,
    stopped_picture,
)
from regard.analyses.telling import Answer
from regard.analytics.arrays import Floats
from regard.analytics.experiments import chances
from regard.analytics.experiments.adaptive import chances_ratio
from regard.analytics.experiments.sample_ratio import SampleRatio, sample_ratio
from regard.kernel.errors import InvalidInput, unknown_name

# Of experiments that lose answers by lot alone, so many are warned of.
UNEVEN = 0.001


def answer(args: argparse.Namespace) -> Answer:
    """What the experiment shows; nothing of its metrics where the units were not dealt out as meant."""
    asked = asked_of(args)
    dealt = read_dealt(args, asked.columns)
    chances_of = _chances(dealt, asked)
    if chances_of is None:
        ratio = sample_ratio(dealt.counts, dealt.shares, looked=args.sequential)
    else:
        ratio = chances_ratio(dealt.variant, chances_of)
    document: dict[str, Any] = {
        "baseline": dealt.variants[0],
        "n": int(dealt.counts.sum()),
        "confidence": args.confidence,
        "sequential": args.sequential,
        "sample_ratio": _ratio_entry(dealt, ratio),
        "comparisons": [],
        "guardrails": [],
        "method": ratio.method,
        "source": ratio.source,
    }
    notes = _notes(dealt)
    if not ratio.ok:
        document["stopped"] = stopped(dealt, ratio)
        draw = partial(stopped_picture, dealt, ratio)
        return Answer(document, lines=[document["stopped"]], notes=notes, draw=draw)
    return _read(dealt, asked, args, chances_of, document, notes)


def _read(
    dealt: Dealt,
    asked: Asked,
    args: argparse.Namespace,
    chances_of: Floats | None,
    document: dict[str, Any],
    notes: list[str],
) -> Answer:
    """The document with what the variants did."""
    metrics, guardrails = _judged(dealt, asked, args, chances_of)
    document["comparisons"] = compared_entries(dealt, metrics, asked)
    document["guardrails"] = guardrail_entries(dealt, guardrails, asked)
    every = [*metrics, *guardrails]
    document["method"] = "; ".join(
        dict.fromkeys([*(one.method for one in every), chances.METHOD, document["method"]])
    )
    document["source"] = "; ".join(
        dict.fromkeys([*(one.source for one in every), chances.SOURCE, document["source"]])
    )
    sheets = [comparison_sheet(document["comparisons"], several=len(metrics) > 1)]
    if guardrails:
        sheets.append(guardrail_sheet(document["guardrails"]))
    return Answer(
        document,
        lines=sentences(document),
        sheets=sheets,
        notes=[*notes, *_missing_notes(dealt, every), *_kind_notes(metrics, asked)],
        draw=partial(picture, document),
    )


def _chances(dealt: Dealt, asked: Asked) -> Floats | None:
    """The chance that each unit had of each variant, where they followed what was seen."""
    if not asked.chances:
        return None
    for name in dealt.variants:
        if name not in asked.chances:
            raise unknown_name("column in --chances for the variant", name, asked.chances)
    found = np.column_stack([dealt.columns[asked.chances[name]] for name in dealt.variants])
    if np.isnan(found).any():
        raise InvalidInput("Some units have no chance of some variant. Fill it, or leave the rows out.")
    return found


def _judged(
    dealt: Dealt, asked: Asked, args: argparse.Namespace, chances_of: Floats | None
) -> tuple[list[Judged], list[Judged]]:
    metrics = [
        judge(
            dealt,
            args,
            name,
            kind_of(dealt.columns[name], args.kind, args.denominator),
            lower_is_better=args.lower_is_better,
            before=args.pre,
            chances=chances_of,
        )
        for name in asked.metrics
    ]
    guardrails = [
        judge(
            dealt,
            args,
            name,
            kind_of(dealt.columns[name]),
            lower_is_better=is_lower,
            before=None,
            chances=chances_of,
        )
        for name, is_lower in asked.guardrails.items()
    ]
    return metrics, guardrails


def _ratio_entry(dealt: Dealt, ratio: SampleRatio) -> dict[str, Any]:
    counts = dict(zip(dealt.variants, dealt.counts.astype(int).tolist(), strict=True))
    expected = dict(zip(dealt.variants, ratio.expected.tolist(), strict=True))
    return {"chi2": ratio.chi2, "p": ratio.p, "ok": ratio.ok, "counts": counts, "expected": expected}


def _notes(dealt: Dealt) -> list[str]:
    notes = []
    if dealt.without:
        notes.append(f"{dealt.without:,} rows without a variant were left out.")
    if dealt.crossed:
        notes.append(
            f"{dealt.crossed:,} units that were dealt several variants were left out; find out why there are any."
        )
    return notes


def _missing_notes(dealt: Dealt, judged: list[Judged]) -> list[str]:
    """Where answers are missing, and whether more so in one variant than in another."""
    notes = []
    for one in judged:
        gone = one.missing
        if not gone.any():
            continue
        share = gone.sum() / dealt.counts.sum()
        chi2 = float(((gone - share * dealt.counts) ** 2 / (share * (1 - share) * dealt.counts)).sum())
        said = f"{int(gone.sum()):,} units have no '{one.metric}' and were left out of it"
        if _tail(chi2, len(gone) - 1) < UNEVEN:
            said += (
                ", more so in one variant than in another: those who are left may differ, and the difference is no longer "
                "that of the experiment"
            )
        notes.append(said + ".")
    return notes


def _tail(chi2: float, df: int) -> float:
    from scipy import special  # its import takes longer than most answers

    return float(special.chdtrc(df, chi2))


def _kind_notes(judged: list[Judged], asked: Asked) -> list[str]:
    notes = []
    if any(one.kind == "score" for one in judged):
        notes.append(
            "Of scores the difference is the share of pairs in which the variant's answer is higher less that in which it is "
            "lower; of two equal variants it is 0."
        )
    explained = [float(np.mean([one.explained for one in part.compared])) for part in judged]
    if asked.has_before:
        notes.append(f"The time before explains {max(explained):.0%} of the variance, which was taken out.")
    if any(np.isnan(one.low) for part in judged for one in part.compared):
        notes.append("Where all units of both variants are alike, or too few, there is no interval.")
    return notes

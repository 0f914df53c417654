"""What was told of all texts as a document for programs and as sentences for people."""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from regard.analyses.telling import Sheet, between, chance, number
from regard.analyses.topics.impact import Impact, impact_of, shares_of, telling_of
from regard.analyses.topics.tally import Tally
from regard.analytics.arrays import EstimateArrays, floats
from regard.analytics.words import novelty, taught, topics
from regard.analytics.words.novelty import FALSE_ALARMS, Novelty, tell_novelty
from regard.analytics.words.topics import STABLE
from regard.kernel.estimates import Estimate

MOST_NEW = 20


def document_of(tally: Tally) -> dict[str, Any]:
    """What programs read."""
    impact, fresh = impact_of(tally), novelty_of(tally)
    shares = shares_of(tally)
    methods, sources = ([one] for one in telling_of(tally))
    for module, is_used in ((novelty, fresh), (taught, tally.n_taught), (topics, tally.topics)):
        if is_used is not None and is_used != 0:
            methods.insert(0, module.METHOD)
            sources.insert(0, module.SOURCE)
    if fresh is not None and tally.asides.owners is not None:
        methods.append("of each customer the last text counts for what is new")
    if impact is not None:
        methods.append(impact.METHOD)
        sources.append(impact.SOURCE)
    document: dict[str, Any] = {
        "n": tally.n,
        "n_with_topic": int(tally.counts[:-1].sum()),
        "topics": [_topic(tally, at, shares, impact) for at in range(tally.n_topics)],
        "method": "; ".join(methods),
        "source": "; ".join(sources),
    }
    if fresh is not None:
        document |= {
            "since": tally.asides.since,
            "false_alarm_rate": FALSE_ALARMS,
            "new": list_new(tally, fresh),
        }
    return document


def novelty_of(tally: Tally) -> Novelty | None:
    """What is new among topics and terms, in this order; None where nobody asked."""
    if tally.asides.is_latest is None:
        return None
    counts = np.concatenate([tally.by_period[:, :-1], tally.terms], axis=1)
    before, latest = tally.by_period.sum(axis=1)
    return tell_novelty(floats(counts[1]), floats(counts[0]), int(latest), int(before))


def list_new(tally: Tally, fresh: Novelty) -> list[dict[str, Any]]:
    """What is told as new, the surest first; of terms that say the same, one."""
    names = [*tally.names, *(tally.topics.terms.names if tally.topics else [])]
    found: list[dict[str, Any]] = []
    for at in np.lexsort((-fresh.n_latest, fresh.p_adjusted)):
        if not fresh.is_new[at] or len(found) == MOST_NEW:
            break
        is_topic = bool(at < tally.n_topics)
        kin = [one for one in found if not is_topic and set(one["name"].split()) & set(names[at].split())]
        if any(one["kind"] == "term" and one["n_latest"] == fresh.n_latest[at] for one in kin):
            continue
        found.append(
            {
                "kind": "topic" if is_topic else "term", "name": names[at], "n_latest": int(fresh.n_latest[at]),
                "n_before": int(fresh.n_before[at]), "expected": float(fresh.expected[at]), "p": float(fresh.p[at]),
                "p_adjusted": float(fresh.p_adjusted[at]),
            }
        )  # fmt: skip
    return found


def sentences(tally: Tally, title: str, args: argparse.Namespace) -> list[str]:
    """What a person reads first."""
    any_topic = said_share(shares_of(tally).at(-1))
    said = [f"Of {tally.n:,} texts of {title}, {any_topic} have one of {tally.n_topics} topics."]
    fresh = novelty_of(tally)
    if fresh is not None:
        found = list_new(tally, fresh)
        listed = "; ".join(
            f"{one['name']} ({one['n_latest']} where {one['expected']:.1f} were to be expected)"
            for one in found[:3]
        )
        said.append(
            f"New since {_read(tally)}: {listed}." if found else f"Nothing is new since {_read(tally)}."
        )
    if args.out:
        said.append(f"The topic of each stands in {args.out}.")
    return said


def sheets(tally: Tally) -> list[Sheet]:
    """The topics one by one, and what is new."""
    impact, fresh, shares = impact_of(tally), novelty_of(tally), shares_of(tally)
    heads = ["topic", "n", "share", "95% interval", "stability"]
    heads += (
        ["score", "against others", "95% interval", "p adjusted", "moves all by", "95% interval"]
        if impact
        else []
    )
    rows = []
    for entry in (_topic(tally, at, shares, impact) for at in range(tally.n_topics)):
        row = [entry["topic"], f"{entry['n']:,}", f"{entry['share']:.1%}",
               between(100 * entry["share_low"], 100 * entry["share_high"], 1), number(entry["stability"], 2)]  # fmt: skip
        if impact:
            row += [number(entry["score"], 2), number(entry["difference"], 2),
                    between(entry["difference_low"], entry["difference_high"], 2), chance(entry["p_adjusted"]),
                    number(entry["impact"], 2), between(entry["impact_low"], entry["impact_high"], 2)]  # fmt: skip
        rows.append(row)
    listed = [Sheet(heads, rows, numeric=range(1, len(heads)))]
    examples = [
        [name, text] for name, kept in zip(tally.names, tally.examples, strict=False) for _, text in kept[:1]
    ]
    if examples:
        listed.append(Sheet(["topic", "text"], examples, "One that is near"))
    if fresh is not None and (found := list_new(tally, fresh)):
        cells = [
            [one["name"], one["kind"], f"{one['n_latest']:,}", f"{one['n_before']:,}", number(one["expected"], 1),
             chance(one["p_adjusted"])]
            for one in found
        ]  # fmt: skip
        heads = ["new", "kind", "n latest", "n before", "expected", "p adjusted"]
        listed.append(Sheet(heads, cells, f"Since {_read(tally)}", range(2, 6)))
    return listed


def notes_of(tally: Tally) -> list[str]:
    """What to keep in mind."""
    notes = ["Each text has one topic at the most, that which it is nearest to."]
    if tally.asides.score is not None and tally.asides.owners is None:
        notes.append(
            "Each text counts as another customer's; where some write often, name them: --cluster COL."
        )
    if tally.topics is not None and (tally.topics.stability < STABLE).any():
        shaky = int((tally.topics.stability < STABLE).sum())
        notes.append(
            f"{shaky} of the topics found are unstable (below {STABLE:g}): other texts would give others. Look for fewer, or teach them."
        )
    return notes


def _topic(tally: Tally, at: int, shares: EstimateArrays, impact: Impact | None) -> dict[str, Any]:
    n, mine = int(tally.counts[at]), at - tally.n_taught
    is_taught = mine < 0
    stability = float("nan") if is_taught or tally.topics is None else float(tally.topics.stability[mine])
    entry = {
        "topic": tally.names[at], "kind": "taught" if is_taught else "found", "n": n,
        "share": float(shares.value[at]), "share_low": float(shares.low[at]), "share_high": float(shares.high[at]),
        "words": [] if is_taught or tally.topics is None else tally.topics.words[mine], "stability": stability,
        "examples": [text for _, text in tally.examples[at]],
    }  # fmt: skip
    return entry | impact.entry(at) if impact is not None else entry


def said_share(one: Estimate) -> str:
    """A share as people read it."""
    ends = "" if one.low is None or one.high is None else f" ({between(100 * one.low, 100 * one.high, 1)})"
    return f"{one.value:.1%}{ends}"


def _read(tally: Tally) -> str:
    """When the latest period begins, as people read it."""
    return tally.asides.since.replace("T", " ")[:16]

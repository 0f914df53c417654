"""What is foretold, by which model, and how good that is."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np

from regard.analyses.predict.reading import Given
from regard.analytics.arrays import Floats, floats
from regard.analytics.predicting.choosing import Choice, choose
from regard.analytics.predicting.held_out import final_model
from regard.analytics.predicting.judging import Reliability, auc_estimate, brier, reliability
from regard.analytics.predicting.models import CURVES, LINES, TREES, Model

EXPLAINED = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Foretold:
    """Everything that was found.

    Args:
        chance: array (n,), what was foretold to each row by models that had not seen it.
        size: array (columns,), by how much each column moves the log odds on average.
    """

    given: Given
    choice: Choice
    model: Model
    chance: Floats
    auc: tuple[float, float, float]
    brier: tuple[float, float]
    reliability: Reliability
    size: Floats

    @property
    def shares(self) -> Floats:
        """The sizes out of 1."""
        return floats(self.size / self.size.sum()) if self.size.sum() > 0 else self.size


def foretell(given: Given, args: argparse.Namespace) -> Foretold:
    """The models that `args` ask for judged on rows they had not seen, and the one to use fitted to all."""
    from rich.console import Console
    from rich.progress import Progress

    kinds: tuple[str, ...] = (args.model,)
    if args.model == "best":
        kinds = (LINES, CURVES, TREES) if args.boosted else (LINES, CURVES)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("foretelling what is known", total=len(kinds) * args.folds * args.seeds)
        choice = choose(
            kinds, given.columns, given.outcome, folds=args.folds, seeds=args.seeds, customers=given.places,
            first_seed=args.seed, progress=lambda: progress.update(task, advance=1),
        )  # fmt: skip
    best = choice.chosen
    model = final_model(best.kind, given.columns, given.outcome, best, seed=args.seed)
    chance = best.mean
    _, low, high = auc_estimate(chance, given.outcome)
    value = float(best.auc.mean())
    some = np.random.default_rng(args.seed).permutation(given.n)[:EXPLAINED]
    rows = [column[some] for column in given.columns]
    return Foretold(
        given, choice, model, chance, (value, min(low, value), max(high, value)), brier(chance, given.outcome),
        reliability(chance, given.outcome), np.abs(model.reasons(rows, given.columns, seed=args.seed)).mean(axis=0),
    )  # fmt: skip

"""The answer of `regard intents`, put together from what was asked."""

from __future__ import annotations

import argparse

import numpy as np

from regard.analyses.intents.document import Judged, document_of, notes_of, sentences, sheets
from regard.analyses.intents.reading import Labelled, check_out_of_scope, read_test, read_training
from regard.analyses.intents.threads import thread_of
from regard.analyses.intents.writing import write_told
from regard.analyses.telling import Answer
from regard.analytics.words.agreement import agreement
from regard.analytics.words.calibration import calibration_error
from regard.analytics.words.cited import cite
from regard.analytics.words.intents import FOLDS, Intents, learn_intents
from regard.kernel.errors import InvalidInput


def answer(args: argparse.Namespace) -> Answer:
    """The answer that `args` ask for."""
    if bool(args.predict) != bool(args.out):
        raise InvalidInput(
            "--predict FILE and --out FILE go together: texts to tell the label of, and where to write it."
        )
    args = argparse.Namespace(**{**vars(args), "thread": thread_of(args)})
    training = read_training(args)
    test = read_test(args, sorted(set(training.labels)))
    check_out_of_scope(args, training, test)
    intents = _learn(training, args)
    found = _judge(intents, training, test, args.thread)
    n_predicted = write_told(intents, args) if args.predict else None
    return Answer(
        document_of(found, n_predicted),
        lines=sentences(found, args, n_predicted),
        sheets=sheets(found),
        notes=notes_of(found),
    )


def _learn(training: Labelled, args: argparse.Namespace) -> Intents:
    from rich.console import Console
    from rich.progress import Progress
    from threadpoolctl import threadpool_limits

    with Progress(console=Console(stderr=True), transient=True) as progress, threadpool_limits(1):
        task = progress.add_task("learning from labelled texts", total=FOLDS + 1)
        return learn_intents(
            training.texts, training.labels, before=training.before, threads=training.threads,
            out_of_scope=args.out_of_scope, seed=args.seed,
            progress=lambda: progress.update(task, advance=1),
        )  # fmt: skip


def _judge(intents: Intents, training: Labelled, test: Labelled, thread: str | None) -> Judged:
    told = intents.verdicts(test.texts, test.before)
    likeliest = told.chances.argmax(axis=1)
    right = np.array([intents.labels[at] == label for at, label in zip(likeliest, test.labels, strict=True)])
    wrong = [at for at, label in enumerate(test.labels) if label != told.labels[at]][:5]
    shown = test.only(wrong)
    words = cite(intents, shown.texts, shown.before)
    return Judged(
        intents, training, test, thread, agreement(test.labels, told.labels, out_of_scope=intents.out_of_scope),
        calibration_error(told.chance, right),
        [(test.texts[at], test.labels[at], told.labels[at], said) for at, said in zip(wrong, words, strict=True)],
    )  # fmt: skip

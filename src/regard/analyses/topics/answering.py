"""The answer of `regard topics`: learnt from some texts, told of all, batch by batch."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from regard.analyses.reading import given_rows
from regard.analyses.telling import Answer
from regard.analyses.texts import check_words, counting, text_batches
from regard.analyses.topics.document import document_of, notes_of, sentences, sheets
from regard.analyses.topics.picture import draw
from regard.analyses.topics.reading import read_asides, read_taught
from regard.analyses.topics.tally import Tally
from regard.analytics.words.taught import Teacher
from regard.analytics.words.topics import RESAMPLES, Topics, find_topics
from regard.kernel.errors import InvalidInput
from regard.warehouse.files.chosen import Table
from regard.warehouse.files.written import write_batches

# Topics are found in so many texts, evenly spread over the rows; all are told.
LEARNT_FROM = 10_000


def answer(args: argparse.Namespace) -> Answer:
    """The answer that `args` ask for."""
    taught = read_taught(args.taught) if args.taught else []
    if not args.topics and not taught:
        raise InvalidInput("--topics 0 looks for none; teach some: --taught FILE.")
    columns = [one for one in (args.text, args.score, args.time, args.cluster) if one]
    with ExitStack() as stack:
        rows = stack.enter_context(write_batches(Path(args.out))) if args.out else None
        table = stack.enter_context(given_rows(args, columns))
        check_words(table, args.text)
        asides = read_asides(table, args)
        tally = Tally(Teacher(taught), _find(table, args) if args.topics else None, asides)
        done = stack.enter_context(counting("telling what they write about", len(table)))
        for (texts,) in text_batches(table, args.text):
            before = tally.n
            topic, near = tally.add(texts)
            if rows is not None:
                names = np.array([*tally.names, ""])
                numbers = np.arange(before + 1, before + len(texts) + 1)
                rows.add({"row": numbers, "topic": names[topic], "nearness": near})
            done(texts)
        title = table.title
    return Answer(
        document_of(tally),
        lines=sentences(tally, title, args),
        sheets=sheets(tally),
        notes=notes_of(tally),
        draw=lambda: draw(tally),
    )


def _find(table: Table, args: argparse.Namespace) -> Topics:
    """Topics of texts that are evenly spread over the rows."""
    from threadpoolctl import threadpool_limits

    step = -(-len(table) // LEARNT_FROM)
    texts, before = [], 0
    for (batch,) in text_batches(table, args.text):
        texts += batch[-before % step :: step]
        before += len(batch)
    with counting("finding topics", RESAMPLES + 1) as done, threadpool_limits(1):
        return find_topics(texts, args.topics, seed=args.seed, progress=lambda: done("1"))

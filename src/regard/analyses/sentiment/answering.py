"""The answer of `regard sentiment` without scores: told batch by batch, so that a million comments fit."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from pathlib import Path

from regard.analyses.reading import given_rows
from regard.analyses.sentiment.document import document_of, notes_of, sentences
from regard.analyses.sentiment.picture import draw
from regard.analyses.sentiment.sheets import sheets
from regard.analyses.sentiment.tally import Tally
from regard.analyses.sentiment.writing import columns_of
from regard.analyses.telling import Answer
from regard.analyses.texts import check_words, counting, text_batches
from regard.analytics.words.aspects import Aspects
from regard.analytics.words.language import check_languages
from regard.analytics.words.sentiment import tell_feelings
from regard.kernel.errors import InvalidInput, NotEnoughData
from regard.warehouse.files.grouped import owners
from regard.warehouse.files.written import write_batches

FEWEST = 3


def answer(args: argparse.Namespace) -> Answer:
    """The answer that `args` ask for."""
    languages = chosen_languages(args)
    if args.predict:
        raise InvalidInput(
            "--predict goes with --score COL; without it name the file itself: regard sentiment FILE."
        )
    if args.scale:
        raise InvalidInput("--scale says what --score COL counts; give both or neither.")
    if args.aspects < 0:
        raise InvalidInput(
            f"--aspects {args.aspects} cannot be told; give 0 for none, or how many at the most."
        )
    tally, aspects = Tally(), Aspects(args.aspects)
    with ExitStack() as stack:
        rows = stack.enter_context(write_batches(Path(args.out))) if args.out else None
        columns = [one for one in (args.text, args.cluster) if one]
        table = stack.enter_context(given_rows(args, columns))
        check_words(table, args.text)
        _check_enough(len(table), args)
        tally.owners = owners(table, args.cluster) if args.cluster else None
        done = stack.enter_context(counting("telling how customers feel", len(table)))
        for (texts,) in text_batches(table, args.text):
            found = tell_feelings(texts, languages)
            words = found.words()
            if rows is not None:
                rows.add(columns_of(found, words, tally.n))
            tally.add(texts, found, words)
            aspects.add(found, tally.owners_of(len(texts)))
            done(texts)
        title = table.title
    told = aspects.told()
    return Answer(
        document_of(tally, told),
        lines=sentences(tally, title, args),
        sheets=sheets(tally, told),
        notes=notes_of(tally),
        draw=lambda: draw(tally, told),
    )


def _check_enough(n: int, args: argparse.Namespace) -> None:
    """Raises: NotEnoughData where there are too few texts for a share of them."""
    if n < FEWEST and not args.out:
        raise NotEnoughData(
            f"A share of {n} comment{'s' * (n > 1)} says nothing of customers. Give {FEWEST} or more, or have each one's verdict "
            "written: --out FILE."
        )


def chosen_languages(args: argparse.Namespace) -> tuple[str, ...]:
    """The languages that `--languages` lists. Raises: InvalidInput for one that is not known."""
    return check_languages([one.strip() for one in args.languages.split(",") if one.strip()])

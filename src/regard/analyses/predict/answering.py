"""The answer of `regard predict`, put together from what was asked."""

from __future__ import annotations

import argparse
from functools import partial

from regard.analyses.predict.document import document_of, notes_of, picture, sentence, sheets
from regard.analyses.predict.foretold import foretell
from regard.analyses.predict.reading import read_given
from regard.analyses.predict.rows import compare_new, write_rows
from regard.analyses.predict.survival import staying
from regard.analyses.predict.uplift import uplift_of
from regard.analyses.telling import Answer
from regard.kernel.errors import InvalidInput


def answer(args: argparse.Namespace) -> Answer:
    """The answer that `args` ask for."""
    _check(args)
    given = read_given(args)
    asides = [staying(given, args)] if given.time is not None else []
    found = foretell(given, args)
    if given.treatment is not None:
        asides.append(uplift_of(given, args))
    if args.new:
        asides.append(compare_new(found, args))
    elif args.out:
        write_rows(found, args)
    document = document_of(found, args)
    for aside in asides:
        document |= {aside.key: aside.entry}
        document["method"] = f"{document['method']}; {aside.method}"
        document["source"] = f"{document['source']}; {aside.source}"
    return Answer(
        document,
        lines=[sentence(found), *(line for aside in asides for line in aside.lines)],
        sheets=[*sheets(found), *(sheet for aside in asides for sheet in aside.sheets)],
        notes=[*notes_of(found, args), *(note for aside in asides for note in aside.notes)],
        draw=partial(picture, found, asides),
    )


def _check(args: argparse.Namespace) -> None:
    for name, low, high in (("folds", 2, 50), ("seeds", 1, 100)):
        if not low <= getattr(args, name) <= high:
            raise InvalidInput(f"--{name} lies between {low} and {high}; {getattr(args, name)} does not.")
    if (args.by or args.at) and not args.time:
        raise InvalidInput(
            "--by and --at tell of staying over time. Name the column that says how long: --time COL."
        )
    if args.new and not args.out:
        raise InvalidInput("--new needs --out FILE, where the chances of the new customers are written.")

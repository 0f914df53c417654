"""The answer to what was asked."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from regard.analyses.forecast import document, picture
from regard.analyses.forecast.asked import asked_of
from regard.analyses.forecast.foretold import Foretold, rows_ahead
from regard.analyses.forecast.holidays import special_days
from regard.analyses.forecast.notes import notes
from regard.analyses.forecast.reading import read_past
from regard.analyses.telling import Answer
from regard.analytics.forecasting.forecast import forecast


def foretell(args: argparse.Namespace) -> Answer:
    """What comes, and how sure that is; written to `--out` where that was asked for."""
    asked = asked_of(args)
    past = read_past(args, asked)
    last = int(past.slots[-1]) if len(past.slots) else 0
    ahead = np.arange(last + 1, last + 1 + asked.horizon)
    special = special_days(args.holidays, past.clock, past.slots, ahead) if len(past.slots) else None
    known = past.values[np.isfinite(past.values)]
    shape = asked.shape(is_count=bool(len(known)) and bool(known.min() >= 0))
    with threadpool_limits(1):  # threads that wait for each other are slower than none
        found = forecast(
            past.values, shape, day=asked.day, special=special, confidence=asked.confidence, name=past.name
        )
    assert special is not None, "a series without intervals is refused"
    foretold = Foretold(asked, past, special, found, ahead, rows_ahead(past, found, ahead, asked))
    if args.out:
        document.write_intervals(Path(args.out), foretold)
    return Answer(
        document.document(foretold),
        lines=document.lines(foretold),
        sheets=document.sheets(foretold),
        notes=notes(foretold),
        draw=lambda: picture.draw(foretold),
    )

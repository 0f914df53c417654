"""What can be asked beside the graph: a designed order, a funnel, an outcome, what comes next, contacts."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from regard.analyses.journeys.reading import Journeys
from regard.analyses.telling import Beside
from regard.analytics.journeys.variants import Variants


@dataclass(frozen=True, slots=True)
class Asked:
    """The answers beside the graph. `conforming_share` is None where no designed order was given."""

    beside: list[Beside]
    conforming_share: float | None = None


def asked(journeys: Journeys, ways: Variants, args: argparse.Namespace) -> Asked:
    """The answers that `args` ask for. What a question needs is loaded only where it is asked."""
    beside, share = [], None
    if args.model:
        from regard.analyses.journeys.conforming import told_conformance
        from regard.analyses.journeys.designed import read_design
        from regard.analytics.journeys.conformance import conformance

        design = read_design(Path(args.model), journeys.log.names)
        found = conformance(journeys.log, ways, design, journeys.numbers.get(args.amount))
        beside.append(told_conformance(found))
        share = found.share
    if args.step:
        from regard.analyses.journeys.funnels import asked_funnel

        beside += asked_funnel(journeys, args)
    if args.outcome or args.outcome_step:
        from regard.analyses.journeys.outcomes import asked_outcome

        beside.append(asked_outcome(journeys, args))
    if args.ahead:
        from regard.analyses.journeys.next_steps import asked_ahead

        beside.append(asked_ahead(journeys, args))
    if args.channel:
        from regard.analyses.journeys.channels import asked_contacts

        beside += asked_contacts(journeys, args)
    return Asked(beside, share)

"""What was asked of the experiment, checked before anything is read."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from regard.kernel.errors import InvalidInput

LOWER = ":lower"


@dataclass(frozen=True, slots=True)
class Asked:
    """The question.

    Args:
        metrics: what it is judged by. guardrails: what must not suffer, and whether less of it is better.
        columns: all that are read as numbers. chances: after a bandit, the column of each variant's chance. has_before: whether there is a metric before.
        prior: how large effects usually are, as a share of the baseline; None where nothing is known.
        margin: the share of its baseline that a guardrail may lose.
        alpha: below which p a difference is told. is_holm: whether p is corrected by Holm.
    """

    metrics: tuple[str, ...]
    guardrails: dict[str, bool]
    columns: tuple[str, ...]
    chances: dict[str, str]
    has_before: bool
    prior: float | None
    margin: float
    alpha: float
    is_holm: bool


def asked_of(args: argparse.Namespace) -> Asked:
    """The question that the arguments ask. Raises: InvalidInput where one of them cannot be."""
    _check_numbers(args)
    if args.quantile is not None:
        if args.kind not in (None, "quantile") or args.denominator:
            raise InvalidInput("--quantile goes with --kind quantile only.")
        args.kind = "quantile"
    if args.kind == "ratio" and not args.denominator and len(args.metric) == 1:
        above, slash, below = args.metric[0].partition("/")
        if slash:
            args.metric, args.denominator = [above], below
    _check_kind(args)
    guardrails = {name.removesuffix(LOWER): name.endswith(LOWER) for name in args.guardrail}
    metrics = tuple(dict.fromkeys(args.metric))
    both = sorted(set(metrics) & set(guardrails))
    if both:
        raise InvalidInput("'%(given)s' is both a metric and a guardrail. Name it once.", given=both[0])
    chances = _chances(args)
    beside = [one for one in (args.denominator, args.pre, *chances.values()) if one]
    if set(beside) & {*metrics, *guardrails} or len(set(beside)) < len(beside):
        raise InvalidInput(
            "The column '%(given)s' is named twice. Each column is one thing only.", given=beside[0]
        )
    return Asked(
        metrics=metrics,
        guardrails=guardrails,
        columns=(*metrics, *guardrails, *beside),
        chances=chances,
        has_before=bool(args.pre),
        prior=args.prior,
        margin=args.margin,
        alpha=1 - args.confidence,
        is_holm=args.correction == "holm",
    )


def _check_numbers(args: argparse.Namespace) -> None:
    """What lies outside its range."""
    if not 0 < args.confidence < 1:
        raise InvalidInput(
            "A confidence lies between 0 and 1, such as 0.95; %(given)s does not.", given=args.confidence
        )
    if args.quantile is not None and not 0 < args.quantile < 1:
        raise InvalidInput(
            "--quantile lies between 0 and 1, such as 0.9, not %(given)s.", given=args.quantile
        )
    if not args.tightest >= 1:
        raise InvalidInput("--tightest is a number of units from 1 on, not %(given)s.", given=args.tightest)
    if args.prior is not None and not 0 < args.prior < float("inf"):
        raise InvalidInput("--prior is a share above 0, such as 0.1, not %(given)s.", given=args.prior)
    if not 0 <= args.margin < 1:
        raise InvalidInput("--margin is a share from 0 to 1, such as 0.02, not %(given)s.", given=args.margin)


def _check_kind(args: argparse.Namespace) -> None:
    """What does not go together."""
    if args.kind == "ratio" and not args.denominator:
        raise InvalidInput(
            "A ratio needs --denominator: the column by whose total the metric's is divided. Or write --metric ABOVE/BELOW."
        )
    if args.denominator and args.kind not in (None, "ratio"):
        raise InvalidInput("--denominator goes with --kind ratio, not %(given)s.", given=args.kind)
    if args.pre and args.kind == "quantile":
        raise InvalidInput(
            "--pre goes with means, proportions, ratios and scores; leave it or --quantile out."
        )
    if args.pre and len(args.metric) > 1:
        raise InvalidInput("--pre is of one metric; ask for the others without it.")


def _chances(args: argparse.Namespace) -> dict[str, str]:
    """The column with each variant's chance. Raises: InvalidInput where it goes with nothing else that was asked."""
    if not args.chances:
        return {}
    if (
        args.kind in ("ratio", "score", "quantile")
        or args.denominator
        or args.pre
        or args.unit
        or args.expected
    ):
        raise InvalidInput(
            "--chances goes with means and proportions of one row for each unit; leave --kind, --denominator, --pre, --unit and "
            "--expected out."
        )
    found = {}
    for part in args.chances.split(","):
        name, _, column = part.partition("=")
        if not name.strip() or not column.strip():
            raise InvalidInput(
                "'%(given)s' names no column. Write NAME=COL, such as a=chance_a,b=chance_b.", given=part
            )
        found[name.strip()] = column.strip()
    return found

"""`regard experiment`: what the variants of an experiment did; `-plan`: how many units it takes; `-deal`: to whom the next."""

from __future__ import annotations

import argparse

from regard.analyses.reading import add_rows
from regard.analyses.telling import add_telling, tell

EPILOG = """
  regard experiment visits.csv --variant variant --metric bought
  regard experiment visits.csv --variant variant --metric revenue --pre revenue_before --guardrail complained:lower
  regard experiment visits.csv --variant variant --metric revenue --denominator orders --kind ratio --unit customer
  regard experiment answers.csv --variant variant --metric csat --kind score --expected a=.5,b=.25,c=.25
  regard experiment visits.csv --variant variant --metric bought --sequential   (looked at while it runs)
"""
PLAN_EPILOG = """
  regard experiment-plan --baseline 0.10 --difference 0.01 --daily 800
  regard experiment-plan visits.csv --metric revenue --pre revenue_before --relative 0.03 --daily 800
  regard experiment-plan visits.csv --metric revenue --daily 800 --days 28 --variants 3
"""
DEAL_EPILOG = """
  regard experiment-deal visits.csv --variant variant --metric bought
  regard experiment visits.csv --variant variant --metric bought --chances a=chance_a,b=chance_b   (read it afterwards)
"""
DEAL = "How to deal out the next units, so that most come into what is likely best and all are still tried (Thompson)."
READING = "What the variants of an experiment did to what it is judged by."
PLAN = (
    "How many units and days an experiment takes to tell a difference, or how small a one so many units tell."
)
KINDS = ("proportion", "mean", "ratio", "score", "quantile")


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `regard experiment`, `regard experiment-plan` and `regard experiment-deal`."""
    _register_reading(commands)
    _register_plan(commands)
    _register_deal(commands)


def _register_reading(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "experiment",
        help="what the variants of an experiment did: difference, interval, p and chance to win",
        description=READING,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_rows(parser)
    add = parser.add_argument
    add("--variant", required=True, metavar="COL", help="which variant a row was dealt")
    add("--metric", required=True, action="append", metavar="COL",
        help="what it is judged by; once for each, all of which are corrected for together")  # fmt: skip
    add("--kind", choices=KINDS, help="of the metrics: proportion for 0 and 1, ratio with --denominator, else mean, "
        "where not told; score for ordered answers; quantile for --quantile")  # fmt: skip
    add(
        "--denominator",
        metavar="COL",
        help="of a ratio: what the metric's total is divided by the total of; also --metric ABOVE/BELOW",
    )
    add(
        "--quantile",
        type=float,
        metavar="SHARE",
        help="compare this quantile: 0.9; 0.5 with --kind quantile",
    )
    add(
        "--unit",
        metavar="COL",
        help="who was dealt the variant, where they have several rows: their customer",
    )
    add("--pre", metavar="COL", help="the metric before the experiment: takes out what it explains (CUPED)")
    add("--expected", metavar="A=SHARE,…", help="how they were to be dealt, a=.5,b=.5; equally if not given")
    add("--baseline", metavar="NAME", help="the variant that the others are compared with")
    add("--sequential", action="store_true", help="the experiment is looked at while it runs: intervals and p hold "
        "at every look together")  # fmt: skip
    add("--tightest", type=float, default=5_000, metavar="N",
        help="of --sequential: at how many units the intervals are tightest, settled before the first look (5000)")  # fmt: skip
    add("--lower-is-better", action="store_true", help="of the metrics, less is better")
    add("--guardrail", action="append", default=[], metavar="COL[:lower]",
        help="what must not suffer; :lower where less of it is better; once for each")  # fmt: skip
    add("--margin", type=float, default=0.02, metavar="SHARE",
        help="how much of its baseline a guardrail may lose: 0.02 if not given")  # fmt: skip
    add("--prior", type=float, metavar="SHARE",
        help="how large effects usually are, as a share of the baseline, for the chance to win; nothing is known before "
        "if not given")  # fmt: skip
    add("--chances", metavar="A=COL,…", help="after a bandit: the columns with the chance that each unit had of each variant, "
        "rows in the order in which units came")  # fmt: skip
    add("--correction", choices=("benjamini-hochberg", "holm"), default="benjamini-hochberg",
        help="by which correction a difference is told where there are several (benjamini-hochberg)")  # fmt: skip
    add("--confidence", type=float, default=0.95, metavar="SHARE", help="coverage of intervals (0.95)")
    add_telling(parser, draws=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check how the units were dealt out, compare the variants, tell it. Returns 0."""
    from regard.analyses.experiment.document import answer

    tell(answer(args), args)
    return 0


def _register_plan(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "experiment-plan",
        help="how many units and days an experiment takes",
        description=PLAN,
        epilog=PLAN_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_rows(parser)
    add = parser.add_argument
    add("--metric", metavar="COL", help="of rows from before: what the experiment will be judged by")
    add("--denominator", metavar="COL", help="of a ratio: what the metric's total is divided by the total of")
    add(
        "--pre",
        metavar="COL",
        help="of these rows: the metric in the time before them, which takes out variance",
    )
    add(
        "--unit",
        metavar="COL",
        help="of these rows: who will be dealt a variant, where they have several rows",
    )
    add("--baseline", type=float, metavar="VALUE", help="without rows: the figure as it is; a share, such as 0.1, or with "
        "--sd a mean")  # fmt: skip
    add("--sd", type=float, metavar="VALUE", help="without rows, of a mean: how far units differ")
    add("--explained", type=float, default=0.0, metavar="SHARE",
        help="without rows: of the variance, what the time before explains")  # fmt: skip
    add("--difference", type=float, metavar="VALUE", help="the smallest difference that matters")
    add("--relative", type=float, metavar="SHARE", help="the same as a share of the baseline: 0.03")
    add("--units", type=float, metavar="N", help="instead: how many units there will be in all")
    add("--days", type=float, metavar="N", help="instead: for how many days, with --daily")
    add("--daily", type=float, metavar="N", help="how many units come a day")
    add("--variants", type=int, default=2, metavar="N", help="with the baseline (2)")
    add(
        "--power",
        type=float,
        default=0.8,
        metavar="CHANCE",
        help="to tell the difference if it is there (0.8)",
    )
    add("--confidence", type=float, default=0.95, metavar="SHARE", help="coverage of intervals (0.95)")
    add("--sequential", action="store_true", help="the experiment will be looked at while it runs")
    add(
        "--tightest",
        type=float,
        default=5_000,
        metavar="N",
        help="of --sequential: see `regard experiment` (5000)",
    )
    add_telling(parser)
    parser.set_defaults(run=run_plan)


def run_plan(args: argparse.Namespace) -> int:
    """Tell how many units it takes. Returns 0."""
    from regard.analyses.experiment.plan import plan

    tell(plan(args), args)
    return 0


def _register_deal(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "experiment-deal",
        help="how to deal out the next units of an experiment",
        description=DEAL,
        epilog=DEAL_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_rows(parser)
    add = parser.add_argument
    add("--variant", required=True, metavar="COL", help="which variant a row was dealt")
    add("--metric", required=True, metavar="COL", help="what it is judged by")
    add(
        "--kind",
        choices=("proportion", "mean"),
        help="proportion where all is 0 or 1, else mean, if not told",
    )
    add("--unit", metavar="COL", help="who was dealt the variant, where they have several rows")
    add("--floor", type=float, default=0.05, metavar="SHARE", help="the least share of each variant (0.05)")
    add("--lower-is-better", action="store_true", help="of the metric, less is better")
    add_telling(parser)
    parser.set_defaults(run=run_deal, expected=None, baseline=None)


def run_deal(args: argparse.Namespace) -> int:
    """Tell the shares of the next units. Returns 0."""
    from regard.analyses.experiment.deal import deal

    tell(deal(args), args)
    return 0

"""`regard experiment`: what the variants of an experiment did; `-plan`: how many units it takes; `-deal`: to whom the next."""

from __future__ import annotations

import argparse

from regard.analyses.asking import CONFIDENCE, Commands, add_command, ask
from regard.analyses.figures import figure
from regard.analyses.telling import tell

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


READING_OPTIONS = (
    ask("--variant", "which variant a row was dealt", required=True, metavar="COL"),
    ask(
        "--metric",
        "what it is judged by; once for each, all of which are corrected for together",
        required=True,
        action="append",
        metavar="COL",
    ),
    ask(
        "--kind",
        "of the metrics: proportion for 0 and 1, ratio with --denominator, else mean, where not told; score for ordered answers; quantile for --quantile",
        choices=KINDS,
    ),
    ask(
        "--denominator",
        "of a ratio: what the metric's total is divided by the total of; also --metric ABOVE/BELOW",
        metavar="COL",
    ),
    ask("--quantile", "compare this quantile: 0.9; 0.5 with --kind quantile", type=figure, metavar="SHARE"),
    ask("--unit", "who was dealt the variant, where they have several rows: their customer", metavar="COL"),
    ask("--pre", "the metric before the experiment: takes out what it explains (CUPED)", metavar="COL"),
    ask("--expected", "how they were to be dealt, a=.5,b=.5; equally if not given", metavar="A=SHARE,…"),
    ask("--baseline", "the variant that the others are compared with", metavar="NAME"),
    ask(
        "--sequential",
        "the experiment is looked at while it runs: intervals and p hold at every look together",
        action="store_true",
    ),
    ask(
        "--tightest",
        "of --sequential: at how many units the intervals are tightest, settled before the first look (5000)",
        type=figure,
        default=5000,
        metavar="N",
    ),
    ask("--lower-is-better", "of the metrics, less is better", action="store_true"),
    ask(
        "--guardrail",
        "what must not suffer; :lower where less of it is better; once for each",
        many=True,
        metavar="COL[:lower]",
    ),
    ask(
        "--margin",
        "how much of its baseline a guardrail may lose: 0.02 if not given",
        type=figure,
        default=0.02,
        metavar="SHARE",
    ),
    ask(
        "--prior",
        "how large effects usually are, as a share of the baseline, for the chance to win; nothing is known before if not given",
        type=figure,
        metavar="SHARE",
    ),
    ask(
        "--chances",
        "after a bandit: the columns with the chance that each unit had of each variant, rows in the order in which units came",
        metavar="A=COL,…",
    ),
    ask(
        "--correction",
        "by which correction a difference is told where there are several (benjamini-hochberg)",
        choices=("benjamini-hochberg", "holm"),
        default="benjamini-hochberg",
    ),
    CONFIDENCE,
)

PLAN_OPTIONS = (
    ask("--metric", "of rows from before: what the experiment will be judged by", metavar="COL"),
    ask("--denominator", "of a ratio: what the metric's total is divided by the total of", metavar="COL"),
    ask(
        "--pre", "of these rows: the metric in the time before them, which takes out variance", metavar="COL"
    ),
    ask("--unit", "of these rows: who will be dealt a variant, where they have several rows", metavar="COL"),
    ask(
        "--baseline",
        "without rows: the figure as it is; a share, such as 0.1, or with --sd a mean",
        type=figure,
        metavar="VALUE",
    ),
    ask("--sd", "without rows, of a mean: how far units differ", type=figure, metavar="VALUE"),
    ask(
        "--explained",
        "without rows: of the variance, what the time before explains",
        type=figure,
        default=0.0,
        metavar="SHARE",
    ),
    ask("--difference", "the smallest difference that matters", type=figure, metavar="VALUE"),
    ask("--relative", "the same as a share of the baseline: 0.03", type=figure, metavar="SHARE"),
    ask("--units", "instead: how many units there will be in all", type=figure, metavar="N"),
    ask("--days", "instead: for how many days, with --daily", type=figure, metavar="N"),
    ask("--daily", "how many units come a day", type=figure, metavar="N"),
    ask("--variants", "with the baseline (2)", type=int, default=2, metavar="N"),
    ask("--power", "to tell the difference if it is there (0.8)", type=figure, default=0.8, metavar="CHANCE"),
    CONFIDENCE,
    ask("--sequential", "the experiment will be looked at while it runs", action="store_true"),
    ask(
        "--tightest",
        "of --sequential: see `regard experiment` (5000)",
        type=figure,
        default=5000,
        metavar="N",
    ),
)

DEAL_OPTIONS = (
    ask("--variant", "which variant a row was dealt", required=True, metavar="COL"),
    ask("--metric", "what it is judged by", required=True, metavar="COL"),
    ask("--kind", "proportion where all is 0 or 1, else mean, if not told", choices=("proportion", "mean")),
    ask("--unit", "who was dealt the variant, where they have several rows", metavar="COL"),
    ask("--floor", "the least share of each variant (0.05)", type=figure, default=0.05, metavar="SHARE"),
    ask("--lower-is-better", "of the metric, less is better", action="store_true"),
)


def register(commands: Commands) -> None:
    """Add `regard experiment`, `regard experiment-plan` and `regard experiment-deal`."""
    _register_reading(commands)
    _register_plan(commands)
    _register_deal(commands)


def _register_reading(commands: Commands) -> None:
    add_command(
        commands,
        "experiment",
        run,
        READING_OPTIONS,
        help="what the variants of an experiment did: difference, interval, p and chance to win",
        description=READING,
        epilog=EPILOG,
        draws=True,
    )


def run(args: argparse.Namespace) -> int:
    """Check how the units were dealt out, compare the variants, tell it. Returns 0."""
    from regard.analyses.experiment.document import answer

    tell(answer(args), args)
    return 0


def _register_plan(commands: Commands) -> None:
    add_command(
        commands,
        "experiment-plan",
        run_plan,
        PLAN_OPTIONS,
        help="how many units and days an experiment takes",
        description=PLAN,
        epilog=PLAN_EPILOG,
    )


def run_plan(args: argparse.Namespace) -> int:
    """Tell how many units it takes. Returns 0."""
    from regard.analyses.experiment.plan import plan

    tell(plan(args), args)
    return 0


def _register_deal(commands: Commands) -> None:
    add_command(
        commands,
        "experiment-deal",
        run_deal,
        DEAL_OPTIONS,
        help="how to deal out the next units of an experiment",
        description=DEAL,
        epilog=DEAL_EPILOG,
        expected=None,
        baseline=None,
    )


def run_deal(args: argparse.Namespace) -> int:
    """Tell the shares of the next units. Returns 0."""
    from regard.analyses.experiment.deal import deal

    tell(deal(args), args)
    return 0

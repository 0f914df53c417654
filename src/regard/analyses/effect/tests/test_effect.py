"""`regard effect` as somebody with a file uses it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regard.analyses.effect.command import register
from regard.analytics.effects.tests.simulated import NSW, TRUE, confounded
from regard.kernel.errors import RegardError

TRAINING = [
    *("--treatment", "treat", "--outcome", "re78"),
    *(f"--confounder={name}" for name in ("age", "educ", "black", "hisp", "marr", "nodegree", "re74")),
]


def run(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    args = parser.parse_args(["effect", *(str(one) for one in arguments)])
    status: int = args.run(args)
    return status


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert run(*arguments, "--json") == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    """Customers called or not, with what is behind both; the last spending before is a placebo."""
    rows, generator = confounded(600, 7), np.random.default_rng(7)
    plan = np.where(rows.confounders[:, 0] > 0.3, "plus", "basic")
    before = rows.confounders[:, 0] + generator.normal(size=600)
    lines = ["called,spent,tenure,plan,age,before"]
    for at in range(600):
        a, b, _ = rows.confounders[at]
        lines.append(
            f"{'yes' if rows.treatment[at] else 'no'},{rows.outcome[at]:.4f},{a:.4f},{plan[at]},{b:.4f},{before[at]:.4f}"
        )
    file = tmp_path / "customers.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def test_training_has_the_published_effect(capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, NSW, *TRAINING, "--confounder", "re75", "--design", "random")
    assert (document["n"], document["n_treated"]) == (445, 185)
    assert document["difference"]["effect"] == pytest.approx(1794, abs=0.5)
    regression = document["regression"]
    assert (regression["effect"], regression["se_classical"], regression["se_hc2"]) == pytest.approx(
        (1676, 639, 677), abs=0.5
    )
    assert document["verdict"].startswith("randomised")
    assert {
        "estimates",
        "balance",
        "overlap",
        "placebo",
        "e_value",
        "hidden_confounder",
        "method",
        "source",
    } <= set(document)


def test_an_earlier_outcome_that_moved_too_makes_it_an_association(
    customers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = (customers, "--treatment", "called", "--outcome", "spent")
    document = told(capsys, *asked, "--confounder", "age", "--placebo", "before")
    assert document["verdict"].startswith("association only: it also 'moves' before")
    document = told(capsys, *asked, "--confounder", "age", "--confounder", "tenure", "--placebo", "before")
    assert document["verdict"].startswith("adjusted for age, tenure")
    assert document["low"] < TRUE < document["high"]
    assert document["placebo"]["outcome"]["p"] > 0.05


def test_a_plain_difference_is_an_association_only(
    customers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = told(capsys, customers, "--treatment", "called", "--outcome", "spent")
    assert document["verdict"].startswith("association only: nothing was held fixed")
    assert document["low"] > TRUE


def test_a_treatment_that_follows_the_columns_was_not_by_lot(
    customers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = told(
        capsys,
        customers,
        "--treatment",
        "called",
        "--outcome",
        "spent",
        "--confounder",
        "tenure",
        "--design",
        "random",
    )
    assert "not by lot" in document["verdict"]


def test_a_person_reads_the_design_with_the_figure(
    customers: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    picture = tmp_path / "effect.svg"
    run(
        customers, "--treatment", "called", "--outcome", "spent", "--confounder", "tenure", "--confounder", "plan", "--confounder",
        "age", "--svg", picture,
    )  # fmt: skip
    said = capsys.readouterr().out
    for words in ("'called' adds", "Design: adjusted for tenure, plan, age", "plan = plus", "E-value"):
        assert words in said
    assert picture.read_text().count("<circle") == 6


def test_the_same_command_gives_the_same_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, NSW, *TRAINING) == told(capsys, NSW, *TRAINING)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--outcome", "spend", "--treatment", "called"], "Did you mean 'spent'"),
        (["--outcome", "spent", "--treatment", "tenure"], "different values"),
        (["--outcome", "spent", "--treatment", "called", "--confounder", "spent"], "named twice"),
        (["--outcome", "spent", "--treatment", "called", "--confidence", "95"], "between 0 and 1"),
        (["--outcome", "spent", "--treatment", "called", "--design", "adjusted"], "--confounder COL"),
        (["--outcome", "spent", "--treatment", "called", "--design", "did"], "--unit COL"),
        (["--outcome", "spent", "--treatment", "called", "--unit", "plan"], "another design"),
    ],
)
def test_a_mistake_is_named(customers: Path, arguments: list[str], said: str) -> None:
    with pytest.raises(RegardError, match=said):
        run(customers, *arguments)


def table(*lines: str) -> str:
    return "t,y,a,b\n" + "".join(f"{line}\n" for line in lines)


BAD = {
    "empty": ("", "is empty"),
    "header": ("t,y,a,b\n", "no rows"),
    "two rows": (table("1,2,3,4", "0,3,1,5"), "1 treated rows"),
    "constant": (table(*(f"{i % 2},{i},4,{i * 7 % 5}" for i in range(60))), "'a' is 4 in every row"),
    "constant outcome": (table(*(f"{i % 2},3,{i % 11},{i * 7 % 5}" for i in range(60))), "outcome is 3 in every row"),
    "one class": (table(*(f"1,{i},{i % 11},{i * 7 % 5}" for i in range(60))), "1 different value "),
    "missing": (table(*(f"{i % 2},{i},,{i * 7 % 5}" for i in range(60))), "'a' is empty"),
    "collinear": (table(*(f"{i % 2},{i},{i % 11},{2 * (i % 11)}" for i in range(60))), "repeat each other"),
    "the treatment": (table(*(f"{i % 2},{i},{i % 2},{i * 7 % 5}" for i in range(60))), "the treatment itself"),
    "huge": (table(*(f"{i % 2},{i},{i % 11}e12,{i * 7 % 5}" for i in range(60))), "'a' reaches"),
    "infinite": (table(*(f"{i % 2},{i},{i % 11},{i % 7 if i % 5 else 'inf'}" for i in range(60))), "'inf'"),
    "infinite outcome": (table(*(f"{i % 2},{i if i % 5 else 'inf'},{i % 11},{i * 7 % 5}" for i in range(60))), "'inf'"),
    "no overlap": (table(*(f"{int(i > 29)},{i},{i},{i * 7 % 5}" for i in range(60))), "without fail"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_file_without_an_honest_answer_is_refused(kind: str, tmp_path: Path) -> None:
    text, said = BAD[kind]
    file = tmp_path / "given.csv"
    file.write_text(text)
    with pytest.raises(RegardError, match=said):
        run(file, "--treatment", "t", "--outcome", "y", "--confounder", "a", "--confounder", "b")

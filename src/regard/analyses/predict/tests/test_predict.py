"""`regard predict` as somebody with a file uses it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regard.analyses.tests.running import Command
from regard.kernel.errors import RegardError

REAL = Path(os.environ.get("REGARD_REAL_DATA", "nowhere")) / "ibm_telco_churn" / "Telco-Customer-Churn.csv"
PLANS = ("monthly", "yearly", "family")


COMMAND = Command("predict")
run = COMMAND.run


def rows(n: int, seed: int, shift: float = 0.0) -> list[str]:
    """Customers of whom the newer and unhappier leave; mailed by lot."""
    generator = np.random.default_rng(seed)
    found = ["id,months,plan,score,mailed,left,refund"]
    for place in range(n):
        score, plan, mailed = (
            generator.normal(7 + shift, 2),
            PLANS[generator.integers(0, 3)],
            generator.random() < 0.5,
        )
        hazard = 0.05 * np.exp(-0.35 * (score - 7) + 0.9 * (plan == "monthly") - 0.9 * mailed)
        months, seen = generator.exponential(1 / hazard), generator.uniform(1, 40)
        left = months <= seen
        refund = f"{generator.random():.2f}" if left and place % 2 else ""
        found.append(
            f"c{place},{min(months, seen):.1f},{plan},{score:.2f},{int(mailed)},{'yes' if left else 'no'},{refund}"
        )
    return found


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    file = tmp_path / "customers.csv"
    file.write_text("\n".join(rows(700, 4)) + "\n")
    return file


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    return COMMAND.told(capsys, *arguments, "--seeds", 1, "--folds", 3)


def test_chances_are_judged_and_leaks_are_named(customers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, customers, "--outcome", "left")
    assert {"n", "auc", "brier", "brier_base_rate", "reliability", "columns", "method", "source"} <= set(
        document
    )
    assert document["auc_low"] < document["auc"] < document["auc_high"]
    assert 0.7 < document["auc"] < 0.95
    assert document["brier"] < document["brier_base_rate"]
    assert set(document["left_out"]) == {"id", "refund"}
    assert "only where the outcome is yes" in document["left_out"]["refund"]
    assert len(document["models"]) == 2


def test_a_customer_gets_a_chance_and_its_reasons(
    customers: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "chances.csv"
    told(capsys, customers, "--outcome", "left", "--customer", "id", "--out", out)
    head, first, *others = out.read_text().splitlines()
    assert head == "customer,chance,reason_1,reason_2,reason_3"
    assert first.startswith("c0,0.")
    assert len(others) == 699
    assert " = " in first


def test_new_customers_are_foretold_and_their_drift_is_told(
    customers: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    new = tmp_path / "new.csv"
    new.write_text("\n".join(rows(300, 5, shift=3.0)) + "\n")
    document = told(
        capsys,
        customers,
        "--outcome",
        "left",
        "--without",
        "refund",
        "--new",
        new,
        "--out",
        tmp_path / "o.csv",
    )
    first = document["new"]["columns"][0]
    assert (first["column"], first["psi"] > 0.25, first["p"] < 0.001) == ("score", True, True)
    assert document["new"]["n"] == 300


def test_how_long_customers_stay_is_told_by_group(
    customers: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    picture = tmp_path / "stay.svg"
    document = told(
        capsys,
        customers,
        "--outcome",
        "left",
        "--time",
        "months",
        "--by",
        "plan",
        "--at",
        6,
        "--at",
        12,
        "--svg",
        picture,
    )
    survival = document["survival"]
    six, twelve = survival["at"]
    assert 1 > six["survival"] > twelve["survival"] > 0
    assert survival["log_rank"]["p"] < 0.001
    assert {one["group"] for one in survival["groups"]} == set(PLANS)
    assert {"hazard_ratio", "low", "high", "p", "proportional_p"} <= set(survival["cox"][0])
    assert picture.read_text().count('class="line"') == 3


def test_whom_a_mailing_moves_is_told(customers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, customers, "--outcome", "left", "--treatment", "mailed", "--without", "months")
    uplift = document["uplift"]
    assert uplift["effect"]["high"] < 0
    assert {"qini", "low", "high"} <= set(uplift["models"][0])
    assert len(uplift["parts"]) == 5


def test_a_person_reads_sentences(
    customers: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    run(
        customers,
        "--outcome",
        "left",
        "--seeds",
        1,
        "--time",
        "months",
        "--treatment",
        "mailed",
        "--without",
        "months",
        "--svg",
        tmp_path / "a.svg",
    )
    said = capsys.readouterr().out
    for words in ("nearer to what came true", "Still there", "'mailed' adds", "Not used: 'id'"):
        assert words in said


def test_the_same_command_gives_the_same_answer(customers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, customers, "--outcome", "left") == told(capsys, customers, "--outcome", "left")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--outcome", "lef"], "Did you mean 'left'"),
        (["--outcome", "plan"], "holds 3 different values"),
        (["--outcome", "left", "--column", "id", "--column", "score"], "names single customers"),
        (["--outcome", "left", "--yes", "maybe"], "stands nowhere"),
        (["--outcome", "left", "--by", "plan"], "--time COL"),
        (["--outcome", "left", "--without", "scor"], "Did you mean 'score'"),
        (["--outcome", "left", "--folds", "1"], "between 2 and 50"),
        (["--outcome", "left", "--treatment", "months"], "different values"),
        (["--outcome", "left", "--time", "months", "--by", "id"], "700 groups"),
    ],
)
def test_a_mistake_is_named(customers: Path, arguments: list[str], said: str) -> None:
    with pytest.raises(RegardError, match=said):
        run(customers, *arguments, "--seeds", 1)


def test_a_treatment_that_was_not_by_lot_has_no_uplift(customers: Path, tmp_path: Path) -> None:
    lines = customers.read_text().splitlines()
    chosen = [
        lines[0],
        *(
            f"{a},{b},{c},{d},{int(float(d) > 7)},{f},{g}"
            for a, b, c, d, _, f, g in (one.split(",") for one in lines[1:])
        ),
    ]
    file = tmp_path / "chosen.csv"
    file.write_text("\n".join(chosen) + "\n")
    with pytest.raises(RegardError, match="not given by lot"):
        run(file, "--outcome", "left", "--treatment", "mailed", "--seeds", 1)


def table(*lines: str) -> str:
    return "y,a,b\n" + "".join(f"{line}\n" for line in lines)


BAD = {
    "empty": ("", "is empty"),
    "header": ("y,a,b\n", "no rows"),
    "two rows": (table("1,2,3", "0,3,1"), "Only 2 rows"),
    "constant": (table(*(f"{i % 2},4,{i * 7 % 5}" for i in range(60))), "'a' is the same in every row"),
    "one class": (table(*(f"1,{i % 11},{i * 7 % 5}" for i in range(60))), "1 different value "),
    "missing": (table(*(f"{i % 2},,{i * 7 % 5}" for i in range(60))), "'a' is empty"),
    "no outcome": (table(*(f",{i % 11},{i * 7 % 5}" for i in range(60))), "'y' is empty"),
    "collinear": (table(*(f"{i % 2},{i % 11},{2 * (i % 11)}" for i in range(60))), "repeat each other"),
    "huge": (table(*(f"{i % 2},{i % 11}e12,{i * 7 % 5}" for i in range(60))), "'a' reaches"),
    "infinite": (table(*(f"{i % 2},{i % 11},{'inf' if i else 1}" for i in range(60))), "different|'inf'|same"),
    "some infinite": (table(*(f"{i % 2},{i % 11},{i % 7 if i % 5 else 'inf'}" for i in range(60))), "'inf'"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD)
def test_a_file_without_an_honest_answer_is_refused(kind: str, tmp_path: Path) -> None:
    text, said = BAD[kind]
    file = tmp_path / "given.csv"
    file.write_text(text)
    with pytest.raises(RegardError, match=said):
        run(file, "--outcome", "y", "--column", "a", "--column", "b")


def test_negative_times_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "given.csv"
    file.write_text(table(*(f"{i % 2},{i - 5},{i * 7 % 5}" for i in range(60))))
    with pytest.raises(RegardError, match="negative times"):
        run(file, "--outcome", "y", "--time", "a")


def test_times_as_long_as_identifiers_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "given.csv"
    file.write_text(table(*(f"{i % 2},{i + 1}e12,{i * 7 % 5}" for i in range(60))))
    with pytest.raises(RegardError, match="'a' reaches"):
        run(file, "--outcome", "y", "--time", "a", "--column", "b")


def test_a_time_that_nobody_was_seen_for_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "given.csv"
    file.write_text(table(*(f"{i % 2},3,{i * 7 % 5}" for i in range(60))))
    with pytest.raises(RegardError, match="Nobody was seen for 12; 'a' goes up to 3"):
        run(file, "--outcome", "y", "--time", "a", "--column", "b", "--at", "12")


@pytest.mark.long
@pytest.mark.skipif(not REAL.exists(), reason="REGARD_REAL_DATA names no folder with IBM's subscribers")
def test_subscribers_who_leave_are_foretold_better_than_by_plain_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(REAL, "--outcome", "Churn", "--time", "tenure", "--at", 12, "--at", 24, "--json")
    document = json.loads(capsys.readouterr().out)
    plain, curved = document["models"]
    assert document["auc"] >= 0.844
    assert plain["auc"] == pytest.approx(0.845, abs=0.001)
    assert (curved["auc"] > plain["auc"] + 0.003, curved["p"] < 0.01) == (True, True)
    assert [one["survival"] for one in document["survival"]["at"]] == pytest.approx(
        [0.8432, 0.7887], abs=5e-5
    )

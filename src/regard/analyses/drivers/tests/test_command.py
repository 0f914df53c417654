"""`regard drivers` as somebody with a file uses it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from regard.analyses.tests.running import Command
from regard.kernel.errors import RegardError

HEAD = "satisfaction,delivery,price,staff,customer,weight,remark"
NAMED = ("--driver", "delivery", "--driver", "price", "--driver", "staff")


COMMAND = Command("drivers")
run, told = COMMAND.run, COMMAND.told


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """Two answers each of 60 customers; delivery carries most, staff nothing."""
    generator = np.random.default_rng(4)
    rows = [HEAD]
    for place in range(120):
        delivery, price, staff = generator.integers(1, 6, 3)
        score = round(0.6 * delivery - 0.3 * price + generator.normal() + 3, 2)
        given = "" if place == 7 else price
        rows.append(f"{score},{delivery},{given},{staff},c{place // 2},{1 + place % 2},word {place}")
    file = tmp_path / "survey.csv"
    file.write_text("\n".join(rows) + "\n")
    return file


def test_the_document_holds_what_is_promised(survey: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = told(
        capsys, survey, "--outcome", "satisfaction", "--cluster", "customer", "--weights", "weight"
    )
    assert {"n", "r2", "method", "source", "drivers"} <= set(document)
    assert (document["n"], document["n_customers"], document["n_left_out"]) == (119, 60, 1)
    delivery, price, staff = document["drivers"]
    assert [one["driver"] for one in document["drivers"]] == ["delivery", "price", "staff"]
    assert {
        *("driver", "lmg", "lmg_low", "lmg_high", "lmg_share", "relative_weight", "relative_weight_share"),
        *("sign", "p"),
    } <= set(delivery)
    assert (delivery["sign"], price["sign"]) == (1, -1)
    assert delivery["p"] < 0.05 < staff["p"]
    assert document["left_out"] == {"remark": "holds no numbers"}


def test_a_person_reads_an_association_with_its_size(
    survey: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    picture = tmp_path / "drivers.svg"
    run(survey, "--outcome", "satisfaction", "--driver", "delivery", "--driver", "staff", "--svg", picture)
    said = capsys.readouterr().out
    assert "'delivery' has the strongest association with 'satisfaction'" in said
    assert "associations" in said
    assert picture.read_text().startswith("<svg")


def test_gaps_can_be_taken_pair_by_pair(survey: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, survey, "--outcome", "satisfaction", "--missing", "pairwise", "--driver", "price",
                    "--driver", "delivery")  # fmt: skip
    assert document["n"] == 120
    assert "pairwise" in document["method"]


def test_dominance_is_told_three_ways(survey: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = (survey, "--outcome", "satisfaction", *NAMED, "--resamples", "100", "--dominance")
    document = told(capsys, *given)
    delivery, price, staff = document["dominance"]
    assert delivery["driver"] == "delivery"
    assert delivery["dominates_completely"] == delivery["dominates_conditionally"] == ["price", "staff"]
    assert staff["dominates_generally"] == []
    assert price["share_of_sets"]["delivery"] == 0
    assert delivery["general"] == pytest.approx(document["drivers"][0]["lmg"])
    assert sum(delivery["conditional"]) / 3 == pytest.approx(delivery["general"])
    assert "Azen and Budescu" in document["source"]
    run(*given)
    assert "dominates completely" in capsys.readouterr().out


@pytest.mark.parametrize(("driver", "axis"), [("price", "mean of the driver<"), ("weight", "% of the way")])
def test_importance_is_drawn_beside_performance(survey: Path, tmp_path: Path, driver: str, axis: str) -> None:
    picture = tmp_path / "quadrants.svg"
    run(survey, "--outcome", "satisfaction", "--driver", "delivery", "--driver", driver, "--resamples", "100",
        "--svg", picture, "--picture", "performance")  # fmt: skip
    drawn = picture.read_text()
    assert axis in drawn
    assert drawn.count("<circle") == 2
    assert all(f"1 {name}" in drawn or f"2 {name}" in drawn for name in ("delivery", driver))


def test_segments_are_compared_with_a_test(survey: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, survey, "--outcome", "satisfaction", "--segment", "weight", "--driver", "delivery",
                    "--driver", "staff")  # fmt: skip
    one, two = document["segments"]
    assert (one["segment"], one["n"], one["n_elsewhere"], two["n"]) == ("1", 60, 60, 60)
    assert {"driver", "lmg", "lmg_elsewhere", "difference", "low", "high", "p"} <= set(one["drivers"][0])
    assert "permuting" in document["method"]


def test_an_ordered_answer_has_effects_on_the_chance_of_each_level(
    survey: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = told(capsys, survey, "--outcome", "delivery", "--ordered", "--driver", "satisfaction",
                    "--driver", "staff")  # fmt: skip
    satisfaction, _ = document["ordered"]["drivers"]
    assert document["ordered"]["levels"] == [1, 2, 3, 4, 5]
    assert 0 < satisfaction["low"] < satisfaction["effect_on_highest"] < satisfaction["high"]
    assert sum(satisfaction["effects"]) == pytest.approx(0)
    assert run(survey, "--outcome", "delivery", "--ordered", "--driver", "satisfaction") == 0
    assert "points of chance of a 5" in capsys.readouterr().out


def test_boosted_trees_are_set_beside_lines(survey: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, survey, "--outcome", "satisfaction", "--boosting", "--cluster", "customer")
    boosting = document["boosting"]
    assert boosting["gain"] == pytest.approx(boosting["r2_boosted"] - boosting["r2_linear"])
    assert sum(one["shap_share"] for one in boosting["drivers"]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--outcome", "satisfacton"], "Did you mean 'satisfaction'"),
        (["--outcome", "remark"], "needs a number in every row"),
        (["--outcome", "satisfaction", "--driver", "satisfaction"], "named twice"),
        (["--outcome", "satisfaction", "--confidence", "95"], "between 0 and 1"),
        (["--outcome", "satisfaction", "--resamples", "3"], "between 100 and 100,000"),
    ],
)
def test_a_mistake_is_named(survey: Path, arguments: list[str], said: str) -> None:
    with pytest.raises(RegardError, match=said):
        run(survey, *arguments)


BAD = {
    "empty": ("", "is empty"),
    "header": ("y,a,b\n", "no rows"),
    "two rows": ("y,a,b\n1,2,3\n2,3,1\n", "There are 2 rows"),
    "constant": ("y,a,b\n" + "".join(f"{i},4,{i * 7 % 5}\n" for i in range(30)), "'a' is 4 in every row"),
    "one class": ("y,a,b\n" + "".join(f"5,{i},{i * 7 % 5}\n" for i in range(30)), "'y' is 5 in every row"),
    "the outcome": (
        "y,a,b\n" + "".join(f"{i},{-2 * i},{i * 7 % 5}\n" for i in range(30)),
        "'a' is the outcome 'y' in other words",
    ),
    "the parts of a sum": (
        "y,a,b\n" + "".join(f"{i % 7 + i % 5},{i % 7},{i % 5}\n" for i in range(30)),
        "together are the outcome",
    ),
    "missing": ("y,a,b\n" + "".join(f"{i},,{i * 7 % 5}\n" for i in range(30)), "'a' is empty"),
    "collinear": ("y,a,b\n" + "".join(f"{i * 3 % 7},{i},{2 * i}\n" for i in range(30)), "repeat each other"),
    "huge": ("y,a,b\n" + "".join(f"{i * 3 % 7},{i}e12,{i * 7 % 5}\n" for i in range(30)), "'a' reaches"),
    "infinite": ("y,a,b\n" + "".join(f"{i * 3 % 7},{i},inf\n" for i in range(30)), "'inf'"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_without_an_honest_answer_is_refused(kind: str, tmp_path: Path) -> None:
    text, said = BAD[kind]
    file = tmp_path / "given.csv"
    file.write_text(text)
    with pytest.raises(RegardError, match=said):
        run(file, "--outcome", "y", "--driver", "a", "--driver", "b")

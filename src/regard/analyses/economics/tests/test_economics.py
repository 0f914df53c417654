"""`regard economics` as somebody with a file uses it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from regard.analyses.tests.running import Command
from regard.kernel.errors import RegardError

COLUMNS = ("--customer", "who", "--score", "nps", "--amount", "paid", "--time", "day")
HEAD = "who,nps,paid,day,service"


COMMAND = Command("economics")
run, told = COMMAND.run, COMMAND.told


@pytest.fixture
def worked(tmp_path: Path) -> Path:
    """A hundred customers of each group, of whom 92, 82 and 60 come back after a year and pay as before."""
    rows = [HEAD]
    for name, score, paid, back in (("p", 9, 150, 92), ("n", 7, 120, 82), ("d", 6, 80, 60)):
        for place in range(100):
            rows.append(f"{name}{place},{score},{paid},2023-01-01,{place % 2}")
            if place < back:
                rows.append(f"{name}{place},,{paid},2024-01-01,")
    file = tmp_path / "worked.csv"
    file.write_text("\n".join(rows) + "\n")
    return file


def test_the_worked_values_come_out_of_rows(worked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, worked, *COLUMNS)
    groups = {one["group"]: one["raw"] for one in found["groups"]}
    assert [round(groups[name]["value"]) for name in ("promoters", "passives", "detractors")] == [
        917,
        471,
        176,
    ]
    assert [round(groups[name]["value_after"]) for name in ("promoters", "passives", "detractors")] == [
        767,
        351,
        96,
    ]
    assert groups["promoters"]["value_low"] < 917 < groups["promoters"]["value_high"]
    assert groups["detractors"]["repurchase"] == pytest.approx(0.6)
    assert found["formulas"]["value"].startswith("m(1+d)/(1+d-r)")
    assert "missing" in found["warning"]
    assert {"method", "source"} <= set(found)


def test_cost_and_margin_are_taken_off(worked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, worked, *COLUMNS, "--cost", "service", "--margin", "0.5")
    raw = found["groups"][0]["raw"]
    assert raw["margin"] == pytest.approx((192 * 75 - 50) / 192)


def log(path: Path, seed: int = 3) -> Path:
    """Old customers spend more, stay longer and are more often promoters; the score itself adds a little."""
    random, rows = np.random.default_rng(seed), [HEAD]
    for who in range(900):
        old, first = random.random() < 0.5, date(2022, 1, 10) + timedelta(days=int(random.integers(0, 60)))
        score = random.choice([10, 8, 3], p=[0.6, 0.3, 0.1] if old else [0.2, 0.3, 0.5])
        answer = first + timedelta(days=400 if old else 20)
        rows.append(f"c{who},{score},,{answer},2")
        for year in range(4):
            if year and random.random() > (0.85 if old else 0.6):
                break
            paid = (80 if old else 40) + random.gamma(4.0, 5.0)
            rows.append(f"c{who},,{paid:.2f},{first + timedelta(days=365 * year + 5)},")
    path.write_text("\n".join(rows) + "\n")
    return path


def test_what_tenure_and_spend_explain_is_taken_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "worth.svg"
    found = told(capsys, log(tmp_path / "log.csv"), *COLUMNS, "--cost", "service", "--svg", picture)
    promoters, _, detractors = found["groups"]
    raw = promoters["raw"]["value"] - detractors["raw"]["value"]
    matched = promoters["matched"]["value"] - detractors["matched"]["value"]
    assert abs(matched) < 0.6 * raw
    assert 0.3 < found["matched_share"] <= 1
    assert picture.read_text().startswith("<svg")


def test_a_person_reads_what_each_group_is_worth(worked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(worked, *COLUMNS)
    said = " ".join(capsys.readouterr().out.split())
    assert "A customer among the promoters is worth 917" in said
    assert "detractors look better than they were" in said
    assert "m r/(1+d-r)" in said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--discount", "0"], "has no bound"),
        (["--margin", "2"], "needs a share"),
        (["--every", "10y"], "no length of time"),
        (["--every", "900d"], "Nobody is seen for 900d"),
        (["--until", "soon"], "no day"),
        (["--cost", "paid"], "named twice"),
        (["--confidence", "95"], "between 0 and 1"),
    ],
)
def test_a_mistake_is_named(worked: Path, more: list[str], said: str) -> None:
    with pytest.raises(RegardError, match=said):
        run(worked, *COLUMNS, *more)


def many(score: str = "9", paid: str = "10", who: str = "c{i}", day: str = "202{y}-01-01") -> str:
    line = f"{who},{score},{paid},{day},"
    rows = [line.format(i=i, y=y, j=i % 3) for i in range(20) for y in (3, 4)]
    return "\n".join([HEAD, *rows]) + "\n"


BAD = {
    "empty": ("", "is empty"),
    "header": (HEAD + "\n", "no rows"),
    "two rows": (HEAD + "\na,9,5,2023-01-01,\na,9,5,2024-01-01,\n", "No group has 5 customers"),
    "no score": (many(score=""), "'nps' is empty"),
    "a score of 11": (many(score="11"), "scores go from 0 to 10"),
    "nothing paid": (many(paid="0"), "no amount above 0"),
    "infinite": (many(paid="inf"), "'inf'"),
    "huge": (many(paid="3e12"), "'paid' reaches"),
    "one kind": (many(), "are promoters, so that nobody"),
    "nobody": (many(who=""), "both a customer and a time"),
    "one day": (many(day="2023-01-01"), "Nobody is seen"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_without_an_honest_answer_is_refused(kind: str, tmp_path: Path) -> None:
    text, said = BAD[kind]
    file = tmp_path / "given.csv"
    file.write_text(text)
    with pytest.raises(RegardError, match=said):
        run(file, *COLUMNS)

"""`regard effect` as somebody with a file uses it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from regard.analyses.tests.running import Command
from regard.analytics.effects.tests.simulated import NSW, TRUE, confounded
from regard.kernel.errors import RegardError

TRAINING = [
    *("--treatment", "treat", "--outcome", "re78"),
    *(f"--confounder={name}" for name in ("age", "educ", "black", "hisp", "marr", "nodegree", "re74")),
]


COMMAND = Command("effect")
run, told = COMMAND.run, COMMAND.told


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


@pytest.fixture
def shops(tmp_path: Path) -> Path:
    """Thirty shops over twelve weeks; ten get a new queue in week 6, which adds 2."""
    generator = np.random.default_rng(2)
    lines = ["shop,week,queue,csat,one"]
    for shop in range(30):
        level = generator.normal(7, 1)
        for week in range(12):
            queue = int(shop < 10 and week >= 6)
            lines.append(
                f"s{shop},{week},{queue},{level + 0.1 * week + 2 * queue + generator.normal(0, 0.5):.3f},{int(shop < 1 and week >= 6)}"
            )
    file = tmp_path / "shops.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def test_shops_with_and_without_are_compared_over_time(
    shops: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    picture = tmp_path / "did.svg"
    document = told(
        capsys,
        shops,
        "--design",
        "did",
        "--unit",
        "shop",
        "--time",
        "week",
        "--treatment",
        "queue",
        "--outcome",
        "csat",
        "--svg",
        picture,
    )
    assert document["verdict"].startswith("difference in differences")
    assert (document["n_units"], document["n_treated"], document["low"] < 2 < document["high"]) == (
        30,
        10,
        True,
    )
    assert document["before"]["p"] > 0.05
    assert picture.read_text().startswith("<svg")


def test_one_shop_is_held_against_a_mixture(
    shops: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    kept = tmp_path / "one.csv"
    lines = shops.read_text().splitlines()
    kept.write_text(
        "\n".join(
            [
                lines[0],
                *(line for line in lines[1:] if line.startswith("s0,") or int(line[1:].split(",")[0]) > 9),
            ]
        )
    )
    document = told(
        capsys, kept, "--design", "synthetic", "--unit", "shop", "--time", "week", "--treatment", "one", "--outcome", "csat", "--svg",
        tmp_path / "a.svg",
    )  # fmt: skip
    assert document["p"] <= 0.1
    assert sum(one["weight"] for one in document["weights"]) == pytest.approx(1, abs=0.01)
    assert document["verdict"].split(":")[0] in ("association only", document["verdict"])


def test_a_series_with_dates_is_interrupted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    generator = np.random.default_rng(3)
    days = np.datetime64("2025-01-06") + np.arange(60) * np.timedelta64(7, "D")
    lines = [
        f"{day},{'yes' if at >= 30 else 'no'},{50 + 4 * (at >= 30) + generator.normal():.3f}"
        for at, day in enumerate(days)
    ]
    file = tmp_path / "weeks.csv"
    file.write_text("\n".join(["week,launched,calls", *lines]) + "\n")
    asked = (
        file,
        "--design",
        "interrupted",
        "--time",
        "week",
        "--treatment",
        "launched",
        "--outcome",
        "calls",
    )
    document = told(capsys, *asked, "--svg", tmp_path / "a.svg")
    assert document["verdict"] == "interrupted time series; causal only if nothing else changed at that time"
    assert (document["n_before"], document["low"] < 4 < document["high"]) == (30, True)


def test_an_invitation_tells_what_joining_does(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    generator = np.random.default_rng(4)
    keen, invited = generator.normal(size=1500), generator.random(1500) < 0.5
    joined = keen + 1.5 * invited + generator.normal(size=1500) > 0.8
    spent = 10 + 3 * joined + 2 * keen + generator.normal(size=1500)
    file = tmp_path / "joined.csv"
    rows = (
        f"{int(a)},{'yes' if b else 'no'},{c:.3f},{d}"
        for a, b, c, d in zip(invited, joined, spent, generator.integers(0, 2, 1500), strict=True)
    )
    file.write_text("\n".join(["invited,joined,spent,coin", *rows]) + "\n")
    asked = (file, "--design", "instrument", "--treatment", "joined", "--outcome", "spent", "--instrument")
    document = told(capsys, *asked, "invited")
    assert (document["low"] < 3 < document["high"], document["first_stage_f"] > 100) == (True, True)
    assert document["without_instrument"] > 4
    assert told(capsys, *asked, "coin")["verdict"].startswith(
        "association only: 'coin' hardly moves 'joined'"
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{z},{t},{t}", "the treatment in other words"),
        ("{z},{t}e13,{y}", "'t' reaches"),
        ("{z}e13,{t},{y}", "'z' reaches"),
        ("0,{t},{y}", "The instrument does not vary"),
    ],
)
def test_an_instrument_without_an_honest_answer_is_refused(tmp_path: Path, row: str, said: str) -> None:
    file = tmp_path / "given.csv"
    rows = [row.format(z=1 + i % 2, t=1 + (i % 3 > 0), y=i * 7 % 11) for i in range(80)]
    file.write_text("\n".join(["z,t,y", *rows, ""]))
    with pytest.raises(RegardError, match=said):
        run(file, "--design", "instrument", "--instrument", "z", "--treatment", "t", "--outcome", "y")


@pytest.mark.parametrize("outcome", ["5", "{t}", "{week}", "{t}e13"])
@pytest.mark.parametrize("design", ["did", "interrupted"])
def test_an_outcome_without_scatter_is_refused(tmp_path: Path, design: str, outcome: str) -> None:
    file = tmp_path / "given.csv"
    units = range(8) if design == "did" else range(1)
    rows = [
        f"u{unit},{week},{t},{outcome.format(t=t, week=week)}"
        for unit in units
        for week in range(30)
        for t in [int(week > 15 and (design != "did" or unit > 3))]
    ]
    file.write_text("\n".join(["unit,week,t,y", *rows, ""]))
    with pytest.raises(RegardError, match=r"to the last digit|'y' reaches|the same in every period"):
        run(file, "--design", design, "--time", "week", "--treatment", "t", "--outcome", "y",
            *(("--unit", "unit") if design == "did" else ()))  # fmt: skip


def test_a_time_that_is_no_number_is_named(tmp_path: Path) -> None:
    file = tmp_path / "given.csv"
    rows = [f"{i},{int(i > 15)},{i * 7 % 11}" for i in range(30)]
    file.write_text("\n".join(["week,t,y", *rows, "inf,1,3", ""]))
    with pytest.raises(RegardError, match=r"'week' needs a number .*'inf'"):
        run(file, "--design", "interrupted", "--time", "week", "--treatment", "t", "--outcome", "y")


def test_designs_over_time_refuse_what_they_cannot_tell(shops: Path, tmp_path: Path) -> None:
    asked = ("--unit", "shop", "--time", "week", "--outcome", "csat")
    with pytest.raises(RegardError, match="--design synthetic"):
        run(shops, *asked, "--treatment", "one", "--design", "did")
    with pytest.raises(RegardError, match="takes no --confounder"):
        run(shops, *asked, "--treatment", "queue", "--design", "did", "--confounder", "one")
    file = tmp_path / "negative.csv"
    file.write_text(shops.read_text().replace(",0,0,", ",-1,0,", 3))
    with pytest.raises(RegardError, match="negative times"):
        run(file, *asked, "--treatment", "queue", "--design", "did")

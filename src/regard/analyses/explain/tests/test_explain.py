"""`regard explain` as somebody with a file uses it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from regard.analyses.tests.running import Command
from regard.kernel.errors import RegardError

COMMAND = Command("explain")
run, told = COMMAND.run, COMMAND.told


def asked(file: Path, *others: str, metric: str = "nps", period: str = "period") -> list[str]:
    return [str(file), "--metric", metric, "--score", "score", "--period", period, *others]


def written(file: Path, *lines: str) -> Path:
    file.write_text("\n".join(lines) + "\n")
    return file


@pytest.fixture
def shops(tmp_path: Path) -> Path:
    """Shop A stays at 10 and grows from 20% to 40% of answers; the others stay at 50."""
    counts = [
        ("2025", "A", (16, 12, 12)), ("2025", "B", (112, 16, 32)),
        ("2026", "A", (32, 24, 24)), ("2026", "B", (72, 36, 12)),
    ]  # fmt: skip
    rows = ["period,shop,score,channel"]
    for period, shop, answers in counts:
        for score, n in zip((9, 8, 3), answers, strict=True):
            rows += [f"{period},{shop},{score},{('web', 'store', 'app')[place % 3]}" for place in range(n)]
    return written(tmp_path / "shops.csv", *rows)


def test_a_weak_shop_that_grows_is_all_mix(shops: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, *asked(shops, "--by", "shop"))
    parts = "before after delta low high by slices change_points method source".split()
    assert set(parts) <= set(found)
    assert (found["before"], found["after"]) == (pytest.approx(42), pytest.approx(34))
    assert found["delta"] == pytest.approx(-8)
    assert found["low"] < -8 < found["high"]
    (shop,) = found["by"]
    assert (shop["dimension"], shop["mix"]) == ("shop", pytest.approx(-8))
    assert shop["rate"] == pytest.approx(0, abs=1e-9)
    assert {one["group"]: round(one["mix"], 6) for one in shop["groups"]} == {"A": -5.6, "B": -2.4}


def test_combinations_are_split_too(shops: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, *asked(shops, "--by", "shop", "--by", "channel"))
    assert [one["dimension"] for one in found["by"]] == ["shop", "channel", "shop, channel"]
    for one in found["by"]:
        assert one["mix"] + one["rate"] == pytest.approx(found["delta"])
        assert sum(group["mix"] + group["rate"] for group in one["groups"]) == pytest.approx(found["delta"])


@pytest.fixture
def fallen(tmp_path: Path) -> Path:
    """Answers on three columns over two months; in the second the web of Lyon falls."""
    random = np.random.default_rng(3)
    rows = ["day,period,shop,channel,score,customer"]
    for place in range(3000):
        after, shop, channel = (
            place % 2,
            random.choice(["Lyon", "Nice", "Lille"]),
            random.choice(["web", "store"]),
        )
        bad = after and shop == "Lyon" and channel == "web"
        score = random.choice([10, 8, 4], p=[0.2, 0.3, 0.5] if bad else [0.5, 0.3, 0.2])
        day = f"2026-0{3 + after}-{1 + place % 28:02}"
        rows.append(f"{day},{('before', 'after')[after]},{shop},{channel},{score},c{place // 2}")
    return written(tmp_path / "fallen.csv", *rows)


def test_the_slice_that_fell_is_found(
    fallen: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    picture = tmp_path / "why.svg"
    found = told(
        capsys,
        *asked(fallen, "--by", "shop", "--by", "channel", "--cluster", "customer", "--svg", str(picture)),
    )
    (one,) = found["slices"]
    assert one["conditions"] == {"shop": "Lyon", "channel": "web"}
    assert one["low"] < one["explained"] < one["high"] < 0
    assert one["p"] < 0.01
    assert one["explained"] + found["rest"]["delta"] == pytest.approx(found["delta"])
    assert picture.read_text().startswith("<svg")


def test_a_person_reads_where_it_changed(fallen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(*asked(fallen, "--by", "shop", "--by", "channel"))
    said = capsys.readouterr().out
    assert "NPS fell from" in said
    assert "shop = Lyon and channel = web" in said
    assert "association" in said


def test_periods_are_chosen_or_cut(fallen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    by = ["--metric", "csat", "--score", "score", "--by", "shop"]
    with pytest.raises(RegardError, match="counts scores from 1 to 5"):
        run(fallen, "--period", "period", *by)
    by[1] = "mean"
    named = told(capsys, fallen, "--period", "period", *by)
    cut = told(capsys, fallen, "--period", "day", "--cut", "2026-04-01", *by)
    turned = told(capsys, fallen, "--period", "period", "--before", "after", "--after", "before", *by)
    assert cut["delta"] == named["delta"] == pytest.approx(-turned["delta"])


def test_it_is_told_when_it_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    random = np.random.default_rng(7)
    lines = ["day,score,shop"]
    for day in np.datetime64("2026-03-01") + np.arange(60):
        level = 5.0 - (day >= np.datetime64("2026-04-10")) - 4.0 * (day == np.datetime64("2026-03-20"))
        lines += [f"{day},{level + random.normal():.2f},{'AB'[place % 2]}" for place in range(10)]
    file = written(tmp_path / "days.csv", *lines)
    where = asked(file, "--cut", "2026-04-01", "--by", "shop", metric="mean", period="day")
    found = told(capsys, *where, "--time", "day")
    (point,), (strange,) = found["change_points"], found["anomalies"]
    assert point["at"] == "2026-04-10"
    assert point["low"] < point["change"] < point["high"] < 0
    assert (strange["at"], strange["n"]) == ("2026-03-20", 10)
    assert strange["value"] < strange["low"] < strange["expected"]
    assert (found["false_alarm_rate"], found["points"]) == (0.05, 60)
    assert "PELT" in found["method"]
    run(*where, "--time", "day")
    said = capsys.readouterr().out
    assert "The level changed with the day of 2026-04-10" in said
    assert "1 day stands out: 2026-03-20" in said
    with pytest.raises(RegardError, match="2 months with at least 5 answers"):
        run(*where, "--time", "day", "--every", "month")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--by", "shopp"], "Did you mean 'shop'"),
        (["--by", "period"], "named twice"),
        (["--by", "shop", "--before", "2024"], "holds no '2024'"),
        (["--by", "shop", "--before", "2025"], "--before and --after"),
        (["--by", "shop", "--cut", "soon"], "needs a date"),
        (["--by", "shop", "--confidence", "95"], "between 0 and 1"),
        (["--by", "shop", "--support", "2"], "between 0 and 0.5"),
    ],
)
def test_a_mistake_is_named(shops: Path, arguments: list[str], said: str) -> None:
    with pytest.raises(RegardError, match=said):
        run(*asked(shops, *arguments))


def rows(*lines: str) -> str:
    return "\n".join(["period,score,shop,other", *(line for line in lines)]) + "\n"


def many(score: str = "{i}", shop: str = "s{s}", other: str = "o{o}", period: str = "{p}") -> str:
    line = ",".join((period, score, shop, other))
    return rows(*(line.format(i=i % 11, s=i % 3, o=i % 5, p=i % 2) for i in range(60)))


BAD = {
    "empty": ("", "is empty"),
    "header": (rows(), "no rows"),
    "two rows": (rows("1,3,a,b", "2,9,b,a"), "There are 1 answers before"),
    "constant": (many(shop="s"), "'shop' is 's' in every row"),
    "one score": (many(score="7"), "'score' comes to 7 in every row"),
    "missing": (many(score=""), "'score' is empty"),
    "empty groups": (many(shop=""), "'shop' is empty"),
    "collinear": (many(other="t{s}"), "repeat each other"),
    "one period": (many(period="2026"), "needs two periods"),
    "no period": (many(period=""), "holds nothing"),
    "groups of one period": (many(shop="s{p}"), "occurs in both periods"),
    "huge": (many(score="{i}e12"), "'score' reaches"),
    "infinite": (many(score="inf"), "'inf'"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_without_an_honest_answer_is_refused(kind: str, tmp_path: Path) -> None:
    text, said = BAD[kind]
    file = tmp_path / "given.csv"
    file.write_text(text)
    with pytest.raises(RegardError, match=said):
        run(*asked(file, "--by", "shop", "--by", "other", metric="mean"))


def test_a_group_of_one_period_is_told_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "new.csv"
    lines = [f"{i % 2},{i % 11},{'new' if i % 2 and i % 3 == 0 else 'old'},o{i % 5}" for i in range(120)]
    file.write_text(rows(*lines))
    found = told(capsys, *asked(file, "--by", "shop", metric="mean"))
    groups = {one["group"]: one for one in found["by"][0]["groups"]}
    assert (groups["new"]["only"], groups["old"]["only"]) == ("after", None)
    assert (groups["new"]["before"], groups["new"]["rate"]) == (None, 0)
    assert found["by"][0]["mix"] + found["by"][0]["rate"] == pytest.approx(found["delta"])


def test_answers_of_one_customer_tell_no_interval(tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text(rows(*(f"{i % 2},{i % 11},{'ab'[i % 3 > 0]},same" for i in range(120))))
    with pytest.raises(RegardError, match="All answers before are of 1 customer,"):
        run(*asked(file, "--by", "shop", "--cluster", "other", metric="mean"))

"""`regard experiment` as somebody with a file uses it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from regard.analyses.tests.running import Command
from regard.kernel.errors import RegardError

HEAD = "variant,customer,bought,revenue,before,orders,csat,complained,said"
N = 2_400


COMMAND = Command("experiment")
run, told = COMMAND.run, COMMAND.told


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Visits of three variants: b sells more, c is complained about, and a row has no variant."""
    generator = np.random.default_rng(7)
    rows = [HEAD]
    for place in range(N):
        variant = "abc"[place % 3]
        before = generator.gamma(2, 20)
        revenue = 0.9 * before + generator.gamma(2, 8) + 6 * (variant == "b")
        bought, complained = generator.random(2) < (
            0.2 + 0.2 * (variant == "b"),
            0.03 + 0.12 * (variant == "c"),
        )
        csat = min(5, int(generator.integers(1, 6)) + (variant == "b"))
        rows.append(
            f"{variant},k{place},{int(bought)},{revenue:.2f},{before:.2f},{generator.integers(1, 4)},{csat},"
            f"{int(complained)},{'yes' if bought else 'no'}"
        )
    rows.append(",k0,1,1,1,1,1,1,yes")
    file = tmp_path_factory.mktemp("visits") / "visits.csv"
    file.write_text("\n".join(rows) + "\n")
    return file


def test_the_document_holds_what_is_promised(visits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, visits, "--variant", "variant", "--metric", "bought")
    assert {"sample_ratio", "comparisons", "method", "source"} <= set(document)
    assert document["sample_ratio"]["ok"] is True
    assert document["sample_ratio"]["chi2"] == 0
    b, c = document["comparisons"]
    assert {"variant", "baseline", "difference", "low", "high", "p", "relative", "chance_to_win"} <= set(b)
    assert [(one["variant"], one["baseline"], one["verdict"]) for one in (b, c)] == [
        ("b", "a", "better"),
        ("c", "a", "not told apart"),
    ]
    assert b["kind"] == "proportion"
    assert b["low"] < b["difference"] < b["high"]
    assert b["p"] <= b["p_benjamini_hochberg"] <= b["p_holm"]
    assert b["chance_to_win"] > 0.99


def test_a_wrong_sample_ratio_stops_the_reading(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lost.csv"
    rows = [f"{name},{place % 2}" for name, n in (("a", 1000), ("b", 1200)) for place in range(n)]
    file.write_text("v,hit\n" + "\n".join(rows) + "\n")
    document = told(capsys, file, "--variant", "v", "--metric", "hit", "--expected", "a=.5,b=.5")
    assert document["sample_ratio"]["chi2"] == pytest.approx(18.18, abs=5e-3)
    assert document["sample_ratio"]["ok"] is False
    assert document["comparisons"] == []
    run(file, "--variant", "v", "--metric", "hit", "--svg", tmp_path / "stopped.svg")
    assert "chi² 18.2" in (tmp_path / "stopped.svg").read_text()
    assert "Stopped: the units were not dealt out as meant" in capsys.readouterr().out
    meant = told(capsys, file, "--variant", "v", "--metric", "hit", "--expected", "a=10,b=12")
    assert meant["sample_ratio"]["ok"] is True
    assert len(meant["comparisons"]) == 1


def test_the_time_before_narrows_the_interval(visits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = (visits, "--variant", "variant", "--metric", "revenue")
    plain = told(capsys, *given)["comparisons"][0]
    adjusted = told(capsys, *given, "--pre", "before")["comparisons"][0]
    assert adjusted["high"] - adjusted["low"] < 0.6 * (plain["high"] - plain["low"])
    assert adjusted["low"] < 6 < adjusted["high"]
    looked = told(capsys, *given, "--pre", "before", "--sequential")["comparisons"][0]
    assert looked["high"] - looked["low"] > 1.4 * (adjusted["high"] - adjusted["low"])


def test_scores_ratios_and_quantiles_are_compared_by_their_kind(
    visits: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = (visits, "--variant", "variant", "--metric")
    score = told(capsys, *given, "csat", "--kind", "score")["comparisons"][0]
    assert 0 < score["difference"] < 1 < score["mean_difference"] + 0.5
    assert score["p"] < 0.001
    ratio = told(capsys, *given, "revenue", "--denominator", "orders")["comparisons"][0]
    assert ratio["kind"] == "ratio"
    assert ratio["value"] == pytest.approx(30, abs=6)
    assert told(capsys, *given, "revenue/orders", "--kind", "ratio")["comparisons"][0] == ratio
    slow = told(capsys, *given, "revenue", "--quantile", "0.9")["comparisons"][0]
    assert slow["value"] > 60


def test_scores_take_the_time_before_out_and_quantiles_may_be_looked_at(
    visits: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = (visits, "--variant", "variant", "--metric", "revenue")
    plain, adjusted = (
        told(capsys, *given, "--kind", "score", *more)["comparisons"][0] for more in ((), ("--pre", "before"))
    )
    assert adjusted["high"] - adjusted["low"] < 0.8 * (plain["high"] - plain["low"])
    once, looked = (
        told(capsys, *given, "--quantile", "0.5", *more)["comparisons"][0] for more in ((), ("--sequential",))
    )
    assert looked["difference"] == once["difference"]
    assert looked["low"] < once["low"] < once["high"] < looked["high"]
    assert looked["p"] > once["p"]


def test_rows_of_one_customer_are_added_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generator = np.random.default_rng(5)
    rows = []
    for customer in range(80):
        habit = generator.normal(10, 3)
        rows += [f"{'ab'[customer % 2]},{customer},{habit:.3f}" for _ in range(5)]
    rows += ["a,0,1", "b,0,1"]
    file = tmp_path / "rows.csv"
    file.write_text("v,customer,worth\n" + "\n".join(rows) + "\n")
    document = told(capsys, file, "--variant", "v", "--metric", "worth", "--unit", "customer")
    assert document["n"] == 79  # whoever was dealt both is left out
    one = document["comparisons"][0]
    single = told(capsys, file, "--variant", "v", "--metric", "worth")["comparisons"][0]
    assert one["high"] - one["low"] > 2 * (single["high"] - single["low"])
    run(file, "--variant", "v", "--metric", "worth", "--unit", "customer")
    assert "1 units that were dealt several variants" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["proportion", "score", "quantile", "mean"])
def test_answers_of_one_customer_count_as_far_as_they_differ(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generator = np.random.default_rng(8)
    answers = [
        (customer, int(generator.integers(0, 2 if kind == "proportion" else 11))) for customer in range(120)
    ]
    widths = []
    for times in (1, 6):
        file = tmp_path / f"{times}.csv"
        rows = [f"{'ab'[customer % 2]},{customer},{one}" for customer, one in answers for _ in range(times)]
        file.write_text("v,customer,y\n" + "\n".join(rows) + "\n")
        document = told(capsys, file, "--variant", "v", "--metric", "y", "--unit", "customer", "--kind", kind)
        assert document["n"] == 120
        widths.append(document["comparisons"][0]["high"] - document["comparisons"][0]["low"])
    assert widths[1] == pytest.approx(widths[0], rel=0.03)


def test_guardrails_say_what_suffers(
    visits: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    picture = tmp_path / "picture.svg"
    given = (visits, "--variant", "variant", "--metric", "bought", "--guardrail", "complained:lower")
    document = told(capsys, *given, "--guardrail", "before", "--margin", "0.5")
    verdicts = {(one["metric"], one["variant"]): one["verdict"] for one in document["guardrails"]}
    assert verdicts["complained", "c"] == "harmed"
    assert verdicts["before", "b"] == "safe"
    run(*given, "--svg", picture)
    said = capsys.readouterr().out
    assert "'b' is better than 'a'" in said
    assert "'c' harms 'complained'" in said
    assert "not known yet" in said
    assert "1 rows without a variant" in said
    assert picture.read_text().startswith("<svg")


def test_several_metrics_are_corrected_together(visits: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = (visits, "--variant", "variant", "--metric", "bought", "--metric", "before", "--baseline", "c")
    document = told(capsys, *given, "--correction", "holm", "--prior", "0.1")
    assert len(document["comparisons"]) == 4
    assert {one["baseline"] for one in document["comparisons"]} == {"c"}
    least = min(document["comparisons"], key=lambda one: one["p"])
    assert least["p_holm"] == pytest.approx(4 * least["p"])


def test_less_can_be_better_and_words_can_be_yes_and_no(
    visits: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = told(capsys, visits, "--variant", "variant", "--metric", "said", "--lower-is-better")
    b = document["comparisons"][0]
    assert (b["kind"], b["verdict"]) == ("proportion", "worse")
    assert b["chance_to_win"] < 0.01


def test_answers_missing_more_in_one_variant_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generator = np.random.default_rng(6)
    rows = [
        f"{'ab'[place % 2]},{generator.normal() if place % 2 or place % 4 else ''}" for place in range(400)
    ]
    file = tmp_path / "gaps.csv"
    file.write_text("v,y\n" + "\n".join(rows) + "\n")
    run(file, "--variant", "v", "--metric", "y")
    assert "more so in one variant than in another" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "is empty"),
        ("v,y,z\n", "no rows"),
        ("v,y,z\na,1,1\nb,2,1\n", "has 1 units"),
        ("v,y,z\n" + "a,1,1\nb,1,2\n" * 20, "nothing differs"),
        ("v,y,z\n" + "a,,1\nb,,2\n" * 20, "is empty where"),
        ("v,y,z\n" + ",1,1\n,2,2\n" * 20, "nobody was dealt"),
        ("v,y,z\n" + "a,1,1\na,2,2\n" * 20, "All rows are of the variant 'a'"),
        ("v,y,z\n" + "a,inf,1\nb,2,2\n" * 20, "a number"),
        ("v,y,z\n" + "a,much,1\nb,2,2\n" * 20, "a number"),
        ("w,y,z\n" + "a,1,1\nb,2,2\n" * 20, "no column 'v'"),
        ("v,x,z\n" + "a,1,1\nb,2,2\n" * 20, "no column 'y'"),
        ("v,y,z\n" + "a,1,1\nb,2,2\na,3,3\nb,1,1\n" * 20, "the metric itself"),
        ("v,y,z\n" + "a,1,1\nb,2,1\na,3,1\nb,1,1\n" * 20, "explains nothing"),
        ("v,y,z\n" + "".join(f"{place},{place % 7},1\n" for place in range(200)), "different values"),
    ],
)
def test_what_gives_no_honest_number_is_refused(tmp_path: Path, rows: str, said: str) -> None:
    file = tmp_path / "given.csv"
    file.write_text(rows)
    with pytest.raises(RegardError, match=said):
        run(file, "--variant", "v", "--metric", "y", "--pre", "z")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--metric", "revenue", "--kind", "proportion"), "0 or 1"),
        (("--metric", "revenue", "--kind", "ratio"), "--denominator"),
        (("--metric", "revenue", "--kind", "mean", "--denominator", "orders"), "--kind ratio"),
        (("--metric", "revenue", "--expected", "a=.5,b=.5"), "'c'"),
        (("--metric", "revenue", "--expected", "a=.5,b=half"), "NAME=SHARE"),
        (("--metric", "revenue", "--expected", "a=.5,b=-1"), "NAME=SHARE"),
        (("--metric", "revenue", "--baseline", "d"), "no variant 'd'"),
        (("--metric", "revenue", "--pre", "revenue"), "named twice"),
        (("--metric", "variant"), "named twice"),
        (("--metric", "revenue", "--guardrail", "revenue"), "both a metric and a guardrail"),
        (("--metric", "revenue", "--quantile", "0.9", "--pre", "before"), "--pre"),
        (("--metric", "csat", "--quantile", "90"), "--quantile"),
        (("--metric", "csat", "--quantile", "0.9", "--kind", "mean"), "--kind quantile"),
        (("--metric", "csat", "--confidence", "95"), "confidence"),
        (("--metric", "csat", "--tightest", "0"), "--tightest"),
        (("--metric", "csat", "--prior", "-1"), "--prior"),
        (("--metric", "csat", "--margin", "2"), "--margin"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_word_on_what_to_do(
    visits: Path, given: tuple[str, ...], said: str
) -> None:
    with pytest.raises(RegardError, match=said):
        run(visits, "--variant", "variant", *given)


def test_huge_numbers_keep_their_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    generator = np.random.default_rng(7)
    small = [(place % 2, float(generator.normal())) for place in range(200)]
    found = []
    for scale in (1.0, 1e10):
        file = tmp_path / f"{scale:g}.csv"
        file.write_text("v,y\n" + "".join(f"{'ab'[v]},{scale * y!r}\n" for v, y in small))
        found.append(told(capsys, file, "--variant", "v", "--metric", "y")["comparisons"][0])
    assert found[1]["difference"] == pytest.approx(1e10 * found[0]["difference"], rel=1e-9)
    assert found[1]["p"] == pytest.approx(found[0]["p"], rel=1e-9)
    file.write_text("v,y\n" + "".join(f"{'ab'[v]},{1e12 * y!r}\n" for v, y in small))
    with pytest.raises(RegardError, match="'y' reaches"):
        run(file, "--variant", "v", "--metric", "y")


def test_a_metric_before_that_is_empty_is_named(tmp_path: Path) -> None:
    file = tmp_path / "given.csv"
    file.write_text("v,y,z\n" + "".join(f"{'ab'[i % 2]},{i},\n" for i in range(40)))
    with pytest.raises(RegardError, match="'z' is empty"):
        run(file, "--variant", "v", "--metric", "y", "--pre", "z")

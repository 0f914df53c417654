"""`regard experiment-deal`, and `regard experiment --chances` after it."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regard.analyses.experiment.command import register
from regard.kernel.errors import RegardError


def told(capsys: pytest.CaptureFixture[str], command: str, *arguments: object) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    args = parser.parse_args([command, *(str(one) for one in arguments), "--json"])
    assert args.run(args) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


@pytest.fixture
def dealt(tmp_path: Path) -> Path:
    """Two thousand units of which more and more went to b, which is better."""
    generator = np.random.default_rng(2)
    rows = ["variant,bought,spent,chance_a,chance_b"]
    for place in range(2_000):
        share = 0.5 + 0.4 * place / 2_000
        variant = "ab"[int(generator.random() < share)]
        bought = generator.random() < (0.2 if variant == "a" else 0.3)
        spent = bought * generator.gamma(2, 10)
        rows.append(f"{variant},{int(bought)},{spent:.2f},{1 - share:.4f},{share:.4f}")
    file = tmp_path / "dealt.csv"
    file.write_text("\n".join(rows) + "\n")
    return file


def test_the_next_units_go_to_what_is_likely_best(dealt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for metric, kind in (("bought", "proportion"), ("spent", "mean")):
        document = told(
            capsys, "experiment-deal", dealt, "--variant", "variant", "--metric", metric, "--floor", 0.1
        )
        best, other = document["variants"]
        assert (document["kind"], best["variant"]) == (kind, "b")
        assert best["chance_best"] > 0.95
        assert best["share"] + other["share"] == pytest.approx(1)
        assert other["share"] >= 0.1
        assert {"method", "source", "remaining"} <= set(document)


def test_after_a_bandit_the_chances_are_read(dealt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("experiment", dealt, "--variant", "variant", "--metric", "bought")
    assert told(capsys, *given)["sample_ratio"]["ok"] is False
    chances = ("--chances", "a=chance_a,b=chance_b")
    document = told(capsys, *given, *chances)
    assert document["sample_ratio"]["ok"] is True
    one = document["comparisons"][0]
    assert one["low"] < 0.1 < one["high"]
    assert one["verdict"] == "better"
    looked = told(capsys, *given, *chances, "--sequential")["comparisons"][0]
    assert looked["high"] - looked["low"] > one["high"] - one["low"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--chances", "a=chance_a"), "'b'"),
        (("--chances", "a,b"), "NAME=COL"),
        (("--chances", "a=chance_a,b=bought"), "above 0"),
        (("--chances", "a=chance_a,b=chance_a"), "named twice"),
        (("--chances", "a=chance_a,b=chance_b", "--kind", "quantile"), "--chances goes with"),
    ],
)
def test_chances_that_cannot_be_are_refused(
    dealt: Path, capsys: pytest.CaptureFixture[str], given: tuple[str, ...], said: str
) -> None:
    with pytest.raises(RegardError, match=said):
        told(capsys, "experiment", dealt, "--variant", "variant", "--metric", "spent", *given)


@pytest.mark.parametrize(
    ("rows", "given", "said"),
    [
        ("a,1\nb,1\n", ("--kind", "mean"), "too few"),
        ("a,1\nb,3\n" * 9, ("--kind", "proportion"), "0 or 1"),
        ("a,1\nb,3\n" * 9, (), "differ"),
        ("a,1\nb,0\n" * 9, ("--floor", "0.6"), "least share"),
        ("a,1\na,0\n" * 9, (), "at least two"),
    ],
)
def test_what_cannot_be_dealt_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: str, given: tuple[str, ...], said: str
) -> None:
    file = tmp_path / "given.csv"
    file.write_text("v,y\n" + rows)
    with pytest.raises(RegardError, match=said):
        told(capsys, "experiment-deal", file, "--variant", "v", "--metric", "y", *given)

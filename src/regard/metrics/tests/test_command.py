from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from regard.kernel.errors import InvalidInput
from regard.metrics.commands import register
from regard.metrics.hub import Hub
from regard.metrics.tests.hand_drawn import log_of


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    args = parser.parse_args(["metric", *arguments])
    status: int = args.run(args)
    return status


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """Twenty answers of ten customers over four days, one of them twice in the file."""
    lines = ["message_id,customer,occurred_at,kind,channel,metric,score"]
    lines += [
        f"m{n},c{n % 10},2026-03-0{1 + n // 5}T10:00:00Z,survey.answered,{('web', 'app')[n % 2]},nps,{(10, 9, 3, 8)[n % 4]}"
        for n in range(20)
    ]
    file = tmp_path / "answers.csv"
    file.write_text("\n".join([*lines, lines[-1]]) + "\n", encoding="utf-8")
    return file


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert run(*arguments, "--json") == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_a_file_answers_in_the_stated_shape(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = asked(capsys, "nps", "--from", str(answers), "--by", "channel", "--compare", "channel=web")
    assert {"metric", "method", "source", "definition", "period", "zone", "readings"} <= set(found)
    total, app, web = found["readings"]
    assert total["group"] == {}
    assert (total["value"], total["n"], total["n_customers"]) == (25.0, 20, 10)
    assert (app["group"], web["group"]) == ({"channel": "app"}, {"channel": "web"})
    assert set(app["difference"]) == {"value", "low", "high", "p", "p_adjusted"}
    assert web["difference"] is None
    assert found["period"] == {"start": "2026-03-01T00:00:00+00:00", "end": "2026-03-05T00:00:00+00:00"}


def test_a_period_can_be_given_and_the_end_is_not_in_it(
    answers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = asked(capsys, "nps", "--from", str(answers), "--since", "2026-03-02", "--until", "2026-03-04")
    assert found["readings"][0]["n"] == 10


def test_the_table_shows_interval_n_and_method(answers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("nps", "--from", str(answers), "--every", "day") == 0
    shown = capsys.readouterr().out
    assert "25.0" in shown
    assert "adjusted Wald, clustered by customer" in shown
    assert "2026-03-04" in shown


def test_what_was_guessed_of_a_file_is_told_beside_the_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "survey.csv"
    rows = "".join(f"u{n},2026-03-{1 + n:02d},{n % 11},{1 + n % 10}\n" for n in range(20))
    file.write_text("customer_id,date,nps,csat\n" + rows, encoding="utf-8")
    assert run("nps", "--from", str(file), "--json") == 0
    told = capsys.readouterr()
    assert "'nps' is the score of nps" in told.err
    assert "Please check: 'csat' is called after csat but goes up to 10" in told.err
    assert json.loads(told.out)["readings"][0]["n"] == 20
    assert run("csat", "--from", str(file)) == 0
    assert "no answer to the question 'csat' in the file" in capsys.readouterr().out


def test_a_file_of_another_scale_gives_no_figure(tmp_path: Path) -> None:
    file = tmp_path / "tens.csv"
    rows = "".join(f"u{n},2026-03-{1 + n:02d},csat,{1 + n % 10}\n" for n in range(20))
    file.write_text("customer,occurred_at,metric,score\n" + rows, encoding="utf-8")
    with pytest.raises(InvalidInput, match="csat holds values up to 10; its scale is 1 to 5"):
        run("csat", "--from", str(file))


def test_a_file_is_cut_and_filtered_by_its_own_columns(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["who,customer,occurred_at,nps,Sales shop,place"]
    lines += [f"{n},c{n},2026-03-01,{(10, 3)[n % 2]},{'xy'[n % 2]},{'pq'[n // 12]}" for n in range(24)]
    file, mapping = tmp_path / "answers.csv", tmp_path / "map.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    mapping.write_text(
        'attributes = ["Sales shop"]\n[columns]\ncustomer = "customer"\noccurred_at = "occurred_at"\n'
        'score = "nps"\nmetric = { value = "nps" }\nunit = "place"\n[traits]\nnumber = "who"\n',
        encoding="utf-8",
    )
    from_file = ("nps", "--from", str(file), "--map", str(mapping))
    total, x, y = asked(capsys, *from_file, "--by", "Sales shop", "--where", "place = 'p'")["readings"]
    assert (total["n"], total["group"]) == (12, {})
    assert (x["group"], x["value"]) == ({"Sales shop": "x"}, 100.0)
    assert (y["group"], y["value"]) == ({"Sales shop": "y"}, -100.0)
    assert (
        asked(capsys, *from_file, "--where", "\"Sales shop\" = 'x' and who = '2'", "--min-n", "1")[
            "readings"
        ][0]["n"]
        == 1
    )
    for wrong in (("--by", "Sales shops"), ("--where", "shops = 'x'"), ("--where", "customer = 'c1'")):
        with pytest.raises(InvalidInput, match=r"There is no (dimension|column for filters).*Sales shop"):
            run(*from_file, *wrong)


def test_mistakes_are_named(answers: Path) -> None:
    for wrong in (["npss"], ["nps", "--zone", "Mars"], ["nps", "--since", "soon"], ["nps", "--set", "x"], []):
        with pytest.raises(InvalidInput):
            run(*wrong, "--from", str(answers))


def test_the_catalogue_and_one_definition_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--list") == 0
    assert "What share of customers who answered were satisfied?" in capsys.readouterr().out
    assert run("churn_rate", "--list") == 0
    assert "inactivity_days" in capsys.readouterr().out


def test_a_file_is_answered_without_django_and_without_a_data_folder(answers: Path, tmp_path: Path) -> None:
    script = (
        "import argparse, sys\n"
        "from regard.metrics.commands import register\n"
        "parser = argparse.ArgumentParser()\n"
        "register(parser.add_subparsers())\n"
        "args = parser.parse_args(sys.argv[1:])\n"
        "args.run(args)\n"
        "assert 'django' not in sys.modules\n"
    )
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", script, "metric", "nps", "--from", str(answers), "--json"],
        cwd=empty, env={"PATH": "/usr/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["readings"][0]["value"] == 25.0
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize(
    ("since", "until", "zone"),
    [
        ("0001-01-01", "2026-03-04", "Asia/Tokyo"),
        ("9999-12-31", "9999-12-31T23:59:59", "America/New_York"),
    ],
)
def test_a_period_at_the_ends_of_the_calendar_is_refused(
    answers: Path, since: str, until: str, zone: str
) -> None:
    given = ("--since", since, "--until", until, "--zone", zone, "--every", "hour")
    with pytest.raises(InvalidInput, match="outside 1970 to 2200"):
        run("nps", "--from", str(answers), *given)


def test_a_broken_pattern_in_the_filter_is_the_callers_mistake(answers: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be answered"):
        run("nps", "--from", str(answers), "--where", "regexp_like(channel, '(')")


def test_the_hub_counts_as_easy_what_its_organisation_set_and_a_caller_may_set_another(
    capsys: pytest.CaptureFixture[str],
) -> None:
    scores = [{"customer": n, "metric": "ces", "score": float(n % 7 + 1)} for n in range(70)]

    @contextmanager
    def open_hub(_engine: str) -> Iterator[Hub]:
        with log_of(scores) as connection:
            yield Hub(connection, ZoneInfo("UTC"), "EUR", {"easy_from": 6.0})

    parser = argparse.ArgumentParser()
    parser.set_defaults(open_hub=open_hub)
    register(parser.add_subparsers())
    for given, easy in (([], 2 / 7), (["--set", "easy_from=7"], 1 / 7)):
        args = parser.parse_args(["metric", "ces", "--json", *given])
        assert args.run(args) == 0
        assert json.loads(capsys.readouterr().out)["readings"][0]["value"] == pytest.approx(easy)
    args = parser.parse_args(["metric", "nps"])
    assert args.run(args) == 0

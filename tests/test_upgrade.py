"""A data folder that an earlier commit wrote opens, and gives the same figures."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Where what is kept takes its form: the commit before the last one that changed it wrote the folder that must open.
FORMS = (
    ":(glob)src/regard/**/migrations/*.py",
    "src/regard/warehouse/schema",
    "src/regard/warehouse/delta.py",
)
PERIOD = ("--since", "2025-01-01", "--until", "2026-01-01", "--min-n", "1")
QUESTIONS = (
    ("nps", "--by", "channel"),
    ("csat", "--every", "month"),
    ("ces", "--compare", "channel=web"),
    ("time_to_resolution",),
    ("orders", "--by", "unit"),
    ("revenue",),
    ("repeat_contact_rate",),
    ("active_customers",),
    ("retention_rate",),
)
# Metrics whose intervals changed on purpose since then: metric -> why. Their values are the same.
UNEVEN = "reckons with customers who answer or come back more often than others"
CHANGED = dict.fromkeys(("csat", "ces", "repeat_contact_rate"), UNEVEN)

ASK = """
import contextlib, io, json, sys
from regard.cli.main import main
for question in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as told:
        status = main(["metric", *question, "--json"])
    print(json.dumps({"status": status, "told": told.getvalue()}))
"""
HEADER = "message_id,customer,customer_email,occurred_at,kind,channel,metric,score,amount,currency,unit,thread,text"


def git(*arguments: str) -> bytes:
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"needs the history of the repository: {done.stderr.decode().strip()[:200]}")
    return done.stdout


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources of the commit before the form of what is kept last changed."""
    last = git("log", "-1", "--format=%H", "--", *FORMS).decode().strip()
    if not last:
        pytest.skip("needs the history of the repository: it is shallow")
    before = git("rev-parse", "--verify", f"{last}^").decode().strip()
    folder = tmp_path_factory.mktemp("earlier")
    with tarfile.open(fileobj=io.BytesIO(git("archive", before, "src", "CHANGELOG.md"))) as archive:
        archive.extractall(folder, filter="data")
    assert run(folder, folder / "none", "-c", "import regard; print(regard.__file__)").startswith(str(folder))
    return folder


def run(sources: Path, data: Path, *command: str) -> str:
    """Run Python with these sources over a data folder."""
    done = subprocess.run(
        [sys.executable, *command],
        env={**os.environ, "PYTHONPATH": str(sources / "src"), "REGARD_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def figures(sources: Path, data: Path) -> dict[str, Any]:
    """Each question's readings: value, bounds, n, by group and period."""
    questions = [[*question, *PERIOD] for question in QUESTIONS]
    found = {}
    lines = run(sources, data, "-c", ASK, json.dumps(questions)).splitlines()
    for question, line in zip(questions, lines, strict=True):
        told = json.loads(line)
        assert told["status"] == 0, question
        readings = json.loads(told["told"])["readings"]
        told_of = ("value",) if question[0] in CHANGED else ("value", "low", "high")
        found[" ".join(question)] = [
            [
                one["group"],
                one["period"],
                one["n"],
                *(rounded(one[name]) for name in told_of),
            ]
            for one in readings
        ]
    return found


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 9)


def same_figures(earlier: Path, data: Path) -> dict[str, Any]:
    """The figures that both releases give."""
    before = figures(earlier, data)
    assert sum(len(readings) for readings in before.values()) > len(before)
    assert figures(ROOT, data) == before
    return before


def goes_on(data: Path, before: dict[str, Any]) -> None:
    """The folder takes in more, can be rebuilt and is well."""
    more = data.parent / "more.csv"
    more.write_text(f"{HEADER}\nlater,ada,,2025-12-31T10:00:00Z,survey.answered,web,nps,9,,,north,t,\n")
    run(ROOT, data, "-m", "regard.cli.main", "import", str(more), "--source", "ratings")
    run(ROOT, data, "-m", "regard.cli.main", "rebuild")
    nps = " ".join(("nps", "--by", "channel", *PERIOD))
    assert figures(ROOT, data)[nps][0][2] == before[nps][0][2] + 1
    findings = json.loads(run(ROOT, data, "-m", "regard.cli.main", "doctor", "--json"))
    assert not [finding for finding in findings if finding["state"] == "bad"]


def test_a_folder_of_an_earlier_commit_gives_the_same_figures(earlier: Path, tmp_path: Path) -> None:
    file, data = tmp_path / "ratings.csv", tmp_path / "data"
    rows = [HEADER]
    for n in range(240):
        day = f"2025-{1 + n % 12:02}-{1 + n % 28:02}T{n % 24:02}:30:00Z"
        who, channel = f"c{n % 60},c{n % 60}@x.example", ("web", "phone", "store")[n % 3]
        unit = ("north", "south")[n % 2]
        rows.append(
            f"n{n},{who},{day},survey.answered,{channel},nps,{n * 7 % 11},,,{unit},t{n},Some words {n}"
        )
        rows.append(f"s{n},{who},{day},survey.answered,{channel},csat,{1 + n * 3 % 5},,,{unit},t{n},")
        rows.append(f"e{n},{who},{day},survey.answered,{channel},ces,{1 + n * 5 % 7},,,{unit},t{n},")
        rows.append(f"o{n},{who},{day},order.placed,{channel},,,{10 + n % 90}.50,EUR,{unit},o{n},")
        rows.append(f"c{n},{who},{day},case.opened,{channel},,,,,{unit},k{n},")
        if n % 3:
            rows.append(f"r{n},{who},{day.replace(':30:', ':59:')},case.resolved,{channel},,,,,{unit},k{n},")
    file.write_text("\n".join(rows) + "\n")
    run(earlier, data, "-m", "regard.cli.main", "import", str(file), "--source", "ratings")
    same_figures(earlier, data)


@pytest.mark.long
def test_the_sample_company_of_an_earlier_commit_gives_the_same_figures(
    earlier: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    run(earlier, data, "-m", "regard.cli.main", "sample", "--customers", "1500")
    goes_on(data, same_figures(earlier, data))

"""Several skills, as somebody with a file of them asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from regard.analyses.staffing import skills
from regard.analyses.staffing.tests.test_staffing import answer, run
from regard.kernel.errors import InvalidInput

FILE = """
[skills.orders]
calls = 40
aht = 180

[skills.returns]
calls = 20
aht = 240
patience = 120
target = "0.7/30"

[[groups]]
name = "orders only"
agents = 4
skills = ["orders"]

[[groups]]
name = "both"
skills = ["orders", "returns"]
"""


@pytest.fixture(autouse=True)
def few_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skills, "RUNS", 3)
    monkeypatch.setattr(skills, "CALLS", 500)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "skills.toml"
    path.write_text(FILE)
    return path


def test_skills_told_one_by_one_are_those_of_a_file(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(FILE.replace('target = "0.7/30"', ""))
    told = ("--skill", "orders=40/180", "--skill", "returns=20/240/120")
    groups = ("--group", "orders only=orders:4", "--group", "both=orders,returns")
    assert answer(capsys, *told, *groups) == answer(capsys, "--skills", file)
    (everybody,) = answer(capsys, *told)["groups"]
    assert everybody["group"] == "all"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (("--skill", "orders"), "says no new skill"),
        (("--skill", "a=1/60", "--skill", "a=2/60"), "says no new skill"),
        (("--skill", "a=x/60"), "needs a number"),
        (("--skill", "a=1/60", "--group", "b"), "says no group"),
        (("--skill", "a=1/60", "--group", "b=c"), "There is no skill 'c'"),
        (("--skill", "a=1/60", "--group", "b=a:1.5"), "whole number"),
        (("--calls", "9", "--aht", "60", "--group", "b=a"), "give these too"),
        (("--skill", "a=1/60", "--calls", "9"), "one of the four"),
    ],
)
def test_skills_told_wrongly_are_refused_with_what_to_do(told: tuple[str, ...], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        run(*told)


def test_the_group_left_open_is_searched(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "skills.svg"
    found = answer(capsys, "--skills", str(file), "--shrinkage", "0.3", "--svg", str(picture))
    assert {
        "model",
        "agents",
        "scheduled",
        "service_level",
        "occupancy",
        "p_wait",
        "mean_wait_seconds",
        "p_abandon",
    } <= set(found)
    assert found["model"] == "multi-skill"
    assert [one["group"] for one in found["groups"]] == ["orders only", "both"]
    assert found["groups"][0]["agents"] == 4
    assert 3 <= found["groups"][1]["agents"] <= 9
    for one in found["skills"]:
        assert one["low"] <= one["service_level"] <= one["high"]
        assert one["service_level"] >= one["target"]["share"]
    assert {one["group"] for one in found["one_fewer"]} == {"orders only", "both"}
    assert "returns" in picture.read_text()
    run("--skills", str(file))
    assert "meet the target of 2 of 2 skills" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[skills.orders]", "[skills.orders", "is TOML such as"),
        ("calls = 40", "", "'calls'"),
        ("calls = 40", "calls = -4", "fewer than no calls"),
        ("calls = 40", 'calls = "many"', "needs a number"),
        ("calls = 40", "calls = 1e9", "Erlangs"),
        ("aht = 180", "aht = 0", "no length of time"),
        ('"0.7/30"', '"70/30"', "share and seconds"),
        ('"returns"]', '"return"]', "Did you mean 'returns'"),
        (', "returns"]', "]", "Nobody knows the skill 'returns'"),
        ("agents = 4", "agents = 4.5", "whole number"),
    ],
)
def test_what_a_file_cannot_say_is_refused(file: Path, old: str, new: str, said: str) -> None:
    file.write_text(FILE.replace(old, new))
    with pytest.raises(InvalidInput, match=said):
        run("--skills", str(file))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--skills", "none.toml"), "none.toml"),
        (("--skills", "s.toml", "--aht", "300"), "one each"),
        (("--skills", "s.toml", "--agents", "4"), "of their own"),
        (("--calls", "40"), "--aht is needed"),
    ],
)
def test_what_does_not_go_together_is_refused(given: tuple[str, ...], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        run(*given)

"""Work that may wait, as somebody with a file asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from regard.analyses.staffing.tests.test_staffing import answer, run
from regard.kernel.errors import InvalidInput

# Saturday and Sunday nobody works.
WEEKS = "day,claims,hours\n" + "".join(
    f"{place},{claims},{hours}\n"
    for place, (claims, hours) in enumerate([(160, 8)] * 5 + [(40, 0)] * 2 + [(160, 8)] * 5 + [(40, 0)] * 2)
)
ASKED = ("--calls", "claims", "--per", "1d", "--aht", "900", "--time", "day", "--hours", "hours")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "claims.csv"
    path.write_text(WEEKS)
    return path


def test_work_that_may_wait_takes_fewer_people(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = {due: answer(capsys, str(file), *ASKED, "--due", due) for due in ("3d", "5d")}
    assert found["3d"]["agents"] >= found["5d"]["agents"]
    for one in found.values():
        assert (one["model"], one["service_level"]) == ("backlog", pytest.approx(1.0))
        assert one["one_fewer"]["open_at_end"] > one["open_at_end"]
        assert all(row["late"] in (0, None) for row in one["intervals"])
    # A week brings 880 claims of a quarter of an hour: 220 hours, and one person works 40.
    assert found["5d"]["agents"] == 6


def test_what_is_open_at_the_beginning_comes_on_top(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = (str(file), *ASKED, "--due", "3d", "--shrinkage", "0.2")
    more = answer(capsys, *given, "--backlog", "400")
    assert more["agents"] > answer(capsys, *given)["agents"]
    assert more["scheduled"] > more["agents"]
    run(*given, "--agents", "5")
    said = capsys.readouterr().out
    assert "5 people do" in said
    assert "of these late" in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--due", "1d"), "before anybody works"),
        (("--due", "60d"), "Nothing is due"),
        (("--due", "soon"), "no length of time"),
        (("--due", "3d", "--hours", "30"), "no longer than the interval"),
        (("--due", "3d", "--hours", "shift"), "no column 'shift'"),
        (("--due", "3d", "--backlog", "-4"), "from 0 on"),
        (("--due", "3d", "--patience", "60"), "knows no --patience"),
        ((), "say how long with --due"),
    ],
)
def test_what_cannot_be_done_is_refused(file: Path, given: tuple[str, ...], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        run(str(file), *ASKED, *given)

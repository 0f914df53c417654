"""Answers as people and programs read them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pytest

from regard.analyses.telling import Answer, Sheet, tell
from regard.kernel.errors import InvalidInput

ANSWER = Answer(
    {"method": "counting", "source": "a book", "n": np.int64(3), "share": np.array([0.5, np.nan])},
    lines=["Three answered."],
    sheets=[Sheet(["who", "n"], [["all", "3"]], numeric=[1])],
    notes=["Few answered."],
    draw=lambda: "<svg/>",
)


def asked(**given: object) -> argparse.Namespace:
    return argparse.Namespace(**{"json": False, "svg": None, **given})


def test_a_program_reads_plain_json_without_numbers_that_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    tell(ANSWER, asked(json=True))
    assert json.loads(capsys.readouterr().out) == {
        "method": "counting", "source": "a book", "n": 3, "share": [0.5, None],
    }  # fmt: skip


def test_a_person_reads_the_sentence_the_table_and_where_it_comes_from(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    tell(ANSWER, asked(svg=str(tmp_path / "picture.svg")))
    said = capsys.readouterr().out
    assert [said.index(word) for word in ("Three", "who", "Few", "counting", "a book")] == sorted(
        said.index(word) for word in ("Three", "who", "Few", "counting", "a book")
    )
    assert (tmp_path / "picture.svg").read_text() == "<svg/>"


def test_a_picture_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be written"):
        tell(ANSWER, asked(svg=str(tmp_path / "no" / "picture.svg")))


def test_a_table_too_wide_for_the_page_goes_on_below_with_every_figure_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    columns = ["shop", *(word for place in range(9) for word in (f"figure {place}", "interval"))]
    rows = [
        ["Lyon", *(word for place in range(9) for word in (f"{place}.25", f"{place}.00001 to {place}.99999"))]
    ]
    tell(Answer(ANSWER.document, sheets=[Sheet(columns, rows, numeric=range(1, 19))]), asked())
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 160
    told = [line for line in lines if line.startswith("Lyon")]
    assert len(told) > 1
    for place in range(9):
        assert sum(f"{place}.25  {place}.00001 to {place}.99999" in line for line in told) == 1


def test_what_a_customer_wrote_is_printed_and_not_obeyed(capsys: pytest.CaptureFixture[str]) -> None:
    cell, rest = "[red]late[/] [/]", "cold\x1b[2J\u202etea\nand milk"
    tell(Answer(ANSWER.document, ["[/] \x1b[2J"], [Sheet(["[/]"], [[cell], [rest]], title="[/x]")]), asked())
    said = capsys.readouterr().out
    assert "\x1b[2J" not in said
    assert all(part in said for part in (cell, "cold [2J tea and milk", "[/x]"))

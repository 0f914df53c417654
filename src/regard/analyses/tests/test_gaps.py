"""What stands for no answer in a file, as somebody tells a command."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from regard.analyses.tests.running import Command
from regard.kernel.errors import InvalidInput

EXPLAIN, DRIVERS = Command("explain"), Command("drivers")
ASKED = ("--metric", "mean", "--score", "score", "--period", "period", "--by", "shop")


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """Two periods of 100 answers by two shops; some said nothing, which stands there as Blank or 99."""
    scores = np.random.default_rng(8).integers(1, 6, 200).astype(str).astype(object)
    scores[:7], scores[7:10] = "Blank", "99"
    rows = [f"{one},p{at % 2},{'AB'[at % 3 == 0]},{99 if at < 5 else at}" for at, one in enumerate(scores)]
    file = tmp_path / "survey.csv"
    file.write_text("\n".join(["score,period,shop,visit", *rows]) + "\n")
    return file


def test_a_word_that_stands_for_no_answer_is_told_and_named_where_it_was_not(
    survey: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(
        InvalidInput, match=r"in 7 of them stands something else, such as 'Blank'.* --gap 'Blank'"
    ):
        EXPLAIN.run(survey, *ASKED)
    document = EXPLAIN.told(capsys, survey, *ASKED, "--gap", "blank", "--gap", "score=99")
    assert (document["n_before"] + document["n_after"], document["n_left_out"]) == (190, 10)


def test_a_number_stands_for_no_answer_in_its_column_only(
    survey: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(InvalidInput, match="--gap COL=99"):
        EXPLAIN.run(survey, *ASKED, "--gap", "Blank", "--gap", "99")
    with pytest.raises(InvalidInput, match=r"no column 'scor'\. Did you mean 'score'"):
        EXPLAIN.run(survey, *ASKED, "--gap", "scor=99")
    asked = ("--outcome", "score", "--driver", "visit", "--gap", "Blank")
    assert DRIVERS.told(capsys, survey, *asked, "--gap", "score=99")["n"] == 190
    assert DRIVERS.told(capsys, survey, *asked, "--gap", "99")["n"] == 189


def test_what_is_no_word_is_not_taken_for_a_gap(survey: Path) -> None:
    survey.write_text(survey.read_text().replace("Blank", "inf"))
    with pytest.raises(InvalidInput) as caught:
        EXPLAIN.run(survey, *ASKED)
    assert "--gap" not in str(caught.value)

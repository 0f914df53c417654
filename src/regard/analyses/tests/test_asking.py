"""What a command looks at before it computes."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from regard.analyses import asking
from regard.analyses.tests.running import Command
from regard.kernel.errors import InvalidInput


@pytest.mark.parametrize(("key", "flag"), [("value", "--out"), ("drivers", "--svg")])
def test_a_file_to_write_whose_folder_is_not_there_is_refused_before_anything_is_read(
    key: str, flag: str, tmp_path: Path
) -> None:
    asked = {"value": ("--customer", "c", "--time", "t"), "drivers": ("--outcome", "o")}[key]
    with pytest.raises(InvalidInput, match=r"there is no folder .*gone. Make it, or name another"):
        Command(key).run(tmp_path / "no-such-file.csv", *asked, flag, tmp_path / "gone" / "out.csv")


def test_a_command_that_writes_nothing_is_run_as_it_was_asked() -> None:
    seen = Namespace(out=None, svg="")
    assert asking._when_files_have_a_folder(lambda args: 7 if args is seen else 0)(seen) == 7

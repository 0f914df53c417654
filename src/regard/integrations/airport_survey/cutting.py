"""Makes the shipped cut from the city's full files: rows chosen at random, every column as it was.

`python -m regard.integrations.airport_survey.cutting FOLDER-OF-THE-FULL-FILES`
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

YEARS = range(2010, 2018)
ROWS = 100
HERE = Path(__file__).parent


def full_name(year: int) -> str:
    """The file name of one year in the full set."""
    return f"sfo_customer_survey_{year}.csv"


def cut(source: Path, target: Path, *, year: int, rows: int = ROWS) -> int:
    """Write `rows` rows of one year, chosen with the year as seed, in their order. Returns how many."""
    with source.open(encoding="utf-8-sig", newline="") as lines:
        header, *answers = csv.reader(lines)
    chosen = sorted(random.Random(year).sample(range(len(answers)), min(rows, len(answers))))
    with target.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([header, *(answers[place] for place in chosen)])
    return len(chosen)


def main(folder: str) -> None:
    """Cut every year."""
    (HERE / "cuts").mkdir(exist_ok=True)
    for year in YEARS:
        cut(Path(folder) / full_name(year), HERE / "cuts" / full_name(year), year=year)


if __name__ == "__main__":
    main(sys.argv[1])

from __future__ import annotations

from datetime import date
from math import sqrt
from pathlib import Path

import pytest

from regard.integrations.sample_company import truths
from regard.integrations.sample_company.generate import Written, generate
from regard.integrations.sample_company.measuring import MEDIANS, RATIOS, Measured, measure
from regard.integrations.sample_company.truths import TRUTHS, Truth

DOCUMENT = Path(__file__).parents[5] / "docs" / "sample-company.md"
PACKAGE = Path(truths.__file__).parent


def far_off(found: dict[str, Measured], errors: float) -> list[str]:
    return [
        f"{truth.key}: planted {truth.value}, measured {found[truth.key]}"
        for truth in TRUTHS
        if abs(found[truth.key].value - truth.value)
        > errors * standard_error(truth, found[truth.key]) + 0.002
    ]


def standard_error(truth: Truth, measured: Measured) -> float:
    """The measured one, but for shares no less than that of as many independent draws (few may all be alike)."""
    spread = truth.value * (1 - truth.value) if 0 < truth.value < 1 else 0.0
    return max(measured.standard_error, sqrt(spread / measured.n))


def test_every_table_of_shares_adds_up_to_one() -> None:
    tables = [value for name, value in vars(truths).items() if name.startswith(("NPS_", "CSAT_", "CES_"))]
    assert len(tables) == 10
    assert all(sum(table) == pytest.approx(1) for table in tables)


def test_every_truth_has_a_way_to_be_measured() -> None:
    derived = {"nps_lost_to_lateness", "acquisition_year_1", "acquisition_year_2"}
    assert {truth.key for truth in TRUTHS} == RATIOS.keys() | MEDIANS.keys() | derived
    assert len({truth.key for truth in TRUTHS}) == len(TRUTHS)


def test_what_was_planted_is_found_again_in_the_files(written: Written) -> None:
    found = measure(written.interactions[0].parent.parent, "2026-11-22")
    assert far_off(found, 4.5) == []


@pytest.mark.long
@pytest.mark.parametrize(("seed", "until"), [(7, "2026-11-22"), (11, "2026-02-28"), (2024, "2024-06-15")])
def test_what_was_planted_is_found_again_among_twenty_thousand(tmp_path: Path, seed: int, until: str) -> None:
    generate(tmp_path, customers=20_000, seed=seed, until=date.fromisoformat(until))
    assert far_off(measure(tmp_path, until), 4.0) == []


@pytest.mark.skipif(not DOCUMENT.exists(), reason="the documents are not beside the package")
def test_the_document_gives_every_truth_with_its_exact_number() -> None:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    for truth in TRUTHS:
        assert any(f"`{truth.key}`" in line and f"| {truth.value:g} |" in line for line in lines), truth


def test_nothing_outside_this_package_knows_the_truths() -> None:
    source = PACKAGE.parents[1]
    knowing = [
        path.relative_to(source)
        for path in source.rglob("*.py")
        if PACKAGE not in path.parents and "sample_company" in path.read_text(encoding="utf-8")
    ]
    assert [path for path in knowing if path.parts[0] not in ("cli", "integrations")] == []

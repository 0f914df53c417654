from __future__ import annotations

from pathlib import Path

import pytest

from regard.metrics.catalogue import METRICS
from regard.metrics.reference import refreshed

PAGE = Path(__file__).parents[4] / "docs" / "metrics.md"


@pytest.mark.skipif(not PAGE.exists(), reason="the docs are not beside the package")
def test_the_reference_in_the_docs_is_that_of_the_catalogue() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert refreshed(page, METRICS) == page, "run `python -m regard.metrics.reference docs/metrics.md`"

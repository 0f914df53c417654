"""The variants of an experiment: their names, what was meant for each, and which is the baseline."""

from __future__ import annotations

import math

from regard.analyses.figures import parsed
from regard.kernel.errors import InvalidInput, NotEnoughData, unknown_name

# Names that people give to what was there before.
USUAL_BASELINES = ("control", "baseline", "original", "default", "a", "0")
# No experiment of so many variants is meant: the column is another.
MOST_VARIANTS = 100


def expected_shares(text: str | None, present: list[str]) -> dict[str, float]:
    """What was meant for each variant. Raises: InvalidInput where `text` says something else than the rows."""
    if not text:
        if len(present) > MOST_VARIANTS:
            raise InvalidInput(
                f"The column of variants holds {len(present):,} different values; it is to say which variant a row was "
                "dealt. Name another."
            )
        return dict.fromkeys(present, 1.0)
    shares: dict[str, float] = {}
    for part in text.split(","):
        name, _, share = part.rpartition("=")
        shares[name.strip()] = parsed(share)
        if not name.strip() or not 0 < shares[name.strip()] < math.inf:
            raise InvalidInput(
                "'%(given)s' is no share of a variant. Write each as NAME=SHARE, such as a=.5,b=.5.",
                given=part,
            )
    for name in present:
        if name not in shares:
            raise unknown_name("share in --expected for the variant", name, shares)
    return shares


def ordered(baseline: str | None, names: list[str], *, named: bool) -> list[str]:
    """The variants, the baseline first. Raises: InvalidInput for one that is not there, or only one variant."""
    if len(names) < 2:
        raise NotEnoughData(
            f"All rows are of the variant '{names[0]}'. A comparison needs at least two; give the rows of both."
        )
    if baseline is not None and baseline not in names:
        raise unknown_name("variant", baseline, names)
    usual = [name for word in USUAL_BASELINES for name in names if name.lower() == word]
    first = baseline or (names[0] if named else (usual or names)[0])
    return [first, *(name for name in names if name != first)]

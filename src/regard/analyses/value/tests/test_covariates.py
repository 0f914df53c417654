"""`regard value --covariate`: what was known of customers with their first purchase."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regard.analyses.tests.running import Command
from regard.analytics.buying.tests.cdnow import purchases
from regard.analytics.buying.with_traits import fit_with_traits
from regard.kernel.errors import NotEnoughData, RegardError

VALUE = Command("value")
run, told = VALUE.run, VALUE.told
COLUMNS = ("--customer", "who", "--time", "day")


@pytest.fixture
def cdnow(tmp_path: Path) -> Path:
    """Every other customer of CDNOW with what was paid at first (huge), a word dealt by lot that changes later, and one word."""
    file = tmp_path / "cdnow.csv"
    first: dict[str, tuple[str, float, str]] = {}
    random, rows = np.random.default_rng(1), ["who,day,paid,first_paid,channel,same"]
    some = [one for one in purchases() if int(one[0]) % 2]
    for who, day, paid in sorted(some, key=lambda one: one[1]):
        first.setdefault(who, (day, paid, random.choice(["shop", "web", "web", "app"])))
        began, spent, channel = first[who]
        rows.append(f"{who},{day},{paid},{spent * 1e8:.0f},{channel if began == day else 'later'},x")
    file.write_text("\n".join([rows[0], *rows[:0:-1], ""]))
    return file


def test_what_was_known_at_first_tells_who_buys_more(cdnow: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = (cdnow, *COLUMNS, "--until", "1997-09-30", "--horizon", "39w")
    with_traits = (*given, "--covariate", "first_paid", "--covariate", "channel")
    plain, found = told(capsys, *given), told(capsys, *with_traits)
    effects = found["covariates"]["effects"]
    assert [(one["covariate"], one["level"], one["against"]) for one in effects] == [
        ("first_paid", None, None),
        ("channel", "app", "web"),
        ("channel", "shop", "web"),
    ]
    paid = effects[0]
    assert paid["buying_low"] > 1
    assert paid["buying_p"] < 0.01
    assert 1e9 < paid["one_more"] < 1e10
    assert all(one["buying_low"] < 1 < one["buying_high"] for one in effects[1:])
    assert found["covariates"]["log_likelihood_without"] == pytest.approx(plain["log_likelihood"])
    assert found["log_likelihood"] > plain["log_likelihood"] + 5
    assert found["covariates"]["df"] == 6
    assert found["customers"]["expected_purchases"] == pytest.approx(
        plain["customers"]["expected_purchases"], rel=0.03
    )
    assert "Time-Invariant" in found["source"]


def test_where_too_few_leave_only_buying_is_told_apart(
    cdnow: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from regard.analyses.value import customers

    def few(kinds: Any, model: Any, *, leave_alike: bool = False) -> Any:
        if not leave_alike:
            raise NotEnoughData("too few")
        return fit_with_traits(kinds, model, leave_alike=True)

    monkeypatch.setattr(customers, "fit_with_traits", few)
    given = (cdnow, *COLUMNS, "--until", "1997-09-30", "--covariate", "channel")
    found = told(capsys, *given)["covariates"]
    assert (found["df"], found["effects"][0]["leaving"]) == (2, None)
    assert found["effects"][0]["buying_low"] < found["effects"][0]["buying_high"]
    run(*given)
    said = capsys.readouterr().out
    assert "leaving is taken as alike" in said
    assert "buys times as often" in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--covariate", "same"), "says the same of every customer"),
        (("--covariate", "first_paid", "--covariate", "first_paid"), "say the same"),
        (("--covariate", "chanel"), "no column 'chanel'"),
        (("--covariate", "channel", "--model", "bg-bb"), "--covariate goes with"),
        (("--covariate", "channel", "--model", "sbg"), "--covariate goes with"),
    ],
)
def test_covariates_that_tell_nothing_are_refused(cdnow: Path, given: tuple[str, ...], said: str) -> None:
    with pytest.raises(RegardError, match=said):
        run(cdnow, *COLUMNS, *given)

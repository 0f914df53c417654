"""The pages of the explorer and of administration in every language: nothing is left in English."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from regard.apps.dashboards.tests.conftest import SignIn
from regard.apps.dashboards.tests.test_translated import SAME, words_of
from regard.apps.intake.services import add_source
from regard.apps.journal.services import Rejected, quarantine

NAMES = re.compile(
    r"^Import$|Drawn|Nobody|drawn|SQL|CSV|PNG|SVG|JSON|curl|Python|Node|attributes|set_aside|orders\.csv|\{\}"
)
PAGES = {
    "analyst": (
        "/",
        "/explore/",
        "/explore/?metric=nps&by=channel&days=all&compare=previous",
        "/explore/?metric=csat&by=unit&by=touchpoint&every=month&on=channel&way=is&value=",
        "/explore/?metric=time_to_resolution&days=own&compare=group&by=language",
        "/explore/?metric=x&by=y&days=z&every=w&on=a&way=b&value=c&compare=d&since=e&where=((",
        "/metrics/",
        "/metrics/?q=nothing-like-it",
    ),
    "administrator": (
        "/",
        "/members/",
        "/members/1/",
        "/units/",
        "/units/?edit=north",
        "/sources/",
        "/sources/drawn/",
        "/operations/",
        "/operations/quarantine/",
        "/operations/quarantine/1/",
        "/welcome/nothing/",
    ),
}


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("language", ["el", "hy", "pl", "ru"])
@pytest.mark.parametrize("role", ["analyst", "administrator"])
def test_nothing_is_left_untranslated(role: str, language: str, sign_in: SignIn) -> None:
    add_source("drawn", title="Drawn")
    quarantine(
        [Rejected(source="drawn", received_at=datetime.now(UTC), reason="no_event", message="", raw="{}")]
    )
    client = sign_in(role)
    for page in PAGES[role]:
        answers = {name: client.get(page, headers={"accept-language": name}) for name in ("en", language)}
        left = words_of(answers["en"].content) & words_of(answers[language].content)
        left = {
            text
            for text in left
            if re.search(r"[A-Za-z]{3}", text) and not SAME.search(text) and not NAMES.search(text)
        }
        assert not left, page

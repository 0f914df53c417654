"""What `/healthz` and `/readyz` tell."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import settings

from regard.apps.journal import services
from regard.server.health import Health

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_what_is_parked_and_set_aside_is_told() -> None:
    health = Health(settings.REGARD)
    health.refresh()
    quiet = health.report([])
    assert (quiet["status"], quiet["problems"]) == ("well", [])
    assert (quiet["parked"], quiet["quarantine"]) == (0, 0)
    services.park("customers", seq=4, position=None, reason="it broke", attempts=3, now=NOW)
    item = {"source": "shop", "received_at": NOW, "reason": "no_kind", "message": "No kind.", "raw": "{}"}
    services.quarantine([services.Rejected(**item)])  # type: ignore[arg-type]
    later = Health(settings.REGARD)
    later.refresh()
    told = later.report([])
    assert (told["status"], told["parked"], told["quarantine"]) == ("impaired", 1, 1)
    assert told["problems"] == ["1 parked: see the operations page"]
    assert later.report(["too much waits for the projector"])["status"] == "unwell"


def test_every_figure_for_prometheus_says_what_it_is() -> None:
    item = {"source": "shop", "received_at": NOW, "reason": "no_kind", "message": "No kind.", "raw": "{}"}
    services.quarantine([services.Rejected(**item)])  # type: ignore[arg-type]
    health = Health(settings.REGARD)
    health.refresh()
    lines = health.figures().splitlines()
    names = {line.partition(" ")[0].partition("{")[0] for line in lines if not line.startswith("#")}
    assert 'regard_quarantine_open_by_reason{reason="no_kind"} 1' in lines
    for name in names:
        assert any(line.startswith(f"# HELP {name} ") for line in lines)
        assert any(line.startswith(f"# TYPE {name} ") for line in lines)

"""The catalogue of numbers and the one way to them: `regard.metrics.compute`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regard.metrics.compute import compute
    from regard.metrics.readings import Reading, Result
    from regard.metrics.settings import MetricSettings

_HOMES = {
    "compute": "regard.metrics.compute",
    "Reading": "regard.metrics.readings",
    "Result": "regard.metrics.readings",
    "MetricSettings": "regard.metrics.settings",
}
__all__ = ["MetricSettings", "Reading", "Result", "compute"]


def __getattr__(name: str) -> Any:
    """Import on first use, so that `regard --help` loads neither the engine nor the mathematics."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)

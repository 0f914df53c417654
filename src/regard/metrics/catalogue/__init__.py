"""The metrics, one file each; loading this package registers them all and checks their counts."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from regard.metrics.metric import METRICS

for module in iter_modules(__path__):
    if module.name != "tests":
        import_module(f"{__name__}.{module.name}")

__all__ = ["METRICS"]

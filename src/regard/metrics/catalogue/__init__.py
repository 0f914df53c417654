"""The metrics, one file each, called by its key. A metric is loaded when it is asked for, all of them when listed."""

from __future__ import annotations

from regard.metrics.metric import METRICS

__all__ = ["METRICS"]

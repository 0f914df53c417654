"""The commands of all analyses. Each stands beside its analysis and imports what is heavy only when it runs."""

from __future__ import annotations

import argparse
from importlib import import_module

ANALYSES: tuple[str, ...] = (
    "drivers",
    "economics",
    "effect",
    "experiment",
    "explain",
    "forecast",
    "intents",
    "journeys",
    "predict",
    "sentiment",
    "staffing",
    "topics",
    "value",
)


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add a command for each analysis."""
    for name in ANALYSES:
        import_module(f"regard.analyses.{name}.command").register(commands)

"""The homes, one file per role; importing this package makes them known."""

from regard.apps.dashboards.catalogue import administrator, analyst, executive, frontline, manager

__all__ = ["administrator", "analyst", "executive", "frontline", "manager"]

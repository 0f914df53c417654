"""Makes the customers slice known to Django and its consumers to the projector."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """The customers slice."""

    name = "regard.apps.customers"
    label = "customers"

    def ready(self) -> None:
        import_module("regard.apps.customers.consumer")
        import_module("regard.apps.customers.indexing")
        import_module("regard.apps.customers.erasing.carrying")
        import_module("regard.apps.customers.erasing.checkup")
        import_module("regard.apps.customers.erasing.errand")
        import_module("regard.apps.customers.erasing.refusing")

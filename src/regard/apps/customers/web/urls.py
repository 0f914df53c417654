"""Addresses of the customers' pages."""

from __future__ import annotations

from django.urls import path

from regard.apps.customers.web import views

urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/<int:customer_id>/", views.customer, name="customer"),
]

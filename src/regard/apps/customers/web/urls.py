"""Addresses of the customers' pages."""

from __future__ import annotations

from django.urls import path

from regard.apps.customers.web import erasures, views

urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/<int:customer_id>/", views.customer, name="customer"),
    path("erasures/", erasures.erasures, name="erasures"),
    path("erasures/customers/<int:customer_id>/", erasures.erase, name="erase"),
    path("erasures/<int:number>/", erasures.erasure, name="erasure"),
    path("erasures/<int:number>/proof.json", erasures.proof, name="erasure-proof"),
]

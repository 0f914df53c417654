"""Addresses of the organisation's pages."""

from __future__ import annotations

from django.urls import path

from regard.apps.organisation.web import stages, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("language/", views.choose_language, name="language"),
    path("account/", views.account, name="account"),
    path("stages/", stages.stages, name="stages"),
]

"""Addresses of the organisation's pages."""

from __future__ import annotations

from django.urls import path

from regard.apps.organisation.web import members, readings, settings, stages, units, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("language/", views.choose_language, name="language"),
    path("account/", views.account, name="account"),
    path("members/", members.members, name="members"),
    path("members/<int:member_id>/", members.member, name="member"),
    path("members/<int:member_id>/<slug:verb>/", members.change, name="member-change"),
    path("readings/", readings.readings, name="readings"),
    path("units/", units.units, name="units"),
    path("welcome/<str:token>/", members.welcome, name="welcome"),
    path("settings/", settings.settings, name="settings"),
    path("stages/", stages.stages, name="stages"),
]

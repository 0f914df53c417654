"""Signing in and out, the language, and one's own password."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from regard.apps.organisation import policy, services, tries
from regard.apps.organisation.models import Member
from regard.apps.organisation.web.forms import PasswordForm, SignInForm
from regard.apps.organisation.web.words import ROLE_TITLES
from regard.webkit.access import needs

YEAR_SECONDS = 365 * 24 * 3600


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask who comes. Too many failures close the door for a quarter of an hour, whoever knocks."""
    goal = _safe_goal(request)
    if request.user.is_authenticated:
        return redirect(goal)
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        answer, status = _try_to_sign_in(request, form, goal)
        if answer:
            return answer
    page = render(request, "organisation/sign_in.html", {"form": form, "goal": goal}, status=status)
    if status == 429:
        page.headers["Retry-After"] = str(policy.WINDOW_SECONDS)
    return page


def _try_to_sign_in(request: HttpRequest, form: SignInForm, goal: str) -> tuple[HttpResponse | None, int]:
    email, password = form.cleaned_data["email"], form.cleaned_data["password"]
    network, now = str(request.META.get("REMOTE_ADDR", "")), datetime.now(UTC)
    if not tries.may_try_to_sign_in(email=email, network=network, now=now):
        form.add_error(None, _("Too many tries. Please wait a quarter of an hour."))
        return None, 429
    member = authenticate(request, username=email, password=password)
    if member is None:
        tries.note_failed_sign_in(email=email, network=network, now=now)
        form.add_error(None, _("E-mail and password do not fit together."))
        return None, 200
    tries.forget_failed_sign_ins(email=email)
    login(request, member)
    answer = HttpResponseRedirect(goal)
    _keep_language(answer, member.language)
    return answer, 302


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave."""
    logout(request)
    return redirect("sign-in")


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Read in another language from now on, here and wherever this member signs in."""
    language = request.POST.get("language", "")
    answer = HttpResponseRedirect(_safe_goal(request))
    if language in dict(settings.LANGUAGES):
        if isinstance(request.user, Member):
            services.set_language(member_id=request.user.pk, language=language)
        _keep_language(answer, language)
    return answer


@sensitive_post_parameters("old", "new")
@never_cache
@needs()
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's own name, role, language and password."""
    member = cast(Member, request.user)
    form = PasswordForm(member, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.set_password(member_id=member.pk, password=form.cleaned_data["new"])
        member.refresh_from_db()
        update_session_auth_hash(request, member)
        messages.success(request, _("Your password is changed."))
        return redirect("account")
    role = ROLE_TITLES.get(member.role, member.role)
    return render(request, "organisation/account.html", {"form": form, "member": member, "role": role})


def _safe_goal(request: HttpRequest) -> str:
    goal = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(
        goal, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return goal if is_ours else "/"


def _keep_language(answer: HttpResponse, language: str) -> None:
    if language:
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR_SECONDS, samesite="Lax", httponly=True
        )

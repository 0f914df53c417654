"""Members, for those who may let others in: invite, change, keep out, and a link for a lost password."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from regard.apps.organisation import invitations, queries, services, tries
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part, Sight
from regard.apps.organisation.queries import MemberCard
from regard.apps.organisation.web.forms import InviteForm, MemberForm, NewPasswordForm
from regard.apps.organisation.web.words import ROLE_TITLES
from regard.kernel.errors import InvalidInput
from regard.webkit import formats
from regard.webkit.access import needs
from regard.webkit.refusals import refusal_of

SHOWN_LINK = "shown_invitation"


@never_cache
@needs(Part.MEMBERS)
@require_http_methods(["GET", "POST"])
def members(request: HttpRequest) -> HttpResponse:
    """All members whom this one may look after, and a form to invite another."""
    sight = queries.get_sight(_me(request))
    form = InviteForm(sight, request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.invite_member(
                email=given["email"], role=given["role"], unit=given["unit"] or None, name=given["name"]
            )
        except InvalidInput as error:
            form.add_error("email", refusal_of(error).text)
        else:
            _show_link(request, made.id)
            messages.success(
                request, _("They may sign in once they have chosen a password by the link below.")
            )
            return redirect("member", made.id)
    titles = {unit.key: unit.title for unit in queries.list_units()}
    now = datetime.now(UTC)
    rows = [_line(card, titles, now) for card in queries.list_members() if sight.sees_unit(card.unit)]
    context = {"rows": rows, "form": form}
    return render(request, "organisation/members.html", context, status=400 if form.errors else 200)


@never_cache
@needs(Part.MEMBERS)
@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, member_id: int) -> HttpResponse:
    """One member: role, unit and name; the link for their password where one was just made."""
    card, sight = _find(request, member_id)
    form = MemberForm(
        sight,
        request.POST or None,
        initial={"name": card.name, "role": card.role, "unit": card.unit or ""},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.change_member(
                member_id=member_id, role=given["role"], unit=given["unit"] or None, name=given["name"]
            )
        except InvalidInput as error:
            form.add_error(None, refusal_of(error).text)
        else:
            messages.success(request, _("The member is changed."))
            return redirect("member", member_id)
    shown = request.session.pop(SHOWN_LINK, None)
    context = {
        "card": card,
        "called": card.name or card.email,
        "role": ROLE_TITLES.get(card.role, card.role),
        "form": form,
        "link": _link(request, member_id) if shown == member_id else "",
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        "is_me": card.id == _me(request).pk,
        "last": formats.ago(card.last_sign_in_at, datetime.now(UTC)) if card.last_sign_in_at else "",
    }
    return render(request, "organisation/member.html", context, status=400 if form.errors else 200)


@needs(Part.MEMBERS)
@require_POST
def change(request: HttpRequest, member_id: int, verb: str) -> HttpResponse:
    """Make a link for a new password, keep a member out, let them in again, or delete them."""
    card, _sight = _find(request, member_id)
    try:
        if verb == "link":
            _show_link(request, member_id)
        elif verb in ("disable", "enable"):
            services.set_active(email=card.email, is_active=verb == "enable")
            done = _("They may sign in again.") if verb == "enable" else _("They can no longer sign in.")
            messages.success(request, done)
        elif verb == "remove":
            services.remove_member(email=card.email)
            messages.success(request, _("The member is deleted."))
            return redirect("members")
        else:
            raise Http404
    except InvalidInput as error:
        messages.error(request, refusal_of(error).text)
    return redirect("member", member_id)


@sensitive_post_parameters("new")
@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Choose one's password by a link, once; then one is signed in."""
    invited = invitations.find_invited(token)
    if invited is None:
        return render(request, "organisation/welcome.html", {"invited": None}, status=404)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.set_password(member_id=invited.id, password=form.cleaned_data["new"])
        tries.forget_failed_sign_ins(email=invited.email)
        login(request, Member.objects.get(pk=invited.id), "django.contrib.auth.backends.ModelBackend")
        return redirect("/")
    context = {"invited": invited, "form": form}
    return render(request, "organisation/welcome.html", context, status=400 if form.errors else 200)


def _line(card: MemberCard, titles: dict[str, str], now: datetime) -> dict[str, object]:
    return {
        "card": card,
        "called": card.name or card.email,
        "role": ROLE_TITLES.get(card.role, card.role),
        "unit": titles.get(card.unit, card.unit) if card.unit else "",
        "last": formats.ago(card.last_sign_in_at, now) if card.last_sign_in_at else "",
    }


def _find(request: HttpRequest, member_id: int) -> tuple[MemberCard, Sight]:
    """The member, where this one may look after them."""
    sight = queries.get_sight(_me(request))
    card = next((one for one in queries.list_members() if one.id == member_id), None)
    if card is None:
        raise Http404
    if not sight.sees_unit(card.unit):
        raise PermissionDenied
    return card, sight


def _show_link(request: HttpRequest, member_id: int) -> None:
    """Show the link on the page that comes next, and on no other."""
    request.session[SHOWN_LINK] = member_id


def _link(request: HttpRequest, member_id: int) -> str:
    base = settings.REGARD.public_url or request.build_absolute_uri("/").rstrip("/")
    return base + reverse("welcome", args=[invitations.make_invitation(member_id=member_id)])


def _me(request: HttpRequest) -> Member:
    return cast(Member, request.user)

"""Links by which members choose their first password, or another one where they lost it."""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from regard.apps.organisation.models import Member
from regard.apps.organisation.queries import MemberCard, card_of


def make_invitation(*, member_id: int) -> str:
    """A token by which a member chooses a password, once, within some days.

    It counts no longer when they have signed in or have a new password.
    """
    member = Member.objects.get(pk=member_id)
    return f"{urlsafe_base64_encode(str(member.pk).encode())}.{default_token_generator.make_token(member)}"


def find_invited(token: str) -> MemberCard | None:
    """Whom an invitation is for; None where it is forged, used or too old, or they may not sign in."""
    head, _, rest = token.partition(".")
    try:
        member_id = int(urlsafe_base64_decode(head).decode())
    except (ValueError, UnicodeDecodeError):
        return None
    member = Member.objects.filter(pk=member_id, is_active=True).first() if member_id < 2**62 else None
    if member is None or not default_token_generator.check_token(member, rest):
        return None
    return card_of(member)

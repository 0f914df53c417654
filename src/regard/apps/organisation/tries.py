"""Tries to sign in, of which only so many may fail: whoever guesses has to wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from regard.apps.organisation import policy
from regard.apps.organisation.models import SignInFailure


def may_try_to_sign_in(*, email: str, network: str, now: datetime) -> bool:
    """Whether a try to sign in is answered, or came too often."""
    since = now - timedelta(seconds=policy.WINDOW_SECONDS)
    failures = SignInFailure.objects.filter(failed_at__gt=since)
    return policy.may_try_again(
        failures_of_address=failures.filter(who=_fingerprint("email", email.strip().lower())).count(),
        failures_of_network=failures.filter(who=_fingerprint("network", network)).count(),
    )


def note_failed_sign_in(*, email: str, network: str, now: datetime) -> None:
    """Remember a failed try, and forget those that no longer count."""
    SignInFailure.objects.filter(failed_at__lt=now - timedelta(seconds=policy.WINDOW_SECONDS)).delete()
    SignInFailure.objects.bulk_create(
        SignInFailure(who=_fingerprint(kind, value), failed_at=now)
        for kind, value in (("email", email.strip().lower()), ("network", network))
    )


def forget_failed_sign_ins(*, email: str) -> None:
    """After a success the address starts afresh."""
    SignInFailure.objects.filter(who=_fingerprint("email", email.strip().lower())).delete()


def _fingerprint(kind: str, value: str) -> str:
    return salted_hmac(f"regard.sign-in.{kind}", value, algorithm="sha256").hexdigest()

"""Members, the tree of units, and the settings of the one organisation that an installation serves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from regard.apps.organisation.policy import Part, Viewer, sight_of


class Unit(models.Model):
    """A part of the organisation: a region, a shop, a team. Interactions name it by its key."""

    key = models.CharField(primary_key=True, max_length=200)
    title = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("title", "key")

    def __str__(self) -> str:
        return self.title or self.key


class MemberManager(BaseUserManager["Member"]):
    """Finds members by e-mail, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Member:
        return self.get(email=(username or "").strip().lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Member:
        """A new member; without a password nobody can sign in as them."""
        member = self.model(email=email.strip().lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member


class Member(AbstractBaseUser):
    """Someone of the organisation who signs in. `email` and `name` are personal data.

    Args:
        role: the key of a role in `policy.ROLES`.
        unit: the part of the organisation whose customers they may see; None is the whole company.
        language: the language they read, as a key of `settings.LANGUAGES`; empty follows the browser.
    """

    email = models.EmailField(unique=True, max_length=254)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=12, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[MemberManager] = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("email",)

    def __str__(self) -> str:
        return self.name or self.email

    def may(self, part: str) -> bool:
        """Whether this part of Regard is open to them; `policy` decides, here it is only asked."""
        return sight_of(Viewer(role=self.role, unit=None, is_active=self.is_active), {}).may(Part(part))

    @property
    def sees_everything(self) -> bool:
        """Whether no unit bounds what they see; `policy` decides this too."""
        viewer = Viewer(role=self.role, unit=self.unit_id, is_active=self.is_active)
        return sight_of(viewer, {}).units is None

    def note_reading(self, what: str, ids: Sequence[int | str]) -> None:
        """Write down what they are shown, as pages below this slice ask; see `services.note_reading`."""
        from regard.apps.organisation.services import note_reading

        note_reading(self, what, ids)


class OrganisationSetting(models.Model):
    """The one row of settings that people change on a page, not in the environment.

    Args:
        zone: IANA name of the time zone in which days and weeks are cut.
        currency: ISO 4217 code assumed where a source gives an amount without one.
        ces_threshold: the lowest answer of 1–7 that counts as easy in the official customer effort score.
        week_starts_on: 1 Monday … 7 Sunday, for showing; weeks of figures begin on Monday (ISO 8601).
        stages: the journey's stages as `stages.Stage` writes them; empty while the usual ones hold.
        phone_region: ISO 3166 code of the country of phone numbers without a country code; empty where none is meant.
        working_hours: as `working.WorkingHours` writes them; empty for day and night.
    """

    name = models.CharField(max_length=200, blank=True)
    zone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, default="EUR")
    language = models.CharField(max_length=12, default="en")
    ces_threshold = models.PositiveSmallIntegerField(default=5)
    week_starts_on = models.PositiveSmallIntegerField(default=1)
    stages = models.JSONField(default=list)
    phone_region = models.CharField(max_length=2, blank=True, default="")
    working_hours = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class SignInFailure(models.Model):
    """A failed try to sign in, kept for an hour so that passwords cannot be guessed at speed.

    `who` is a keyed hash of the address tried or of the network address, never either itself.
    """

    who = models.CharField(max_length=64)
    failed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["who", "failed_at"])]


class Reading(models.Model):
    """That a member read single answers or customers. Only ever added to: nobody changes or removes what was read.

    Args:
        member: the id of the member, who may have left since; `email` is theirs at that moment (personal data).
        what: what was shown, such as "customer" or "answers".
        about: the numbers of the customers, or ids of what was shown; never words.
    """

    member = models.BigIntegerField()
    email = models.EmailField(max_length=254)
    read_at = models.DateTimeField()
    what = models.CharField(max_length=60)
    about = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["read_at"], name="reading_at")]

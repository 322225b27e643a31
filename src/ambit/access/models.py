"""Who may sign in, and what ties a reader to a person."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class AccountManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields):
        account = self.model(email=self.normalize_email(email), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str):
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """Somebody who can sign in: a member of staff, or a person, proxy or carer."""

    email = models.EmailField(unique=True)
    staff = models.OneToOneField("organisations.Staff", on_delete=models.PROTECT, null=True, related_name="account")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="accounts")
    name = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = AccountManager()

    def __str__(self) -> str:
        return self.email


class Grant(models.Model):
    """What ties readers to a person besides the practice list: team, residence, duty, proxy, carer with leave."""

    class Kind(models.TextChoices):
        CARE_TEAM = "care_team", "Care team"
        RESIDENCE = "residence", "Lives in this care home"
        PROXY = "proxy", "Proxy"
        CARER = "carer", "Carer with leave"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="grants")
    kind = models.CharField(max_length=12, choices=Kind)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, null=True)
    team = models.ForeignKey("organisations.Team", on_delete=models.PROTECT, null=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)
    basis = models.TextField(blank=True)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "until_at"], name="grant_person"),
            models.Index(fields=["organisation", "until_at"], name="grant_organisation"),
            models.Index(fields=["team", "until_at"], name="grant_team"),
            models.Index(fields=["account", "until_at"], name="grant_account"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for {self.person_id}"


class BreakGlass(models.Model):
    """An emergency opening: why, until when, and what the privacy officer made of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="emergency_openings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    reason = models.TextField()
    opened_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "account", "until_at"], name="break_glass_open")]

    def __str__(self) -> str:
        return f"{self.account_id} opened {self.person_id}"

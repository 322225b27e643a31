"""Who may sign in, what ties a reader to a person, what the person has decided about sharing."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from ambit.access.rules import EMERGENCIES, HIDES_FROM, REVIEWS, WHY_SEALED, CurrentMembership


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by address, whatever the case of its letters."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """Somebody who can sign in: a member of staff, or a person, proxy or carer."""

    class Role(models.TextChoices):
        STAFF = "", "Staff (the role is in the membership)"
        PERSON = "person", "The person"
        PROXY = "proxy", "Somebody who acts for a person"
        CARER = "carer", "A carer"

    email = models.EmailField(unique=True)
    staff = models.OneToOneField("organisations.Staff", on_delete=models.PROTECT, null=True, related_name="account")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="accounts")
    role = models.CharField(max_length=10, choices=Role, blank=True)
    name = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)

    # the memberships of today, when the account was read for a request (`queries.signed_in_account`)
    memberships_today: tuple[CurrentMembership, ...] | None = None

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = AccountManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role="") | Q(staff=None), name="account_of_staff_takes_its_role_from_a_membership"
            ),
            models.CheckConstraint(
                condition=~Q(role="person") | Q(person__isnull=False), name="account_of_a_person_names_the_person"
            ),
        ]

    def __str__(self) -> str:
        return self.email


class Grant(models.Model):
    """What ties readers to a person besides the practice list: team, residence, proxy, carer with leave, agreement."""

    class Kind(models.TextChoices):
        CARE_TEAM = "care_team", "Care team"
        RESIDENCE = "residence", "Lives in this care home"
        PROXY = "proxy", "Proxy"
        CARER = "carer", "Carer with leave"
        SHARED = "shared", "Shared by agreement"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="grants")
    kind = models.CharField(max_length=12, choices=Kind)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, null=True)
    team = models.ForeignKey("organisations.Team", on_delete=models.PROTECT, null=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)
    basis = models.TextField(blank=True)
    # a parent's grant stands only while their parental responsibility does (`ties`)
    parental = models.ForeignKey("people.ParentalResponsibility", on_delete=models.PROTECT, null=True, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(organisation__isnull=False, team=None, account=None)
                    | Q(organisation=None, team__isnull=False, account=None)
                    | Q(organisation=None, team=None, account__isnull=False)
                ),
                name="grant_ties_exactly_one",
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")), name="grant_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["proxy", "carer"]) | Q(account__isnull=False), name="grant_of_a_proxy_names_one"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "until_at"], name="grant_person"),
            models.Index(fields=["organisation", "until_at"], name="grant_organisation"),
            models.Index(fields=["team", "until_at"], name="grant_team"),
            models.Index(fields=["account", "until_at"], name="grant_account"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} for {self.person_id}"


class Duty(models.Model):
    """A member of staff, or a whole organisation, on duty for an area from one moment to another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey("organisations.Membership", on_delete=models.PROTECT, null=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, related_name="duties"
    )
    area = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="duties_for")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "duties"
        constraints = [
            models.CheckConstraint(
                condition=Q(membership__isnull=False, organisation=None)
                | Q(membership=None, organisation__isnull=False),
                name="duty_of_one_member_or_one_organisation",
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")), name="duty_ends_after_it_begins"
            ),
        ]
        indexes = [
            models.Index(fields=["membership", "until_at"], name="duty_membership"),
            models.Index(fields=["organisation", "until_at"], name="duty_organisation"),
        ]

    def __str__(self) -> str:
        return f"on duty for {self.area_id} from {self.from_at:%Y-%m-%d %H:%M}"


class SharingDecision(models.Model):
    """What the person, or somebody with authority, decided about sharing the record. Never edited; ended, then followed."""

    class Basis(models.TextChoices):
        PERSON = "person", "The person"
        ATTORNEY = "attorney", "Attorney for health and welfare"
        DEPUTY = "deputy", "Court-appointed deputy"
        BEST_INTERESTS = "best_interests", "Best interests, by a named clinician"
        PARENTAL = "parental", "Somebody with parental responsibility"
        GILLICK = "gillick", "A child who is Gillick competent"

    class Outcome(models.TextChoices):
        AGREED = "agreed", "Agreed"
        OBJECTED = "objected", "Objected"
        WITHDRAWN = "withdrawn", "Agreement withdrawn"

    class Scope(models.TextChoices):
        WHOLE_RECORD = "whole_record", "The whole record"
        ORGANISATION = "organisation", "One organisation"
        ITEM = "item", "One item"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="sharing_decisions")
    basis = models.CharField(max_length=15, choices=Basis)
    decided_by = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome)
    scope = models.CharField(max_length=15, choices=Scope)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, null=True)
    item = models.CharField(max_length=60, blank=True)
    informed_on = models.DateField()
    material = models.CharField(max_length=60, blank=True)
    not_even_in_emergency = models.BooleanField(default=False)
    told_what_would_not_be_seen = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    recorded_by = models.TextField()
    recorded_at = models.DateTimeField()
    ended_by = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "scope", "item"],
                condition=Q(ended_at=None, organisation=None),
                name="sharing_one_current_decision_in_a_scope",
            ),
            models.UniqueConstraint(
                fields=["person", "organisation", "item"],
                condition=Q(ended_at=None, organisation__isnull=False),
                name="sharing_one_current_decision_for_an_organisation",
            ),
            models.CheckConstraint(
                condition=Q(not_even_in_emergency=False)
                | (Q(told_what_would_not_be_seen=True, scope="whole_record") & ~Q(outcome="agreed")),
                name="sharing_not_even_in_emergency_only_when_told",
            ),
            models.CheckConstraint(
                condition=Q(scope="organisation", organisation__isnull=False)
                | Q(scope="item")
                | Q(scope="whole_record", organisation=None),
                name="sharing_organisation_is_named",
            ),
            models.CheckConstraint(
                condition=(Q(scope="item") & ~Q(item="")) | (~Q(scope="item") & Q(item="")),
                name="sharing_item_is_named",
            ),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(ended_at=None), name="sharing_current")]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} for {self.person_id}"


class Seal(models.Model):
    """A section or attachment that is hidden until a day from some readers, with the reason. Never edited; ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="seals")
    item = models.CharField(max_length=60)
    hides_from = models.CharField(max_length=10, choices=list(HIDES_FROM.items()))
    why = models.CharField(max_length=15, choices=list(WHY_SEALED.items()))
    words = models.TextField()
    roles = models.JSONField(default=list)
    accounts = models.JSONField(default=list)
    until_on = models.DateField()
    sealed_by = models.TextField()
    sealed_by_role = models.CharField(max_length=30)
    sealed_by_organisation = models.TextField(blank=True)
    sealed_at = models.DateTimeField()
    ended_by = models.TextField(blank=True)
    ended_why = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "item", "hides_from"], condition=Q(ended_at=None), name="seal_one_open_of_a_kind"
            ),
            models.CheckConstraint(condition=~Q(words="") & ~Q(item=""), name="seal_says_what_and_why"),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(ended_at=None), name="seal_current")]

    def __str__(self) -> str:
        return f"{self.item} of {self.person_id} hidden from {self.hides_from}"


class OutsideConsent(models.Model):
    """Explicit agreement that somebody outside direct care is given a copy: who, what, until when. Revocable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="outside_consents")
    party = models.TextField()
    purpose = models.TextField()
    items = models.JSONField(default=list)
    basis = models.CharField(max_length=15, choices=SharingDecision.Basis)
    decided_by = models.TextField(blank=True)
    agreed_on = models.DateField()
    until_on = models.DateField()
    recorded_by = models.TextField()
    recorded_at = models.DateTimeField()
    ended_by = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(party="") & ~Q(purpose=""), name="outside_consent_says_who_and_what_for"
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("agreed_on")), name="outside_consent_ends_after_it_began"
            ),
            models.CheckConstraint(condition=~Q(basis="best_interests"), name="outside_consent_is_explicit"),
        ]
        indexes = [models.Index(fields=["person"], condition=Q(ended_at=None), name="outside_consent_current")]

    def __str__(self) -> str:
        return f"{self.party} may have a copy about {self.person_id}"


class BreakGlass(models.Model):
    """An emergency opening: who, why, until when, and what the privacy officer made of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="emergency_openings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="emergency_openings")
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, null=True)
    name = models.TextField()
    role = models.CharField(max_length=30)
    reason = models.CharField(max_length=15, choices=list(EMERGENCIES.items()))
    words = models.TextField()
    opened_at = models.DateTimeField()
    until_at = models.DateTimeField()
    review_due_on = models.DateField()
    outcome = models.CharField(max_length=15, choices=list(REVIEWS.items()), blank=True)
    note = models.TextField(blank=True)
    reviewed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="reviewed_openings")
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", reviewed_by=None, reviewed_at=None)
                | (~Q(outcome="") & Q(reviewed_by__isnull=False, reviewed_at__isnull=False)),
                name="break_glass_review_is_whole",
            )
        ]
        indexes = [
            models.Index(fields=["person", "account", "until_at"], name="break_glass_open"),
            models.Index(fields=["review_due_on"], condition=Q(outcome=""), name="break_glass_to_review"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} opened {self.person_id}"


class ShownCode(models.Model):
    """A short-lived code by which the person, or who acts for them, shows the record to who is with them.

    Only a keyed hash of it is kept, so that no copy of the database opens anything.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="shown_codes")
    code_hash = models.CharField(max_length=64, unique=True)
    shown_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="shown_codes")
    shown_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "until_at"], name="shown_code_person"),
            models.Index(fields=["shown_by", "shown_at"], name="shown_code_account"),
        ]

    def __str__(self) -> str:
        return f"code for {self.person_id} until {self.until_at:%Y-%m-%d %H:%M}"


class CodeUse(models.Model):
    """One reader's one use of a code: for some hours it ties them to the person, unless the person ends it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="code_uses")
    code = models.ForeignKey(ShownCode, on_delete=models.PROTECT, related_name="uses")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="code_uses")
    name = models.TextField()
    role = models.CharField(max_length=30)
    organisation_name = models.TextField(blank=True)
    used_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "account"], name="code_used_once_by_each_reader")]
        indexes = [models.Index(fields=["person", "account", "until_at"], name="code_use_open")]

    def __str__(self) -> str:
        return f"{self.account_id} used a code for {self.person_id}"


class Draft(models.Model):
    """What somebody had typed when their session had run out: kept for them alone, until used or a week has passed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="drafts")
    path = models.TextField()
    data = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "saved_at"], name="draft_account")]

    def __str__(self) -> str:
        return f"draft of {self.account_id} at {self.saved_at:%Y-%m-%d %H:%M}"

"""Time on the register, the stages given during it, and the referrals that asked for it."""

import uuid

from django.db import models
from django.db.models import F, Q

from ambit.audit.append_only import AppendOnly
from ambit.register.rules import (
    ADULT,
    ANSWERS,
    BY_HAND,
    CASE_FINDING,
    CHILD,
    IMPORTED,
    KNOWS,
    NOT_STAGED,
    REFERRAL,
    STAGES,
)


class RegisterEntry(models.Model):
    """Somebody's time on the register, from joining to leaving."""

    class Basis(models.TextChoices):
        ADULT = ADULT, "Adult, may be in their last year of life"
        CHILD = CHILD, "Child or young person, lifelong"

    class FoundBy(models.TextChoices):
        CASE_FINDING = CASE_FINDING, "Case-finding"
        REFERRAL = REFERRAL, "Referral"
        BY_HAND = BY_HAND, "Added by hand"
        IMPORTED = IMPORTED, "Imported register"

    class Reason(models.TextChoices):
        DIED = "died", "Died"
        IMPROVED = "improved", "Improved, no longer right"
        MOVED = "moved", "Moved away"
        OBJECTED = "objected", "Did not want to be on it"
        WRONG = "wrong", "Added by mistake"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="register_entries")
    basis = models.CharField(max_length=8, choices=Basis)
    stage = models.CharField(max_length=16, choices=list(STAGES.items()), default=NOT_STAGED)
    found_by = models.CharField(max_length=14, choices=FoundBy)
    referred_by = models.TextField(blank=True)
    told = models.BooleanField(default=False)
    joined_on = models.DateField()
    review_due_on = models.DateField()
    left_on = models.DateField(null=True)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "register entries"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(left_on=None), name="register_one_open_entry_per_person"
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(left_on__gte=F("joined_on")), name="register_left_after_joining"
            ),
            models.CheckConstraint(
                condition=Q(left_on=None, reason="") | (Q(left_on__isnull=False) & ~Q(reason="")),
                name="register_left_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["review_due_on"], condition=Q(left_on=None), name="register_reviews"),
            models.Index(fields=["person", "joined_on"], name="register_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} since {self.joined_on}"


class StageGiven(models.Model):
    """One stage given to somebody: by whom, when, and why. Never changed, only followed."""

    entry = models.ForeignKey(RegisterEntry, on_delete=models.PROTECT, related_name="stages")
    number = models.PositiveIntegerField()
    stage = models.CharField(max_length=16, choices=list(STAGES.items()))
    reason = models.TextField(blank=True)
    given_on = models.DateField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    by_name = models.TextField()
    by_role = models.CharField(max_length=30)
    by_organisation = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "stages given"
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="register_stage_once"),
            AppendOnly(name="register_stage_is_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} on {self.given_on}"


class Referral(models.Model):
    """Somebody referred to the register, as the referrer knew them. Written once; answers follow it.

    `person` is the record it is about, where it is known whose: `by_identity` says that the referrer typed who it is
    and may not have been told so.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="referrals")
    practice = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    by_identity = models.BooleanField()
    family_name = models.TextField()
    given_names = models.TextField(blank=True)
    born_on = models.DateField(null=True)
    nhs_number = models.CharField(max_length=10, blank=True)
    reason = models.TextField()
    knows = models.CharField(max_length=10, choices=list(KNOWS.items()))
    referred_at = models.DateTimeField()
    by_account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    by_team = models.ForeignKey("organisations.Team", on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.TextField()
    by_role = models.CharField(max_length=30)
    by_organisation = models.TextField()

    class Meta:
        constraints = [
            # a merge moves it to the record that is kept; the practice finds out whose record it is about
            AppendOnly(name="referral_is_kept", may_change=("person",)),
        ]
        indexes = [
            models.Index(fields=["practice", "referred_at"], name="referral_of_practice"),
            models.Index(fields=["by_account", "referred_at"], name="referral_of_account"),
            models.Index(fields=["by_team", "referred_at"], name="referral_of_team"),
        ]

    def __str__(self) -> str:
        return f"Referral {self.id}"


class ReferralAnswer(models.Model):
    """What was answered to a referral, or added by the referrer when asked. Written once, and numbered."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveIntegerField()
    answer = models.CharField(max_length=10, choices=list(ANSWERS.items()))
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    by_name = models.TextField()
    by_role = models.CharField(max_length=30)
    by_organisation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="referral_answer_once"),
            AppendOnly(name="referral_answer_is_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.get_answer_display()} at {self.at}"

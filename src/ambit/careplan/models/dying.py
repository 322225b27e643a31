"""That somebody is thought to be dying, the verification of their death, and the closing of their record."""

import uuid

from django.db import models
from django.db.models import Q

from ambit.audit.append_only import AppendOnly
from ambit.careplan.rules import closing, dying


class Recognition(models.Model):
    """A judgement that somebody is dying, or no longer is. Written once; the one made last holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=list(dying.WORDS.items()))
    at = models.DateTimeField()
    judged_by = models.TextField()
    judged_by_role = models.TextField(blank=True)
    causes = models.CharField(max_length=14, choices=list(dying.CAUSES.items()), blank=True)
    words = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    recorded_by_role = models.CharField(max_length=30)
    recorded_by_organisation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=dying.DYING, causes__in=list(dying.CAUSES))
                | (Q(kind=dying.RECOVERING) & ~Q(words="")),
                name="recognition_says_why",
            ),
            # a merge of two records moves it to the one that is kept
            AppendOnly(name="recognition_is_kept", may_change=("person",)),
        ]
        indexes = [models.Index(fields=["person", "at"], name="recognition_of_person")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.person_id}"


class Verification(models.Model):
    """Somebody's death as it was verified: by whom, by which signs, and what was found. Written once; a later one corrects it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField()
    verified_by = models.TextField()
    signs = models.JSONField(default=list)
    was_expected = models.CharField(max_length=3, choices=list(dying.YES_NO.items()))
    implanted = models.CharField(max_length=18, choices=list(dying.IMPLANTED.items()))
    left_in_place = models.TextField(blank=True)
    infection = models.CharField(max_length=10, choices=list(dying.INFECTION.items()))
    infection_words = models.TextField(blank=True)
    present = models.TextField(blank=True)
    practice_told = models.CharField(max_length=10, choices=list(dying.TELLING.items()))
    examiner_told = models.CharField(max_length=10, choices=list(dying.TELLING.items()))
    coroner_told = models.CharField(max_length=10, choices=list(dying.TELLING.items()))
    words = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    recorded_by_role = models.CharField(max_length=30)
    recorded_by_organisation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(asked_at=None) | Q(asked_at__lte=models.F("verified_at")),
                name="verification_after_it_was_asked_for",
            ),
            AppendOnly(name="verification_is_kept", may_change=("person",)),
        ]
        indexes = [models.Index(fields=["person", "recorded_at"], name="verification_of_person")]

    def __str__(self) -> str:
        return f"verification of {self.person_id}"


class Closure(models.Model):
    """The answers with which somebody's record was closed after their death. Written once; a later one corrects it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    preferred = models.CharField(max_length=20, blank=True)
    preferred_second = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=10)
    proposed = models.CharField(max_length=16, choices=list(closing.OUTCOMES.items()))
    outcome = models.CharField(max_length=16, choices=list(closing.OUTCOMES.items()))
    variance = models.CharField(max_length=10, choices=list(closing.VARIANCES.items()), blank=True)
    words = models.TextField(blank=True)
    answers = models.JSONField()
    emergency_visits = models.PositiveSmallIntegerField(null=True)
    unplanned_admissions = models.PositiveSmallIntegerField(null=True)
    days_in_hospital = models.PositiveSmallIntegerField(null=True)
    closed_at = models.DateTimeField()
    closed_by = models.TextField()
    closed_by_role = models.CharField(max_length=30)
    closed_by_organisation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(outcome=closing.NOT_MET) & ~Q(variance=""))
                | (~Q(outcome=closing.NOT_MET) & Q(variance="")),
                name="closure_says_why_not_met",
            ),
            AppendOnly(name="closure_is_kept", may_change=("person",)),
        ]
        indexes = [models.Index(fields=["person", "closed_at"], name="closure_of_person")]

    def __str__(self) -> str:
        return f"closure of {self.person_id}"

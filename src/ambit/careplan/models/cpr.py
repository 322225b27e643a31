"""CPR decisions, and how they end."""

import uuid

from django.db import models
from django.db.models import Q

from ambit.audit.append_only import AppendOnly
from ambit.careplan.rules import cpr


class CPRDecision(models.Model):
    """A CPR decision made here, or a form that exists elsewhere, transcribed as it stands. Written once."""

    class Reading(models.TextChoices):
        ATTEMPT = cpr.ATTEMPT, cpr.WORDS[cpr.ATTEMPT]
        DO_NOT_ATTEMPT = cpr.DO_NOT_ATTEMPT, cpr.WORDS[cpr.DO_NOT_ATTEMPT]
        MODIFIED = cpr.MODIFIED, cpr.WORDS[cpr.MODIFIED]
        NOT_DECIDED = cpr.NOT_DECIDED, cpr.WORDS[cpr.NOT_DECIDED]

    class Source(models.TextChoices):
        MADE_HERE = cpr.MADE_HERE, "Made here"
        TRANSCRIBED = cpr.TRANSCRIBED, "Transcribed from a form"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="cpr_decisions")
    reading = models.CharField(max_length=16, choices=Reading)
    source = models.CharField(max_length=12, choices=Source)
    made_on = models.DateField(null=True)
    reason = models.TextField(blank=True)
    talked = models.CharField(max_length=10, choices=list(cpr.TALKED.items()), blank=True)
    why_not_talked = models.TextField(blank=True)
    decided_by = models.TextField(blank=True)
    decided_by_role = models.TextField(blank=True)
    review_on = models.DateField(null=True)
    paper_at = models.TextField(blank=True)
    signature_seen = models.BooleanField(default=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    recorded_by_role = models.CharField(max_length=30)
    recorded_by_organisation = models.TextField(blank=True)

    class Meta:
        verbose_name = "CPR decision"
        constraints = [
            models.CheckConstraint(
                condition=Q(reading__in=[cpr.ATTEMPT, cpr.DO_NOT_ATTEMPT, cpr.MODIFIED, cpr.NOT_DECIDED]),
                name="cpr_says_something",
            ),
            models.CheckConstraint(
                condition=Q(source=cpr.TRANSCRIBED) | Q(source=cpr.MADE_HERE, made_on__isnull=False),
                name="cpr_made_here_has_a_day",
            ),
            # a merge of two records moves it to the one that is kept
            AppendOnly(name="cpr_decision_is_kept", may_change=("person",)),
        ]
        indexes = [models.Index(fields=["person", "recorded_at"], name="cpr_of_person")]

    def __str__(self) -> str:
        return f"{self.reading} for {self.person_id}"


class CPREnding(models.Model):
    """Why a recorded CPR form no longer counts; the form itself is kept. Written once."""

    class How(models.TextChoices):
        REPLACED = cpr.REPLACED, "Replaced by a later decision"
        WITHDRAWN = cpr.WITHDRAWN, "Withdrawn"
        WRONG = cpr.WRONG, "Recorded by mistake"

    decision = models.OneToOneField(CPRDecision, on_delete=models.PROTECT, related_name="ending")
    how = models.CharField(max_length=10, choices=How)
    replaced_by = models.ForeignKey(CPRDecision, on_delete=models.PROTECT, null=True, related_name="replaces")
    reason = models.TextField(blank=True)
    ended_at = models.DateTimeField()
    ended_by = models.TextField()
    ended_by_role = models.CharField(max_length=30)

    class Meta:
        verbose_name = "CPR ending"
        constraints = [
            models.CheckConstraint(
                condition=Q(how="replaced", replaced_by__isnull=False) | (~Q(how="replaced") & ~Q(reason="")),
                name="cpr_ending_says_why",
            ),
            AppendOnly(name="cpr_ending_is_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.how}: {self.decision_id}"

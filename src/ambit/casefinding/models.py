"""Runs of case-finding, candidates with their frozen evidence, and every answer given."""

import uuid

from django.db import models
from django.db.models import Q

from ambit.audit.append_only import AppendOnly
from ambit.casefinding import rules


class Run(models.Model):
    """One run of case-finding: which packs, on which day, how far it got, what came of it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to begin"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    on = models.DateField()
    packs = models.JSONField(default=list)
    practice = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    finished_at = models.DateTimeField(null=True)
    searched = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    held_back = models.JSONField(default=dict)
    snapshot = models.TextField(blank=True)
    words = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["-asked_at"], name="casefinding_last_runs")]

    def __str__(self) -> str:
        return f"Case-finding for {self.on}, {self.get_state_display()}"


class Candidate(models.Model):
    """Somebody found by packs, with the reasons as they stood; nobody is registered until a clinician accepts."""

    class State(models.TextChoices):
        OPEN = rules.OPEN, "To answer"
        PASSED = rules.PASSED, "Passed to somebody else"
        ACCEPTED = rules.ACCEPTED, "Added to the register"
        NOT_NOW = rules.NOT_NOW, "Not now"
        NO = rules.NO, "Not right"
        SUPERSEDED = rules.SUPERSEDED, "Found again with other reasons"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="candidates")
    source = models.TextField()
    person_key = models.TextField()
    family_name = models.TextField()
    given_names = models.TextField(blank=True)
    title = models.TextField(blank=True)
    born_on = models.DateField(null=True)
    sex = models.CharField(max_length=15, blank=True)
    nhs_number = models.CharField(max_length=10, blank=True)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="candidates")
    found_on = models.DateField()
    packs = models.JSONField()
    reasons = models.JSONField()
    unknown = models.JSONField()
    number_of_reasons = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    recheck_on = models.DateField(null=True)
    answered_on = models.DateField(null=True)
    passed_to = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "person_key", "practice"],
                condition=Q(state__in=rules.WAITING),
                name="candidate_waits_once_in_a_practice",
            ),
            models.CheckConstraint(
                condition=(Q(state=rules.ACCEPTED) & Q(person__isnull=False))
                | (~Q(state=rules.ACCEPTED) & Q(person=None)),
                name="candidate_accepted_is_a_person",
            ),
        ]
        indexes = [
            models.Index(fields=["practice", "state", "-number_of_reasons"], name="candidates_of_practice"),
            models.Index(fields=["source", "person_key"], name="candidates_of_person"),
        ]

    def __str__(self) -> str:
        return f"Candidate {self.id}"


class CandidateAnswer(models.Model):
    """One answer, kept whatever comes after it; the surprise question with who answered and when."""

    class Answer(models.TextChoices):
        ACCEPTED = rules.ACCEPTED, "Added to the register"
        NOT_NOW = rules.NOT_NOW, "Not now"
        NO = rules.NO, "Not right"
        PASSED = rules.PASSED, "Passed on"

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveIntegerField()
    answer = models.CharField(max_length=10, choices=Answer)
    surprise = models.CharField(max_length=10, choices=list(rules.SURPRISE.items()), blank=True)
    timeframe = models.CharField(max_length=20, default=rules.TIMEFRAME)
    stage = models.CharField(max_length=16, blank=True)
    reason = models.TextField(blank=True)
    told = models.BooleanField(default=False)
    recheck_on = models.DateField(null=True)
    passed_to = models.TextField(blank=True)
    answered_at = models.DateTimeField()
    by_name = models.TextField()
    by_role = models.CharField(max_length=30)
    by_organisation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidate", "number"], name="candidate_answer_once"),
            AppendOnly(name="candidate_answer_is_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.get_answer_display()} by {self.by_name}"

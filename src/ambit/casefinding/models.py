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


class PracticeRun(models.Model):
    """What one run came to in one practice: so that a practice which finds nobody can be told why."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="practices")
    practice = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    searched = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    kept = models.PositiveIntegerField()
    gone = models.PositiveIntegerField()
    held_back = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "run"], name="practice_run_once"),
            AppendOnly(name="practice_run_is_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.found} found among {self.searched}"


class Candidate(models.Model):
    """Somebody found by packs, with the reasons as they stood; nobody is registered until a clinician accepts."""

    class State(models.TextChoices):
        OPEN = rules.OPEN, "To answer"
        PASSED = rules.PASSED, "Passed to somebody else"
        DISCUSS = rules.DISCUSS, "For the next meeting"
        ACCEPTED = rules.ACCEPTED, "Added to the register"
        NOT_NOW = rules.NOT_NOW, "Not now"
        NO = rules.NO, "Not right"
        SUPERSEDED = rules.SUPERSEDED, "Found again with other reasons"

    class Came(models.TextChoices):
        """Why somebody is on the list, beside what was found before; kept with the candidate before it in `follows`."""

        NEW = rules.NEW, "Found for the first time"
        GREW = rules.GREW, "More was found while waiting"
        CHANGED = rules.CHANGED, "Reasons changed while waiting"
        EXPIRED = rules.EXPIRED, "Back: the time of the last answer is over"
        EVIDENCE = rules.EVIDENCE, "Back: new reasons since the last answer"
        LEFT = rules.LEFT, "Back: left the register and found again"

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
    strength = models.PositiveIntegerField(default=0)
    newest_on = models.DateField(null=True)
    headline = models.TextField(blank=True)
    lists = models.JSONField(default=list)
    came = models.CharField(max_length=10, choices=Came, default=Came.NEW)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    new_reasons = models.JSONField(default=list)
    gone_run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="gone")
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
            models.Index(fields=["practice", "state", "-strength", "-newest_on"], name="candidates_by_strength"),
            models.Index(fields=["practice", "run"], name="candidates_of_run"),
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
        DISCUSS = rules.DISCUSS, "Put on the list of the next meeting"
        TAKEN_BACK = rules.TAKEN_BACK, "Answer taken back"

    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveIntegerField()
    answer = models.CharField(max_length=10, choices=Answer)
    surprise = models.CharField(max_length=10, choices=list(rules.SURPRISE.items()), blank=True)
    timeframe = models.CharField(max_length=20, default=rules.TIMEFRAME)
    stage = models.CharField(max_length=16, blank=True)
    why = models.CharField(max_length=16, choices=list(({**rules.WHY_NO, **rules.WHY_WAIT}).items()), blank=True)
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


class ReviewRound(models.Model):
    """A practice's review of one month: how many people it can look at properly, who chose that, and from which run."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="review_rounds")
    month = models.DateField()  # its first day
    capacity = models.PositiveIntegerField()
    by_yield = models.BooleanField(default=False)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField()
    chosen_by = models.TextField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "month"], name="one_review_round_a_month"),
        ]

    def __str__(self) -> str:
        return f"{self.capacity} people in {self.month:%B %Y}"


class ReviewPlace(models.Model):
    """Somebody's place in a month's review. It stays; when more is found of them, it leads to the newer candidate."""

    review = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="places")
    number = models.PositiveIntegerField()
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="places")
    given_at = models.DateTimeField()
    given_by = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="review_place_once"),
            models.UniqueConstraint(fields=["review", "candidate"], name="one_place_for_a_candidate"),
        ]

    def __str__(self) -> str:
        return f"Place {self.number}"


class Validation(models.Model):
    """A validation report that was asked for; its figures are kept once, when it is done."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to begin"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    packs = models.JSONField()
    on_days = models.JSONField()
    horizon = models.PositiveIntegerField()
    practice = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    finished_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["-asked_at"], name="validations_asked_last")]

    def __str__(self) -> str:
        return f"Validation report, {self.get_state_display()}"


class ValidationFigures(models.Model):
    """The figures of a validation report, as they were counted."""

    validation = models.OneToOneField(Validation, on_delete=models.PROTECT, related_name="kept")
    figures = models.JSONField()

    class Meta:
        constraints = [
            AppendOnly(name="validation_is_kept", says="A validation report is never changed; make another.")
        ]

    def __str__(self) -> str:
        return f"Figures of {self.validation_id}"


class RunFigures(models.Model):
    """Whom a run found, by group, when it ended; and what had become of them six and twelve months later."""

    class Kind(models.TextChoices):
        FOUND = "found", "At the run"
        SIX_MONTHS = "after_182", "Six months later"
        TWELVE_MONTHS = "after_365", "Twelve months later"

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="figures")
    practice = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    cells = models.JSONField()
    hidden = models.JSONField()
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "kind", "practice"], name="run_figures_once_a_practice"),
            models.UniqueConstraint(
                fields=["run", "kind"], condition=Q(practice=None), name="run_figures_once_for_everybody"
            ),
            AppendOnly(name="run_figures_are_kept", says="Figures of a run are never changed."),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.run_id}"


class CandidateGroups(models.Model):
    """To which groups somebody belonged when a run found them: ethnic group, deprivation, condition and others."""

    candidate = models.OneToOneField(Candidate, on_delete=models.PROTECT, related_name="of_groups")
    groups = models.JSONField()

    class Meta:
        constraints = [AppendOnly(name="candidate_groups_are_kept")]

    def __str__(self) -> str:
        return f"Groups of {self.candidate_id}"

"""Tasks with everything that was done about them, named coordinators, and meetings about people found."""

import uuid

from django.db import models
from django.db.models import F, Q

from ambit.audit.append_only import AppendOnly
from ambit.casefinding import rules as casefinding


class Task(models.Model):
    """Something to be seen to, about somebody or not, with exactly one owner at any time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, related_name="tasks")
    what = models.TextField()
    owner_account = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="tasks")
    owner_team = models.ForeignKey("organisations.Team", on_delete=models.PROTECT, null=True, related_name="tasks")
    owner_organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, related_name="tasks"
    )
    due_on = models.DateField(null=True)
    source_event = models.TextField(null=True, unique=True)
    raised_at = models.DateTimeField(auto_now_add=True)
    raised_by = models.TextField()
    done_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner_account__isnull=False, owner_team=None, owner_organisation=None)
                | Q(owner_account=None, owner_team__isnull=False, owner_organisation=None)
                | Q(owner_account=None, owner_team=None, owner_organisation__isnull=False),
                name="task_has_one_owner",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_account", "due_on"], condition=Q(done_at=None), name="task_of_account"),
            models.Index(fields=["owner_team", "due_on"], condition=Q(done_at=None), name="task_of_team"),
            models.Index(
                fields=["owner_organisation", "due_on"], condition=Q(done_at=None), name="task_of_organisation"
            ),
            models.Index(fields=["person", "due_on"], condition=Q(done_at=None), name="task_about_person"),
        ]

    def __str__(self) -> str:
        return f"Task {self.id}"


class TaskStep(models.Model):
    """One thing that happened to a task, with its note. Never changed."""

    class Kind(models.TextChoices):
        RAISED = "raised", "Raised"
        TAKEN = "taken", "Taken"
        HANDED_OVER = "handed_over", "Handed over"
        DONE = "done", "Done"

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    note = models.TextField(blank=True)
    to = models.TextField(blank=True)
    at = models.DateTimeField()
    by_name = models.TextField()
    by_role = models.CharField(max_length=30)
    by_organisation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "number"], name="task_step_once"),
            AppendOnly(name="task_step_is_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} at {self.at}"


class Coordinator(models.Model):
    """The one who coordinates somebody's care, from one moment to another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="coordinators")
    membership = models.ForeignKey("organisations.Membership", on_delete=models.PROTECT, related_name="coordinates")
    grant = models.ForeignKey("access.Grant", on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    named_by = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(until_at=None), name="coordination_one_coordinator_per_person"
            ),
            models.CheckConstraint(
                condition=Q(until_at=None) | Q(until_at__gte=F("from_at")), name="coordinator_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["membership", "until_at"], name="coordinator_membership")]

    def __str__(self) -> str:
        return f"{self.membership_id} for {self.person_id}"


class Meeting(models.Model):
    """A practice's meeting (MDT) about people found: on which day, who was there, and whether it is over."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    present = models.JSONField(default=list)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice"], condition=Q(closed_at=None), name="one_open_meeting_of_a_practice"
            ),
        ]
        indexes = [models.Index(fields=["practice", "-held_on"], name="meetings_of_practice")]

    def __str__(self) -> str:
        return f"Meeting of {self.held_on}"


class MeetingItem(models.Model):
    """Somebody to talk about at a meeting, and what came of it; every answer itself stays with the candidate."""

    class Outcome(models.TextChoices):
        ACCEPTED = casefinding.ACCEPTED, "Added to the register"
        NOT_NOW = casefinding.NOT_NOW, "Not now"
        NO = casefinding.NO, "Not right"
        AGAIN = casefinding.DISCUSS, "To talk about again"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    number = models.PositiveIntegerField()
    candidate = models.ForeignKey("casefinding.Candidate", on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    note = models.TextField(blank=True)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField(null=True)
    said_by = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="meeting_item_once"),
            models.UniqueConstraint(fields=["meeting", "candidate"], name="meeting_item_for_a_candidate"),
            models.CheckConstraint(
                condition=Q(outcome="", said_at=None) | (~Q(outcome="") & Q(said_at__isnull=False)),
                name="meeting_outcome_was_said",
            ),
        ]

    def __str__(self) -> str:
        return f"Item {self.number}"

"""Who watches over a plan: boards, their meetings, what they decided, their minutes; and who leads for a subject in a place."""

import uuid

from django.db import models
from django.db.models import F, Q

from ambit.audit.append_only import AppendOnly


class Board(models.Model):
    """A group that watches over palliative and end of life care of an organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    purpose = models.TextField(blank=True)
    chair = models.TextField(blank=True)
    meets = models.TextField(blank=True)
    reports_to = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.TextField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], condition=Q(closed_at=None), name="board_one_name_in_organisation"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Meeting(models.Model):
    """One meeting of a board: when, who was there, and what it is about."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    where = models.TextField(blank=True)
    agenda = models.TextField(blank=True)
    present = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "held_on"], name="meeting_once_a_day")]

    def __str__(self) -> str:
        return f"{self.board_id} on {self.held_on}"


class Decision(models.Model):
    """What a meeting decided, about which action if any. Written once; a later decision takes its place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField()
    what = models.TextField()
    owner = models.TextField(blank=True)
    due = models.TextField(blank=True)
    due_until = models.DateField(null=True)
    action = models.ForeignKey("improvement.PlanAction", on_delete=models.PROTECT, null=True, related_name="decisions")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="decision_once"),
            AppendOnly(name="decision_is_kept"),
        ]

    def __str__(self) -> str:
        return self.what


class Minutes(models.Model):
    """One version of the minutes of a meeting; signed, it is the agreed one. The words are written once, the signature once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="minutes")
    version = models.PositiveIntegerField()
    words = models.TextField()
    what_changed = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    written_at = models.DateTimeField()
    written_by = models.TextField()
    written_by_role = models.CharField(max_length=30)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.TextField(blank=True)
    signed_by_role = models.CharField(max_length=30, blank=True)
    signed_words = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "minutes"
        constraints = [
            models.UniqueConstraint(fields=["meeting", "version"], name="minutes_once_for_a_version"),
            AppendOnly(
                name="minutes_are_kept", may_change=("signed_at", "signed_by", "signed_by_role", "signed_words")
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"


class NamedLead(models.Model):
    """Who leads for palliative care, or for bereavement, in a place or organisation, from one day to another."""

    class Subject(models.TextChoices):
        PALLIATIVE = "palliative", "Palliative and end of life care"
        BEREAVEMENT = "bereavement", "Bereavement"
        CHILDREN = "children", "Children and young people"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=12, choices=Subject)
    name = models.TextField()
    role = models.TextField(blank=True)
    contact = models.TextField(blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    named_at = models.DateTimeField()
    named_by = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "subject"], condition=Q(until_on=None), name="named_lead_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")), name="named_lead_ends_after_they_begin"
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""Workbooks that went out and that came in: of a round, of a gap analysis, or of a plan."""

import uuid

from django.db import models
from django.db.models import Q

from ambit.audit.append_only import AppendOnly

_ONE_THING = (
    Q(round__isnull=False, analysis=None, plan=None)
    | Q(round=None, analysis__isnull=False, plan=None)
    | Q(round=None, analysis=None, plan__isnull=False)
)


class WorkbookSent(models.Model):
    """A workbook that went out, with what stood in its cells: what every copy that comes back is compared with. Written once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey("improvement.Round", on_delete=models.PROTECT, null=True, related_name="+")
    analysis = models.ForeignKey("improvement.GapAnalysis", on_delete=models.PROTECT, null=True, related_name="+")
    plan = models.ForeignKey("improvement.Plan", on_delete=models.PROTECT, null=True, related_name="+")
    # of a round: whose answers it holds; none: the agreed ones
    assessor = models.ForeignKey("improvement.Assessor", on_delete=models.PROTECT, null=True, related_name="+")
    # {sheet: {row: {field: value}}} of the cells that can be filled in, and the revision of each row
    cells = models.JSONField()
    revisions = models.JSONField()
    # short digests of the cells that are read only, by which an edit of them is seen
    shown = models.JSONField()
    sent_at = models.DateTimeField()
    sent_by = models.TextField()
    sent_by_role = models.CharField(max_length=30)
    sent_by_organisation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_ONE_THING, name="workbook_sent_is_of_one_thing"),
            AppendOnly(name="workbook_sent_is_kept"),
        ]
        indexes = [
            models.Index(fields=["round", "-sent_at"], name="workbook_sent_of_round"),
            models.Index(fields=["analysis", "-sent_at"], name="workbook_sent_of_analysis"),
            models.Index(fields=["plan", "-sent_at"], name="workbook_sent_of_plan"),
        ]

    def __str__(self) -> str:
        return f"sent {self.sent_at} by {self.sent_by}"


class WorkbookReceived(models.Model):
    """A workbook that came in: the file as it was, what was read from it, and what people decided.

    Of one that is not of Ambit's making people first say what its columns are (`mapping`), which makes its cells; after the decision
    nothing changes.
    """

    class State(models.TextChoices):
        MAPS = "maps", "Waits for its columns"
        WAITS = "waits", "Waits for a decision"
        MERGED = "merged", "Taken over"
        SET_ASIDE = "set_aside", "Set aside"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey("improvement.Round", on_delete=models.PROTECT, null=True, related_name="+")
    analysis = models.ForeignKey("improvement.GapAnalysis", on_delete=models.PROTECT, null=True, related_name="+")
    plan = models.ForeignKey("improvement.Plan", on_delete=models.PROTECT, null=True, related_name="+")
    assessor = models.ForeignKey("improvement.Assessor", on_delete=models.PROTECT, null=True, related_name="+")
    # what went out, and none for a workbook that is not of Ambit's making
    sent = models.ForeignKey(WorkbookSent, on_delete=models.PROTECT, null=True, related_name="came_back")
    file_name = models.TextField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # every cell of a workbook that is not of Ambit's making, by sheet
    grid = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    # [{sheet, row, field, value, where}], and what was not taken: [{where, value, why}]
    cells = models.JSONField()
    left = models.JSONField()
    edited_by = models.TextField(blank=True)
    received_at = models.DateTimeField()
    received_by = models.TextField()
    received_by_role = models.CharField(max_length=30)
    received_by_organisation = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITS)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)
    # what was changed here, and how each conflict was decided
    outcome = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_ONE_THING, name="workbook_received_is_of_one_thing"),
            AppendOnly(
                may_change=("mapping", "cells", "left", "state", "decided_at", "decided_by", "outcome"),
                name="workbook_received_is_kept",
            ),
        ]
        indexes = [
            models.Index(fields=["round", "-received_at"], name="workbook_received_of_round"),
            models.Index(fields=["analysis", "-received_at"], name="workbook_received_of_analysis"),
            models.Index(fields=["plan", "-received_at"], name="workbook_received_of_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, received {self.received_at} by {self.received_by}"


class WorkbookReading(models.Model):
    """A large workbook that is read in the background: how far that is, and what came of it. Only who brought it sees it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey("improvement.Round", on_delete=models.PROTECT, null=True, related_name="+")
    analysis = models.ForeignKey("improvement.GapAnalysis", on_delete=models.PROTECT, null=True, related_name="+")
    plan = models.ForeignKey("improvement.Plan", on_delete=models.PROTECT, null=True, related_name="+")
    # who brought it, in which of their roles: it is read in their name, with what they may at that time
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    acting_as = models.CharField(max_length=36, blank=True)
    file_name = models.TextField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    # rows that were read, of how many; 0 of 0 while the file is looked through
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    received = models.ForeignKey(WorkbookReceived, on_delete=models.PROTECT, null=True, related_name="+")
    problems = models.JSONField(default=list)

    class Meta:
        constraints = [models.CheckConstraint(condition=_ONE_THING, name="workbook_reading_is_of_one_thing")]
        indexes = [models.Index(fields=["account", "-asked_at"], name="workbook_reading_of_account")]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.done} of {self.total}"

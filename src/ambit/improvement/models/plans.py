"""Gap analysis and improvement plan: rows that people write, each with a revision, and every revision kept whole.

A row is what a person sees as a line of a table, on a page or in a workbook. Its `revision` is what they have seen; `RowVersion` keeps
what it said at each, so that three sides can be merged. A row that is taken out is kept and no longer shown.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from ambit.audit.append_only import AppendOnly


class GapAnalysis(models.Model):
    """The gap analysis of an organisation, from a signed round, from a framework, or of its own rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    population = models.TextField(blank=True)
    # the framework its rows name, as a pack's id; empty for rows of its own
    framework = models.CharField(max_length=60, blank=True)
    edition = models.ForeignKey("improvement.Edition", on_delete=models.PROTECT, null=True, related_name="+")
    # the round that proposed gaps last
    round = models.ForeignKey("improvement.Round", on_delete=models.PROTECT, null=True, related_name="analyses")
    started_at = models.DateTimeField()
    started_by = models.TextField()
    started_by_role = models.CharField(max_length=30)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "gap analyses"
        indexes = [models.Index(fields=["organisation", "-started_at"], name="gap_analysis_of_organisation")]

    def __str__(self) -> str:
        return self.title


class Plan(models.Model):
    """The improvement plan of an organisation: what is done about its gaps, by whom and by when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    # what the plan is for, in one sentence, and what is asked of the board
    aim = models.TextField(blank=True)
    asks = models.TextField(blank=True)
    from_on = models.DateField()
    until_on = models.DateField()
    revision = models.PositiveIntegerField(default=1)
    # when the place made the signed plan a public page; null while it is not one
    published_at = models.DateTimeField(null=True)
    published_by = models.TextField(blank=True)
    started_at = models.DateTimeField()
    started_by = models.TextField()
    started_by_role = models.CharField(max_length=30)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="plan_ends_after_it_begins")
        ]
        indexes = [models.Index(fields=["organisation", "-started_at"], name="plan_of_organisation")]

    def __str__(self) -> str:
        return self.title


class Row(models.Model):
    """What every row has: its place, its revision, who saved it last, and whether it was taken out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField()
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.TextField()
    saved_by_role = models.CharField(max_length=30)
    saved_by_organisation = models.TextField(blank=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.TextField(blank=True)
    why_removed = models.TextField(blank=True)

    class Meta:
        abstract = True


class Gap(Row):
    """One row of a gap analysis: what is asked, what it means, where we are, what we will do, how large the gap is, and until when."""

    class Rating(models.TextChoices):
        RED = "red", "Red: no plan"
        AMBER = "amber", "Amber: plan"
        GREEN = "green", "Green: no gap"
        UNRATED = "unrated", "Unrated"
        UNKNOWN = "unknown", "Unknown"

    analysis = models.ForeignKey(GapAnalysis, on_delete=models.PROTECT, related_name="rows")
    # the statement of the framework it is about, if any
    node = models.CharField(max_length=80, blank=True)
    foundation = models.TextField()
    meaning = models.TextField(blank=True)
    position = models.TextField(blank=True)
    action = models.TextField(blank=True)
    rating = models.CharField(max_length=10, choices=Rating, default=Rating.UNRATED)
    why_rating = models.TextField(blank=True)
    owner = models.TextField(blank=True)
    owner_account = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    # the words as they were written, and the days they mean; none when they name none
    due = models.TextField(blank=True)
    due_from = models.DateField(null=True)
    due_until = models.DateField(null=True)
    # a signed round proposed it, and nobody has decided yet
    is_proposed = models.BooleanField(default=False)
    # what a later round says of a gap that stands already, until somebody decides
    proposal = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["analysis", "node"], condition=~Q(node=""), name="gap_once_for_a_statement")
        ]
        indexes = [
            models.Index(fields=["analysis", "removed_at", "number"], name="gap_of_analysis"),
            models.Index(fields=["owner_account", "removed_at"], name="gap_of_owner"),
        ]

    def __str__(self) -> str:
        return self.foundation


class PlanAction(Row):
    """One action of a plan: what is done, by whom, from when until when, what it should move, and how it is going."""

    class Progress(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        STARTED = "started", "Under way"
        COMPLETE = "complete", "Complete"

    class Delivery(models.TextChoices):
        COMPLETE = "complete", "Complete"
        ON_TRACK = "on_track", "On track"
        AT_RISK = "at_risk", "At risk"
        OFF_TRACK = "off_track", "Off track"
        NOT_DUE = "not_due", "Not due"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="actions")
    gap = models.ForeignKey(Gap, on_delete=models.PROTECT, null=True, related_name="actions")
    what = models.TextField()
    # why it should work: the driver it acts on, and the lever it uses
    driver = models.TextField(blank=True)
    lever = models.TextField(blank=True)
    owner = models.TextField(blank=True)
    owner_account = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    owner_organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    starts_on = models.DateField(null=True)
    due = models.TextField(blank=True)
    due_from = models.DateField(null=True)
    due_until = models.DateField(null=True)
    forecast = models.TextField(blank=True)
    forecast_until = models.DateField(null=True)
    progress = models.CharField(max_length=12, choices=Progress, default=Progress.NOT_STARTED)
    progress_note = models.TextField(blank=True)
    done_on = models.DateField(null=True)
    # what shows that it is done
    shown_by = models.TextField(blank=True)
    # a rating that somebody gave against the rule, and why; the rule's own is worked out when it is read
    delivery = models.CharField(max_length=10, choices=Delivery, blank=True)
    why_delivery = models.TextField(blank=True)
    # the indicator it should move, and by how much, in words
    indicator = models.CharField(max_length=60, blank=True)
    effect = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(delivery="") | ~Q(why_delivery=""), name="action_delivery_says_why")
        ]
        indexes = [
            models.Index(fields=["plan", "removed_at", "number"], name="action_of_plan"),
            models.Index(fields=["owner_account", "removed_at"], name="action_of_owner"),
            models.Index(fields=["owner_organisation", "removed_at"], name="action_of_organisation"),
        ]

    def __str__(self) -> str:
        return self.what


class Milestone(Row):
    """One dated step of a plan: when it was meant to be reached, when it is expected now, and when it was."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="milestones")
    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, null=True, related_name="milestones")
    # the milestone of the same plan that has to be reached first; never in a circle (`actions.rows`)
    waits_for = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    what = models.TextField()
    owner = models.TextField(blank=True)
    due = models.TextField(blank=True)
    due_from = models.DateField(null=True)
    due_until = models.DateField(null=True)
    forecast = models.TextField(blank=True)
    forecast_until = models.DateField(null=True)
    reached_on = models.DateField(null=True)
    shown_by = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["plan", "removed_at", "number"], name="milestone_of_plan")]

    def __str__(self) -> str:
        return self.what


class Cycle(Row):
    """One plan-do-study-act cycle of an action: what is tried, what is predicted, what happened, what was learnt and decided."""

    class Decision(models.TextChoices):
        UNDER_WAY = "", "Under way"
        ADOPT = "adopt", "Adopt"
        ADAPT = "adapt", "Adapt"
        ABANDON = "abandon", "Abandon"

    action = models.ForeignKey(PlanAction, on_delete=models.PROTECT, related_name="cycles")
    title = models.TextField()
    tries = models.TextField(blank=True)
    prediction = models.TextField(blank=True)
    begins_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    data = models.TextField(blank=True)
    study = models.TextField(blank=True)
    decision = models.CharField(max_length=8, choices=Decision, blank=True)
    next_step = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["action", "removed_at", "number"], name="cycle_of_action")]

    def __str__(self) -> str:
        return self.title


class Lever(Row):
    """Something a commissioner or provider can pull to close a gap, and how one would measure that it was: rows of a site's own."""

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=12)
    foundation = models.TextField()
    lever = models.TextField()
    measure = models.TextField(blank=True)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=("place", "commissioner", "provider")), name="lever_of_an_audience"
            )
        ]
        indexes = [models.Index(fields=["organisation", "removed_at", "number"], name="lever_of_organisation")]

    def __str__(self) -> str:
        return self.lever


class RowVersion(models.Model):
    """One revision of a row, whole, with who saved it and how. Written once."""

    kind = models.CharField(max_length=10)
    row = models.UUIDField()
    revision = models.PositiveIntegerField()
    said = models.JSONField()
    # how it came: typed here, from a signed round, or read from a workbook
    how = models.CharField(max_length=12, default="typed")
    saved_at = models.DateTimeField()
    saved_by = models.TextField()
    saved_by_role = models.CharField(max_length=30)
    saved_by_organisation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["row", "revision"], name="row_version_once"),
            AppendOnly(name="row_version_is_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row}, revision {self.revision}"


class SignedCopy(models.Model):
    """A gap analysis or a plan as it was signed: every row, who signed and in which words, with a SHA-256. Written once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    analysis = models.ForeignKey(GapAnalysis, on_delete=models.PROTECT, null=True, related_name="signed")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, related_name="signed")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    words = models.TextField(blank=True)
    is_shared = models.BooleanField()
    signed_at = models.DateTimeField()
    signed_by = models.TextField()
    signed_by_role = models.CharField(max_length=30)
    signed_by_organisation = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "signed copies"
        constraints = [
            models.UniqueConstraint(
                fields=["analysis", "number"], condition=Q(analysis__isnull=False), name="signed_copy_of_analysis"
            ),
            models.UniqueConstraint(
                fields=["plan", "number"], condition=Q(plan__isnull=False), name="signed_copy_of_plan"
            ),
            models.CheckConstraint(
                condition=Q(analysis=None, plan__isnull=False) | Q(analysis__isnull=False, plan=None),
                name="signed_copy_is_of_one_thing",
            ),
            AppendOnly(name="signed_copy_is_kept"),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"

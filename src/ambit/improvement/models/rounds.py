"""Rounds of self-assessment: who answers, what each said, what was agreed, the evidence, and what was signed.

An answer is one row for each assessor and statement, and one with no assessor: the agreed (moderated) one. Its `revision` is what an
editor, or a workbook sent out, has seen; every revision is kept whole in `AnswerVersion`, so that three sides can be merged later.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from ambit.audit.append_only import AppendOnly


class Edition(models.Model):
    """The words of a framework and its scales as rounds were answered against them, named by their SHA-256. Written once."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    framework = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    title = models.TextField()
    content = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [AppendOnly(name="edition_is_kept")]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"


class Round(models.Model):
    """One self-assessment of a place, commissioner or provider on one edition of a framework; signed, it is over."""

    class Audience(models.TextChoices):
        PLACE = "place", "Place"
        COMMISSIONER = "commissioner", "Commissioner"
        PROVIDER = "provider", "Provider"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=12, choices=Audience)
    # the whole framework, or only what it asks of the audience
    is_whole = models.BooleanField(default=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="rounds")
    framework = models.CharField(max_length=60)
    title = models.TextField()
    period_from = models.DateField()
    period_until = models.DateField()
    # the place or system whose figures are the live evidence
    area = models.CharField(max_length=8)
    answers_due_on = models.DateField(null=True)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    started_at = models.DateTimeField()
    started_by = models.TextField()
    started_by_role = models.CharField(max_length=30)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "framework"],
                condition=Q(signed_at=None),
                name="round_one_open_on_a_framework",
            ),
            models.CheckConstraint(condition=Q(period_until__gte=F("period_from")), name="round_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["organisation", "-started_at"], name="round_of_organisation")]

    def __str__(self) -> str:
        return f"{self.title} of {self.organisation_id}"

    @property
    def rates(self) -> str:
        """Whose statements are rated: "" for all."""
        return "" if self.is_whole else self.audience


class Assessor(models.Model):
    """Somebody asked to answer a round, and for whom they speak; the others see their answers once they are handed in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="assessors")
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    speaks_for = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.TextField()
    handed_in_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "account"], name="assessor_once_in_a_round")]
        indexes = [models.Index(fields=["account", "removed_at"], name="assessor_account")]

    def __str__(self) -> str:
        return f"{self.name} for {self.speaks_for}"


class Reminder(models.Model):
    """That an assessor was asked or reminded; a mail may say that something waits, never what. Kept as it is but for the mail's time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessor = models.ForeignKey(Assessor, on_delete=models.PROTECT, related_name="reminders")
    at = models.DateTimeField()
    by_name = models.TextField()
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [AppendOnly(may_change=("mailed_at",), name="reminder_is_kept")]
        indexes = [models.Index(fields=["assessor", "at"], name="reminder_of_assessor")]

    def __str__(self) -> str:
        return f"{self.assessor_id} at {self.at}"


class SignOff(models.Model):
    """That a round was signed, by whom, in which words, with a SHA-256 of everything signed. Written once."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, primary_key=True, related_name="sign_off")
    signed_at = models.DateTimeField()
    signed_by = models.TextField()
    signed_by_role = models.CharField(max_length=30)
    signed_by_organisation = models.TextField()
    words = models.TextField(blank=True)
    answered = models.PositiveIntegerField()
    not_answered = models.PositiveIntegerField()
    # the month of the figures, and the pack they were computed with
    figures_of = models.TextField(blank=True)
    is_shared = models.BooleanField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [AppendOnly(name="sign_off_is_kept")]

    def __str__(self) -> str:
        return f"signed by {self.signed_by}"


class SignedStatement(models.Model):
    """One statement as it was signed: the agreed answer, what each assessor said, evidence, figures and proposal. Written once."""

    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="statements")
    node = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    answer = models.JSONField()
    assessors = models.JSONField()
    evidence = models.JSONField()
    figures = models.JSONField()
    proposal = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sign_off", "node"], name="signed_statement_once"),
            AppendOnly(name="signed_statement_is_kept"),
        ]

    def __str__(self) -> str:
        return self.node


class Answer(models.Model):
    """What an assessor says of a statement now, or, with no assessor, what was agreed; earlier revisions are kept beside it."""

    class Confidence(models.TextChoices):
        HIGH = "high", "Sure"
        MEDIUM = "medium", "Fairly sure"
        LOW = "low", "Not sure"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="answers")
    assessor = models.ForeignKey(Assessor, on_delete=models.PROTECT, null=True, related_name="answers")
    node = models.CharField(max_length=80)
    level = models.CharField(max_length=30, blank=True)
    not_applicable = models.BooleanField(default=False)
    why_not_applicable = models.TextField(blank=True)
    position = models.TextField(blank=True)
    comment = models.TextField(blank=True)
    confidence = models.CharField(max_length=10, blank=True, choices=Confidence)
    # only the agreed answer rates the gap, by the scale gap-rag
    gap = models.CharField(max_length=10, blank=True)
    # the level that the live evidence proposed when this was saved
    proposed = models.CharField(max_length=30, blank=True)
    # from a signed round, and not yet looked at by anybody
    is_carried = models.BooleanField(default=False)
    carried_from = models.ForeignKey(SignedStatement, on_delete=models.PROTECT, null=True, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.TextField()
    saved_by_role = models.CharField(max_length=30)
    saved_by_organisation = models.TextField(blank=True)

    class Meta:
        constraints = [
            # two, because databases hold one missing assessor to differ from another
            models.UniqueConstraint(
                fields=["assessor", "node"], condition=Q(assessor__isnull=False), name="answer_once_for_an_assessor"
            ),
            models.UniqueConstraint(fields=["round", "node"], condition=Q(assessor=None), name="answer_once_agreed"),
            models.CheckConstraint(
                condition=Q(not_applicable=False) | (Q(level="") & ~Q(why_not_applicable="")),
                name="answer_not_applicable_says_why",
            ),
            models.CheckConstraint(condition=Q(assessor=None) | Q(gap=""), name="answer_gap_is_agreed"),
        ]
        indexes = [models.Index(fields=["round", "assessor"], name="answer_of_round")]

    def __str__(self) -> str:
        return f"{self.node} by {self.assessor_id or 'all'}"


class AnswerVersion(models.Model):
    """One revision of an answer, whole, with who saved it. Written once."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="versions")
    revision = models.PositiveIntegerField()
    said = models.JSONField()
    # how it came: typed here, brought over from an earlier round, or read from a workbook
    how = models.CharField(max_length=12, default="typed")
    saved_at = models.DateTimeField()
    saved_by = models.TextField()
    saved_by_role = models.CharField(max_length=30)
    saved_by_organisation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "revision"], name="answer_version_once"),
            AppendOnly(name="answer_version_is_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id}, revision {self.revision}"


class Evidence(models.Model):
    """Something that shows where a statement stands: a file, a link, words, or an indicator beyond those it names. Withdrawn, it is kept."""

    class Kind(models.TextChoices):
        FILE = "file", "File"
        LINK = "link", "Link"
        WORDS = "words", "What people say"
        INDICATOR = "indicator", "Live indicator"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="evidence")
    assessor = models.ForeignKey(Assessor, on_delete=models.PROTECT, null=True, related_name="evidence")
    node = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind)
    title = models.TextField()
    note = models.TextField(blank=True)
    url = models.TextField(blank=True)
    indicator = models.CharField(max_length=60, blank=True)
    file_name = models.TextField(blank=True)
    content_type = models.CharField(max_length=20, blank=True)
    size = models.PositiveIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # when what it shows was so, which is not when it was put here; after `expires_on` it is stale, not red
    effective_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)
    added_at = models.DateTimeField()
    added_by = models.TextField()
    added_by_role = models.CharField(max_length=30)
    added_by_organisation = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="file") & Q(size__gt=0) & ~Q(sha256=""))
                | (Q(kind="link") & ~Q(url=""))
                | (Q(kind="indicator") & ~Q(indicator=""))
                | Q(kind="words"),
                name="evidence_has_what_its_kind_needs",
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(effective_on=None) | Q(expires_on__gte=F("effective_on")),
                name="evidence_expires_after_it_holds",
            ),
            AppendOnly(may_change=("withdrawn_at", "withdrawn_by"), name="evidence_is_kept"),
        ]
        indexes = [models.Index(fields=["round", "node"], name="evidence_of_statement")]

    def __str__(self) -> str:
        return self.title


class Carrying(models.Model):
    """Where the answer to a statement of a round could come from in the round before it, and what people decided."""

    class Decision(models.TextChoices):
        WAITS = "", "Not decided yet"
        TAKEN = "taken", "Carried over"
        LEFT = "left", "Begun anew"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="carryings")
    node = models.CharField(max_length=80)
    kind = models.CharField(max_length=10)
    sources = models.JSONField()
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    chosen = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "node"], name="carrying_once_for_a_statement")]

    def __str__(self) -> str:
        return f"{self.node}: {self.kind}"

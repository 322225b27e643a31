"""Versions of sections, and drafts."""

import uuid

from django.db import models
from django.db.models import Q

from ambit.audit.append_only import AppendOnly


class SectionVersion(models.Model):
    """One version of one section of somebody's plan. Written once; the next version follows it.

    Asked and unchanged, or brought in from elsewhere, a version says whose words it holds and when they were written;
    the author is then who asked, or who brought them in.
    """

    class How(models.TextChoices):
        WRITTEN = "written", "Written here"
        CONFIRMED = "confirmed", "Asked, unchanged"
        IMPORTED = "imported", "Brought in"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="plan_versions")
    section = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    base = models.PositiveIntegerField()
    content = models.JSONField()
    pack = models.CharField(max_length=80)
    author_account = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    author_name = models.TextField()
    author_role = models.CharField(max_length=30)
    author_organisation = models.TextField(blank=True)
    saved_at = models.DateTimeField()
    how = models.CharField(max_length=9, choices=How, default=How.WRITTEN)
    words_by_name = models.TextField(blank=True)
    words_by_role = models.TextField(blank=True)
    words_by_organisation = models.TextField(blank=True)
    words_at = models.DateTimeField(null=True)
    source = models.TextField(blank=True)
    # the current number when two records were joined and this version, current in the other, was left beside it
    beside = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person"], condition=Q(beside__isnull=False), name="plan_version_beside")]
        constraints = [
            models.CheckConstraint(
                condition=Q(how="written", words_by_name="", words_at=None) | ~Q(how="written") & ~Q(words_by_name=""),
                name="plan_version_says_whose_words",
            ),
            models.UniqueConstraint(fields=["person", "section", "number"], name="plan_one_version_of_each_number"),
            models.CheckConstraint(condition=Q(number=models.F("base") + 1), name="plan_version_follows_its_base"),
            # a merge of two records joins two histories into one
            AppendOnly(name="plan_version_is_kept", may_change=("person", "number", "base", "beside")),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.number} of {self.person_id}"


class SectionDraft(models.Model):
    """Words somebody wrote and that are not saved: a save that came too late, or work laid aside. Only they see it."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=40)
    account = models.ForeignKey("access.Account", on_delete=models.CASCADE, related_name="+")
    base = models.PositiveIntegerField()
    content = models.JSONField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "section", "account"], name="plan_one_draft_each")]

    def __str__(self) -> str:
        return f"Draft of {self.section} by {self.account_id}"

"""Versions of sections, and drafts."""

import uuid

from django.db import models
from django.db.models import Q

from ambit.audit.append_only import AppendOnly


class SectionVersion(models.Model):
    """One version of one section of somebody's plan. Written once; the next version follows it."""

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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "section", "number"], name="plan_one_version_of_each_number"),
            models.CheckConstraint(condition=Q(number=models.F("base") + 1), name="plan_version_follows_its_base"),
            # a merge of two records joins two histories into one
            AppendOnly(name="plan_version_is_kept", may_change=("person", "number", "base")),
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

"""Files that belong to a plan: scans of signed forms."""

import uuid

from django.db import models
from django.db.models import Q

from ambit.audit.append_only import AppendOnly


class Attachment(models.Model):
    """A file kept byte for byte, named by its SHA-256 in the site's folder. Replaced by another, it is kept all the same."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=40)
    title = models.TextField()
    name = models.TextField()
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    recorded_by_role = models.CharField(max_length=30)
    recorded_by_organisation = models.TextField(blank=True)

    class Meta:
        constraints = [
            AppendOnly(may_change=("person",), name="plan_attachment_is_kept"),
            models.CheckConstraint(condition=Q(size__gt=0), name="plan_attachment_is_not_empty"),
        ]
        indexes = [models.Index(fields=["person", "recorded_at"], name="plan_attachments_of_person")]

    def __str__(self) -> str:
        return f"a file of {self.person_id}"

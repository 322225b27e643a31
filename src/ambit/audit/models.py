"""The audit trail as it is stored: lines as they were written, and the seals that chain them."""

from django.db import models


class AuditLine(models.Model):
    """One thing done or opened. Never updated, never deleted: triggers refuse both."""

    at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    name = models.TextField()
    role = models.TextField()
    organisation = models.TextField(blank=True)
    through = models.TextField()
    address = models.TextField(blank=True)
    what = models.TextField()
    about = models.UUIDField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["about", "-at"], name="audit_line_about_at"),
            models.Index(fields=["-at"], name="audit_line_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.name} ({self.role}): {self.what}"

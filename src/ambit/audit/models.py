"""The audit trail as it is stored: lines as they were written, and the seals that chain them."""

from django.db import models

from ambit.audit.append_only import AppendOnly

SAYS = "The audit trail is append only: nothing in it can be changed or removed."


class AuditLine(models.Model):
    """One thing done or opened. Never updated, never deleted: the database refuses both."""

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
    # set on a line that waited in the spool, so that replaying it twice writes it once
    spool_id = models.UUIDField(null=True, unique=True)

    class Meta:
        constraints = [AppendOnly(name="audit_line_is_kept", says=SAYS)]
        indexes = [
            models.Index(fields=["account_id", "-at"], name="audit_line_account_at"),
            models.Index(fields=["about", "-at"], name="audit_line_about_at"),
            models.Index(fields=["-at"], name="audit_line_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.name} ({self.role}): {self.what}"


class AuditSeal(models.Model):
    """One link of the chain over the lines, in the order in which they were found; never changed either."""

    seq = models.BigIntegerField(primary_key=True)
    line = models.OneToOneField(AuditLine, on_delete=models.PROTECT, related_name="seal")
    line_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [AppendOnly(name="audit_seal_is_kept", says=SAYS)]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash}"

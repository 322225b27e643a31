"""The outbox: what has happened and is not yet delivered to everyone who listens."""

from django.db import models


class OutboxEvent(models.Model):
    """One announced event, as data."""

    name = models.TextField()
    payload = models.JSONField()
    announced_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(delivered_at=None), name="events_waiting")]

    def __str__(self) -> str:
        return f"{self.name} {self.id}"

"""The outbox: what has happened and is not yet delivered to everyone who listens."""

from django.db import models
from django.db.models import Q

WAITING = Q(delivered_at=None, parked_at=None)


class OutboxEvent(models.Model):
    """One announced event, as data, and how its delivery fares."""

    name = models.TextField()
    # events of one stream are delivered in order: a person's id, else the event's name
    stream = models.TextField()
    payload = models.JSONField()
    announced_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    # the class of what went wrong and where; never its words, which may speak of a person
    problem = models.TextField(blank=True)
    delivered_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=WAITING, name="events_waiting"),
            models.Index(fields=["stream", "id"], condition=WAITING, name="events_waiting_stream"),
            models.Index(fields=["delivered_at"], name="events_delivered"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.id}"


class Delivery(models.Model):
    """One event has reached one listener. Written in the listener's own transaction: its effect and this, or neither."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    listener = models.TextField()
    delivered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "listener"], name="events_delivered_once")]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.listener}"

"""Changes to the plan that the person, or somebody who acts or cares for them, has proposed."""

import uuid

from django.db import models
from django.db.models import Q


class Proposal(models.Model):
    """What somebody wants to be different in a part of the plan that others write; answered once, never edited."""

    class Answer(models.TextChoices):
        DONE = "done", "Done"
        NOT_NOW = "not_now", "Not now"
        TAKEN_BACK = "taken_back", "Taken back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="proposals")
    section = models.CharField(max_length=40, blank=True)
    words = models.TextField()
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    by_name = models.TextField()
    by_role = models.CharField(max_length=30)
    made_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    why = models.TextField(blank=True)
    answered_by = models.TextField(blank=True)
    answered_by_role = models.CharField(max_length=30, blank=True)
    answered_by_organisation = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="proposal_answer_is_whole",
            ),
            models.CheckConstraint(condition=~Q(answer="not_now") | ~Q(why=""), name="proposal_not_now_says_why"),
        ]
        indexes = [models.Index(fields=["person", "made_at"], name="proposal_of_person")]

    def __str__(self) -> str:
        return f"Proposal {self.id}"

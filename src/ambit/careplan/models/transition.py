"""What was done on the way from children's to adult care."""

import uuid

from django.db import models

from ambit.audit.append_only import AppendOnly
from ambit.careplan.rules import transition


class TransitionStep(models.Model):
    """What was said of one step of the move to adult care. Written once; what is said last of a step holds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=list(transition.STATES.items()))
    words = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    recorded_by_role = models.CharField(max_length=30)
    recorded_by_organisation = models.TextField(blank=True)

    class Meta:
        constraints = [AppendOnly(name="transition_step_is_kept", may_change=("person",))]
        indexes = [models.Index(fields=["person", "recorded_at"], name="transition_of_person")]

    def __str__(self) -> str:
        return f"{self.step} {self.state}: {self.person_id}"

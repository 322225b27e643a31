"""Brothers and sisters who have records of their own."""

import uuid

from django.db import models

from ambit.audit.append_only import AppendOnly


class SiblingTie(models.Model):
    """That two records are of a brother or sister each of the other; read from either side. Written once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    sibling = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    recorded_by_role = models.CharField(max_length=30)

    class Meta:
        constraints = [AppendOnly(name="sibling_tie_is_kept", may_change=("person", "sibling"))]

    def __str__(self) -> str:
        return f"{self.person_id} and {self.sibling_id}"


class SiblingTieEnding(models.Model):
    """That the two are no brother and sister after all, or that the tie is not wanted. Written once."""

    tie = models.OneToOneField(SiblingTie, on_delete=models.PROTECT, related_name="ending")
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    recorded_by_role = models.CharField(max_length=30)

    class Meta:
        constraints = [AppendOnly(name="sibling_tie_ending_is_kept")]

    def __str__(self) -> str:
        return f"the end of {self.tie_id}"

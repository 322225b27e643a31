"""What happens to the medicines in a home."""

import uuid

from django.db import models
from django.db.models import Q

from ambit.audit.append_only import AppendOnly
from ambit.careplan.rules import medicines


class MedicineMovement(models.Model):
    """One thing that happened to a medicine in somebody's home: supplied, counted, used, taken away. Written once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    medicine = models.TextField()
    unit = models.TextField()
    kind = models.CharField(max_length=10, choices=list(medicines.KINDS.items()))
    quantity = models.PositiveIntegerField()
    happened_at = models.DateTimeField()
    what_for = models.TextField(blank=True)
    effect = models.TextField(blank=True)
    witness = models.TextField(blank=True)
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    recorded_by_role = models.CharField(max_length=30)
    recorded_by_organisation = models.TextField(blank=True)

    class Meta:
        constraints = [
            AppendOnly(may_change=("person",), name="plan_medicine_movement_is_kept"),
            models.CheckConstraint(condition=Q(kind__in=medicines.KINDS), name="plan_medicine_movement_of_a_kind"),
        ]
        indexes = [models.Index(fields=["person", "happened_at"], name="plan_medicines_of_person")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"


class MedicineMistake(models.Model):
    """That a movement was recorded by mistake: it is kept, and no longer counts. Written once."""

    movement = models.OneToOneField(MedicineMovement, on_delete=models.PROTECT, related_name="mistake")
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    recorded_by_role = models.CharField(max_length=30)

    class Meta:
        constraints = [AppendOnly(name="plan_medicine_mistake_is_kept")]

    def __str__(self) -> str:
        return f"a mistake: {self.movement_id}"

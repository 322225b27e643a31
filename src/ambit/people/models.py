"""The person: identity, contact, characteristics, important people, death."""

import uuid

from django.db import models
from django.db.models import Q


class Person(models.Model):
    """One person, as they are known now. Every save is also kept as a numbered `PersonVersion`."""

    class Sex(models.TextChoices):
        FEMALE = "female", "Female"
        MALE = "male", "Male"
        INDETERMINATE = "indeterminate", "Indeterminate"
        NOT_RECORDED = "", "Not recorded"

    class BirthPrecision(models.TextChoices):
        EXACT = "exact", "Exact"
        ESTIMATED = "estimated", "Estimated"
        UNBORN = "unborn", "Not born yet (due date)"
        NOT_RECORDED = "", "Not recorded"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=40, blank=True)
    given_names = models.TextField(blank=True)
    family_name = models.TextField()
    preferred_name = models.TextField(blank=True)
    name_key = models.TextField(editable=False)
    born_on = models.DateField(null=True)
    birth_precision = models.CharField(max_length=10, choices=BirthPrecision, default=BirthPrecision.EXACT, blank=True)
    sex = models.CharField(max_length=15, choices=Sex, default=Sex.NOT_RECORDED, blank=True)
    practice = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, related_name="listed_people"
    )
    no_number_reason = models.TextField(blank=True)
    died_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged_from")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "people"
        indexes = [
            models.Index(fields=["name_key"], name="person_name_key"),
            models.Index(fields=["practice", "name_key"], name="person_practice_name"),
            models.Index(fields=["born_on"], name="person_born_on"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PersonNumber(models.Model):
    """A number that names the person: NHS (England and Wales), CHI (Scotland) or H&C (Northern Ireland)."""

    class Kind(models.TextChoices):
        NHS = "nhs", "NHS number"
        CHI = "chi", "CHI number"
        HC = "hc", "H&C number"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="numbers")
    kind = models.CharField(max_length=3, choices=Kind)
    value = models.CharField(max_length=10)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], condition=Q(is_current=True), name="number_names_one_person")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.person_id}"

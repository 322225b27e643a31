"""Snapshots of a month's figures, and who was behind them. Written once, never changed."""

import uuid

from django.db import models

from ambit.audit.append_only import AppendOnly


class Snapshot(models.Model):
    """The figures of one month, computed once with one version of a pack. A later version makes another snapshot beside it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField()
    pack = models.CharField(max_length=60)
    pack_version = models.CharField(max_length=20)
    pack_sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    taken_by = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "pack_sha256"], name="snapshot_once_for_a_pack"),
            AppendOnly(name="snapshot_is_kept"),
        ]
        indexes = [models.Index(fields=["month", "taken_at"], name="snapshot_of_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} by {self.pack} {self.pack_version}"


class Figure(models.Model):
    """One indicator in one area: the whole, and in `groups` each group of each breakdown in the same shape."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="figures")
    indicator = models.CharField(max_length=60)
    area = models.CharField(max_length=8)
    numerator = models.FloatField()
    denominator = models.FloatField(null=True)
    value = models.FloatField(null=True)
    lower = models.FloatField(null=True)
    upper = models.FloatField(null=True)
    completeness = models.FloatField(null=True)
    # outside the owning organisation: the numerator, the denominator, or both
    hides = models.CharField(max_length=11, blank=True)
    groups = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "area", "indicator"], name="figure_once"),
            AppendOnly(name="figure_is_kept"),
        ]
        indexes = [models.Index(fields=["area", "indicator"], name="figure_of_area")]

    def __str__(self) -> str:
        return f"{self.indicator} in {self.area}"


class Behind(models.Model):
    """Who of one practice stood behind a figure: the keys of those counted, and of the others in the denominator."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="behind")
    indicator = models.CharField(max_length=60)
    practice = models.CharField(max_length=8)
    counted = models.JSONField()
    others = models.JSONField()

    class Meta:
        verbose_name_plural = "behind"
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "practice", "indicator"], name="behind_once"),
            AppendOnly(name="behind_is_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} in {self.practice}"

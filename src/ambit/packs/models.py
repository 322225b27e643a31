"""A site's decisions to run packs that no clinical reviewer has signed."""

from typing import Any, ClassVar

from django.db import models

from ambit.audit.append_only import AppendOnly


class PackSignOff(models.Model):
    """Somebody here has read exactly this content and takes it into use. Never changed: a new version needs a new one."""

    kind = models.CharField(max_length=40)
    pack_id = models.CharField(max_length=100)
    version = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    by_name = models.CharField(max_length=200)
    by_role = models.CharField(max_length=40)
    by_account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    note = models.TextField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["kind", "pack_id", "version", "sha256"], name="packs_one_sign_off_for_one_content"
            ),
            AppendOnly(name="pack_sign_off_is_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.pack_id} {self.version}"

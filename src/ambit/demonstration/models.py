"""How far the demonstration place is built, so that it is made once and a broken-off making goes on."""

from django.db import models


class Storey(models.Model):
    """One part of the place that stands: written in the transaction that made it."""

    name = models.CharField(max_length=30, primary_key=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "storeys"

    def __str__(self) -> str:
        return self.name

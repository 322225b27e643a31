"""What the clock remembers: which nightly jobs were done on which day."""

from django.db import models


class NightlyRun(models.Model):
    """One job of one night. The row is taken before the job begins, so that two clocks never do it at once."""

    on = models.DateField()
    job = models.TextField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # the class of what went wrong; never its words
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["on", "job"], name="site_nightly_once")]

    def __str__(self) -> str:
        return f"{self.job} on {self.on}"

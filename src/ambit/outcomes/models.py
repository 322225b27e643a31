"""What was measured and when a phase of illness began. Written once; a mistake is followed by a correction."""

import uuid

from django.db import models
from django.db.models import Q

from ambit.audit.append_only import AppendOnly
from ambit.outcomes.rules.instruments import RESPONDENTS

SETTINGS = {
    "own_home": "Their own home",
    "care_home": "Care home",
    "hospice": "Hospice",
    "hospital": "Hospital",
    "clinic": "Surgery or clinic",
    "telephone": "By telephone or video",
}


STANDING = Q(corrected_by=None, is_withdrawn=False)
"""What counts now: not corrected since, and not withdrawn."""


class Recorded(models.Model):
    """What everything recorded here has: whose it is, who recorded it, and what it corrects, and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    setting = models.CharField(max_length=12, choices=list(SETTINGS.items()), blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    recorded_by_role = models.CharField(max_length=30)
    recorded_by_organisation = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        abstract = True


KEPT = "What was measured is never changed; a correction follows it."
_SAYS_WHY = Q(corrects=None, is_withdrawn=False) | (Q(corrects__isnull=False) & ~Q(reason=""))


class Measure(Recorded):
    """One assessment of somebody with one version of one instrument; or the correction that follows it."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="measures")
    instrument = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    respondent = models.CharField(max_length=6, choices=list(RESPONDENTS.items()))
    assessed_on = models.DateField()
    phase = models.CharField(max_length=20, blank=True)
    answers = models.JSONField()
    missing = models.JSONField()
    total = models.IntegerField(null=True)
    subscales = models.JSONField()
    extras = models.JSONField()
    problems = models.JSONField()
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_SAYS_WHY, name="measure_correction_says_why"),
            AppendOnly(name="measure_is_kept", says=KEPT, may_change=("person",)),
        ]
        indexes = [models.Index(fields=["person", "instrument", "assessed_on"], name="measures_of_person")]

    def __str__(self) -> str:
        return f"{self.instrument} of {self.person_id} on {self.assessed_on}"


class PhaseStart(Recorded):
    """A phase of illness begins, by somebody's judgement. The phase before ends on that day: there is only one at a time."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="phase_starts")
    phase = models.CharField(max_length=20)
    began_on = models.DateField()
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_SAYS_WHY, name="phase_correction_says_why"),
            AppendOnly(name="phase_is_kept", says=KEPT, may_change=("person",)),
        ]
        indexes = [models.Index(fields=["person", "began_on"], name="phases_of_person")]

    def __str__(self) -> str:
        return f"{self.phase} of {self.person_id} from {self.began_on}"

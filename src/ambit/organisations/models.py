"""Who gives care: organisations, teams, staff, and the roles in which staff act."""

import uuid

from django.db import models
from django.db.models import Q


class Organisation(models.Model):
    """A practice, provider, place or system, by its ODS code."""

    class Kind(models.TextChoices):
        SYSTEM = "system", "Integrated care system"
        PLACE = "place", "Place or locality"
        PRACTICE = "practice", "GP practice"
        COMMUNITY = "community", "Community provider"
        HOSPITAL = "hospital", "Hospital"
        HOSPICE = "hospice", "Hospice"
        CARE_HOME = "care_home", "Care home"
        AMBULANCE = "ambulance", "Ambulance service"
        OUT_OF_HOURS = "out_of_hours", "Out-of-hours or 111 service"
        COUNCIL = "council", "Council"
        OTHER = "other", "Other"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=8, unique=True)
    name = models.TextField()
    kind = models.CharField(max_length=20, choices=Kind)
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")
    telephone = models.CharField(max_length=30, blank=True)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "name"], name="organisation_kind_name")]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(opened_on=None) | Q(closed_on__gte=models.F("opened_on")),
                name="organisation_closes_after_it_opens",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A team within an organisation, such as a community nursing team."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    name = models.TextField()
    telephone = models.CharField(max_length=30, blank=True)
    hours = models.TextField(blank=True)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="team_one_name_in_organisation")]

    def __str__(self) -> str:
        return self.name


class Staff(models.Model):
    """Somebody who works in the place."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=20, blank=True)
    name = models.TextField()
    email = models.EmailField(unique=True)
    telephone = models.CharField(max_length=30, blank=True)
    registration = models.CharField(max_length=30, blank=True)

    class Meta:
        verbose_name_plural = "staff"

    def __str__(self) -> str:
        return f"{self.title} {self.name}".strip()


class Role(models.TextChoices):
    """What a member of staff does; carries the abilities listed in `access.rules`."""

    GP = "gp", "GP"
    COMMUNITY_NURSE = "community_nurse", "Community nurse"
    PALLIATIVE_SPECIALIST = "palliative_specialist", "Palliative care specialist"
    CARE_COORDINATOR = "care_coordinator", "Care coordinator"
    URGENT_CLINICIAN = "urgent_clinician", "Out-of-hours, 111 or 999 clinician"
    ADVICE_LINE_NURSE = "advice_line_nurse", "Advice-line nurse"
    CARE_HOME_SENIOR = "care_home_senior", "Care-home senior"
    SOCIAL_WORKER = "social_worker", "Social worker"
    HOSPITAL_CLINICIAN = "hospital_clinician", "Hospital clinician"
    PRACTICE_ADMINISTRATOR = "practice_administrator", "Practice administrator"
    PLACE_LEAD = "place_lead", "Place lead"
    ANALYST = "analyst", "Commissioner or analyst"
    EDUCATOR = "educator", "Educator"
    PRIVACY_OFFICER = "privacy_officer", "Privacy officer"
    AUDITOR = "auditor", "Auditor"
    SYSTEM_ADMINISTRATOR = "system_administrator", "System administrator"


class Membership(models.Model):
    """The role a member of staff has in an organisation (and team), from one day to another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="memberships")
    role = models.CharField(max_length=30, choices=Role)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            # two, because SQLite holds one missing team to differ from another
            models.UniqueConstraint(
                fields=["staff", "organisation", "team", "role"],
                condition=Q(until_on=None, team__isnull=False),
                name="membership_one_open_role_in_team",
            ),
            models.UniqueConstraint(
                fields=["staff", "organisation", "role"],
                condition=Q(until_on=None, team=None),
                name="membership_one_open_role",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=models.F("from_on")),
                name="membership_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id}, {self.get_role_display()}, {self.organisation_id}"

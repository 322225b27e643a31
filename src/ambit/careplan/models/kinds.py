"""What only one kind of document says. Each row belongs to one `Directive` and is written with it, once.

The names of the columns are those of `rules.documents`, where each is explained; a test holds the two together.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.db import models
from django.db.models import Q

from ambit.audit.append_only import AppendOnly
from ambit.careplan.models.directives import Directive
from ambit.careplan.rules import advance_decision, cpr, documents

_KNOWN = [("yes", "Yes"), ("no", "No"), ("not_known", "Not known")]


def _items(value_set: Mapping[str, str]) -> list[tuple[str, str]]:
    return list(value_set.items())


def _of(kind: str) -> models.OneToOneField[Directive, Directive]:
    return models.OneToOneField(Directive, on_delete=models.PROTECT, primary_key=True, related_name=kind)


def _within(name: str, allowed: Mapping[str, str], *, constraint: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{name}__in": ["", *allowed]}), name=constraint)


class AdvanceDecision(models.Model):
    """What an advance decision, or a written wish, refuses, and how it was signed. Written once."""

    directive = _of("advance_decision")
    form = models.CharField(max_length=8, choices=[(documents.REFUSAL, "Advance decision"), (documents.WISH, "Wish")])
    treatments = models.JSONField(default=list)
    other_treatments = models.TextField(blank=True)
    circumstances = models.TextField(blank=True)
    sustains_life = models.BooleanField(default=False)
    capacity = models.CharField(max_length=10, choices=_items(advance_decision.CAPACITY), blank=True)
    attested_by = models.TextField(blank=True)
    in_writing = models.CharField(max_length=9, choices=_KNOWN, default="not_known")
    signed = models.CharField(max_length=9, choices=_items(advance_decision.SIGNED), default="not_known")
    at_risk = models.CharField(max_length=9, choices=_KNOWN, default="not_known")
    witnessed = models.CharField(max_length=9, choices=_KNOWN, default="not_known")
    witness = models.TextField(blank=True)
    witness_is_maker = models.BooleanField(default=False)

    class Meta:
        constraints = [AppendOnly(name="advance_decision_is_kept")]

    def __str__(self) -> str:
        return f"advance decision {self.directive_id}"


class Authority(models.Model):
    """Whom a power of attorney or a court's order names, and what they may decide. Written once."""

    directive = _of("authority")
    type = models.CharField(max_length=16, choices=_items(documents.AUTHORITIES))
    holders = models.JSONField(default=list)
    joint = models.CharField(max_length=9, choices=_items(documents.JOINT), default="only")
    registered_on = models.DateField(null=True)
    reference = models.TextField(blank=True)
    life_sustaining = models.CharField(max_length=9, choices=_KNOWN, default="not_known")
    restrictions = models.TextField(blank=True)
    ends_on = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "authorities"
        constraints = [
            models.CheckConstraint(condition=Q(type__in=list(documents.AUTHORITIES)), name="authority_of_a_known_type"),
            # Mental Capacity Act 2005, s.20(5)
            models.CheckConstraint(
                condition=~Q(type=documents.DEPUTY, life_sustaining="yes"), name="authority_of_a_deputy_never_over_life"
            ),
            AppendOnly(name="authority_is_kept"),
        ]

    def __str__(self) -> str:
        return f"authority {self.directive_id}"


class CapacityAssessment(models.Model):
    """What was found about the person's capacity for one decision at one time. Written once."""

    directive = _of("capacity")
    decision = models.TextField(blank=True)
    about = models.CharField(max_length=15, choices=_items(documents.ABOUT), default="other")
    understand = models.CharField(max_length=9, choices=_KNOWN, blank=True)
    retain = models.CharField(max_length=9, choices=_KNOWN, blank=True)
    weigh = models.CharField(max_length=9, choices=_KNOWN, blank=True)
    communicate = models.CharField(max_length=9, choices=_KNOWN, blank=True)
    impairment = models.TextField(blank=True)
    link = models.TextField(blank=True)
    support = models.TextField(blank=True)
    outcome = models.CharField(max_length=5, choices=[("has", "Could decide"), ("lacks", "Could not")], blank=True)
    assessor = models.TextField(blank=True)
    may_return = models.CharField(max_length=9, choices=_KNOWN, default="not_known")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["", "has", "lacks"]), name="capacity_outcome_is_known"),
            AppendOnly(name="capacity_is_kept"),
        ]

    def __str__(self) -> str:
        return f"capacity assessment {self.directive_id}"


class GillickAssessment(models.Model):
    """What was found about a child's competence for one decision. Written once."""

    directive = _of("gillick")
    decision = models.TextField(blank=True)
    about = models.CharField(max_length=15, choices=_items(documents.ABOUT), default="other")
    understanding = models.TextField(blank=True)
    outcome = models.CharField(
        max_length=13, choices=[("competent", "Competent"), ("not_competent", "Not competent")], blank=True
    )
    assessor = models.TextField(blank=True)
    parents_told = models.TextField(blank=True)

    class Meta:
        constraints = [AppendOnly(name="gillick_is_kept")]

    def __str__(self) -> str:
        return f"Gillick assessment {self.directive_id}"


class BestInterests(models.Model):
    """What was considered, who was consulted and what was decided in somebody's best interests. Written once."""

    directive = _of("best_interests")
    decision = models.TextField(blank=True)
    about = models.CharField(max_length=15, choices=_items(documents.ABOUT), default="other")
    options = models.TextField(blank=True)
    wishes = models.TextField(blank=True)
    consulted = models.TextField(blank=True)
    nobody_to_consult = models.BooleanField(default=False)
    serious = models.CharField(max_length=9, choices=_items(documents.SERIOUS), default="no")
    less_restrictive = models.TextField(blank=True)
    not_to_bring_about_death = models.BooleanField(default=False)
    outcome = models.TextField(blank=True)
    decided_by = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "best interests"
        constraints = [AppendOnly(name="best_interests_is_kept")]

    def __str__(self) -> str:
        return f"best-interests decision {self.directive_id}"


class IMCAReferral(models.Model):
    """The independent mental capacity advocate asked for, or why there was no time. Written once."""

    directive = _of("imca")
    decision = models.TextField(blank=True)
    serious = models.CharField(max_length=9, choices=_items(documents.SERIOUS), default="treatment")
    state = models.CharField(max_length=10, choices=_items(documents.IMCA_STATES), default=documents.INSTRUCTED)
    service = models.TextField(blank=True)
    advocate = models.TextField(blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    why_urgent = models.TextField(blank=True)

    class Meta:
        verbose_name = "IMCA referral"
        constraints = [AppendOnly(name="imca_referral_is_kept")]

    def __str__(self) -> str:
        return f"IMCA referral {self.directive_id}"


class Escalation(models.Model):
    """Which treatments are given, and which are not. Written once."""

    directive = _of("escalation")
    limits = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    talked = models.CharField(max_length=10, choices=_items(cpr.TALKED), blank=True)
    why_not_talked = models.TextField(blank=True)
    decided_by = models.TextField(blank=True)
    decided_by_role = models.TextField(blank=True)

    class Meta:
        constraints = [AppendOnly(name="escalation_is_kept")]

    def __str__(self) -> str:
        return f"treatment escalation {self.directive_id}"


class EmergencyRecommendations(models.Model):
    """What is recommended in an emergency, and how the person took part. Written once."""

    directive = _of("emergency")
    summary = models.TextField(blank=True)
    priority = models.CharField(max_length=12, choices=_items(documents.PRIORITIES), blank=True)
    comfort_scale = models.PositiveSmallIntegerField(null=True)
    value_most = models.TextField(blank=True)
    fear_most = models.TextField(blank=True)
    limits = models.JSONField(default=list)
    cpr = models.CharField(
        max_length=16, choices=[(reading, cpr.WORDS[reading]) for reading in cpr.DECISIONS], blank=True
    )
    cpr_reason = models.TextField(blank=True)
    has_capacity = models.CharField(max_length=9, choices=_KNOWN, default="not_known")
    in_what_way = models.TextField(blank=True)
    involvement = models.CharField(max_length=1, choices=_items(documents.INVOLVEMENT), blank=True)
    child_involvement = models.CharField(max_length=2, choices=_items(documents.CHILD_INVOLVEMENT), blank=True)
    parents_involved = models.BooleanField(default=False)
    why_not_involved = models.TextField(blank=True)
    clinician = models.TextField(blank=True)
    clinician_role = models.TextField(blank=True)
    signed = models.CharField(max_length=9, choices=_KNOWN, default="not_known")
    senior = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "emergency recommendations"
        constraints = [
            _within("priority", documents.PRIORITIES, constraint="emergency_one_priority"),
            _within("cpr", dict.fromkeys(cpr.DECISIONS, ""), constraint="emergency_one_recommendation_about_cpr"),
            _within("involvement", documents.INVOLVEMENT, constraint="emergency_one_way_of_taking_part"),
            models.CheckConstraint(
                condition=Q(comfort_scale=None) | Q(comfort_scale__lte=10), name="emergency_scale_ends_at_ten"
            ),
            AppendOnly(name="emergency_is_kept"),
        ]

    def __str__(self) -> str:
        return f"emergency recommendations {self.directive_id}"


class DonationDecision(models.Model):
    """What the person decided about giving organs or tissue. Written once."""

    directive = _of("donation")
    decision = models.CharField(max_length=10, choices=_items(documents.DONATIONS), blank=True)
    which = models.TextField(blank=True)
    nominated = models.TextField(blank=True)
    on_register = models.CharField(max_length=9, choices=_KNOWN, default="not_known")

    class Meta:
        constraints = [AppendOnly(name="donation_is_kept")]

    def __str__(self) -> str:
        return f"donation decision {self.directive_id}"


class Dispute(models.Model):
    """Who disagrees about what in somebody's care, and what happens next. Written once."""

    directive = _of("dispute")
    about = models.TextField(blank=True)
    views_held = models.TextField(blank=True)
    next_step = models.CharField(max_length=15, choices=_items(documents.NEXT_STEPS), default="talk")
    led_by = models.TextField(blank=True)

    class Meta:
        constraints = [AppendOnly(name="dispute_is_kept")]

    def __str__(self) -> str:
        return f"dispute {self.directive_id}"


TABLES: Final[Mapping[str, type[models.Model]]] = MappingProxyType(
    {
        documents.AdvanceDecision.kind: AdvanceDecision,
        documents.Authority.kind: Authority,
        documents.CapacityAssessment.kind: CapacityAssessment,
        documents.GillickAssessment.kind: GillickAssessment,
        documents.BestInterests.kind: BestInterests,
        documents.IMCAReferral.kind: IMCAReferral,
        documents.Escalation.kind: Escalation,
        documents.EmergencyRecommendations.kind: EmergencyRecommendations,
        documents.DonationDecision.kind: DonationDecision,
        documents.Dispute.kind: Dispute,
    }
)
"""The table of each kind of document."""

"""Invitations to one's own pages, concerns with what became of them, notices, and how somebody likes their pages."""

import uuid

from django.db import models
from django.db.models import Q


class Invitation(models.Model):
    """A letter with a code that works once: for the person, somebody who acts for them, or a carer with their leave."""

    class Role(models.TextChoices):
        PERSON = "person", "The person"
        PROXY = "proxy", "Somebody who acts for the person"
        CARER = "carer", "A carer, with the person's leave"

    class Basis(models.TextChoices):
        OWN = "own", "Their own plan"
        ATTORNEY = "attorney", "Attorney for health and welfare"
        DEPUTY = "deputy", "Deputy appointed by the court"
        PARENTAL = "parental", "Parental responsibility"
        APPOINTED = "appointed", "Appointed in another way"
        LEAVE = "leave", "Leave given by the person"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role)
    name = models.TextField()
    basis = models.CharField(max_length=10, choices=Basis)
    evidence = models.TextField(blank=True)
    parental = models.ForeignKey("people.ParentalResponsibility", on_delete=models.PROTECT, null=True, related_name="+")
    # an attorney's or deputy's leave comes with the document that names them, and goes with it
    directive = models.ForeignKey("careplan.Directive", on_delete=models.PROTECT, null=True, related_name="+")
    leave_until_on = models.DateField(null=True)
    asked_by_person = models.BooleanField(default=False)
    code_hash = models.CharField(max_length=64, blank=True)
    code_until_at = models.DateTimeField(null=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    made_by = models.TextField()
    made_by_role = models.CharField(max_length=30)
    made_at = models.DateTimeField()
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, null=True, related_name="+")
    grant = models.ForeignKey("access.Grant", on_delete=models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code_hash"], condition=~Q(code_hash=""), name="invitation_code_once"),
            models.CheckConstraint(
                condition=Q(role="person", basis="own")
                | (Q(role="proxy") & Q(basis__in=["attorney", "deputy", "parental", "appointed"]))
                | Q(role="carer", basis="leave"),
                name="invitation_basis_fits_its_role",
            ),
            models.CheckConstraint(
                condition=Q(basis="parental", parental__isnull=False) | (~Q(basis="parental") & Q(parental=None)),
                name="invitation_of_a_parent_names_the_responsibility",
            ),
            models.CheckConstraint(
                condition=Q(directive=None) | Q(basis__in=["attorney", "deputy"]),
                name="invitation_rests_on_a_document_that_names_them",
            ),
        ]
        indexes = [models.Index(fields=["person", "made_at"], name="invitation_of_person")]

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.person_id}"


class AskedToSee(models.Model):
    """Somebody who sees one person's plan asks to see another's too; staff see who that is, and answer. Never a dead letter.

    It reaches those who care for the person whose plan they see already (`through`); whose plan is meant is in their words,
    so that the asking tells nobody whether such a record exists.
    """

    class Basis(models.TextChoices):
        ATTORNEY = "attorney", "Attorney for health and welfare"
        DEPUTY = "deputy", "Deputy appointed by the court"
        PARENTAL = "parental", "Parental responsibility"
        APPOINTED = "appointed", "Appointed in another way"
        LEAVE = "leave", "Leave given by the person"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    through = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    born_on = models.DateField()
    basis = models.CharField(max_length=10, choices=Basis)
    words = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    answer_by_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_by = models.TextField(blank=True)
    answered_by_role = models.CharField(max_length=30, blank=True)
    answered_at = models.DateTimeField(null=True)
    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "request to see another plan"
        verbose_name_plural = "requests to see another plan"
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="", invitation=None) | Q(answered_at__isnull=False),
                name="asked_to_see_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(answer="") | Q(invitation__isnull=False),
                name="asked_to_see_no_is_said_with_its_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["through"], condition=Q(answered_at=None), name="asked_to_see_open"),
            models.Index(fields=["account", "asked_at"], name="asked_to_see_of_account"),
        ]

    def __str__(self) -> str:
        return f"request {self.id}"


class Concern(models.Model):
    """Something somebody is worried about: received by a named person, and answered. Never a dead letter."""

    class Kind(models.TextChoices):
        CARE = "care", "Worried about care"
        WHO_OPENED = "who_opened", "Does not know somebody who opened the record"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="concerns")
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.TextField()
    about = models.TextField(blank=True)
    account = models.ForeignKey("access.Account", on_delete=models.PROTECT, related_name="+")
    by_name = models.TextField()
    by_role = models.CharField(max_length=30)
    raised_at = models.DateTimeField()
    receive_by_on = models.DateField()
    received_by = models.TextField(blank=True)
    received_by_role = models.CharField(max_length=30, blank=True)
    received_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.TextField(blank=True)
    answered_by_role = models.CharField(max_length=30, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="concern_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(received_at__isnull=False), name="concern_is_received_before_answered"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "raised_at"], name="concern_of_person"),
            models.Index(fields=["receive_by_on"], condition=Q(answered_at=None), name="concern_open"),
        ]

    def __str__(self) -> str:
        return f"Concern {self.id}"


class Notice(models.Model):
    """Something new for one account. What it says is on the page; a mail about it names nobody and nothing."""

    class Kind(models.TextChoices):
        PLAN_CHANGED = "plan_changed", "Somebody changed the plan"
        EMERGENCY = "emergency", "Somebody opened the record in an emergency"
        PROPOSAL_ANSWERED = "proposal_answered", "An answer to a change that was asked for"
        CONCERN_ANSWERED = "concern_answered", "An answer to a concern"
        REVIEW_DUE = "review_due", "Time to look at what is written"
        ASKED_ANSWERED = "asked_answered", "An answer to who asked to see another plan"

    account = models.ForeignKey("access.Account", on_delete=models.CASCADE, related_name="notices")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    section = models.CharField(max_length=40, blank=True)
    source = models.TextField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "source"], name="notice_once")]
        indexes = [models.Index(fields=["account", "-at"], name="notice_of_account")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.account_id}"


class Preferences(models.Model):
    """How somebody likes their pages, and which mails they want."""

    account = models.OneToOneField("access.Account", on_delete=models.CASCADE, primary_key=True, related_name="+")
    large = models.BooleanField(default=False)
    contrast = models.BooleanField(default=False)
    easy = models.BooleanField(default=False)
    no_mail_for = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"preferences of {self.account_id}"

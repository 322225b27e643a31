"""Documents and decisions with legal force: what all of them say, how they end, and different views of them."""

import uuid

from django.db import models
from django.db.models import Q

from ambit.audit.append_only import AppendOnly
from ambit.careplan.rules import document
from ambit.careplan.rules.directives import KINDS


class Directive(models.Model):
    """A document or decision with legal force, made here or transcribed as it stands. Written once.

    What only its kind says is in the table of that kind (`models.kinds`), under the same key.
    """

    class Source(models.TextChoices):
        MADE_HERE = document.MADE_HERE, "Made here"
        TRANSCRIBED = document.TRANSCRIBED, "Transcribed as it is on paper"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="directives")
    kind = models.CharField(max_length=20, choices=[(kind.id, kind.title) for kind in KINDS.values()])
    source = models.CharField(max_length=12, choices=Source)
    made_on = models.DateField(null=True)
    jurisdiction = models.CharField(max_length=3, choices=list(document.JURISDICTIONS.items()), default="EW")
    seen = models.CharField(max_length=10, choices=list(document.SEEN.items()), blank=True)
    paper_at = models.TextField(blank=True)
    review_on = models.DateField(null=True)
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()
    recorded_by_role = models.CharField(max_length=30)
    recorded_by_organisation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="directive_of_a_known_kind"),
            models.CheckConstraint(
                condition=Q(source=document.MADE_HERE, made_on__isnull=False, seen="")
                | (Q(source=document.TRANSCRIBED) & ~Q(seen="")),
                name="directive_made_here_has_a_day",
            ),
            # a merge of two records moves it to the one that is kept
            AppendOnly(name="directive_is_kept", may_change=("person",)),
        ]
        indexes = [models.Index(fields=["person", "kind"], name="directive_of_person")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class DirectiveEnding(models.Model):
    """Why a document no longer counts; the document itself is kept. Written once."""

    class How(models.TextChoices):
        REPLACED = document.REPLACED, "Replaced by a later one"
        WITHDRAWN = document.WITHDRAWN, "Withdrawn, revoked or settled"
        WRONG = document.WRONG, "Recorded by mistake"

    directive = models.OneToOneField(Directive, on_delete=models.PROTECT, related_name="ending")
    how = models.CharField(max_length=10, choices=How)
    replaced_by = models.ForeignKey(Directive, on_delete=models.PROTECT, null=True, related_name="replaces")
    reason = models.TextField(blank=True)
    ended_at = models.DateTimeField()
    ended_by = models.TextField()
    ended_by_role = models.CharField(max_length=30)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(how="replaced", replaced_by__isnull=False) | (~Q(how="replaced") & ~Q(reason="")),
                name="directive_ending_says_why",
            ),
            AppendOnly(name="directive_ending_is_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.how}: {self.directive_id}"


class DirectiveView(models.Model):
    """A view of a document's force that differs from what is computed, with its reason; both are shown. Written once."""

    class Force(models.TextChoices):
        BINDING = document.BINDING, "It is binding"
        NOT_BINDING = document.NOT_BINDING, "It is not binding"
        DOUBTFUL = document.DOUBTFUL, "Something speaks against it: somebody must look"

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="views")
    force = models.CharField(max_length=12, choices=Force)
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.TextField()
    role = models.CharField(max_length=30)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="directive_view_says_why"),
            AppendOnly(name="directive_view_is_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.force}: {self.directive_id}"


class AuthorityAccess(models.Model):
    """The tie by which an attorney or deputy opens the record; it is given with the document and ends with it. Written once."""

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="access")
    grant = models.ForeignKey("access.Grant", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "authority access"
        constraints = [
            models.UniqueConstraint(fields=["directive", "grant"], name="authority_access_once"),
            AppendOnly(name="authority_access_is_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.grant_id} by {self.directive_id}"

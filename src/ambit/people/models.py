"""The person: identity, contact, characteristics, important people, death."""

import uuid

from django.db import models
from django.db.models import F, Q

from ambit.audit.append_only import AppendOnly
from ambit.people.rules import values


def _choices(value_set: dict[str, str]) -> list[tuple[str, str]]:
    return list(value_set.items())


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
        MONTH = "month", "Month and year only"
        YEAR = "year", "Year only"
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
    # its index is `person_of_practice`
    practice = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, related_name="listed_people", db_index=False
    )
    no_number_reason = models.CharField(max_length=20, choices=_choices(values.NO_NUMBER_REASONS), blank=True)
    died_on = models.DateField(null=True)
    # nearly always empty, so a whole index would mislead the planner of SQLite
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged_from", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "people"
        indexes = [
            models.Index(fields=["name_key"], opclasses=["text_pattern_ops"], name="person_name_key"),
            models.Index(fields=["practice", "name_key"], name="person_practice_name"),
            models.Index(fields=["practice", "id"], name="person_of_practice"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="person_merged"),
            models.Index(fields=["born_on"], name="person_born_on"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="person_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(died_on=None) | Q(born_on=None) | Q(died_on__gte=F("born_on"))
                | Q(birth_precision__in=["estimated", "month", "year"]),
                name="person_dies_after_birth",
            ),
            models.CheckConstraint(
                condition=Q(died_on=None) | ~Q(birth_precision="unborn"), name="person_born_before_death"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.id)


class NameWord(models.Model):
    """One word of somebody's present or preferred name, for finding them by its beginning."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="name_words")
    word = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["word", "person"], opclasses=["text_pattern_ops", "uuid_ops"], name="name_word")
        ]

    def __str__(self) -> str:
        return f"a word of {self.person_id}"


class PersonNumber(models.Model):
    """A number that names the person: NHS (England and Wales), CHI (Scotland) or H&C (Northern Ireland)."""

    class Kind(models.TextChoices):
        NHS = "nhs", "NHS number"
        CHI = "chi", "CHI number"
        HC = "hc", "H&C number"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="numbers")
    kind = models.CharField(max_length=3, choices=Kind)
    value = models.CharField(max_length=10)
    # NHS number status (SCCI1580 item 10)
    status = models.CharField(max_length=2, choices=_choices(values.NUMBER_STATUSES), default="02")
    # a person keeps superseded numbers, so that nobody else is admitted under them
    is_current = models.BooleanField(default=True)
    # given to the wrong person: it may then name another
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value"], condition=Q(withdrawn_at=None), name="number_names_one_person"
            ),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(is_current=True), name="number_one_current_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(withdrawn_at=None), name="number_withdrawn_is_not_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.person_id}"


class PersonDetails(models.Model):
    """What is known of somebody besides who they are. No row, or empty, is "not recorded"."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True, related_name="details")
    gender_identity = models.CharField(max_length=12, choices=_choices(values.GENDER_IDENTITIES), blank=True)
    pronouns = models.TextField(blank=True)
    ethnicity = models.CharField(max_length=1, choices=_choices(values.ETHNICITIES), blank=True)
    religion = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    needs_interpreter = models.BooleanField(null=True)
    communication_needs = models.JSONField(default=list)
    communication_notes = models.TextField(blank=True)
    adjustments = models.JSONField(default=list)
    adjustment_notes = models.TextField(blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    mobile = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    living_situation = models.CharField(max_length=12, choices=_choices(values.LIVING_SITUATIONS), blank=True)
    residence = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, related_name="residents"
    )
    inclusion_groups = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "person details"

    def __str__(self) -> str:
        return f"details of {self.person_id}"


class PersonVersion(models.Model):
    """What a record said after one save: who saved it, when. Never changed; the database refuses it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    what = models.TextField()
    data = models.JSONField()
    at = models.DateTimeField()
    by_account = models.BigIntegerField(null=True)
    by_name = models.TextField()
    by_role = models.CharField(max_length=30)
    by_organisation = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="person_version_once"),
            AppendOnly(name="person_version_is_kept"),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.person_id}"


class PersonName(models.Model):
    """A name somebody had before. Guarded: shown only for a clinical need that is recorded (gender recognition law)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="former_names")
    title = models.CharField(max_length=40, blank=True)
    given_names = models.TextField(blank=True)
    family_name = models.TextField()
    until_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"a former name of {self.person_id}"


class BirthSex(models.Model):
    """Sex as registered at birth, where it differs or matters. Guarded like a former name."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, primary_key=True, related_name="birth_sex")
    sex = models.CharField(max_length=15, choices=_choices(values.SEXES))

    class Meta:
        verbose_name_plural = "sexes at birth"

    def __str__(self) -> str:
        return f"sex at birth of {self.person_id}"


class Address(models.Model):
    """Where somebody lives, stays or receives letters, from one day to another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="addresses")
    kind = models.CharField(max_length=10, choices=_choices(values.ADDRESS_KINDS), default="home")
    lines = models.TextField()
    postcode = models.CharField(max_length=8, blank=True)
    lsoa = models.CharField(max_length=9, blank=True)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(kind="home", until_on=None), name="address_one_home_now"
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(from_on=None) | Q(until_on__gte=F("from_on")),
                name="address_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.person_id}"


class ImportantPerson(models.Model):
    """Somebody who matters to the person: family, friend, carer, one who holds parental responsibility."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="important_people")
    # when they have a record of their own here, such as a mother of an unborn child
    own_record = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="important_to")
    name = models.TextField()
    relation = models.CharField(max_length=16, choices=_choices(values.RELATIONS))
    roles = models.JSONField(default=list)
    telephone = models.CharField(max_length=30, blank=True)
    other_telephone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    rank = models.PositiveSmallIntegerField(default=1)
    # has the person said that this one may be told about their care? None: not asked
    may_share = models.BooleanField(null=True)
    is_under_18 = models.BooleanField(null=True)
    notes = models.TextField(blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "important people"
        indexes = [models.Index(fields=["person", "rank"], name="important_person_rank")]

    def __str__(self) -> str:
        return f"{self.get_relation_display()} of {self.person_id}"


class ParentalResponsibility(models.Model):
    """One holder's parental responsibility: its basis, what a court has restricted, whether it is disputed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="parental_responsibilities")
    holder = models.ForeignKey(ImportantPerson, on_delete=models.PROTECT, related_name="parental_responsibilities")
    basis = models.CharField(max_length=30, choices=_choices(values.PARENTAL_BASES))
    evidence = models.TextField(blank=True)
    restriction = models.TextField(blank=True)
    court_order = models.TextField(blank=True)
    is_disputed = models.BooleanField(default=False)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "parental responsibilities"
        constraints = [
            models.UniqueConstraint(fields=["holder"], condition=Q(until_on=None), name="parental_one_open_for_holder")
        ]

    def __str__(self) -> str:
        return f"parental responsibility for {self.person_id}"


class Death(models.Model):
    """A death as it was recorded. A correction is a new row; a death recorded in error is retracted with a reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deaths")
    died_on = models.DateField()
    died_at = models.TimeField(null=True)
    precision = models.CharField(max_length=10, choices=_choices(values.DEATH_PRECISIONS), default="day")
    place = models.CharField(max_length=10, choices=_choices(values.DEATH_PLACES))
    place_name = models.TextField(blank=True)
    was_usual_residence = models.BooleanField(null=True)
    was_expected = models.BooleanField(null=True)
    cause = models.TextField(blank=True)
    verified_by = models.TextField(blank=True)
    verified_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="death_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(end_reason=""), name="death_withdrawn_with_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"death of {self.person_id}"


class Merge(models.Model):
    """Two records found to be of one person, with exactly what was moved, so that it can be undone without loss."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges_kept")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges_of")
    reason = models.TextField()
    changes = models.JSONField()
    at = models.DateTimeField()
    by_name = models.TextField()
    by_role = models.CharField(max_length=30)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.TextField(blank=True)
    undone_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["other"], condition=Q(undone_at=None), name="merge_once"),
            models.CheckConstraint(condition=~Q(kept=F("other")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.other_id} into {self.kept_id}"

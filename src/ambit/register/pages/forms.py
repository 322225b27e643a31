"""Forms of the register; they check and clean, and do not save."""

from typing import Any
from uuid import UUID

from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _

from ambit.design.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    FileField,
    Form,
    NHSNumberField,
    SeenField,
    SelectField,
    TextField,
)
from ambit.people.rules import Identity
from ambit.register.queries import FOUND_BY, REASONS_TO_LEAVE, practices_to_ask
from ambit.register.rules import ACCEPTED, ALREADY_ON, ASKED, DECLINED, KNOWS, NOT_STAGED, REFERRAL, STAGES

STAGE_CHOICES = list(STAGES.items())


class AddToRegisterForm(Form):
    stage = SelectField(label=_("Stage"), choices=STAGE_CHOICES, initial="not_staged")
    found_by = ChoiceField(
        label=_("How this person came to the register"),
        choices=[c for c in FOUND_BY if c[0] in ("referral", "by_hand")],
    )
    referred_by = CharField(
        label=_("Who referred them, when they were referred"),
        hint=_("Name, role and organisation, as in the letter"),
        required=False,
        max_length=200,
    )
    reason = TextField(label=_("Why, in your words"), rows=3)
    told = BooleanField(
        label=_("The person knows, or will before it is shared"),
        hint=_("Until they know, nothing leaves their practice."),
        required=False,
    )
    review_due_on = DateField(label=_("Review by"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("found_by") == REFERRAL and not cleaned.get("referred_by"):
            self.add_error("referred_by", _("Write who referred this person."))
        return cleaned


class ChangeStageForm(Form):
    seen = SeenField()
    stage = SelectField(label=_("Stage"), choices=STAGE_CHOICES)
    reason = TextField(label=_("Why, in your words"), rows=3)
    review_due_on = DateField(label=_("Review by"), required=False)


class LeaveForm(Form):
    seen = SeenField()
    reason = ChoiceField(label=_("Why the person leaves the register"), choices=REASONS_TO_LEAVE)


class SayToldForm(Form):
    seen = SeenField()


class ReferPersonForm(Form):
    """A referral of somebody whose record is open. The practice is asked for only where none is recorded."""

    practice_id = SelectField(label=_("GP practice to ask"))
    reason = TextField(
        label=_("Why may this person benefit from being on the register?"),
        hint=_("What has changed, what you see, what they or those close to them say"),
        rows=4,
    )
    knows = ChoiceField(label=_("Does the person know about this referral?"), choices=list(KNOWS.items()))

    def __init__(self, *args: Any, practice: UUID | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if practice:
            del self.fields["practice_id"]
        else:
            self.offer("practice_id", [("", _("Choose a practice")), *practices_to_ask()])


class ReferByIdentityForm(ReferPersonForm):
    """A referral of somebody the reader has no tie to: who they are, as the reader knows it."""

    nhs_number = NHSNumberField(
        label=_("NHS number"),
        hint=_("10 digits, like 999 717 0326; leave it empty if you do not know it"),
        required=False,
    )
    given_names = CharField(label=_("Given names"), required=False, max_length=200)
    family_name = CharField(label=_("Family name"), max_length=200)
    born_on = DateField(label=_("Date of birth"), hint=_("For example, 14 3 1943"), birth=True)
    field_order = ["nhs_number", "given_names", "family_name", "born_on", "practice_id", "reason", "knows"]

    def identity(self) -> Identity:
        said = self.cleaned_data
        return Identity(
            family_name=said["family_name"],
            given_names=said["given_names"],
            born_on=said["born_on"],
            nhs_number=said["nhs_number"],
            practice_id=UUID(said["practice_id"]),
        )


class AnswerReferralForm(Form):
    """The practice's answer. Whose record it is, is asked only where the referral does not say."""

    seen = SeenField()
    answer = ChoiceField(
        label=_("Your answer"),
        choices=[
            (ACCEPTED, _("Add to the register")),
            (ASKED, _("Ask for more")),
            (DECLINED, _("Do not add")),
        ],
    )
    person_id = ChoiceField(label=_("Whose record is this about?"))
    words = TextField(
        label=_("Your words to whoever referred"),
        hint=_("Why not, or what you need to know. When you add them, it is also kept as the reason for the stage."),
        required=False,
        rows=3,
    )
    stage = SelectField(label=_("Stage, if you add them"), choices=STAGE_CHOICES, initial=NOT_STAGED, required=False)
    told = BooleanField(
        label=_("The person knows they are on the register, or will before it is shared"),
        hint=_("Until they know, nothing leaves your practice."),
        required=False,
    )

    def __init__(
        self, *args: Any, alike: tuple[tuple[str, str], ...] = (), is_known: bool = True, may_add: bool = True,
        on_register: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        answer: Any = self.fields["answer"]
        if on_register:
            answer.choices = [(ALREADY_ON, _("Say that they are on the register already")), *answer.choices[1:]]
        elif not may_add:
            answer.choices = answer.choices[1:]
        if on_register or not may_add:
            del self.fields["stage"], self.fields["told"]
        if is_known or not alike:
            del self.fields["person_id"]
        else:
            nobody = ("", _("Nobody of these: admit them to this practice"))
            self.offer("person_id", [*alike, nobody])
            self.fields["person_id"].required = False

    def clean_stage(self) -> str:
        return self.cleaned_data["stage"] or NOT_STAGED

    def clean_person_id(self) -> UUID | None:
        return UUID(self.cleaned_data["person_id"]) if self.cleaned_data["person_id"] else None


class TellMoreForm(Form):
    seen = SeenField()
    words = TextField(label=_("What you can tell"), rows=4)


class ImportRegisterForm(Form):
    """A file to look at; nothing is saved by it."""

    file = FileField(
        label=_("The register as a CSV file"),
        hint=_("At most 500 lines and 1 MB. A longer one is brought in on the command line, or in parts."),
    )


class ConfirmImportForm(Form):
    """The file that was looked at, as it was, signed so that nothing else is brought in under its name."""

    looked_at = CharField(widget=HiddenInput)

"""What the person's own pages ask. Forms check and clean; actions judge and save."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ambit.careplan import registry
from ambit.careplan.pages.forms.sections import SectionForm
from ambit.careplan.rules import WRITE, Section
from ambit.design.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    EmailField,
    Form,
    MultipleChoiceField,
    SelectField,
    TextField,
)
from ambit.design.refusals import Refused
from ambit.mycare.rules import WHOSE_WORDS, Who, for_person, whose_words
from ambit.mycare.sentences import in_their_language


def in_words_of_the_reader(refused: Refused) -> Refused:
    """What an action refused, in the language of whoever reads it."""
    return Refused({field: [in_their_language(words) for words in told] for field, told in refused.problems.items()})


class OwnForm(Form):
    """Larger than those of staff."""

    compact = False
    marks_optional = False

    def refuse(self, refused: Refused) -> None:
        super().refuse(in_words_of_the_reader(refused))


class MyWordsForm(SectionForm):
    """A section that is the person's own, in their words; whose words they are follows from who writes."""

    compact = False

    def __init__(self, section: Section, *args: Any, content: Mapping[str, Any], who: Who, **kwargs: Any) -> None:
        self.whole = section
        self.who = who
        self.kept_items = {item.id: content.get(item.id) for item in section.items if item.id == WHOSE_WORDS}
        mine = for_person(section, registry.say_in(get_language() or ""))
        shown = tuple(item for item in mine.items if item.id != WHOSE_WORDS and item.for_person == WRITE)
        super().__init__(replace(mine, items=shown), *args, content=content, **kwargs)

    def refuse(self, refused: Refused) -> None:
        super().refuse(in_words_of_the_reader(refused))

    def content(self) -> dict[str, Any]:
        said = super().content()
        if WHOSE_WORDS in self.kept_items:
            said[WHOSE_WORDS] = whose_words(self.who)
        return said


class ProposeChangeForm(OwnForm):
    """What should be different, in the writer's own words."""

    section = SelectField(label=_("Which part of your plan is it about?"), required=False)
    words = TextField(label=_("What should be different?"), rows=4, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, parts: list[tuple[str, str]], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("key", uuid4())
        super().__init__(data, **kwargs)
        self.offer("section", [("", _("I am not sure, or it is about something else")), *parts])


class MyCopyForm(OwnForm):
    """What is left out of a copy of the plan."""

    leave_out = MultipleChoiceField(label=_("Leave out"), hint=_("Choose nothing to have it all"), required=False)

    def __init__(self, data: Any = None, *, parts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offer("leave_out", parts)


class RaiseConcernForm(OwnForm):
    """What somebody is worried about; `actions.raise_concern` judges it."""

    words = TextField(label=_("What are you worried about?"), rows=6, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("key", uuid4())
        super().__init__(data, **kwargs)


class WhoOpenedForm(RaiseConcernForm):
    """Whom somebody does not know among those who opened their plan."""

    about = ChoiceField(label=_("Whom do you not know?"), required=False)
    words = TextField(label=_("Is there anything else to know?"), rows=3, required=False)
    field_order = ("about", "words")

    def __init__(self, data: Any = None, *, people: list[str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offer("about", [(who, who) for who in people])


class LooksForm(OwnForm):
    """How somebody likes their pages."""

    large = BooleanField(label=_("Large print"), required=False)
    contrast = BooleanField(label=_("Black on white, with more contrast"), required=False)
    easy = BooleanField(label=_("Easy Read: short sentences"), required=False)


class MailsForm(OwnForm):
    """For which news somebody wants a mail."""

    wanted = MultipleChoiceField(
        label=_("Send me an e-mail when"),
        hint=_("The e-mail only says that there is news. It never says what it is about."),
        choices=[
            ("plan_changed", _("somebody who cares for me changes my plan")),
            ("emergency", _("somebody opens my record in an emergency")),
            ("proposal_answered", _("there is an answer to a change I asked for")),
            ("concern_answered", _("there is an answer to a worry I wrote about")),
            ("review_due", _("it is time to look at my own words again")),
            ("asked_answered", _("there is an answer to whose plan I asked to see")),
        ],
        required=False,
    )


class SharingForm(OwnForm):
    """Who may see the plan; `access.actions` judges it."""

    outcome = ChoiceField(
        label=_("Who may see your plan?"),
        choices=[
            ("agreed", _("Everybody who cares for me")),
            ("objected", _("Only my GP practice, and others in an emergency")),
            ("never", _("Only my GP practice, and nobody else, not even in an emergency")),
        ],
    )
    told = BooleanField(label=_("I have read what a paramedic will then not see"), required=False)


class KeepBackForm(OwnForm):
    """A part of the plan that only the practice sees."""

    item = SelectField(label=_("Which part?"))

    def __init__(self, data: Any = None, *, parts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offer("item", parts)


class CarerForm(OwnForm):
    """Somebody whom the person gives leave to see the plan."""

    name = CharField(label=_("Their name"), max_length=200, required=False)
    leave_until_on = DateField(label=_("Last day (leave empty for no last day)"), required=False)


class AddByLetterForm(OwnForm):
    """A letter for another plan, used with the sign-in one has; `actions.add_by_letter` judges it."""

    code = CharField(
        label=_("Code in the letter"), hint=_("12 letters and numbers, such as ABCD EFGH JKMN"), autocomplete="off"
    )
    born_on = DateField(label=_("Date of birth of the person whose plan it is"), hint=_("For example, 14 3 1943"))


class AskToSeeForm(OwnForm):
    """Whose plan somebody wants to see besides the one they see; `actions.ask_to_see` judges it."""

    name = CharField(label=_("Their full name"), max_length=200, required=False)
    born_on = DateField(label=_("Their date of birth"), hint=_("For example, 14 3 1943"), required=False)
    basis = SelectField(
        label=_("What you are to them"),
        choices=[
            ("", _("Choose")),
            ("parental", _("I have parental responsibility for them")),
            ("attorney", _("I am their attorney for health and welfare")),
            ("deputy", _("A court made me their deputy")),
            ("appointed", _("I act for them in another way")),
            ("leave", _("I care for them, and they agree")),
        ],
        required=False,
    )
    words = TextField(label=_("Is there anything else to know?"), rows=3, required=False)
    through = SelectField(label=_("Whose practice should answer?"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, plans: list[tuple[str, str]], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("key", uuid4())
        super().__init__(data, **kwargs)
        self.offer("through", plans)
        if len(plans) == 1:
            self.fields["through"].widget = forms.HiddenInput()
            self.fields["through"].initial = plans[0][0]


class BeginForm(OwnForm):
    """The letter's code, whose plan it is by their birth date, and how to sign in from now on."""

    code = CharField(
        label=_("Code in the letter"), hint=_("12 letters and numbers, such as ABCD EFGH JKMN"), autocomplete="off"
    )
    born_on = DateField(label=_("Date of birth of the person whose plan it is"), hint=_("For example, 14 3 1943"))
    email = EmailField(label=_("Your e-mail address"), hint=_("You sign in with it."))
    password = CharField(
        label=_("Choose a password"), hint=_("At least 12 characters. Three words in a row are easy to keep."), widget=forms.PasswordInput, autocomplete="new-password"
    )  # fmt: skip
    again = CharField(label=_("The password once more"), widget=forms.PasswordInput, autocomplete="new-password")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        again = cleaned.pop("again", None)
        if again is not None and "password" in cleaned and cleaned["password"] != again:
            self.add_error("again", _("Write the same password twice."))
        return cleaned

"""What staff write on their side of the person's own pages: an answer to a concern, an invitation."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ambit.design.forms import CharField, ChoiceField, DateField, EmailField, Form, SelectField, TextField


class AnswerConcernForm(Form):
    """What staff answer; the person reads it."""

    marks_optional = False
    answer = TextField(
        label=_("Your answer"), hint=_("The person reads these words."), rows=6, count_to=4000, required=False
    )


class InviteForm(Form):
    """Whom staff invite to the person's own page, having seen who they are; `actions.invite` judges it."""

    marks_optional = False
    role = ChoiceField(
        label=_("Who is invited"),
        choices=[
            ("person", _("The person, to their own plan")),
            ("proxy", _("Somebody who acts for the person")),
            ("carer", _("A carer, with the person’s leave")),
        ],
        required=False,
    )
    name = CharField(label=_("Their name"), max_length=200, required=False)
    email = EmailField(
        label=_("Their e-mail address, if they sign in here already"),
        hint=_("They then see this plan beside those they have, without a letter. Leave it empty to make a letter."),
        required=False,
    )
    basis = SelectField(
        label=_("On what basis"),
        choices=[
            ("", _("Choose")),
            ("own", _("It is their own plan")),
            ("attorney", _("Attorney for health and welfare, registered")),
            ("deputy", _("Deputy appointed by the court")),
            ("parental", _("Parental responsibility")),
            ("appointed", _("Appointed in another way")),
            ("leave", _("Leave given by the person")),
        ],
        required=False,
    )
    directive_id = SelectField(
        label=_("Which document names them"),
        hint=_("For an attorney or deputy. Their leave ends with it."),
        required=False,
    )
    parental_id = SelectField(label=_("Whose parental responsibility"), required=False)
    evidence = TextField(
        label=_("What you saw"),
        hint=_("How you know who they are, and the document: its date and number."),
        rows=3,
        count_to=1000,
        required=False,
    )
    leave_until_on = DateField(label=_("Last day of a carer’s leave"), required=False)

    def __init__(
        self, data: Any = None, *, holders: list[tuple[str, str]], documents: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.offer("parental_id", [("", _("Nobody’s")), *holders])
        self.offer("directive_id", [("", _("No document")), *documents])
        if not holders:
            del self.fields["parental_id"]


class NameDocumentForm(Form):
    """The document on which somebody acts who came before it was named; `actions.name_document` judges it."""

    directive_id = SelectField(label=_("The document that names them"), required=False)

    def __init__(self, data: Any = None, *, documents: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offer("directive_id", [("", _("Choose")), *documents])


class RefuseToShowForm(Form):
    """Why somebody is not shown another plan, or what they should bring; they read it."""

    marks_optional = False
    answer = TextField(label=_("Your answer"), hint=_("They read these words."), rows=4, count_to=1000, required=False)

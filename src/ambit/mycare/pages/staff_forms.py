"""What staff write on their side of the person's own pages: an answer to a concern, an invitation."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ambit.design.forms import CharField, ChoiceField, DateField, Form, SelectField, TextField


class AnswerConcernForm(Form):
    """What staff answer; the person reads it."""

    marks_optional = False
    answer = TextField(
        label=_("Your answer"), hint=_("The person reads these words."), rows=6, count_to=4000, required=False
    )


class InviteForm(Form):
    """Whom staff invite to the person's own page, having seen who they are; `actions.invite` judges it."""

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
    parental_id = SelectField(label=_("Whose parental responsibility"), required=False)
    evidence = TextField(
        label=_("What you saw"),
        hint=_("How you know who they are, and the document: its date and number."),
        rows=3,
        count_to=1000,
        required=False,
    )
    leave_until_on = DateField(label=_("Last day of a carer’s leave"), required=False)

    def __init__(self, data: Any = None, *, holders: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offer("parental_id", [("", _("Nobody’s")), *holders])
        if not holders:
            del self.fields["parental_id"]

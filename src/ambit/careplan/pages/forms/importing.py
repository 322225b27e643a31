"""Bringing in plans."""

from django.utils.translation import gettext_lazy as _

from ambit.design.forms import CharField, FileField, Form


class ImportPlansForm(Form):
    """A file to look at; nothing is saved by it."""

    source = CharField(
        label=_("The system the plans come from"),
        hint=_("Everybody who reads the plan reads it there"),
        max_length=100,
        required_words=_("Write which system the plans come from."),
    )
    file = FileField(
        label=_("The plans as a CSV or JSON file"),
        hint=_("At most 1 MB. A larger one is brought in on the command line, or in parts."),
        required_words=_("Choose a file."),
    )

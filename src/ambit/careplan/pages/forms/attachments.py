"""Attaching a file."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from ambit.careplan import registry
from ambit.design.forms import CharField, FileField, Form, SelectField


class AttachFileForm(Form):
    """A file, what it is, and which part of the plan it belongs to."""

    marks_optional = False

    file = FileField(
        label=_("File"), hint=_("PDF, or a JPEG, PNG, TIFF or HEIC picture"), required_words=_("Choose a file.")
    )
    title = CharField(
        label=_("What it is"),
        hint=_("Such as “Signed CPR form, both sides”"),
        max_length=200,
        required_words=_("Write what it is, such as “Signed CPR form, both sides”."),
    )
    section = SelectField(label=_("It belongs to"), required_words=_("Choose what the file belongs to."))
    key = forms.UUIDField(widget=forms.HiddenInput)
    replaces = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("key", uuid4())
        super().__init__(*args, **kwargs)
        writes = [(section.id, section.title) for section in registry.plan().sections() if section.may_write(role)]
        self.offer("section", [("", _("Choose a part of the plan")), *writes])

"""What the page of a pack asks for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ambit.design.forms import Form, TextField


class SignOffForm(Form):
    """Somebody here takes a pack into use: the content they read, and what they checked."""

    seen = forms.CharField(widget=forms.HiddenInput)
    note = TextField(
        label=_("Who looked at this pack, and what did they check?"),
        max_length=2000,
        required_words=_("Write who looked at this pack and what they checked."),
    )

from django import forms


class SignOffForm(forms.Form):
    """Somebody here takes a pack into use: the content they read, and what they checked."""

    seen = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(
        label="Who looked at this pack, and what did they check?",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Write who looked at this pack and what they checked."},
    )

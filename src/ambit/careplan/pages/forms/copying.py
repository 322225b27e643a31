"""What to copy from a record."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from ambit.careplan.rules.copying import Offer
from ambit.design.forms import Form, MultipleChoiceField


class CopyForm(Form):
    """What was found, each with since when and where it comes from; nothing is chosen beforehand."""

    marks_optional = False

    def __init__(self, data: Any = None, *, offered: Sequence[Offer], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["chosen"] = MultipleChoiceField(
            label=_("What to copy"),
            choices=[(one.key, ", ".join(_said(one))) for one in offered],
            required=False,
        )


def _said(one: Offer) -> list[str]:
    words = _("last prescribed %(day)s") if one.is_medicine else _("since %(day)s")
    since = [words % {"day": f"{one.since:%-d %B %Y}"}] if one.since else []
    return [one.words, *since, _("from %(source)s") % {"source": one.source}]

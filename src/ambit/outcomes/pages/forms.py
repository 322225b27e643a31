"""Forms for an assessment and for a phase of illness; they check and clean, and do not save."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ambit.design.forms import CharField, ChoiceField, DateField, Form, SelectField, TextField
from ambit.design.refusals import Refused
from ambit.outcomes import registry
from ambit.outcomes.actions import Said
from ambit.outcomes.queries import SETTINGS, Assessment
from ambit.outcomes.rules.instruments import MISSING, RESPONDENTS, Instrument, Level

NAMED = "answer."
EXTRA_VALUES = [("", _("Choose")), *((str(number), str(number)) for number in range(5))]


@dataclass(frozen=True, slots=True)
class Group:
    """Items that are answered on one scale, shown together; where every item has a scale of its own, with words at each answer."""

    levels: tuple[Level, ...]
    fields: tuple[Any, ...]
    is_one: bool

    def bands(self) -> list[tuple[str, str]]:
        """What the numbers mean, those that mean the same together: “1 to 3”, “Mild”."""
        found: list[tuple[int, int, str]] = []
        for level in self.levels:
            if found and found[-1][2] == level.words:
                found[-1] = (found[-1][0], level.value, level.words)
            elif level.words and not level.ends:
                found.append((level.value, level.value, level.words))
        return [
            (str(first) if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last}, words)
            for first, last, words in found
        ]


class MeasureForm(Form):
    """One assessment. Every item has a number or says that it is missing; nothing is chosen beforehand."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, instrument: Instrument, data: Any = None, *, initial: dict[str, Any], corrects: Assessment | None = None
    ) -> None:
        self.instrument = instrument
        super().__init__(data, initial=_initial(corrects) | initial if corrects else initial)
        for item in instrument.items:
            choices = [(str(level.value), level.words) for level in item.levels if not level.ends]
            self.fields[NAMED + item.id] = ChoiceField(
                label=item.words, choices=[*choices, (MISSING, _missing_words(instrument))], required=False
            )
        self.fields["assessed_on"] = DateField(label=_("Day of the assessment"))
        if len(instrument.respondents) > 1:
            self.fields["respondent"] = ChoiceField(
                label=_("Who answered"),
                choices=[(one, RESPONDENTS[one]) for one in instrument.respondents],
                inline=True,
            )
        self.fields["setting"] = SelectField(
            label=_("Where"), choices=[("", _("Choose")), *SETTINGS.items()], required=False
        )
        if corrects is None:
            self.fields["phase"] = SelectField(
                label=_("Phase of illness on that day"),
                hint=_("Leave it empty if you did not judge it. Another than now begins on that day."),
                choices=[("", _("Not judged")), *phase_choices()],
                required=False,
            )
        for number in range(1, instrument.extras + 1):
            self.fields[f"extra_{number}"] = CharField(label=_("Symptom"), max_length=80, required=False)
            self.fields[f"extra_{number}_value"] = SelectField(
                label=_("How much"), choices=EXTRA_VALUES, required=False
            )
        if instrument.problems:
            self.fields["problems"] = TextField(
                label=_("Main problems, in the person’s words, one to a line"), rows=3, max_length=600, required=False
            )
        if corrects is not None:
            self.fields["reason"] = TextField(label=_("What was wrong"), rows=2, max_length=500)

    def groups(self) -> list[Group]:
        """The items in order, those on one scale together."""
        found: list[tuple[str, tuple[Level, ...], list[Any]]] = []
        for item in self.instrument.items:
            if not found or found[-1][0] != item.scale:
                found.append((item.scale, item.levels, []))
            found[-1][2].append(self[NAMED + item.id])
        alone = all(len(fields) == 1 for _scale, _levels, fields in found)
        return [Group(levels, tuple(fields), alone) for _scale, levels, fields in found]

    def has_keys(self) -> bool:
        """Whether one digit tells every answer, so that a key can choose it."""
        return all(level.value < 10 for item in self.instrument.items for level in item.levels)

    def about(self) -> list[Any]:
        """The fields about the assessment itself."""
        names = ("assessed_on", "respondent", "setting", "phase", "reason")
        return [self[name] for name in names if name in self.fields]

    def beside(self) -> list[Any]:
        """What is kept beside the total."""
        return [field for field in self if field.name.startswith("extra_") or field.name == "problems"]

    def has_beside(self) -> bool:
        return any(field.value() for field in self.beside())

    def said(self) -> Said:
        clean = self.cleaned_data
        extras = [(clean[f"extra_{n}"], clean[f"extra_{n}_value"]) for n in range(1, self.instrument.extras + 1)]
        return Said(
            respondent=clean.get("respondent") or self.instrument.respondents[0],
            answers={item.id: clean[NAMED + item.id] for item in self.instrument.items},
            assessed_on=clean["assessed_on"],
            setting=clean["setting"],
            phase=clean.get("phase", self.initial.get("phase", "")),
            extras=[(words, int(value) if value else -1) for words, value in extras if words or value],
            problems=[words for words in clean.get("problems", "").splitlines() if words.strip()],
        )

    def refuse(self, refused: Refused) -> None:
        """An item's problem stands at its field; that of the further symptoms at the first of them."""
        places = {"extras": "extra_1"} | {item.id: NAMED + item.id for item in self.instrument.items}
        super().refuse(Refused({places.get(name, name): words for name, words in refused.problems.items()}))


def _missing_words(instrument: Instrument) -> Any:
    return _("Cannot assess") if instrument.respondents == ("staff",) else _("Not answered")


def _initial(one: Assessment) -> dict[str, Any]:
    """What an assessment says, to be corrected."""
    return {
        **{NAMED + item: str(value) for item, value in one.answers.items()},
        **{NAMED + item: MISSING for item in one.missing},
        **{f"extra_{n}": extra["words"] for n, extra in enumerate(one.extras, start=1)},
        **{f"extra_{n}_value": str(extra["value"]) for n, extra in enumerate(one.extras, start=1)},
        "problems": "\n".join(one.problems),
        "assessed_on": one.assessed_on,
        "respondent": one.respondent,
        "setting": one.setting,
        "phase": one.phase,
    }


def phase_choices() -> list[tuple[str, str]]:
    return [(code, level.words) for code, level in registry.phases().items() if not level.ends]


class PhaseForm(Form):
    """A phase of illness begins."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any], is_correction: bool = False) -> None:
        super().__init__(data, initial=initial)
        hints = {code: level.hint for code, level in registry.phases().items()}
        self.fields["phase"] = ChoiceField(label=_("Phase of illness"), choices=phase_choices(), hints=hints)
        self.fields["began_on"] = DateField(label=_("First day"))
        if is_correction:
            self.fields["reason"] = TextField(label=_("What was wrong"), rows=2, max_length=500)


class WithdrawForm(Form):
    reason = TextField(label=_("Why it should not be here"), rows=2, max_length=500)

"""Somebody with a whole plan, as the people who look after her wrote it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from ambit.careplan import actions as careplan
from ambit.careplan import registry


@pytest.fixture
def write(reader):
    """Save a section as somebody of the cast: `write(person, "need_to_know", who="Ruth Tannahill", **content)`."""

    def saved(person, section: str, *, who: str = "Ruth Tannahill", base: int = 0, **content):
        return careplan.save_section(
            by=reader(who),
            person=person,
            section=registry.section(section),
            base=base,
            content={f"{section}.{name}": value for name, value in content.items()},
            on=timezone.localdate(),
        )

    return saved


@pytest.fixture
def decide(reader):
    """Make a CPR decision as Dr Amina Rahman, or transcribe a form as it stands."""

    def made(person, reading: str = "do_not_attempt", *, made_on: date | None = None, paper: bool = False, **said):
        today = timezone.localdate()
        form = careplan.CPRForm(
            reading=reading,
            made_on=made_on or today,
            reason=said.pop("reason", "CPR would not restart her heart for long, and she wants a natural death."),
            talked=said.pop("talked", "person"),
            decided_by=said.pop("decided_by", "Dr Amina Rahman"),
            decided_by_role="GP",
            review_on=said.pop("review_on", today + timedelta(days=90)),
            paper_at="yellow folder, hall table",
        )
        if paper:
            signed = said.pop("signature_seen", True)
            return careplan.transcribe_cpr_form(
                by=reader("Ruth Tannahill"),
                person=person,
                form=form,
                signature_seen=signed,
                on=today,
                key=uuid4(),
            )
        return careplan.make_cpr_decision(
            by=reader("Amina Rahman"), person=person, form=form, replaces=(), on=today, key=uuid4()
        )

    return made


@pytest.fixture
def peggy(person, write, decide):
    """Peggy Ashworth, whose plan is whole."""
    peggy = person("Ashworth")
    decide(peggy)
    write(
        peggy,
        "need_to_know",
        note="More breathless since Tuesday. Chose to stay at home. Night sitter from 10pm to 6am.",
        until_on=(timezone.localdate() + timedelta(days=12)).isoformat(),
    )
    write(
        peggy,
        "allergies",
        status="some",
        list=[{"substance": "Penicillin", "reaction": "swollen throat", "when": "2009"}],
    )
    write(
        peggy,
        "people_to_ring",
        people=[
            {"name": "24-hour advice line", "relation": "Merrowdale Hospice", "telephone": "01632 960140"},
            {"name": "Helen Ashworth-Doyle", "relation": "Daughter, lives with her", "telephone": "07700 900418"},
            {"name": "District nurses, night", "relation": "Hold her box", "telephone": "01632 960177"},
        ],
    )
    write(
        peggy,
        "medicines_at_home",
        box="yes",
        kept="Top shelf, kitchen cupboard left of sink.",
        medicines=[
            {"name": "Morphine 10mg/1ml injection", "for": "Pain, breathlessness", "count": "5"},
            {"name": "Midazolam 10mg/2ml injection", "for": "Agitation", "count": "5"},
        ],
        chart_until_on=(timezone.localdate() + timedelta(days=9)).isoformat(),
    )
    return peggy

"""What rules of law and of saving say in English is read in Welsh: every sentence of theirs that reaches the person."""

import pytest
from django.utils import translation
from hypothesis import given, settings

from ambit.access.rules import what_a_paramedic_will_not_see
from ambit.careplan.rules.directives import Directives
from ambit.design import assets
from ambit.mycare.queries.sorting import THEIR_DOCUMENTS
from ambit.mycare.sentences import ALL, in_their_language
from ambit.organisations.queries import ROLES
from tests.careplan.test_conflicts import sets

ENGLISH = "(yn Saesneg)"


@pytest.fixture(autouse=True, scope="module")
def compiled():
    assets.compile_catalogues()


@settings(max_examples=60, deadline=None)
@given(sets)
def test_what_a_document_weighs_is_said_in_welsh(drawn):
    directives = Directives(tuple(drawn[0]))
    with translation.override("cy"):
        for one in directives.documents:
            if one.kind in THEIR_DOCUMENTS:
                for said in (one.in_brief, directives.check(one).label, one.report):
                    assert ENGLISH not in in_their_language(said), said


@pytest.mark.parametrize(
    ("english", "welsh"),
    [
        ("", ""),
        ("Refuses CPR, blood transfusion; the yellow tablets", "Yn gwrthod CPR, trallwysiad gwaed; the yellow tablets"),
        (
            "Recorded as a wish: not signed, not witnessed, so not binding for life-sustaining treatment",
            "Wedi’i gofnodi fel dymuniad: heb ei lofnodi, heb dyst, felly nid yw’n rhwymo ar gyfer triniaeth cynnal bywyd",
        ),
        ("Refuses CPR, intensive care, tube ventilation", "Yn gwrthod CPR, gofal dwys, awyru â thiwb"),
        ("Helen Doyle may decide.", "Caiff Helen Doyle benderfynu."),
        ("Dialysis: No. Only if the kidneys recover.", "Dialysis: Nac ydy. Only if the kidneys recover."),
        ("Fill this in: Enw", "Llenwch hwn: Enw"),
        ("Write at most 2000 characters (2100 now): Beth sydd bwysicaf", "Ysgrifennwch 2000 nod ar y mwyaf (2100 nawr): Beth sydd bwysicaf"),
        ("Something that no rule says.", f"Something that no rule says. {ENGLISH}"),
    ],
)  # fmt: skip
def test_a_sentence_with_its_places(english, welsh):
    with translation.override("cy"):
        assert in_their_language(english) == welsh
    with translation.override("en-gb"):
        assert in_their_language(english) == english


def test_every_sentence_has_welsh():
    with translation.override("cy"):
        roles = [str(words) for _role, words in ROLES]
        for one in (*ALL, *roles, *what_a_paramedic_will_not_see()):
            said = in_their_language(one)
            assert ENGLISH not in said
            assert said != one or one in {"CPR", "Dialysis", "Ambit"}

"""Fields keep what was typed, and say what to do about it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from ambit.design import forms
from ambit.design.refusals import Refused


class Sample(forms.Form):
    name = forms.CharField(label="Family name", max_length=20, required_words="Write the family name")
    born_on = forms.DateField(label="Date of birth", birth=True)
    sex = forms.ChoiceField(label="Sex", choices=[("female", "Female"), ("male", "Male")])
    left = forms.IntegerField(label="Ampoules left", min_value=0, required=False)
    told = forms.MultipleChoiceField(label="Told", choices=[("a", "Anna"), ("b", "Ben")], required=False)
    seen = forms.SeenField()


def filled(**changed):
    data = {"name": "Ashworth", "born_on-day": "14", "born_on-month": "3", "born_on-year": "1943", "sex": "female"}
    query = QueryDict(mutable=True)
    for key, value in {**data, "seen": "1", **changed}.items():
        query.setlist(key.replace("born_on_", "born_on-"), value if isinstance(value, list) else [value])
    return Sample(query)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("31", "2", "2026"), "31 February 2026 is not a date: February 2026 has 28 days."),
        (("29", "2", "1900"), "29 February 1900 is not a date: February 1900 has 28 days."),
        (("31", "4", "2026"), "31 April 2026 is not a date: April 2026 has 30 days."),
        (("", "2", "2026"), "Enter the day."),
        (("", "", "2026"), "Enter the day and the month."),
        (("3o", "2", "2026"), "“3o” is not a day. Write a number from 1 to 31."),
        (("0", "2", "2026"), "“0” is not a day. Write a number from 1 to 31."),
        (("1", "13", "2026"), "“13” is not a month. Write a number from 1 to 12."),
        (("1", "2", "43"), "“43” is not a year. Write four digits, such as 1943."),
        (("1", "2", "0043"), "“0043” is not a year. Write four digits, such as 1943."),
        (("１", "2", "2026"), "“１” is not a day. Write a number from 1 to 31."),
    ],
)
def test_an_impossible_date_says_what_is_wrong_with_it(typed, words):
    with pytest.raises(ValidationError) as refused:
        forms.read_date(*typed)
    assert refused.value.messages == [words]


@pytest.mark.parametrize(
    "typed", [("1", "3", "1943"), ("01", "03", "1943"), ("1", "March", "1943"), ("1", "mar", "1943")]
)
def test_dates_are_read_as_people_write_them(typed):
    assert forms.read_date(*typed) == date(1943, 3, 1)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_survives_the_three_inputs(day):
    assert forms.read_date(*forms.ThreeInputs().format_value(day)) == day


def test_a_good_form_is_cleaned():
    form = filled(told=["a", "b"], left="4")
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "name": "Ashworth", "born_on": date(1943, 3, 14), "sex": "female", "left": 4, "told": ["a", "b"], "seen": 1,
    }  # fmt: skip


def test_an_empty_form_says_for_each_field_what_to_do():
    form = Sample({})
    assert {name: [str(words) for words in several] for name, several in form.errors.items()} == {
        "name": ["Write the family name"],
        "born_on": ["Fill in “Date of birth”."],
        "sex": ["Choose an answer to “Sex”."],
        "seen": ["Open the page again: it did not say which version you saw."],
    }


def test_what_was_typed_is_kept_also_when_it_is_wrong():
    html = filled(born_on_day="31", born_on_month="2", name="Ashworth & Söhne <b>").as_page()
    assert 'value="31"' in html
    assert "Ashworth &amp; Söhne &lt;b&gt;" in html
    assert 'value="female" checked' in html


def test_an_error_is_tied_to_its_input_for_those_who_listen():
    html = filled(name="x" * 21).as_page()
    assert 'aria-describedby="id_name-error"' in html
    assert 'id="id_name-error"' in html
    assert "Use 20 characters or fewer. This has 21." in html


def test_error_links_jump_to_the_first_input_to_mend():
    form = filled(born_on_year="43")
    assert form["born_on"].first_input_id == "id_born_on-year"
    assert filled(sex="")["sex"].first_input_id == "id_sex"
    assert 'id="id_sex"' in filled(sex="").as_page()


def test_what_an_action_refuses_stands_beside_its_field():
    form = filled()
    form.is_valid()
    form.refuse(Refused({"name": "Somebody else has this name", "elsewhere": "Ask first", "": "Try later"}))
    assert form.errors["name"] == ["Somebody else has this name"]
    assert form.non_field_errors() == ["Ask first", "Try later"]


def test_choices_between_two_versions_are_put_in_their_places():
    query = QueryDict(mutable=True)
    query.update(
        {
            "name": "Ashworth", "sex": "female", "seen": "9",
            "keep|born_on": "saved", "saved|born_on|born_on-day": "1", "saved|born_on|born_on-month": "2",
            "saved|born_on|born_on-year": "1940", "yours|born_on|born_on-day": "14",
            "yours|born_on|born_on-month": "3", "yours|born_on|born_on-year": "1943",
            "keep|told": "yours", "saved|told|told": "a", "yours|told|told": "b",
        }
    )  # fmt: skip
    form = Sample(query)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["born_on"] == date(1940, 2, 1)
    assert form.cleaned_data["told"] == ["b"]


def test_staff_forms_are_compact_and_the_persons_own_are_not():
    assert "nhsuk-radios--small" in filled().as_page()
    form = filled()
    form.compact = False
    assert "nhsuk-radios--small" not in form.as_page()


def test_optional_fields_say_so_unless_the_form_is_a_filter():
    assert "(optional)" in filled().as_page()
    form = filled()
    form.marks_optional = False
    assert "(optional)" not in form.as_page()

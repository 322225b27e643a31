"""Addresses in templates are what `reverse` says, whichever way they are asked for."""

from uuid import uuid4

import pytest
from django.urls import NoReverseMatch, get_resolver, path, reverse, set_script_prefix
from django.utils.translation import override

from ambit.design.addresses import address_of, addresses_of
from ambit.design.environment import said

pytestmark = pytest.mark.filterwarnings("error")

urlpatterns = [path("a{b}/<uuid:one>/<uuid:two>/", lambda request, one, two: None, name="both")]


def test_every_address_of_the_site_that_takes_only_ids_is_the_same():
    seen = 0
    for name, ways in get_resolver().reverse_dict.lists():
        for _, pattern, _defaults, converters in ways:
            ids = {key: uuid4() for key in converters}
            if isinstance(name, str) and all(type(c).__name__ == "UUIDConverter" for c in converters.values()):
                try:
                    expected = reverse(name, kwargs=ids)
                except NoReverseMatch:
                    continue  # a group without a converter
                assert address_of(name, **ids) == expected, pattern
                assert address_of(name, *ids.values()) == expected, pattern
                seen += 1
    assert seen > 30


def test_addresses_of_a_list_are_worked_out_for_all_its_people():
    person = uuid4()
    assert addresses_of("plan")(person) == reverse("plan", args=[person])
    assert addresses_of("save_section", "about_me")(person) == reverse("save_section", args=[person, "about_me"])
    with pytest.raises(NoReverseMatch):
        addresses_of("there is no such page")


def test_words_and_numbers_go_through_reverse():
    person = uuid4()
    words = {"person_id": person, "section_id": "about_me"}
    assert address_of("save_section", **words) == reverse("save_section", kwargs=words)
    with pytest.raises(NoReverseMatch):
        address_of("person", "not an id")
    with pytest.raises(NoReverseMatch):
        address_of("there is no such page")


def test_ids_in_another_order_and_braces(settings):
    settings.ROOT_URLCONF = __name__
    one, two = uuid4(), uuid4()
    assert address_of("both", one, two) == reverse("both", args=[one, two])
    assert address_of("both", one=one, two=two) == reverse("both", args=[one, two])
    assert address_of("both", two=two, one=one) == reverse("both", args=[one, two])


def test_a_site_below_a_folder_of_its_host():
    set_script_prefix("/ambit/")
    try:
        assert address_of("home") == "/ambit/"
    finally:
        set_script_prefix("/")
    assert address_of("home") == "/"


def test_words_are_looked_up_in_each_language_and_what_fills_them_is_made_safe():
    assert said("Skip to main content") == "Skip to main content"
    with override("cy"):
        assert said("Skip to main content") == "Neidio i’r prif gynnwys"
    assert said("Skip to main content") == "Skip to main content"
    assert said("By %(name)s", name="<b>") == "By &lt;b&gt;"
    assert said("100%%") == "100%"

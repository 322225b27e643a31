"""Pages of frameworks: browsable by whom they concern, whole, and with live figures where there are any."""

import pytest
from django.urls import reverse

from ambit.improvement import registry


@pytest.mark.parametrize("role", ["place_lead", "analyst", "educator", "gp"])
def test_every_framework_is_listed(client_as, role):
    said = client_as(role).get(reverse("frameworks")).content.decode()
    assert "6 frameworks, 216 statements to rate" in said
    for one in registry.frameworks().values():
        assert reverse("framework", args=[one.id]) in said
    assert "Daffodil Standards" in said


@pytest.mark.parametrize("role", ["auditor", "urgent_clinician"])
def test_who_has_nothing_to_do_with_them(client_as, role):
    assert client_as(role).get(reverse("frameworks")).status_code == 403


def test_every_node_is_reached_from_its_framework(client_as):
    client = client_as("place_lead")
    for one in registry.frameworks().values():
        said = client.get(reverse("framework", args=[one.id])).content.decode()
        assert [node.id for node in one.nodes if reverse("framework_node", args=[one.id, node.id]) not in said] == []


@pytest.mark.parametrize(
    ("framework", "node", "words"),
    [
        ("ambitions-2015", "amb.f5", ["Other frameworks say the same", "from there", "/stw.aim5/", "/cyp.r5/"]),
        ("stw-strategy-2022", "stw.aim5", ["/amb.f5/", "/amb.a5.bb1/", "fully"]),
        ("ambitions-2015", "amb.f1.s1", ["Advance care planning offered", "How it is rated", "Embedded and improving"]),
        ("ambitions-2015", "amb.f1.s3", ["No figure speaks to it"]),
        ("lsc-cyp-gap", "cyp.r1", ["To consider", "Gap with no agreed plan"]),
        ("scotland-ia-advice", "scot.c1", ["Pattern of deaths"]),
    ],
)
def test_a_node(client_as, framework, node, words):
    said = client_as("place_lead").get(reverse("framework_node", args=[framework, node])).content.decode()
    assert [one for one in words if one not in said] == []


def test_every_node_has_a_page(client_as):
    client = client_as("educator")
    for one in registry.frameworks().values():
        for node in one.nodes[:: max(1, len(one.nodes) // 12)]:
            assert client.get(reverse("framework_node", args=[one.id, node.id])).status_code == 200


def test_what_is_not_there(client_as):
    client = client_as("place_lead")
    assert client.get(reverse("framework", args=["nothing"])).status_code == 404
    assert client.get(reverse("framework_node", args=["ambitions-2015", "stw.aim1"])).status_code == 404


def test_statements_of_the_database_do_not_grow_with_nodes(client_as, django_assert_max_num_queries):
    client = client_as("place_lead")
    for there in ("ambitions-2015", "scotland-ia-advice"):
        with django_assert_max_num_queries(6):
            client.get(reverse("framework", args=[there]))

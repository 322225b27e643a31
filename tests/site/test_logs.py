"""The log holds ids, counts and places in the code; never who somebody is."""

import io
import json
import logging

import pytest
import structlog
from django.test import Client
from django.urls import path

from ambit.design.routes import everyone
from ambit.site import urls as site_urls
from ambit.site.logs import Formatter

NAME, NUMBER = "Margaret Ashworth", "9997170326"


@pytest.fixture
def log():
    """What goes to standard error, line by line."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Formatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)


@everyone
def fails(request, number):
    logging.getLogger("somebody.elses").warning(f"about {NAME}")
    logging.getLogger("somebody.elses").warning("about %s with %s", NAME, NUMBER)
    structlog.get_logger().info("careless", who=NAME, number=NUMBER, count=3, form={"name": NAME})
    try:
        raise KeyError(f"{NAME} {NUMBER}")
    except KeyError as problem:
        raise ValueError(f"Key (value)=({NUMBER}) already exists for {request.POST.get('name')}") from problem


urlpatterns = [*site_urls.urlpatterns, path("fails/<str:number>", fails)]
handler500 = site_urls.handler500


@pytest.mark.urls("tests.site.test_logs")
@pytest.mark.django_db
def test_a_failing_request_leaves_no_personal_data_in_the_log(log):
    client = Client(raise_request_exception=False)
    answer = client.post(f"/fails/{NUMBER}?q={NAME}", {"name": NAME, "nhs_number": NUMBER})
    assert answer.status_code == 500
    lines = log()
    everything = json.dumps(lines)
    for secret in (NAME, "Margaret", "Ashworth", NUMBER, NUMBER[3:]):
        assert secret not in everything
    request = next(line for line in lines if line["event"] == "request")
    assert (request["method"], request["route"], request["status"]) == ("POST", "fails/<str:number>", 500)
    assert request["ms"] >= 0
    careless = next(line for line in lines if line["event"] == "careless")
    assert (careless["who"], careless["count"]) == ("held back", 3)
    failure = next(line for line in lines if "exception" in line)
    assert failure["exception"] == "builtins.ValueError from builtins.KeyError"
    assert any("test_logs.py" in frame and frame.endswith(" fails") for frame in failure["frames"])
    assert [line["event"] for line in lines if line.get("logger") == "somebody.elses"] == [
        "message of somebody.elses",
        "about %s with %s",
    ]


@pytest.mark.django_db
def test_a_request_is_logged_with_its_account(log, client_as, account_of):
    client_as("Otto Lamb").get("/audit/?account=7")
    request = next(line for line in log() if line["event"] == "request")
    assert request["account_id"] == account_of("Otto Lamb").pk
    assert "account=7" not in json.dumps(log())


def test_an_address_that_is_nowhere_is_not_repeated(log, client, db):
    client.get(f"/nowhere/{NAME}")
    assert NAME not in json.dumps(log())
    assert next(line for line in log() if line["event"] == "request")["route"] == "no route"

"""One save over HTTP that writes to several slices through their own actions: person, register, audit trail, outbox."""

from datetime import date

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from ambit.access.queries import operator
from ambit.design.routes import everyone
from ambit.organisations.models import Organisation
from ambit.people import actions as people
from ambit.people.rules import Identity
from ambit.register import actions as register
from ambit.site import urls as site_urls
from ambit.site.urls import handler400, handler403, handler404, handler500  # noqa: F401


@csrf_exempt
@everyone
@transaction.atomic
def save(request: HttpRequest, number: str) -> HttpResponse:
    """Admit a person and put them on the register, all in one transaction."""
    practice = Organisation.objects.get(code="Z90001")
    identity = Identity(
        given_names="Somebody", family_name=f"Of{number[3:]}", born_on=date(1940, 1, 1), sex="female",
        nhs_number=number, practice_id=practice.id,
    )  # fmt: skip
    person = people.admit(by=operator(), identity=identity)
    register.add_to_register(by=operator(), person=person, on=date(2026, 11, 1), found_by="clinician")
    return HttpResponse(str(person.id), status=201)


urlpatterns = [path("save/<str:number>", save), *site_urls.urlpatterns]

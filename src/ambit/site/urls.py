"""Every address of the site: each slice brings its own."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("ambit.site.pages.urls")),
    path("language/", include("ambit.design.pages.language_urls")),
    path("account/", include("ambit.access.pages.account_urls")),
    path("access/", include("ambit.access.pages.urls")),
    path("audit/", include("ambit.audit.pages.urls")),
    path("organisations/", include("ambit.organisations.pages.urls")),
    path("people/", include("ambit.people.pages.urls")),
    path("population/", include("ambit.population.pages.urls")),
    path("register/", include("ambit.register.pages.urls")),
    path("people/", include("ambit.access.pages.sharing_urls")),
    path("people/", include("ambit.careplan.pages.urls")),
    path("people/", include("ambit.outcomes.pages.urls")),
    path("case-finding/", include("ambit.casefinding.pages.urls")),
    path("meetings/", include("ambit.coordination.pages.meeting_urls")),
    path("tasks/", include("ambit.coordination.pages.urls")),
    path("caseload/", include("ambit.caseload.pages.urls")),
    path("urgent/", include("ambit.urgent.pages.urls")),
    path("people/", include("ambit.mycare.pages.staff_urls")),
    path("my-care/", include("ambit.mycare.pages.urls")),
    path("measures/", include("ambit.measures.pages.urls")),
    path("improvement/", include("ambit.improvement.pages.urls")),
    path("packs/", include("ambit.packs.pages.urls")),
]
if settings.DEMONSTRATION or settings.TESTING:
    urlpatterns.append(path("design/", include("ambit.design.pages.urls")))

handler400 = "ambit.design.pages.views.bad_request"
handler403 = "ambit.design.pages.views.not_allowed"
handler404 = "ambit.design.pages.views.not_found"
handler500 = "ambit.site.pages.views.went_wrong"

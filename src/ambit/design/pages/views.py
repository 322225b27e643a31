"""Pages for what went wrong. The living page of components is here too."""

from django.http import HttpRequest, HttpResponse


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse("Bad request", status=400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(f"Not allowed: {exception}", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse("Not found", status=404)


def went_wrong(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Something went wrong", status=500)

"""What happens around every request: one line in the log."""

import time
from collections.abc import Callable
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger("ambit.request")
QUIET = {"health/live", "health/ready"}


def log_requests(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Log method, route, status, milliseconds and account; the route is the pattern, so no id or search is in it."""

    def answer(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        structlog.contextvars.bind_contextvars(request_id=uuid4())
        try:
            response = get_response(request)
            route = request.resolver_match.route if request.resolver_match else "no route"
            say = log.debug if route in QUIET and response.status_code < 400 else log.info
            say(
                "request",
                method=request.method,
                route=route,
                status=response.status_code,
                ms=round((time.perf_counter() - began) * 1000, 1),
                account_id=getattr(getattr(request, "reader", None), "account_id", None),
            )
            return response
        finally:
            structlog.contextvars.clear_contextvars()

    return answer

"""Pages of the coded records: how much is here, how fresh and complete, and which codes no list knows. They show counts, and nobody."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from ambit.design.page import page
from ambit.design.routes import needs
from ambit.population import queries
from ambit.population.naming import names_of

MOST = 200  # codes on the page; the command line gives more


@needs("import_population")
@require_GET
def population_status(request: Any) -> HttpResponse:
    """What the population store holds, source by source, practice by practice, list by list."""
    now = queries.status(request.reader)
    return page(
        request,
        "population/status.jinja",
        now=now,
        names=names_of(one.code for one in now.practices),
        titles=queries.list_titles(),
        number=lambda count: f"{count:,}",
    )


@needs("import_population")
@require_GET
def unmapped_codes(request: Any) -> HttpResponse:
    """Codes of the store that no code list here knows, the most frequent first."""
    return page(
        request,
        "population/unmapped.jinja",
        found=queries.unmapped_codes(request.reader, most=MOST),
        systems=queries.system_names(),
        number=lambda count: f"{count:,}",
    )

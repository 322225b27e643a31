"""The sections of the site: what stands in the header, for whom, and where each role begins its day."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, get_script_prefix
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ambit.access.queries import Reader
from ambit.design.addresses import address_of

# words, URL name, the ability it needs; in the order of the header, where six have room
SECTIONS = (
    (_("Urgent"), "find_urgent", "see_urgent"),
    (_("Caseload"), "caseload", "see_caseload"),
    (_("Found people"), "candidates", "see_candidates"),
    (_("Register"), "register", "see_register"),
    (_("Improvement"), "improvement", "lead_rounds"),
    (_("Measures"), "measures", "see_register_counts"),
    (_("Frameworks"), "frameworks", "see_register_counts"),
    (_("Self-assessments"), "rounds", "lead_rounds"),
    (_("Register in numbers"), "register_in_numbers", "see_register_counts"),
    (_("Case-finding"), "run_case_finding", "run_case_finding"),
    (_("Coded records"), "population_status", "import_population"),
    (_("Tasks"), "tasks", "see_tasks"),
    (_("Find a person"), "find_person", "find_people"),
    (_("Emergency openings"), "emergency_openings", "review_break_glass"),
    (_("Concerns"), "concerns", "review_break_glass"),
    (_("Audit trail"), "audit_trail", "read_audit"),
    (_("Packs"), "packs", "see_packs"),
)

# looked up now and then, so at the foot of every page; whoever has nothing else has them in the header
AT_THE_FOOT = (
    (_("Measures"), "measures", "see_measures"),
    (_("Frameworks"), "frameworks", "see_frameworks"),
    (_("How right searches are"), "validations", "see_search_figures"),
    (_("Improvement"), "improvement", "see_rounds"),
    (_("Self-assessments"), "rounds", "see_rounds"),
    (_("Refer somebody to the register"), "referrals", "refer_to_register"),
    (_("Find anybody, also outside your own list"), "find_anywhere", "break_glass"),
    (_("Concerns"), "concerns", "give_access"),
    (_("Organisations and staff"), "organisations", "see_organisations"),
)

# the pages about one person: words, URL name, the ability it needs; in the order in which a person is read
PERSON_PAGES = (
    (_("Urgent page"), "now", "see_urgent"),
    (_("Plan"), "plan", "see_plan"),
    (_("Medicines"), "medicines_at_home", "see_plan"),
    (_("Outcomes"), "outcomes", "see_plan"),
    (_("Contacts and team"), "tasks_about", "see_tasks"),
    (_("Register"), "register_entry", "see_register"),
    (_("Refer to the register"), "refer_person", "refer_to_register"),
    (_("Details"), "person", "find_people"),
    (_("Own page"), "invite", "give_access"),
)

# where a role begins; every other role begins at the first of its sections
BEGINS_AT = {
    "urgent_clinician": "find_urgent",
    "advice_line_nurse": "find_urgent",
    "practice_administrator": "caseload",
    "gp": "caseload",
    "community_nurse": "caseload",
    "palliative_specialist": "caseload",
    "care_coordinator": "caseload",
    "care_home_senior": "residents",
    "social_worker": "caseload",
    "hospital_clinician": "caseload",
    "person": "my_care",
    "proxy": "my_care",
    "carer": "my_care",
    "privacy_officer": "emergency_openings",
    "auditor": "audit_trail",
    "place_lead": "improvement",
    "analyst": "register_in_numbers",
}


def address(name: str) -> str:
    """Where a section is; empty when this site does not have it."""
    try:
        return address_of(name)
    except NoReverseMatch:
        return ""


def sections_of(reader: Reader, path: str) -> list[tuple[Any, str, bool]]:
    """The sections this reader may use: words, address, and whether it is the one shown."""
    return _open_to(reader, path, "header") or _open_to(reader, path, "foot")


def foot_of(reader: Reader, path: str) -> list[tuple[Any, str, bool]]:
    """What stands at the foot of the page for this reader: what the header has no room for."""
    above = {there for _words, there, _current in _open_to(reader, path, "header")}
    return [link for link in _open_to(reader, path, "foot") if link[1] not in above] if above else []


def _open_to(reader: Reader, path: str, part: str) -> list[tuple[Any, str, bool]]:
    mine = _of_abilities(reader.abilities, part, get_language(), settings.ROOT_URLCONF, get_script_prefix())
    # one section may stand within another: the one shown is the one whose address is the longest beginning of the page's own
    shown = max((there for _words, there in mine if path.startswith(there)), key=len, default="")
    return [(words, there, there == shown) for words, there in mine]


@lru_cache(maxsize=256)
def _of_abilities(
    abilities: frozenset[str], part: str, _language: str, _urlconf: str, _prefix: str
) -> tuple[tuple[str, str], ...]:
    """Words and addresses of a part of the page, the same on every page of a role in one language."""
    sections = SECTIONS if part == "header" else AT_THE_FOOT
    mine = ((str(words), address(name)) for words, name, ability in sections if ability in abilities)
    return tuple((words, there) for words, there in mine if there)


def person_pages(request: Any) -> list[tuple[Any, str, bool]]:
    """The pages about the person whom a request opened that this reader may use, as tabs; the one shown is the one
    whose address is the longest beginning of the page's own."""
    person = getattr(request, "person", None)
    if person is None:
        return []
    mine = [(words, address_of(name, person.pk)) for words, name in _pages_of(request.reader.abilities, get_language())]
    shown = max((there for _words, there in mine if request.path.startswith(there)), key=len, default="")
    return [(words, there, there == shown) for words, there in mine]


@lru_cache(maxsize=256)
def _pages_of(abilities: frozenset[str], _language: str) -> tuple[tuple[str, str], ...]:
    """Words and names of the pages about a person, the same for all of a role in one language."""
    # whoever sees the register refers from there
    left_out = "refer_person" if "see_register" in abilities else ""
    return tuple(
        (str(words), name) for words, name, ability in PERSON_PAGES if ability in abilities and name != left_out
    )


def first_page_of(reader: Reader) -> str:
    """Where this reader begins; empty when there is no section for them."""
    there = address(BEGINS_AT[reader.role]) if reader.role in BEGINS_AT else ""
    return there or next((there for _words, there, _current in sections_of(reader, "")), "")


class SectionsMiddleware:
    """Puts `request.sections` in place for the header, `request.foot` for the foot of the page, and
    `request.person_pages` for the tabs of one person; worked out only when a page is drawn."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked: Any = request
        reader = asked.reader
        asked.sections = SimpleLazyObject(lambda: sections_of(reader, request.path)) if reader else []
        asked.foot = SimpleLazyObject(lambda: foot_of(reader, request.path)) if reader else []
        asked.person_pages = SimpleLazyObject(lambda: person_pages(asked)) if reader else []
        return self.get_response(request)

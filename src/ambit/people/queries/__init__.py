"""What people ask about people. Lists take the reader's own people (`access.queries.people_of`), never more."""

from ambit.people.queries.finding import Found, PersonRow, read_search, search_people
from ambit.people.queries.likeness import Pair, Similar, likely_duplicates, people_like, similar_people
from ambit.people.queries.record import (
    FormerNames,
    PersonPage,
    all_ids,
    banner_of,
    death_now,
    details_at,
    details_now,
    former_names,
    important_person_at,
    important_person_now,
    last_save,
    merges_of,
    person_page,
    similar_words,
    versions,
)

__all__ = [
    "FormerNames",
    "Found",
    "Pair",
    "PersonPage",
    "PersonRow",
    "Similar",
    "all_ids",
    "banner_of",
    "death_now",
    "details_at",
    "details_now",
    "former_names",
    "important_person_at",
    "important_person_now",
    "last_save",
    "likely_duplicates",
    "merges_of",
    "people_like",
    "person_page",
    "read_search",
    "search_people",
    "similar_people",
    "similar_words",
    "versions",
]

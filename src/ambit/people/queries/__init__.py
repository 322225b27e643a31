"""What people ask about people. Lists take the reader's own people (`access.queries.people_of`) and never look beyond."""

from ambit.people.queries.finding import (
    Found,
    PersonRow,
    find_by_name_and_birth,
    find_exact,
    read_search,
    search_people,
)
from ambit.people.queries.likeness import (
    Pair,
    Similar,
    likely_duplicates,
    people_like,
    similar_people,
)
from ambit.people.queries.record import (
    FormerNames,
    PersonPage,
    all_ids,
    former_names,
    kept_id,
    merges_of,
    person_page,
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
    "find_by_name_and_birth",
    "find_exact",
    "former_names",
    "kept_id",
    "likely_duplicates",
    "merges_of",
    "people_like",
    "person_page",
    "read_search",
    "search_people",
    "similar_people",
    "versions",
]

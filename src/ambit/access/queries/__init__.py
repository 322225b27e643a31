"""The one door to people: who is asking, and may they open this record."""

from ambit.access.keeping_back import anything_kept_back, kept_back_from, must_see
from ambit.access.paper import Given, agreements_of, given_to
from ambit.access.queries.asking import (
    memberships_today,
    operator,
    reader_for,
    reader_named,
    reader_of,
    signed_in_account,
)
from ambit.access.queries.codes import ShownTo, code_hash, shown_to
from ambit.access.queries.door import (
    Opening,
    answer_at_the_door,
    current_numbers,
    details_of,
    easily_mistaken,
    kept,
    number_of,
    open_person,
    opening,
    people_listed,
)
from ambit.access.queries.drafts import draft
from ambit.access.queries.emergencies import (
    EmergencyOpening,
    area_of,
    emergency_opening,
    emergency_openings,
    openings_to_review,
)
from ambit.access.queries.finding import Found, find_among, find_anywhere, search_print
from ambit.access.queries.residents import Resident, residents_of
from ambit.access.queries.sharing import (
    WHO_DECIDES,
    OutsideRow,
    SealRow,
    SharingRow,
    agreed_outside,
    banner,
    organisations_around,
    seals,
    sharing_decisions,
    staff_to_name,
)
from ambit.access.queries.who_sees import (
    HomeNow,
    ServiceRow,
    care_homes,
    home_of,
    services_of,
    services_to_share_with,
)
from ambit.access.rules import CannotOpen
from ambit.access.ties import of_their_people, people_of, theirs, theirs_by_tie
from ambit.audit.rules import NotAllowed, Reader
from ambit.people.models import Person
from ambit.people.queries import ImportantRow, all_ids, people_who_matter
from ambit.people.queries import PersonRow as FoundPerson

__all__ = [
    "WHO_DECIDES",
    "CannotOpen",
    "EmergencyOpening",
    "Found",
    "FoundPerson",
    "Given",
    "HomeNow",
    "ImportantRow",
    "NotAllowed",
    "Opening",
    "OutsideRow",
    "Person",
    "Reader",
    "Resident",
    "SealRow",
    "ServiceRow",
    "SharingRow",
    "ShownTo",
    "agreed_outside",
    "agreements_of",
    "all_ids",
    "answer_at_the_door",
    "anything_kept_back",
    "area_of",
    "banner",
    "care_homes",
    "code_hash",
    "current_numbers",
    "details_of",
    "draft",
    "easily_mistaken",
    "emergency_opening",
    "emergency_openings",
    "find_among",
    "find_anywhere",
    "given_to",
    "home_of",
    "kept",
    "kept_back_from",
    "memberships_today",
    "must_see",
    "number_of",
    "of_their_people",
    "open_person",
    "opening",
    "openings_to_review",
    "operator",
    "organisations_around",
    "people_listed",
    "people_of",
    "people_who_matter",
    "reader_for",
    "reader_named",
    "reader_of",
    "residents_of",
    "seals",
    "search_print",
    "services_of",
    "services_to_share_with",
    "sharing_decisions",
    "shown_to",
    "signed_in_account",
    "staff_to_name",
    "theirs",
    "theirs_by_tie",
]

"""Who acts, what they may do, and how lines of the audit trail are chained. Plain Python, no clock."""

from dataclasses import dataclass, field
from uuid import UUID


class NotAllowed(Exception):
    """The reader may not do this; says what, who may, and what to do instead."""

    def __init__(self, what: str, *, who_may: str = "", what_to_do: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.who_may = who_may
        self.what_to_do = what_to_do


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The one in whose name something is read or done: a person signed in with an acting role, or an operator.

    `abilities` are the words of `access.rules` that the acting role carries; nothing is allowed that is not named there.
    """

    name: str
    role: str
    account_id: int | None = None
    staff_id: UUID | None = None
    membership_id: UUID | None = None
    organisation_id: UUID | None = None
    organisation_name: str = ""
    team_ids: tuple[UUID, ...] = ()
    person_id: UUID | None = None
    abilities: frozenset[str] = field(default_factory=frozenset)
    through: str = "web"
    address: str = ""

    def may(self, ability: str) -> bool:
        return ability in self.abilities

    def must(self, ability: str) -> None:
        """Refuse, in words, unless the acting role carries this ability."""
        if ability not in self.abilities:
            raise NotAllowed(
                f"Your role ({self.role or 'none'}) may not {ability.replace('_', ' ')}.",
                what_to_do="Choose another of your roles, or ask a colleague who may.",
            )

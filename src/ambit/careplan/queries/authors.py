"""How authors are named."""

from ambit.organisations.models import Role

ROLES = {str(role.value): str(role.label) for role in Role} | {
    "person": "the person",
    "proxy": "acts for the person",
    "carer": "carer",
}


def named(name: str, role: str, organisation: str) -> str:
    """As in "Dr Amina Rahman, GP, Brackenhill Surgery"; a role from elsewhere stands as it came."""
    return ", ".join([part for part in (name, ROLES.get(role, role), organisation) if part])

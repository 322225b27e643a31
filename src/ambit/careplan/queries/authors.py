"""How authors are named."""

from ambit.organisations.models import Role

ROLES = {str(role.value): str(role.label) for role in Role} | {
    "person": "the person",
    "proxy": "acts for the person",
    "carer": "carer",
}

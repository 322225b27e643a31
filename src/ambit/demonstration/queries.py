"""What is asked about the demonstration place."""

from django.utils import timezone

from ambit.access.models import Account
from ambit.demonstration.cast import BASIS, MORE_STAFF, OWN_PAGES, PASSWORD, STAFF, email_of
from ambit.organisations.models import Membership


def sign_ins() -> list[dict[str, str]]:
    """Everybody of the cast who can sign in today, in the order of the cast; nothing before the place is made."""
    order = [email_of(name) for _, name, _, _ in (*STAFF, *MORE_STAFF)]
    memberships = (
        Membership.objects.select_related("staff", "organisation")
        .filter(staff__email__in=order, staff__account__is_active=True, until_on=None)
        .filter(from_on__lte=timezone.localdate())
    )
    found = [
        {
            "email": membership.staff.email,
            "password": PASSWORD,
            "role": membership.role,
            "organisation": membership.organisation.name,
        }
        for membership in memberships
    ]
    outside = {email for _name, email, _role, _whose, _basis in OWN_PAGES}
    standing = set(Account.objects.filter(email__in=outside, is_active=True).values_list("email", flat=True))
    return sorted(found, key=lambda user: order.index(user["email"])) + [
        {"email": email, "password": PASSWORD, "role": role, "organisation": BASIS[basis]}
        for _name, email, role, _whose, basis in OWN_PAGES
        if email in standing
    ]


def in_line(user: dict[str, str]) -> str:
    """One who can sign in, for the terminal: the role in words."""
    role = user["role"].replace("_", " ").replace("gp", "GP")
    return f"{user['email']:34} {user['password']}   {role}, {user['organisation']}"

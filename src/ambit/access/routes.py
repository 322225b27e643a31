"""Every route of the site with its rule, and which role may use it: the table that a test keeps true."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from ambit.access.rules import ABILITIES
from ambit.design.routes import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address of the site, the view behind it, and the rule that view carries (None when it carries none)."""

    address: str
    name: str
    pattern: URLPattern
    rule: Rule | None

    def use(self, role: str) -> str:
        """What this rule gives to a role: `yes`, `tied` (only people the reader has a tie to), or `no`."""
        if self.rule is None:
            return "no"
        if not self.rule.signed_in or not self.rule.ability:
            return "yes"
        if self.rule.ability not in ABILITIES[role]:
            return "no"
        return "tied" if self.rule.person else "yes"


def routes(resolver: Any = None, before: str = "/") -> Iterator[Route]:
    """Every route that Django resolves, the downloads among them."""
    for pattern in (resolver or get_resolver()).url_patterns:
        address = before + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, address)
        else:
            yield Route(
                address=address,
                name=pattern.name or "",
                pattern=pattern,
                rule=getattr(pattern.callback, "rule", None),
            )


def matrix() -> list[dict[str, str]]:
    """One row a route: address, name, rule, and what each role may do with it.

    The living page of components is left out: it shows nobody, and only demonstrations have it.
    """
    rows = []
    shown = (route for route in routes() if not route.address.startswith("/design/"))
    for route in sorted(shown, key=lambda r: (r.address, r.name)):
        row = {"address": route.address, "name": route.name, "rule": _in_words(route.rule)}
        rows.append(row | {role: route.use(role) for role in roles()})
    return rows


def roles() -> list[str]:
    return [role for role in ABILITIES if role != "operator"]


def _in_words(rule: Rule | None) -> str:
    if rule is None:
        return "none: refused to everybody"
    if not rule.signed_in:
        return "everybody"
    if not rule.ability:
        return "signed in"
    return rule.ability + (", person" if rule.person else "") + (", urgent" if rule.urgent else "")


def as_markdown() -> str:
    """The table as it stands in `docs/safety/route-by-role.md`."""
    rows = matrix()
    columns = ["address", "name", "rule", *roles()]
    lines = [
        "# Which role may use which route",
        "",
        "Printed by `ambit access matrix`; a test keeps it true. Hazard H16: somebody sees too much.",
        "",
        "- `yes`: the role may use the page; every list on it holds only people the reader has a tie to.",
        "- `tied`: the page is about one person, and opens only when `access.queries.open_person` finds a tie.",
        "- `no`: refused.",
        "",
        "A route without a rule is refused to everybody, and fails the test.",
        "",
        "| " + " | ".join(column.replace("_", " ") for column in columns) + " |",
        "|" + " --- |" * len(columns),
    ]
    for row in rows:
        cells = [f"`{row['address']}`", *(row[column] for column in columns[1:])]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"

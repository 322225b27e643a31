"""Whom to ring besides those whom the plan names: people who matter, when they are there to be rung in an emergency."""

from collections.abc import Mapping, Sequence
from typing import Any

from ambit.people.rules.values import RELATIONS
from ambit.urgent.rules import Number


def in_an_emergency(said: Mapping[str, Any], written: Sequence[Number]) -> list[Number]:
    """Those on the record "to ring in an emergency" whom the plan does not name, in their order.

    The plan and the record are written by different people on different days; whoever stands at the bedside gets both.
    """
    named = {word for one in written for word in _known_by(one.name, one.telephone)}
    rows = [
        row
        for row in said.get("important_people", ())
        if row["until_on"] is None and "emergency" in row["roles"] and (row["telephone"] or row["other_telephone"])
    ]
    rows.sort(key=lambda row: row["rank"])
    return [
        Number(name=row["name"], telephone=row["telephone"] or row["other_telephone"], holds=_who(row))
        for row in rows
        if not _known_by(row["name"], row["telephone"], row["other_telephone"]) & named
    ]


def _who(row: Mapping[str, Any]) -> str:
    """What stands under the name: who they are, and what has to be known before they are told anything."""
    words = [RELATIONS.get(row["relation"], ""), "Under 18" if row["is_under_18"] else ""]
    if row["may_share"] is False:
        words.append("May not be told about their care")
    return " ".join(f"{one}." for one in words if one)


def _known_by(name: str, *telephones: str) -> set[str]:
    """A name however it is written, and numbers however they are spaced or begin."""
    digits = ("".join(filter(str.isdigit, one)).removeprefix("44").removeprefix("0") for one in telephones)
    return {" ".join(name.casefold().split()), *filter(None, digits)}

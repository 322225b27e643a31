"""The banner with the alerts that the plan knows: CPR, disagreement, allergies."""

from ambit.access.queries import Person
from ambit.careplan import registry
from ambit.careplan.queries import CurrentPlan
from ambit.design.rules import Banner, Chip
from ambit.register.pages import banner as register


def banner(person: Person, plan: CurrentPlan) -> Banner:
    """Who a page is about, with chips in order of danger."""
    return register.banner(person, *chips(plan))


def chips(plan: CurrentPlan) -> tuple[Chip, ...]:
    """Alerts of the plan. A CPR disagreement shows no reading as if it were the one."""
    found = (
        [Chip(kind="disagreement", words="CPR")]
        if plan.cpr.disagree
        else [Chip(kind="cpr", words=plan.cpr.words, reading=plan.cpr.reading)]
    )
    return (*found, *_allergies(plan))


def _allergies(plan: CurrentPlan) -> list[Chip]:
    said = plan.says("allergies")
    section = registry.section("allergies")
    if not said or section is None:
        return []
    if said.get("allergies.status") == "some":
        part = section.item("allergies.list")
        return [Chip(kind="allergy", words=part.words([row])) for row in said.get("allergies.list", ())]
    return [Chip(kind="allergy", words=section.item("allergies.status").words(said["allergies.status"]))]

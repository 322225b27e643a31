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
    """Alerts of the plan. Where documents differ about CPR, no reading is shown as if it were the one."""
    differ = [Chip(kind="disagreement", words=one.about) for one in plan.conflicts if not one.is_prompt]
    if any(one.concerns_cpr for one in plan.conflicts):
        return (*differ, *_allergies(plan))
    return (Chip(kind="cpr", words=plan.cpr.words, reading=plan.cpr.reading), *differ, *_allergies(plan))


def _allergies(plan: CurrentPlan) -> list[Chip]:
    if kept_back := plan.withholds("allergies"):
        return [Chip(kind="allergy", words=kept_back)]
    said = plan.says("allergies")
    section = registry.section("allergies")
    if not said or section is None:
        return []
    if said.get("allergies.status") == "some":
        part = section.item("allergies.list")
        return [Chip(kind="allergy", words=part.words([row])) for row in said.get("allergies.list", ())]
    return [Chip(kind="allergy", words=section.item("allergies.status").words(said["allergies.status"]))]

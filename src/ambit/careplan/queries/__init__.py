"""What people ask of a plan."""

from ambit.careplan.queries.authors import ROLES
from ambit.careplan.queries.cpr import cpr_forms, cpr_forms_of
from ambit.careplan.queries.medicines import MedicinesAtHome, medicines_at_home, movements_of
from ambit.careplan.queries.plan import (
    CurrentPlan,
    Overview,
    OverviewRow,
    current,
    life_of,
    overview_of,
    plans_of,
    written_about,
)
from ambit.careplan.queries.proposals import ProposalRow, proposal, proposals, proposer
from ambit.careplan.queries.sections import (
    Draft,
    Meanwhile,
    SectionFact,
    SectionPage,
    history,
    meanwhile,
    people_to_name,
    section_page,
)

__all__ = [
    "ROLES",
    "CurrentPlan",
    "Draft",
    "Meanwhile",
    "MedicinesAtHome",
    "Overview",
    "OverviewRow",
    "ProposalRow",
    "SectionFact",
    "SectionPage",
    "cpr_forms",
    "cpr_forms_of",
    "current",
    "history",
    "life_of",
    "meanwhile",
    "medicines_at_home",
    "movements_of",
    "overview_of",
    "people_to_name",
    "plans_of",
    "proposal",
    "proposals",
    "proposer",
    "section_page",
    "written_about",
]

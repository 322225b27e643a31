"""What people ask of a plan."""

from ambit.careplan.queries.attachments import AttachmentRow, attachment, attachments, kept_file
from ambit.careplan.queries.authorities import OpensByIt, RestsOn, authorities, authorities_among, opens_by
from ambit.careplan.queries.authors import ROLES
from ambit.careplan.queries.childhood import Childhood, childhood_of
from ambit.careplan.queries.completeness import Completeness, completeness
from ambit.careplan.queries.copies import Copy, copy_of, parts_of_a_copy, parts_written
from ambit.careplan.queries.copying import in_form, may_copy, to_copy
from ambit.careplan.queries.cpr import cpr_forms, was_talked_about_with_person
from ambit.careplan.queries.dying import (
    Closing,
    Verified,
    closing_of,
    closings_of,
    verified,
)
from ambit.careplan.queries.legal import Legal, legal_of
from ambit.careplan.queries.lists import ListedPlan, is_anything_kept_back, listed_items, listed_plans
from ambit.careplan.queries.medicines import MedicinesAtHome, medicines_at_home, movements_of
from ambit.careplan.queries.plan import (
    CurrentPlan,
    Overview,
    OverviewRow,
    Settle,
    conflicts_of,
    current,
    has_childs_plan,
    life_of,
    overview_of,
    plans_of,
    written_about,
)
from ambit.careplan.queries.proposals import OPEN_PROPOSALS, ProposalRow, open_proposals, proposal, proposals, proposer
from ambit.careplan.queries.sections import (
    Draft,
    Meanwhile,
    SectionFact,
    SectionPage,
    Signed,
    fact_of,
    fact_of_row,
    history,
    is_written_by_staff,
    meanwhile,
    people_to_name,
    section_page,
    versions_of,
)
from ambit.careplan.queries.siblings import Sibling, siblings_of, who_may_be_a_sibling
from ambit.careplan.queries.transition import Transition, transition_of, transitions_of

__all__ = [
    "OPEN_PROPOSALS",
    "ROLES",
    "AttachmentRow",
    "Childhood",
    "Closing",
    "Completeness",
    "Copy",
    "CurrentPlan",
    "Draft",
    "Legal",
    "ListedPlan",
    "Meanwhile",
    "MedicinesAtHome",
    "OpensByIt",
    "Overview",
    "OverviewRow",
    "ProposalRow",
    "RestsOn",
    "SectionFact",
    "SectionPage",
    "Settle",
    "Sibling",
    "Signed",
    "Transition",
    "Verified",
    "attachment",
    "attachments",
    "authorities",
    "authorities_among",
    "childhood_of",
    "closing_of",
    "closings_of",
    "completeness",
    "conflicts_of",
    "copy_of",
    "cpr_forms",
    "current",
    "fact_of",
    "fact_of_row",
    "has_childs_plan",
    "history",
    "in_form",
    "is_anything_kept_back",
    "is_written_by_staff",
    "kept_file",
    "legal_of",
    "life_of",
    "listed_items",
    "listed_plans",
    "may_copy",
    "meanwhile",
    "medicines_at_home",
    "movements_of",
    "open_proposals",
    "opens_by",
    "overview_of",
    "parts_of_a_copy",
    "parts_written",
    "people_to_name",
    "plans_of",
    "proposal",
    "proposals",
    "proposer",
    "section_page",
    "siblings_of",
    "to_copy",
    "transition_of",
    "transitions_of",
    "verified",
    "versions_of",
    "was_talked_about_with_person",
    "who_may_be_a_sibling",
    "written_about",
]

"""What is done about people. All writing happens here; every act is audited and kept as a numbered version."""

from ambit.people.actions.admitting import admit, admit_many
from ambit.people.actions.dying import (
    correct_death,
    note_verification,
    record_death,
    register_birth,
    retract_death,
)
from ambit.people.actions.merging import merge, unmerge
from ambit.people.actions.people_who_matter import (
    add_important_person,
    edit_important_person,
    end_important_person,
    end_parental_responsibility,
    record_parental_responsibility,
)
from ambit.people.actions.recording import (
    change_details,
    change_number,
    move_house,
    open_former_names,
    record_former_name,
    record_residence,
    record_sex_at_birth,
)

__all__ = [
    "add_important_person",
    "admit",
    "admit_many",
    "change_details",
    "change_number",
    "correct_death",
    "edit_important_person",
    "end_important_person",
    "end_parental_responsibility",
    "merge",
    "move_house",
    "note_verification",
    "open_former_names",
    "record_death",
    "record_former_name",
    "record_parental_responsibility",
    "record_residence",
    "record_sex_at_birth",
    "register_birth",
    "retract_death",
    "unmerge",
]

"""A plan for a child not born yet, and one of a boy who moves to adult care: each thing on its own day, by who does it."""

from datetime import date
from typing import Any
from uuid import uuid4

from ambit.access.queries import Person
from ambit.careplan import actions as careplan
from ambit.demonstration import plans
from ambit.demonstration.caring import moment, one_of, save_them, who
from ambit.demonstration.clock import clock_at
from ambit.people import actions as people
from ambit.register import actions as register

GP = "Ifan Prosser"
UNBORN, YUSUF = ("Karim", "Baby of Nadia"), ("Karim", "Yusuf")

PARENTS: list[dict[str, Any]] = [
    {"name": "Nadia Karim", "relation": "mother", "telephone": "07700 900511", "roles": ["main_carer", "emergency"]},
    {"name": "Tariq Karim", "relation": "father", "telephone": "07700 900512", "roles": []},
]
ORDER = {
    "court_order": "Eskmouth Family Court, ZE26P00417",
    "restriction": "May not agree to treatment for Yusuf without the mother’s agreement in writing.",
}

SECTIONS: dict[tuple[str, str], list[plans.Saved]] = {
    UNBORN: [
        (
            GP, 16, "antenatal",
            {
                "mother": "Nadia Karim, 07700 900511",
                "found": "Trisomy 18, certain since the test at 14 weeks. A heart defect at the scan of 20 weeks.",
                "talked": "They know that she may die before or soon after birth. They hope to meet her alive.",
                "labour": "Eskmouth General, labour ward. No monitoring of the heart in labour: agreed with both.",
                "at_birth": "Warmth, her mother’s chest, mouth care. No intensive care.",
                "after": "Home on the second day with the hospice at home; feeding looked at every week.",
                "team": "Fetal medicine, Eskmouth General; midwife Joy Adeyemi, 01632 960153",
            },
        ),
        (
            GP, 9, "contingency",
            {
                "worse": "Merrowdale Hospice keeps its family room free from week 36.",
                "better": "Heart clinic at six weeks; Yusuf’s school nurse knows and asks.",
            },
        ),
    ],
    YUSUF: [
        (
            GP, 70, "child",
            {
                "wishes": "Wheelchair football on Saturdays, and his own phone. Talk to him, not over him.",
                "parents_wishes": "As many days at school as he enjoys.",
                "siblings": "A sister is expected in February who may not live. Yusuf knows, and asks at bedtime.",
                "decision_making": "Yusuf first; then his mother. His father by telephone.",
            },
        ),
        (
            GP, 70, "childrens_team",
            {
                "consultant": "Dr Ravi Menon, Eskmouth General, 01632 960154",
                "nurse": "Sheila Byrd, children’s community nurses, 01632 960155",
                "hospice": "Merrowdale Hospice, children’s house, 01632 960142",
                "at_night": "Children’s ward, Eskmouth General, 01632 960156",
            },
        ),
        (
            GP, 70, "school",
            {
                "name": "Weir Lane School",
                "contact": "Mrs Oduya, 01632 960157, before half past three",
                "ehcp": "yes",
                "council": "Thornmere Council",
                "health": "Cough assist twice a day; a trained adult beside him.",
                "review_on": +60,
                "what_to_do": "Sit him up, cough assist, ring his mother. 999 if his lips turn blue.",
                "copy": "Version of September, with the school nurse",
            },
        ),
        (GP, 70, "allergies", {"status": "none_known"}),
        (
            GP, 12, "need_to_know",
            {
                "note": "Duchenne. Weak cough: no oxygen without breathing support. He decides with his mother; speak to him.",
                "until_on": +40,
            },
        ),
    ],
}  # fmt: skip
# days ago, step, how it stands, words; what is due by 15 is late
STEPS = (
    (210, "worker", "done", "Sheila Byrd, agreed with Yusuf and his mother at the clinic."),
    (150, "talked", "done", "He wants to keep his physiotherapist, and fears nobody will know him."),
    (20, "health_plan", "not_yet", "First draft is with his school; to be read with him."),
)


def plan_for_them(today: date) -> None:
    """Parents and who holds responsibility, the register, what is written, and the first steps to adult care."""
    gp = who(GP)
    unborn, yusuf = one_of(gp, *UNBORN), one_of(gp, *YUSUF)
    with clock_at(moment(today, 230)):
        _family(yusuf, restricted=True)
        register.add_to_register(
            by=gp, person=yusuf, on=moment(today, 230).date(), found_by="referral", stage="a_year_or_more", told=True,
            reason="Known to the children’s team since he was four; parallel planning from now on.",
        )  # fmt: skip
    with clock_at(moment(today, 20)):
        _family(unborn, restricted=False)
        register.add_to_register(
            by=gp, person=unborn, on=moment(today, 20).date(), found_by="referral", stage="months", told=True,
            reason="Found before birth; the parents ask for a plan.",
        )  # fmt: skip
    save_them(SECTIONS, who(GP), today)
    with clock_at(moment(today, 15)):
        careplan.tie_sibling(by=gp, person=yusuf, sibling_id=unborn.id)
    for days_ago, step, state, words in STEPS:
        with clock_at(moment(today, days_ago)):
            careplan.record_transition_step(
                by=gp, person=yusuf, step=step, state=state, words=words, on=moment(today, days_ago).date(), key=uuid4()
            )


def _family(child: Person, *, restricted: bool) -> None:
    """Mother and father; of a child who is born, who has parental responsibility, and what a court has said."""
    gp = who(GP)
    for rank, said in enumerate(PARENTS, start=1):
        child.refresh_from_db(fields=["version"])
        parent = people.add_important_person(
            by=gp, person_id=child.id, seen=child.version, rank=rank, may_share=True, **said
        )
        if not restricted:
            continue
        child.refresh_from_db(fields=["version"])
        is_mother = said["relation"] == "mother"
        people.record_parental_responsibility(
            by=gp,
            person_id=child.id,
            seen=child.version,
            important_id=parent.pk,
            basis="birth_mother" if is_mother else "married_or_registered_father",
            court_order="" if is_mother else ORDER["court_order"],
            restriction="" if is_mother else ORDER["restriction"],
        )

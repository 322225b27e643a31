"""Signed forms as files with the plan, one of them replaced; and a plan that came from the system used before."""

import json
from datetime import date, timedelta
from uuid import UUID, uuid4

from ambit.careplan import actions as careplan
from ambit.careplan.plan_import import import_plans
from ambit.demonstration.caring import moment, one_of, who
from ambit.demonstration.clock import clock_at

BEFORE = "Northmarch shared plans (2019 to 2026)"
# days ago, who attached it, the section it belongs to, its title, the name of the file, what stands on it
FILES = (
    (
        140, "Amina Rahman", "advance_decision", "Advance decision, both sides, before a witness was found", "adrt.pdf",
        ("Advance decision of Margaret Jean Ashworth", "I refuse CPR and machines that breathe for me,", "even if my life is at risk."),
    ),
    (
        25, "Ruth Tannahill", "authority", "Lasting power of attorney, health and welfare, as registered", "lpa.pdf",
        ("Lasting power of attorney, health and welfare", "Attorney: Helen Ashworth-Doyle"),
    ),
)  # fmt: skip


def keep_them(today: date) -> None:
    """Peggy's papers, and what the system before this one knew of Joan Preston."""
    for days_ago, name, section, title, file, lines in FILES:
        _attach(days_ago, name, section, title, file, lines, today)
    _brought_in(today)


def _attach(days_ago: int, name: str, section: str, title: str, file: str, lines: tuple[str, ...], today: date) -> UUID:
    by, content, key = who(name), _one_page(*lines), uuid4()
    with clock_at(moment(today, days_ago)):
        careplan.attach_file(
            by=by, person=one_of(by, "Ashworth", "Margaret Jean"), section_id=section, title=title, name=file,
            chunks=[content], size=len(content), key=key,
        )  # fmt: skip
    return key


def _one_page(*lines: str) -> bytes:
    """A PDF of one page that says what a scan would, and that nobody exists of whom it speaks."""
    said = [*lines, "", "Invented for the demonstration: nobody exists of whom this speaks."]
    text = "BT /F1 14 Tf 60 760 Td 22 TL " + " ".join(f"({line}) Tj T*" for line in said) + " ET"
    parts = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
    )
    written, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{part}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        written
        + (
            f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}"
            f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
        ).encode()
    )


def _brought_in(today: date) -> None:
    """Words keep their author and day; the CPR form comes in as reported."""

    def day(days_ago: int) -> str:
        return (today - timedelta(days=days_ago)).isoformat()

    written = {
        "written_by": "Sister Una Blythe",
        "role": "Community nurse",
        "organisation": "Eskvale Community Nursing",
    }
    sections = [
        {"section": "what_matters", "written_on": day(410),
         "items": {"what_matters.words": "Her allotment, and being told the truth.", "what_matters.who_said": "person"}},
        {"section": "getting_in", "written_on": day(410),
         "items": {"getting_in.words": "7 Market Hill, side door. Knock loudly: hard of hearing."}},
        {"section": "allergies", "written_on": day(410), "items": {"allergies.status": "none_known"}},
        {"section": "cpr", "written_on": day(300),
         "items": {"cpr.reading": "do_not_attempt", "cpr.made_on": day(300), "cpr.decided_by": "Dr Owen Shah",
                   "cpr.decided_by_role": "GP", "cpr.talked": "person", "cpr.reason": "Her heart would not recover."}},
    ]  # fmt: skip
    joan = {"nhs_number": "9990000018", "born_on": "1942-05-09", "sections": [written | one for one in sections]}
    with clock_at(moment(today, 33)):
        import_plans(
            by=who("Owen Shah"), file="northmarch-plans.json", content=json.dumps({"plans": [joan]}).encode(),
            source=BEFORE, on=today - timedelta(days=33),
        )  # fmt: skip

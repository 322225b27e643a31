"""Copies of the plan on paper: for whom, what is never in them, what they say is missing, and what they say of themselves."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from ambit.access import actions as access
from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.careplan import actions, queries, registry
from ambit.careplan.models import SectionVersion
from ambit.design import assets
from ambit.design.documents import can_make_pdf
from ambit.design.refusals import Refused
from ambit.people import actions as people
from tests.careplan.test_pages import decision

TODAY = timezone.localdate()
needs_pango = pytest.mark.skipif(not can_make_pdf(), reason="this machine has no Pango")


@pytest.fixture
def ashworth(person):
    return person()


@pytest.fixture
def gp(reader):
    return reader("gp")


def write(by, person, section, **said):
    content = {f"{section}.{name}": words for name, words in said.items()}
    base = SectionVersion.objects.filter(person=person, section=section).count()
    actions.save_section(by=by, person=person, section=registry.section(section), base=base, content=content, on=TODAY)


@pytest.fixture
def written(gp, ashworth, client_as):
    write(gp, ashworth, "what_matters", words="The garden and the cat", who_said="person")
    write(
        gp, ashworth, "prognosis", expected="weeks", words="Weeks, perhaps less", assessed_by="Dr Amina Rahman",
        assessed_on=TODAY.isoformat(), person_knows="no",
    )  # fmt: skip
    write(gp, ashworth, "allergies", status="some", list=[{"substance": "Penicillin", "reaction": "Anaphylaxis"}])
    client_as("gp").post(reverse("make_cpr_decision", args=[ashworth.id]), decision(talked="person"))
    return ashworth


@pytest.fixture
def where(ashworth):
    return reverse("copy_plan", args=[ashworth.id])


def asked(kind="own", **more):
    return {"kind": kind, "paper": "print"} | more


def objects(person, **more):
    access.record_objection(
        **{"by": operator(), "person_id": person.id, "basis": "person", "informed_on": TODAY} | more
    )


def seals(person, item, hides_from):
    access.seal_item(
        by=operator(), person_id=person.id, item=item, hides_from=hides_from, why="sensitive",
        words="Only a few are to see it", until_on=TODAY + timedelta(days=30),
    )  # fmt: skip


def last_line():
    return AuditLine.objects.filter(what="made a copy of the plan").latest("pk")


# --- the whole plan ---


def test_copy_plan(client_as, where, written):
    client = client_as("gp")
    assert "Who is the copy of the plan for?" in client.get(where).text
    said = client.post(where, asked()).text
    for words in (
        "The garden and the cat",
        "Weeks, perhaps less",
        "Penicillin",
        "a-cpr--filled",
        "Check the live record",
    ):
        assert words in said
    assert "c-watermark--1" not in said
    line = last_line()
    assert line.about == written.id
    assert (line.details["for"], line.details["paper"], line.details["left_out"]) == ("own", "print", [])
    assert "prognosis" in line.details["holds"]


def test_what_was_never_written_is_named_and_not_read_as_none(client_as, where, ashworth):
    said = client_as("gp").post(where, asked()).text
    assert "Not recorded:" in said
    assert "must not be read as “none”" in said
    assert "CPR: not recorded" in said


def test_nothing_is_handed_out_when_the_audit_line_fails(gp, written, monkeypatch):
    def fails(**_):
        raise DatabaseError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", fails)
    with pytest.raises(DatabaseError):
        actions.copy_plan(by=gp, person=written, kind="own", paper="print")


def test_a_copy_asks_few_statements_however_long_the_plan_is(client_as, where, written):
    client = client_as("gp")
    client.post(where, asked())
    with CaptureQueriesContext(connection) as taken:
        assert client.post(where, asked()).status_code == 200
    assert len(taken) <= 24, [one["sql"][:90] for one in taken]


@needs_pango
def test_the_pdf_says_on_every_page_who_it_is_about_and_which_page_it_is(client_as, where, written, gp):
    for section in ("about_me", "wishes", "contingency", "daily_life"):
        parts = [item for item in registry.section(section).items if item.type == "text"]
        SectionVersion.objects.create(
            person=written, section=section, number=1, base=0, pack="ambit-plan 0.2.0", author_name="Dr Amina Rahman",
            author_role="gp", saved_at=timezone.now(), content={part.id: "Long words. " * 200 for part in parts},
        )  # fmt: skip
    answer = client_as("gp").post(where, asked(paper="pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
    assert len(pages) > 1
    for number, text in enumerate(pages, start=1):
        assert "ASHWORTH" in text
        assert "999 " in text.replace("\xa0", " ")  # a font says which kind of blank
        assert f"Page {number} of {len(pages)}" in " ".join(text.split())


# --- for whom ---


def test_what_is_kept_back_from_a_service_is_never_on_its_copy_and_the_copy_says_so(client_as, where, written, place):
    objects(written, scope="item", item="what_matters", organisation_id=place["ZHS"].id)
    access.give_grant(by=operator(), person_id=written.id, kind="care_team", organisation_id=place["ZHS"].id)
    client = client_as("gp")
    for recipient in ({"organisation_id": str(place["ZHS"].id)}, {"service": "A hospice far away"}):
        said = client.post(where, asked("service", **recipient)).text
        assert "The garden and the cat" not in said
        assert "Not in this copy" in said
        assert "The person has asked that this is not shared with your service." in said
        assert "Weeks, perhaps less" in said
    assert "The garden and the cat" in client.post(where, asked()).text


def test_no_copy_for_a_service_that_the_person_objected_to(client_as, where, written, place):
    access.give_grant(by=operator(), person_id=written.id, kind="care_team", organisation_id=place["ZHS"].id)
    objects(written, scope="organisation", organisation_id=place["ZHS"].id)
    client = client_as("gp")
    for recipient in ({"organisation_id": str(place["ZHS"].id)}, {"service": "A hospice far away"}):
        answer = client.post(where, asked("service", **recipient))
        assert answer.status_code == 422
        assert "the person has objected to sharing" in answer.text
    assert not AuditLine.objects.filter(what="made a copy of the plan").exists()


def test_a_service_is_named_once(client_as, where, written):
    assert client_as("gp").post(where, asked("service")).status_code == 422


def test_the_person_gets_what_was_talked_about_with_them(client_as, where, written):
    said = client_as("gp").post(where, asked("person")).text
    assert "The garden and the cat" in said
    assert "Weeks, perhaps less" not in said
    assert "CPR will not be tried." in said
    seals(written, "what_matters", "proxies")
    assert "The garden and the cat" not in client_as("gp").post(where, asked("person")).text


def test_cpr_that_was_not_talked_about_is_not_told_on_paper(client_as, where, ashworth):
    client = client_as("gp")
    client.post(
        reverse("make_cpr_decision", args=[ashworth.id]),
        decision(talked="harm", why_not_talked="She would stop eating"),
    )
    said = client.post(where, asked("person")).text
    assert "CPR" not in said.split("<main")[1]


def test_outside_care_only_under_an_agreement_and_only_its_parts(client_as, where, written, gp):
    client = client_as("gp")
    assert client.post(where, asked("outside")).status_code == 422
    agreed = access.agree_outside(
        by=gp, person_id=written.id, party="Ms Vane, solicitor", purpose="Her will", items=["what_matters"],
        basis="person", agreed_on=TODAY, until_on=TODAY + timedelta(days=9),
    )  # fmt: skip
    sent = asked("outside", agreement_id=str(agreed.pk))
    said = client.post(where, sent).text
    assert "The garden and the cat" in said
    assert "Ms Vane, solicitor" in said
    for words in ("Weeks, perhaps less", "Penicillin", "CPR", "Not in this copy", "Prognosis"):
        assert words not in said.split("<main")[1]
    assert "This is not the whole plan" in said
    assert last_line().details["agreement"] == str(agreed.pk)
    access.end_outside(by=gp, agreement_id=agreed.pk)
    assert client.post(where, sent).status_code == 422


def test_somebody_elses_agreement_gives_nothing(gp, written, person):
    other = access.agree_outside(
        by=operator(), person_id=person("Preston").id, party="Ms Vane", purpose="A will", items=["what_matters"], basis="person",
        agreed_on=TODAY, until_on=TODAY,
    )  # fmt: skip
    with pytest.raises(Refused):
        actions.copy_plan(by=gp, person=written, kind="outside", agreement_id=other.pk, paper="print")


def test_a_care_home_makes_copies_for_itself_only(client_as, where, written, place):
    access.give_grant(by=operator(), person_id=written.id, kind="residence", organisation_id=place["ZCH1"].id)
    client = client_as("care_home_senior")
    assert client.post(where, asked()).status_code == 200
    assert client.post(where, asked("outside")).status_code == 403


# --- what is left out ---


def test_what_is_left_out_by_choice_is_named_to_those_who_act_on_it(client_as, where, written):
    said = client_as("gp").post(where, asked(leave_out=["prognosis"])).text
    assert "Weeks, perhaps less" not in said
    assert "Left out of this copy. That does not mean that nothing is recorded." in said
    assert last_line().details["left_out"] == ["prognosis"]


@pytest.mark.parametrize("part", ["cpr", "allergies"])
def test_what_keeps_somebody_safe_tonight_stays(client_as, where, written, part):
    answer = client_as("gp").post(where, asked(leave_out=[part]))
    assert answer.status_code == 422
    assert "stays in a copy" in answer.text
    assert client_as("gp").post(where, asked("person", leave_out=[part])).status_code == 200


def test_neither_side_of_what_contradicts_is_left_out(gp, written):
    actions.record_directive(
        by=gp, person=written, kind="advance_decision", source="transcribed", on=TODAY, key=uuid4(),
        said={"treatments": ("cpr",), "seen": "copy", "made_on": TODAY, "jurisdiction": "EW", "form": "refusal",
              "in_writing": "yes", "signed": "person", "at_risk": "yes", "witnessed": "yes"},
    )  # fmt: skip
    attempt = queries.current(gp, written.id).cpr.current[0]
    actions.end_cpr_form(by=gp, person=written, decision_id=attempt.id, how="withdrawn", reason="A new form")
    actions.transcribe_cpr_form(
        by=gp, person=written, form=actions.CPRForm(reading="attempt", made_on=TODAY), signature_seen=True, on=TODAY,
        key=uuid4(),
    )  # fmt: skip
    assert any(one.concerns_cpr for one in queries.current(gp, written.id).conflicts)
    with pytest.raises(Refused) as refused:
        actions.copy_plan(by=gp, person=written, kind="own", leave_out=["advance_decision"], paper="print")
    assert "contradicts" in str(refused.value)


def test_a_seal_is_left_out_and_said_only_if_the_site_says_so(client_as, where, written, place, settings):
    seals(written, "prognosis", "staff")
    client = client_as("gp")
    said = client.post(where, asked()).text
    assert "Weeks, perhaps less" not in said
    assert "Sealed: only those named" in said
    settings.CONFIG = settings.CONFIG.model_copy(update={"sealed_existence": "hidden"})
    said = client.post(where, asked()).text
    assert "Weeks, perhaps less" not in said
    assert "Sealed" not in said


# --- when nobody may act on it ---


def test_the_copy_of_somebody_who_died_says_so_across_every_sheet(client_as, where, written, gp):
    people.record_death(by=gp, person_id=written.id, died_on=TODAY, seen=written.version, place="20")
    said = client_as("gp").post(where, asked()).text
    assert "c-watermark--1" in said
    assert "Nothing here is to be acted on" in said
    assert "a-cpr--filled" not in said
    assert client_as("gp").post(where, asked("person")).status_code == 422


def test_a_plan_that_was_changed_since_says_so_across_every_sheet(client_as, where, written, gp):
    before = timezone.now() - timedelta(days=3)
    SectionVersion.objects.create(
        person=written, section="wishes", number=1, base=0, pack="ambit-plan 0.2.0", author_name="Dr Amina Rahman",
        author_role="gp", saved_at=before, content={item.id: "Old words" for item in registry.section("wishes").items[:1]},
    )  # fmt: skip
    day = TODAY - timedelta(days=1)
    asked_for = asked(**{f"as_on-{part}": str(getattr(day, part)) for part in ("day", "month", "year")})
    said = client_as("gp").post(where, asked_for).text
    assert "Old words" in said
    assert "The garden and the cat" not in said
    assert "Replaced on" in said
    assert "c-watermark--1" in said


def test_a_day_to_come_is_refused(gp, written):
    with pytest.raises(Refused):
        actions.copy_plan(by=gp, person=written, kind="own", as_on=TODAY + timedelta(days=1), paper="print")


def test_a_part_that_the_plan_does_not_have_is_refused(gp, written):
    with pytest.raises(Refused):
        actions.copy_plan(by=gp, person=written, kind="own", leave_out=["nonsense"], paper="print")


def test_every_page_about_cpr_says_that_the_person_has_died(client_as, written, gp):
    """Reached by its address after death, no page, side of paper or form reads as a decision to act on (H4)."""
    people.record_death(by=gp, person_id=written.id, died_on=TODAY, seen=written.version, place="20")
    client = client_as("gp")
    for name, words in {
        "cpr_decision": "This person has died: no CPR decision is to be acted on",
        "advance_decision": "kept as it was: this person has died",
        "plan": "Nothing here is to be acted on",
        "now": "Nothing here is to be acted on",
        "print_now": "Nothing here is to be acted on",
    }.items():
        said = client.get(reverse(name, args=[written.id])).text
        assert words in said
        assert "a-cpr--filled" not in said
        assert ("u-watermark" in said) == (name in ("now", "print_now"))
    for name in ("make_cpr_decision", "transcribe_cpr_form"):
        answer = client.post(reverse(name, args=[written.id]), decision(talked="person"))
        assert answer.status_code in (403, 422)
        assert "a-banner--died" in answer.text


def test_a_copy_for_the_person_is_in_welsh_when_it_is_made_in_welsh(client_as, written):
    assets.compile_catalogues()
    address = reverse("copy_plan", args=[written.id])
    made = client_as("gp").post(address, {"kind": "person", "paper": "print"}, headers={"accept-language": "cy"}).text
    for words in ("Beth sy’n bwysig i mi", "Geiriau pwy yw’r rhain", "Gwnaed ar", "Nid yw’r copi hwn yn newid"):
        assert words in made
    assert "(yn Saesneg)" not in made

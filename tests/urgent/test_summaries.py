"""Emergency summaries for a day without the system (hazard H8): whole, locked, signed, dated, and nobody else's."""

import io
import json

import pytest
import time_machine
from click.testing import CliRunner
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pypdf.errors import WrongPasswordError

from ambit.access import actions as access
from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.design import documents as pdfs
from ambit.design.refusals import Refused
from ambit.people import actions as people
from ambit.site.main import main
from ambit.urgent import actions, keys
from ambit.urgent.documents import summaries

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not pdfs.can_make_pdf(), reason="Pango is not on this machine, so no PDF can be made"),
]


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path / "home"
    return settings.HOME


@pytest.fixture
def operator(reader):
    return reader("operator")


@pytest.fixture
def on_duty(place, operator):
    """The ambulance service, on duty for the whole place."""
    return access.put_on_duty(by=operator, area=place["ZZ01"], organisation=place["ZAM"])


@pytest.fixture
def export(operator, tmp_path):
    return lambda **said: summaries.export_summaries(by=operator, folder=tmp_path / "out", **said)


def words_of(done, code: str, page: int | None = None) -> str:
    """What stands in an organisation's file, once opened with its passphrase; of one page, or of all."""
    name = next(name for name in done.files if name.startswith(f"{code}-"))
    file = PdfReader(f"{done.folder}/{name}", password=keys.passphrases()[code])
    pages = file.pages if page is None else [file.pages[page]]
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_each_organisation_has_a_locked_file_with_a_side_for_each_of_its_people(export, peggy, person, on_duty):
    person("Longworth")  # nothing is written about him, and he is not on the register
    done = export()
    assert [name.split("-")[0] for name in done.files] == ["Z90001", "ZAM"]
    assert (done.people, done.organisations) == (1, 2)
    name = f"{done.folder}/{done.files[0]}"
    assert PdfReader(name).is_encrypted
    with pytest.raises(WrongPasswordError):
        PdfReader(name, password=keys.passphrases()["ZAM"])
    opened = PdfReader(name, password=keys.passphrases()["Z90001"])
    assert len(opened.pages) == 2  # the front, and Peggy's side
    front, side = words_of(done, "Z90001", 0), words_of(done, "Z90001", 1)
    assert "ASHWORTH, Margaret Jean" in front
    assert "LONGWORTH" not in front
    for said in ("Do not attempt CPR", "999 717 0326", "01632 960140", "Morphine 10mg/1ml", "Check the live record"):
        assert said in side


def test_every_page_says_how_old_it_is(export, peggy):
    done = export()
    today = f"{timezone.localdate():%-d %B %Y}"
    assert f"As the record stood on {today}" in words_of(done, "Z90001", 0)
    assert "Copied from the record on" in words_of(done, "Z90001", 1)
    assert "Count the days since then" in words_of(done, "Z90001", 1)


def test_it_is_read_without_the_site(export, peggy, django_db_blocker):
    """The server is down: a file, its passphrase on paper, and any PDF reader are enough; so is checking it."""
    done = export()
    with django_db_blocker.block():
        assert "Do not attempt CPR" in words_of(done, "Z90001", 1)
        told = CliRunner().invoke(main, ["summaries", "verify", done.folder, "--json", "--key", done.key])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["ok"] is True


def test_nothing_is_in_it_that_the_organisation_may_not_see(export, peggy, operator, place, on_duty):
    access.record_objection(
        by=operator,
        person_id=peggy.id,
        basis="person",
        scope="item",
        item="need_to_know",
        informed_on=timezone.localdate(),
    )
    done = export()
    assert "More breathless since Tuesday" in words_of(done, "Z90001")
    assert "More breathless since Tuesday" not in words_of(done, "ZAM")
    assert "asked that this is not shared with your service" in words_of(done, "ZAM")


def test_who_objected_is_in_no_file_but_their_own_practice_s(export, peggy, operator, on_duty):
    access.record_objection(by=operator, person_id=peggy.id, basis="person", informed_on=timezone.localdate())
    assert [name.split("-")[0] for name in export().files] == ["Z90001"]


def test_the_dead_are_in_no_file(export, peggy, operator, on_duty):
    people.record_death(by=operator, person_id=peggy.id, seen=peggy.version, died_on=timezone.localdate(), place="21")
    assert export().files == ()


def test_writing_them_is_audited_person_by_person(export, peggy, on_duty):
    export()
    assert AuditLine.objects.filter(what="wrote an emergency summary", about=peggy.id).count() == 2
    assert AuditLine.objects.filter(what="wrote emergency summaries").count() == 2


def test_when_it_cannot_be_audited_nothing_is_left(export, peggy, monkeypatch, tmp_path):
    def cannot(**_line):
        raise RuntimeError("no line")

    monkeypatch.setattr("ambit.urgent.actions.audit.record_many", cannot)
    with pytest.raises(RuntimeError):
        export()
    assert list((tmp_path / "out").iterdir()) == []


def test_a_full_disk_leaves_nothing_half_written(export, peggy, monkeypatch, tmp_path):
    def full(_path, _content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(summaries, "_write", full)
    with pytest.raises(Refused, match="No space left on device"):
        export()
    assert list((tmp_path / "out").iterdir()) == []


def test_only_the_newest_are_kept(export, peggy, tmp_path):
    out = tmp_path / "out"
    for name in ("2026-01-01T0300", "2026-01-02T0300", "something else"):
        (out / name).mkdir(parents=True)
    with time_machine.travel(timezone.now(), tick=False):
        done = export(keep=2)
        with pytest.raises(Refused, match="already there"):
            export()
    assert sorted(path.name for path in out.iterdir()) == sorted(
        ["2026-01-02T0300", done.folder.rsplit("/", 1)[1], "something else"]
    )


def change(folder, path):
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def take_away(folder, path):
    path.unlink()


def add(folder, path):
    (folder / "new.pdf").write_bytes(b"%PDF")


def change_list(folder, path):
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"people": 1', '"people": 2', 1))


@pytest.mark.parametrize(
    ("meddle", "told"),
    [
        (change, "was changed after it was signed"),
        (take_away, "is missing"),
        (add, "new.pdf is not on the list"),
        (change_list, "manifest.json was changed after it was signed"),
    ],
)
def test_what_was_meddled_with_is_named(export, peggy, meddle, told):
    from pathlib import Path

    done = export()
    folder = Path(done.folder)
    assert summaries.check_summaries(folder, key=done.key).problems == ()
    meddle(folder, folder / done.files[0])
    (problem,) = summaries.check_summaries(folder).problems
    assert told in problem
    refused = CliRunner().invoke(main, ["summaries", "verify", done.folder])
    assert refused.exit_code == 1
    assert told in " ".join(refused.output.split())


def test_another_key_is_named(export, peggy):
    from pathlib import Path

    done = export()
    (problem,) = summaries.check_summaries(Path(done.folder), key="0000 0000 0000 0000").problems
    assert problem.startswith("Signed with another key")


def test_a_folder_without_summaries_is_refused_in_words(tmp_path):
    with pytest.raises(Refused, match="no folder of emergency summaries"):
        summaries.check_summaries(tmp_path)


def test_passphrases_are_for_the_operator_stay_and_can_be_changed(export, peggy, operator, reader):
    export()
    known = actions.read_passphrases(by=operator)
    assert known == actions.read_passphrases(by=operator)
    changed = actions.read_passphrases(by=operator, change="Z90001")
    assert changed["Z90001"] != known["Z90001"]
    with pytest.raises(Refused, match="No summaries were written for Z99999"):
        actions.read_passphrases(by=operator, change="Z99999")
    with pytest.raises(NotAllowed):
        actions.read_passphrases(by=reader("gp"))
    with pytest.raises(NotAllowed):
        summaries.export_summaries(by=reader("gp"), folder="nowhere")


def test_keys_and_passphrases_are_the_owner_s_alone(export, peggy, home):
    export()
    for name in ("signing.key", "passphrases.json"):
        assert (home / "summaries" / name).stat().st_mode & 0o777 == 0o600


def test_a_machine_without_pango_says_what_to_install(export, peggy, monkeypatch, client_as):
    monkeypatch.setattr(summaries, "can_make_pdf", lambda: False)
    with pytest.raises(Refused, match="apt-get install"):
        export()
    monkeypatch.setattr("ambit.urgent.pages.views.can_make_pdf", lambda: False)
    told = client_as("Amina Rahman").get(reverse("pdf_now", args=[peggy.id]), follow=True)
    assert "print the page with the browser" in told.text


def test_the_urgent_page_is_saved_as_one_side_of_pdf(client_as, peggy):
    answer = client_as("Amina Rahman").get(reverse("pdf_now", args=[peggy.id]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="emergency-summary-')
    (side,) = PdfReader(io.BytesIO(answer.content)).pages
    assert "Do not attempt CPR" in side.extract_text()
    assert AuditLine.objects.filter(what="made the urgent page for print", about=peggy.id).exists()


def test_far_too_many_words_still_stand_on_one_side(client_as, peggy, write):
    long = "If she becomes breathless sit her up, open the window, use the fan, then give what is in the brown bottle. "
    write(peggy, "what_matters", words=long * 35, worries=long * 35, who_said="person")
    write(peggy, "getting_in", words=(long * 6)[:600])
    write(peggy, "if_this_happens", what=[{"happens": long[:180], "do": long[:190]} for _ in range(8)])
    answer = client_as("Amina Rahman").get(reverse("pdf_now", args=[peggy.id]))
    assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1


def test_nothing_is_fetched_for_a_document():
    marked = '<p>“before”<img src="http://localhost:1/x.png"><img src="file:///etc/passwd">“after”</p>'
    document = pdfs.laid_out(marked, title="t")
    assert len(document.pages) == 1

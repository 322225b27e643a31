"""Scans of signed forms: told by their first bytes, kept byte for byte, handed out to be saved and to nobody outside."""

import hashlib
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ambit.audit.models import AuditLine
from ambit.careplan.models import Attachment
from ambit.careplan.queries.attachments import FOLDER
from ambit.files.queries import path_of

PDF = b"%PDF-1.7\n" + b"A signed form. " * 20


@pytest.fixture
def ashworth(person):
    return person()


@pytest.fixture
def attach(client_as, ashworth):
    def send(content=PDF, name="form.pdf", who="gp", **more):
        said = {
            "file": SimpleUploadedFile(name, content),
            "title": "Signed CPR form",
            "section": "cpr",
            "key": str(uuid4()),
        }
        return client_as(who).post(reverse("attach_file", kwargs={"person_id": ashworth.id}), said | more)

    return send


def test_a_scan_is_kept_byte_for_byte_and_handed_out_to_be_saved(attach, client_as, ashworth):
    assert attach().status_code == 302
    row = Attachment.objects.get()
    assert row.sha256 == hashlib.sha256(PDF).hexdigest()
    assert path_of(FOLDER, row.sha256, row.content_type).read_bytes() == PDF
    shown = client_as("gp").get(reverse("attachments", kwargs={"person_id": ashworth.id})).text
    assert "1 attached file" in shown
    assert "Signed CPR form" in shown
    answer = client_as("gp").get(reverse("attachment", kwargs={"person_id": ashworth.id, "attachment_id": row.id}))
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert AuditLine.objects.filter(what="opened an attached file", about=ashworth.id).count() == 1


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<html><script>alert(1)</script>", "form.pdf", "no file that can be attached"),
        (b"<svg onload=alert(1)>", "scan.png", "no file that can be attached"),
        (b"%PDF-1.4" + b"x" * 1_200_000, "form.pdf", "at most 1 MB"),
        (b"", "form.pdf", "The file is empty"),
    ],
)
def test_what_is_no_scan_is_refused_at_the_field(attach, settings, content, name, words):
    settings.CONFIG = settings.CONFIG.model_copy(update={"attachment_megabytes": 1})
    answer = attach(content, name)
    assert answer.status_code == 422
    assert words in answer.text
    assert not Attachment.objects.exists()


def test_a_file_is_replaced_and_never_lost(attach, client_as, ashworth):
    attach()
    first = Attachment.objects.get()
    assert attach(PDF + b"2", replaces=str(first.id)).status_code == 302
    assert attach(PDF + b"3", replaces=str(first.id)).status_code == 422
    shown = client_as("gp").get(reverse("attachments", kwargs={"person_id": ashworth.id})).text
    assert "2 attached files" in shown
    assert "<strong>Replaced</strong>" in shown
    old = client_as("gp").get(reverse("attachment", kwargs={"person_id": ashworth.id, "attachment_id": first.id}))
    assert old.content == PDF


def test_a_form_sent_twice_is_one_file(attach):
    key = str(uuid4())
    attach(key=key)
    attach(key=key)
    assert Attachment.objects.count() == 1


def test_a_file_that_changed_on_the_server_is_not_handed_out(attach, client_as, ashworth):
    attach()
    row = Attachment.objects.get()
    path_of(FOLDER, row.sha256, row.content_type).write_bytes(b"%PDF-1.7 another")
    where = reverse("attachment", kwargs={"person_id": ashworth.id, "attachment_id": row.id})
    answer = client_as("gp").get(where, follow=True)
    assert "missing or changed on the server" in answer.text


def test_nobody_outside_takes_a_file_out(attach, client_as, ashworth, person):
    attach()
    row = Attachment.objects.get()
    own = reverse("attachment", kwargs={"person_id": ashworth.id, "attachment_id": row.id})
    assert client_as("Owen Shah").get(own).status_code == 403
    assert client_as("analyst").get(own).status_code == 403
    other = reverse("attachment", kwargs={"person_id": person("Longworth").id, "attachment_id": row.id})
    assert client_as("gp").get(other).status_code == 404

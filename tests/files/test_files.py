"""What may be kept, and that bytes are those that were given."""

import pytest
from django.conf import settings

from ambit.design.refusals import Refused
from ambit.files.actions import keep_file
from ambit.files.queries import kept_bytes, path_of, safe_name
from ambit.files.rules import kind_of, problem_of

PDF = b"%PDF-1.7 the plan"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"%PDF-1.4", "PDF"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG picture"),
        (b"\x89PNG\r\n\x1a\n", "PNG picture"),
        (b"II*\x00", "TIFF picture"),
        (b"MM\x00*", "TIFF picture"),
        (b"\x00\x00\x00\x18ftypheic", "HEIC picture"),
        (b"\x00\x00\x00\x18ftypisom", None),
        (b"<html><script>", None),
        (b"<svg xmlns=", None),
        (b"GIF89a<script>", None),
        (b"PK\x03\x04", None),
        (b"MZ\x90\x00", None),
        (b" %PDF-1.4", None),
        (b"", None),
    ],
)
def test_a_file_is_what_it_begins_with(head, name):
    kind = kind_of(head)
    assert (kind.name if kind else None) == name


def test_fifty_megabytes_are_refused_with_what_to_do():
    words = problem_of(kind=kind_of(b"%PDF-1.4"), size=50_000_000, at_most_mb=20)
    assert "This file has 50.0 MB; at most 20 MB" in words
    assert "one by one" in words


def test_a_file_is_kept_as_it_came_and_a_changed_one_is_not_handed_out(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "MEDIA_ROOT", str(tmp_path))
    sha256, content_type = keep_file([PDF[:9], PDF[9:]], folder="evidence", size=len(PDF))
    assert kept_bytes("evidence", sha256, content_type) == PDF
    assert safe_name(sha256, content_type) == f"{sha256[:12]}.pdf"
    path_of("evidence", sha256, content_type).write_bytes(b"%PDF-1.7 another")
    assert kept_bytes("evidence", sha256, content_type) is None
    assert kept_bytes("plans", sha256, content_type) is None


def test_what_may_not_be_kept_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "MEDIA_ROOT", str(tmp_path))
    with pytest.raises(Refused, match="no file that can be attached"):
        keep_file([b"MZ"], folder="evidence", size=2)
    assert list(tmp_path.iterdir()) == []

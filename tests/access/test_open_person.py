"""The one door to people."""

import pytest

from ambit.access.queries import NotAllowed, open_person
from ambit.audit.models import AuditLine


def test_own_practice_opens_and_is_audited(reader, person):
    ashworth = person("Ashworth")
    assert open_person(reader("Amina Rahman"), ashworth.id) == ashworth
    assert AuditLine.objects.filter(about=ashworth.id, what="opened a record", name="Dr Amina Rahman").exists()


def test_another_practice_is_refused_and_that_is_audited(reader, person):
    ashworth = person("Ashworth")
    with pytest.raises(NotAllowed):
        open_person(reader("Owen Shah"), ashworth.id)
    assert AuditLine.objects.filter(about=ashworth.id, what="was refused a record", name="Dr Owen Shah").exists()

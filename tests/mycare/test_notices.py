"""News on the page and by mail: no clinical words, safe to repeat, never after death or withdrawal."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from ambit.access.actions import break_glass, end_grant
from ambit.access.models import Grant
from ambit.access.queries import operator
from ambit.careplan import actions as careplan
from ambit.careplan import registry
from ambit.events.delivery import deliver_due
from ambit.events.models import OutboxEvent
from ambit.mycare import actions, queries
from ambit.mycare.models import Notice
from ambit.people import actions as people
from tests.mycare.test_plan_pages import words

pytestmark = pytest.mark.django_db


def deliver():
    while deliver_due():
        pass


def test_staff_change_the_plan_and_the_persons_side_hears(ashworth, outside, said, mailoutbox):
    peggy, helen, joe = outside("person"), outside("proxy"), outside("carer")
    said("getting_in", words="Key safe left of the door, code 1940")
    deliver()
    assert [row.title for row in queries.notices(peggy, ashworth.id)] == ["How to get in"]
    assert len(queries.notices(helen, ashworth.id)) == 1
    assert queries.notices(joe, ashworth.id) == ()
    assert sorted(mail.to[0] for mail in mailoutbox) == ["person@example.org", "proxy@example.org"]
    for mail in mailoutbox:
        text = f"{mail.subject} {mail.body}"
        assert not any(word in text for word in ("Key", "How to get in", "Peggy", "Ashworth", "plan", "1940"))


def test_what_they_write_themselves_is_no_news(ashworth, outside, mailoutbox):
    careplan.save_section(
        by=outside("person"),
        person=ashworth,
        section=registry.section("what_matters"),
        base=0,
        content={"what_matters.words": "My cat", "what_matters.who_said": "person"},
        on=timezone.localdate(),
    )
    deliver()
    assert not Notice.objects.exists()


def test_heard_twice_is_told_and_mailed_once(ashworth, outside, said, mailoutbox):
    outside("person")
    said("getting_in", words="Key safe")
    deliver()
    OutboxEvent.objects.update(delivered_at=None, next_at=timezone.now())
    from ambit.events.models import Delivery

    Delivery.objects.all().delete()
    deliver()
    assert Notice.objects.count() == 1
    assert len(mailoutbox) == 1


def test_one_mail_until_they_come_back(ashworth, outside, said, mailoutbox):
    peggy = outside("person")
    said("getting_in", words="Key safe")
    said("getting_in", base=1, words="Key safe, moved")
    deliver()
    assert Notice.objects.count() == 2
    assert len(mailoutbox) == 1
    actions.read_notices(by=peggy, person_id=ashworth.id)
    said("getting_in", base=2, words="Key safe, moved again")
    deliver()
    assert len(mailoutbox) == 2


def test_a_mail_that_fails_is_tried_again(ashworth, outside, said, mailoutbox, monkeypatch):
    outside("person")
    said("getting_in", words="Key safe")

    def fails(*args, **said):
        raise OSError("mail server away")

    with monkeypatch.context() as away:
        away.setattr("ambit.mycare.actions.notices.send_mail", fails)
        deliver()
    assert Notice.objects.get().mailed_at is None
    OutboxEvent.objects.filter(delivered_at=None).update(next_at=timezone.now())
    deliver()
    assert len(mailoutbox) == 1


def test_an_emergency_is_told(ashworth, outside, reader, mailoutbox):
    peggy = outside("person")
    break_glass(by=reader("Sam Okafor"), person_id=ashworth.id, reason="cannot_say", words="Found on the floor.")
    deliver()
    assert [row.kind for row in queries.notices(peggy, ashworth.id)] == ["emergency"]
    assert "emergency" not in mailoutbox[0].subject + mailoutbox[0].body


def test_mails_are_chosen(ashworth, outside, own_page, said, mailoutbox):
    outside("person")
    own_page("person").post(reverse("notices", args=[ashworth.id]), {"do": "mails", "wanted": ["emergency"]})
    said("getting_in", words="Key safe")
    deliver()
    assert Notice.objects.count() == 1
    assert mailoutbox == []


def test_no_news_after_death_even_when_it_was_on_its_way(ashworth, outside, said, mailoutbox):
    """H12: nobody is written to about somebody who has died."""
    outside("person")
    outside("proxy")
    said("getting_in", words="Key safe")
    people.record_death(
        by=operator(), person_id=ashworth.id, seen=ashworth.version, died_on=timezone.localdate(), place="21"
    )
    deliver()
    assert mailoutbox == []
    assert not Notice.objects.exists()


def test_no_news_after_withdrawal_even_when_it_was_on_its_way(ashworth, outside, said, mailoutbox):
    """H6: a notice that was made before the leave ended is not mailed after it."""
    outside("proxy")
    said("getting_in", words="Key safe")
    (notice,) = actions.tell(by=operator(), person_id=ashworth.id, kind="plan_changed", source="test")
    end_grant(by=operator(), grant_id=Grant.objects.get(kind="proxy").pk)
    assert actions.mail_notice(by=operator(), notice_id=notice.pk) is False
    deliver()
    assert mailoutbox == []


def test_remind_of_reviews_once_for_each_version(ashworth, outside, said):
    peggy = outside("person")
    said("place_of_care", care_first="own_home", death_first="own_home")
    assert actions.remind_of_reviews(by=operator()) == 0
    with time_machine.travel(timezone.now() - timedelta(days=400)):
        said("what_matters", words="My cat", who_said="person")
    assert actions.remind_of_reviews(by=operator()) == 1
    assert actions.remind_of_reviews(by=operator()) == 0
    assert [row.kind for row in queries.notices(peggy, ashworth.id)] == ["review_due"]


def test_news_on_the_page(ashworth, outside, own_page, said):
    outside("person")
    said("getting_in", words="Key safe")
    deliver()
    client = own_page("person")
    assert "1 piece of news" in words(client.get(reverse("my_plan", args=[ashworth.id])))
    address = reverse("notices", args=[ashworth.id])
    assert "Your plan has changed: How to get in." in words(client.get(address))
    assert "No news" in words(client.post(address, {"do": "read"}, follow=True))

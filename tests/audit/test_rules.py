"""The chain over the trail: whatever is changed, removed or cut off is found, and named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambit.audit.rules import GENESIS, Anchor, Line, canonical, chain, first_break, line_hash

AT = datetime(2026, 3, 29, 0, 59, 59, 123456, tzinfo=UTC)
# short words find what long ones do, and quicker
words = st.text(max_size=6)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
details = st.dictionaries(
    words,
    st.recursive(
        st.none() | st.booleans() | numbers | words,
        lambda below: st.lists(below) | st.dictionaries(words, below),
        max_leaves=5,
    ),
    max_size=3,
)
lines = st.lists(
    st.builds(
        Line,
        id=st.integers(min_value=1),
        at=st.datetimes(timezones=st.just(UTC)),
        account_id=st.none() | st.integers(min_value=1),
        name=words,
        role=words,
        organisation=words,
        through=st.sampled_from(["web", "command line"]),
        address=st.just("127.0.0.1"),
        what=words,
        about=st.none() | st.uuids(),
        details=details,
        spool_id=st.none(),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda line: line.id,
)


def line(number: int = 1, **changed) -> Line:
    made = Line(
        number, AT, 7, "Dr Amina Rahman", "gp", "Brackenhill Surgery", "web", "127.0.0.1", "opened a record",
        UUID(int=1), {"why": "/people/"},
    )  # fmt: skip
    return replace(made, **changed)


def sealed(of):
    return list(zip(chain(of, after_seq=0, after_hash=GENESIS), of, strict=True))


def anchors(links, every=1):
    return [Anchor(seal.seq, seal.hash) for seal, _ in links if seal.seq % every == 0 or seal.seq == len(links)]


def test_a_line_has_one_spelling():
    assert canonical(line()) == (
        b'{"about":"00000000-0000-0000-0000-000000000001","account_id":7,"address":"127.0.0.1",'
        b'"at":"2026-03-29T00:59:59.123456+00:00","details":{"why":"/people/"},"id":1,"name":"Dr Amina Rahman",'
        b'"organisation":"Brackenhill Surgery","role":"gp","spool_id":null,"through":"web","what":"opened a record"}'
    )


def test_summer_time_and_utc_are_the_same_moment():
    summer = timezone(timedelta(hours=1))
    assert line_hash(line(at=AT.astimezone(summer))) == line_hash(line())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"n": 1.0}, {"n": 1}),
        ({"n": 1e22}, {"n": 10**22}),
        ({"n": -0.0}, {"n": 0}),
        ({"b": 1, "a": [{"d": 2.0, "c": None}]}, {"a": [{"c": None, "d": 2}], "b": 1}),
    ],
)
def test_what_postgresql_rewrites_hashes_the_same(one, other):
    assert line_hash(line(details=one)) == line_hash(line(details=other))


@pytest.mark.parametrize(
    "changed",
    [
        {"id": 2}, {"at": AT + timedelta(microseconds=1)}, {"account_id": 8}, {"account_id": None}, {"name": "X"},
        {"role": "auditor"}, {"organisation": ""}, {"through": "command line"}, {"address": ""},
        {"what": "opened  a record"}, {"about": None}, {"details": {}}, {"spool_id": UUID(int=3)},
    ],
)  # fmt: skip
def test_every_field_counts(changed):
    assert line_hash(line(**changed)) != line_hash(line())


@given(lines)
def test_an_untouched_chain_is_whole(of):
    links = sealed(of)
    assert first_break(links, anchors(links, every=3)) is None


@given(lines, st.data())
def test_a_changed_line_is_named(of, data):
    links = sealed(of)
    at = data.draw(st.integers(0, len(links) - 1))
    seal, changed = links[at]
    links[at] = (seal, replace(changed, name=changed.name + "x"))
    broken = first_break(links, anchors(links))
    assert (broken.kind, broken.line, broken.seq) == ("changed line", changed.id, at + 1)


@given(lines, st.data())
def test_a_removed_line_is_named(of, data):
    links = sealed(of)
    at = data.draw(st.integers(0, len(links) - 1))
    links[at] = (links[at][0], None)
    broken = first_break(links, anchors(links))
    assert (broken.kind, broken.line) == ("removed line", of[at].id)


@given(lines, st.data())
def test_a_line_removed_with_its_seal_is_named(of, data):
    links = sealed(of)
    anchored = anchors(links)
    at = data.draw(st.integers(0, len(links) - 1))
    del links[at]
    broken = first_break(links, anchored)
    assert broken.kind == ("truncated tail" if at == len(links) else "missing seal")
    assert broken.seq == at + 1


@given(lines, st.data())
def test_a_truncated_tail_is_named(of, data):
    links = sealed(of)
    anchored = anchors(links, every=3)
    kept = data.draw(st.integers(0, len(links) - 1))
    broken = first_break(links[:kept], anchored)
    assert broken.kind == "truncated tail"
    assert broken.seq == kept + 1


@given(lines, st.data())
def test_a_chain_written_anew_is_named(of, data):
    """Somebody with every right over the database changes a line and computes all seals again."""
    anchored = anchors(sealed(of))
    at = data.draw(st.integers(0, len(of) - 1))
    anew = [*of[:at], replace(of[at], what=of[at].what + "x"), *of[at + 1 :]]
    broken = first_break(sealed(anew), anchored)
    assert (broken.kind, broken.seq) == ("rewritten chain", at + 1)


@given(lines)
def test_a_changed_seal_is_named(of):
    links = sealed(of)
    links[0] = (replace(links[0][0], hash="f" * 64), of[0])
    assert first_break(links, []).kind == "changed seal"


def test_lost_anchors_are_named():
    assert first_break(sealed([line()]), []).kind == "missing anchor"


def test_an_empty_trail_is_whole():
    assert first_break([], []) is None

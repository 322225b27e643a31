"""Three sides of a table: nothing is overwritten silently, and no cell is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambit.improvement.rules.merging import OURS, THEIRS, Undecided, Verdict, merge, merged, to_write
from ambit.improvement.rules.sheets import CHOICE, YES, Choice, Column, NotRead, read, shown

KEYS = st.tuples(st.sampled_from("abcd"), st.sampled_from(("level", "position")))
TABLES = st.dictionaries(KEYS, st.sampled_from(("", "1", "2", "3")))


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "verdict", "stays"),
    [
        ("a", "a", "a", Verdict.SAME, "a"),
        ("a", "b", "a", Verdict.OURS, "b"),
        ("a", "a", "b", Verdict.THEIRS, "b"),
        ("a", "b", "b", Verdict.ALIKE, "b"),
        ("a", "b", None, Verdict.ABSENT, "b"),
        ("", "", "new", Verdict.THEIRS, "new"),
        ("a", "a", "", Verdict.THEIRS, ""),
    ],
)
def test_one_cell(base, ours, theirs, verdict, stays):
    key = ("statement", "position")
    cells = merge({key: base}, {key: ours}, {} if theirs is None else {key: theirs})
    assert [cell.verdict for cell in cells] == [verdict]
    assert merged(cells, {}) == {key: stays}


def test_a_conflict_is_decided_by_somebody():
    key = ("statement", "position")
    cells = merge({key: "a"}, {key: "b"}, {key: "c"})
    with pytest.raises(Undecided) as undecided:
        merged(cells, {})
    assert undecided.value.keys == (key,)
    with pytest.raises(Undecided):
        merged(cells, {key: "both"})
    assert to_write(cells, {key: OURS}) == {}
    assert to_write(cells, {key: THEIRS}) == {"statement": {"position": "c"}}


@given(base=TABLES, ours=TABLES, theirs=TABLES, sides=st.randoms(use_true_random=False))
def test_no_cell_is_lost_and_nothing_is_overwritten_silently(base, ours, theirs, sides):
    cells = merge(base, ours, theirs)
    assert {cell.key for cell in cells} == {*base, *ours, *theirs}
    assert len({cell.key for cell in cells}) == len(cells)
    conflicts = [cell.key for cell in cells if cell.verdict is Verdict.CONFLICT]
    if conflicts:
        with pytest.raises(Undecided):
            merged(cells, {})
    choices = {key: sides.choice((OURS, THEIRS)) for key in conflicts}
    result = merged(cells, choices)
    for key, value in result.items():
        was, here, there = base.get(key, ""), ours.get(key, ""), theirs.get(key)
        chosen = choices.get(key)
        # what somebody changed here goes only when a person chose the other side, what the workbook changed likewise
        if here != was and value != here:
            assert chosen == THEIRS
        if there is not None and there != was and value != there:
            assert chosen == OURS
        assert value in (here, there)
    written = to_write(cells, choices)
    after = {**{key: ours.get(key, "") for key in result}}
    for row, fields in written.items():
        after |= {(row, name): value for name, value in fields.items()}
    assert after == result
    # bringing the same workbook again changes nothing more, whatever was chosen for it
    again = merge(base, result, theirs)
    assert all(cell.verdict is not Verdict.THEIRS for cell in again)


LEVELS = (Choice(id="partly", shown="◑ Partly in place", also=("Partly",)), Choice(id="none", shown="○ Not started"))
LEVEL = Column(key="level", title="Level", kind=CHOICE, is_open=True, choices=LEVELS)
POSITION = Column(key="position", title="Position", is_open=True, longest=10)
DOES_NOT_APPLY = Column(key="na", title="Does not apply", kind=YES, is_open=True)


@pytest.mark.parametrize(
    ("column", "words", "value"),
    [
        (LEVEL, "◑ Partly in place", "partly"),
        (LEVEL, "partly in  place", "partly"),
        (LEVEL, " Partly ", "partly"),
        (LEVEL, "", ""),
        (POSITION, " two\r\nlines ", "two\nlines"),
        (DOES_NOT_APPLY, "x", "yes"),
        (DOES_NOT_APPLY, "No", ""),
        (DOES_NOT_APPLY, "", ""),
    ],
)
def test_what_a_cell_says(column, words, value):
    assert read(column, words, column.choices) == value
    assert read(column, shown(column, value, column.choices), column.choices) == value


@pytest.mark.parametrize(
    ("column", "words", "says"),
    [(LEVEL, "Green", "not in its list"), (POSITION, "12345678901", "at most 10"), (DOES_NOT_APPLY, "maybe", "Yes")],
)
def test_what_no_cell_says(column, words, says):
    with pytest.raises(NotRead, match=says):
        read(column, words, column.choices)

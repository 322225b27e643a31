"""Whom to ring, in which order sections stand, and how the paper is made to fit."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ambit.design.rules import CPR_READINGS, Banner, Chip
from ambit.urgent import fitting, rules
from ambit.urgent.order import at_birth, in_order
from ambit.urgent.rules import Box, Cpr, Disagreement, Now, Number, Row, Side, Source

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SAID = Source(who="Dr Amina Rahman, GP", on=date(2026, 9, 2))
WORDS = st.text("abcdefghij klmno pqrstuvwxyz", min_size=1, max_size=900)


def page(**said):
    whole = {
        "person_id": UUID(int=1),
        "banner": Banner(family_name="Ashworth", given_names="Margaret Jean", title="Mrs"),
        "version": 1,
        "saved_at": NOON,
        "opened_at": NOON,
        "cpr": Cpr(reading="not_recorded"),
        "disagreements": (),
        "numbers": (),
        "main": (),
        "side": (),
    }
    return Now(**(whole | said))


@pytest.mark.parametrize("reading", CPR_READINGS)
def test_every_reading_has_words_of_its_own(reading):
    assert Cpr(reading=reading).words == CPR_READINGS[reading].words


@pytest.mark.parametrize(
    ("openings", "first"),
    [
        ([], []),
        ([("a", True)], ["a"]),
        ([("a", False), ("b", True)], ["b", "a"]),
        ([("a", True), ("b", False), ("c", True), ("d", True)], ["a", "c", "d"]),
        ([("a", False), ("b", False), ("c", False), ("d", False)], ["a", "b", "c"]),
    ],
)
def test_ring_those_who_answer_first_and_three_at_most(openings, first):
    numbers = [Number(name=name, telephone="01632 960140", is_open=is_open) for name, is_open in openings]
    assert [number.name for number in rules.ring_first(numbers)] == first


@pytest.mark.parametrize(
    ("sections", "main", "side"),
    [
        ([], (), ()),
        (["what_matters", "need_to_know"], ("need_to_know", "what_matters"), ()),
        (["allergies", "people_to_ring", "cpr"], (), ()),
        (["something_new", "getting_in"], (), ("getting_in", "something_new")),
        (["medicines_at_home", "treatment_limits"], ("treatment_limits", "medicines_at_home"), ()),
    ],
)
def test_sections_stand_in_the_order_of_danger_and_none_is_left_out(sections, main, side):
    assert in_order(sections) == (main, side)


@pytest.mark.parametrize(
    ("born_on", "unborn", "leads"),
    [
        (date(2027, 2, 9), True, True),
        (None, True, True),
        (date(2026, 12, 1), False, True),
        (date(2026, 11, 4), False, True),
        (date(2026, 11, 3), False, False),
        (date(2019, 6, 21), False, False),
        (None, False, False),
    ],
)
def test_what_was_planned_for_a_birth_leads_until_28_days_after_it(born_on, unborn, leads):
    birth = at_birth(born_on, unborn=unborn, on=date(2026, 12, 1))
    main, side = in_order(["need_to_know", "antenatal", "getting_in"], birth=birth)
    assert (birth, main[0], "antenatal" in side) == (leads, "antenatal" if leads else "need_to_know", not leads)


@pytest.mark.parametrize(
    ("words", "letters", "cut"),
    [
        ("short", 20, "short"),
        ("one two three four", 9, f"one two… {fitting.MORE}"),
        ("one two, three four", 10, f"one two… {fitting.MORE}"),
        ("exactly", 7, "exactly"),
    ],
)
def test_words_are_cut_between_words_and_say_where_the_rest_is(words, letters, cut):
    assert fitting.cut_words(words, letters) == cut


def test_lines_wrap_between_words():
    assert fitting.lines("", points=9, wide=50) == 0
    assert fitting.lines("word", points=9, wide=50) == 1
    assert fitting.lines("word\nword", points=9, wide=50) == 2
    assert fitting.lines("word " * 40, points=9, wide=50) > 6
    assert fitting.lines("w" * 200, points=9, wide=50) > 5


def test_a_small_plan_is_set_large_and_nothing_is_cut():
    paper = fitting.fit(
        page(main=(Box(key="need_to_know", heading="Now", rows=(Row(label="", words="Short"),)),)), foot=""
    )
    assert paper.points == fitting.PAPERS[0].points
    assert paper.main[0].rows[0].words == "Short"


@settings(deadline=None)
@given(WORDS, st.integers(0, 12), st.integers(0, 8))
def test_shortening_never_touches_what_protects_somebody(words, rows, medicines):
    """Whatever the paper, medicines, CPR, numbers to ring and disagreement are whole (design: print rules)."""
    kept = Box(
        key="medicines_at_home",
        heading="Medicines",
        rows=tuple(Row(label=f"Medicine {n}", words=words) for n in range(medicines)),
    )
    for paper in fitting.PAPERS:
        assert fitting.shortened(kept, paper) == kept
    long = Box(
        key="if_this_happens",
        heading="If this happens",
        rows=tuple(Row(label=f"Row {n}", words=words) for n in range(rows)),
    )
    for paper in fitting.PAPERS:
        cut = fitting.shortened(long, paper)
        whole = cut.rows == long.rows
        assert whole or any(fitting.MORE in row.words for row in cut.rows)


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=4), WORDS)
def test_more_words_never_make_the_type_larger(several, more):
    def points(words):
        boxes = tuple(Box(key="what_matters", heading="Matters", rows=(Row(label="", words=w),)) for w in words)
        return fitting.fit(page(side=boxes), foot="Check the live record.").points

    assert points([*several, more]) <= points(several)


def test_a_full_side_does_not_cut_the_main_column():
    long = Box(key="what_matters", heading="Matters", rows=(Row(label="", words="word " * 900),))
    note = Box(key="need_to_know", heading="Now", rows=(Row(label="", words="More breathless since Tuesday."),))
    fitted = fitting.fit(page(main=(note,), side=(long,)), foot="")
    assert fitting.MORE in fitted.side[0].rows[0].words
    assert fitted.main == (note,)


def test_a_full_side_gives_boxes_to_the_wide_column_and_names_what_has_no_room():
    def box(key, words):
        return Box(key=key, heading=key.title(), rows=(Row(label="", words=words),))

    note, matters = box("need_to_know", "More breathless since Tuesday."), box("what_matters", "The cat. " * 150)
    held = box("advance_decision", "Refuses it. " * 150)
    crowded = [box(key, "Words that take some room. " * 12) for key in ("getting_in", "devices", "illness")]
    fitted = fitting.fit(page(main=(note, matters), side=(held, *crowded)), foot="Check the live record.")
    assert note in fitted.main
    assert held in fitted.side
    assert {"devices", "illness"} & {one.key for one in fitted.main}
    shown = {one.key for one in (*fitted.main, *fitted.side)}
    for one in (matters, *crowded):
        assert one.key in shown or one.heading in fitted.left_out
    assert fitting.left_out((note, matters), fitting.PAPERS[0]) == ""


def test_what_disagrees_is_measured_instead_of_the_block():
    sides = tuple(Side(name="Form", says="Do not attempt CPR. " * 30, force="", source=SAID) for _ in range(2))
    about = Disagreement(about="CPR", sides=sides, whom_to_ask="Ask her.", concerns_cpr=True)
    plain = fitting.disagreement_height(
        Disagreement(about="CPR", sides=sides, whom_to_ask="Ask her."), points=9, wide=132, today=date(2026, 11, 30)
    )
    assert fitting.disagreement_height(about, points=9, wide=132, today=date(2026, 11, 30)) > plain


def test_chips_take_rows():
    def rows(several):
        who = Banner(family_name="A", chips=tuple(Chip(kind="allergy", words=words) for words in several))
        return fitting.rows_of_chips(who, points=9)

    assert rows([]) == 0
    assert rows(["Penicillin: rash"]) == 1
    assert rows(["Penicillin: swollen throat and a rash"] * 8) >= 3
    assert rows(["a very long reaction " * 20]) >= 3


@pytest.mark.parametrize(
    ("hours", "opens", "closes", "hour", "expected"),
    [
        ("", "", "", 3, (True, "", "")),
        ("always", "", "", 3, (True, "Open now.", "Day and night.")),
        ("daily", "08", "08", 3, (True, "Open now.", "Day and night.")),
        ("daily", "", "08", 3, (True, "", "")),
        ("daily", "20", "08", 3, (True, "Open now until 8am.", "8pm to 8am every day.")),
        ("daily", "20", "08", 7, (True, "Open now until 8am.", "8pm to 8am every day.")),
        ("daily", "20", "08", 8, (False, "Closed now. Opens at 8pm.", "8pm to 8am every day.")),
        ("daily", "20", "08", 20, (True, "Open now until 8am.", "8pm to 8am every day.")),
        ("daily", "09", "17", 17, (False, "Closed now. Opens at 9am.", "9am to 5pm every day.")),
        ("daily", "12", "00", 23, (True, "Open now until midnight.", "noon to midnight every day.")),
        ("daily", "00", "12", 12, (False, "Closed now. Opens at midnight.", "midnight to noon every day.")),
    ],
)
def test_who_answers_now_and_when(hours, opens, closes, hour, expected):
    said = rules.answers(hours, opens, closes, hour=hour)
    assert (said.is_open, said.now, said.hours) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (
            ("At home", "In a hospice", "At home", "In a hospice", "Merrowdale Hospice", "Not hospital"),
            [("To die: at home.", "Second choice in a hospice."), ("", "Merrowdale Hospice. Not hospital.")],
        ),
        (
            ("At home", "", "Asked, undecided", "", "", ""),
            [("To die: asked, undecided.", ""), ("To be cared for: at home.", "")],
        ),
        (
            ("In a hospice", "", "In a hospice", "In hospital", "", ""),
            [("To die: in a hospice.", "Second choice in hospital.")],
        ),
        (("", "", "", "", "", "Not hospital."), [("", "Not hospital.")]),
        (("", "", "", "", "", ""), []),
    ],
)
def test_where_somebody_wants_to_be_is_said_in_a_few_words(answers, expected):
    assert [(row.label, row.words) for row in rules.places(*answers)] == expected


@pytest.mark.parametrize(
    ("days", "words"),
    [(-1, "◆ The chart ended"), (0, "ends today"), (1, "ends in 1 day."), (9, "ends in 9 days.")],
)
def test_a_chart_says_how_long_it_holds(days, words):
    on = date(2026, 11, 21)
    assert words in rules.chart(on.replace(day=21 + days), on=on)

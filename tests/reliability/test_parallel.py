"""Many at once over HTTP: one person is admitted once (H10), and no acknowledged save is lost (H3)."""

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from uuid import uuid4

import pytest
from django.urls import reverse

from ambit.site.bench import new_people
from ambit.site.rehearsal import Answer, Browser, fields_of

CREATES_AT_ONCE = 64
EDITORS = 16


def all_at_once(tasks: Sequence[Callable[[], None]]) -> None:
    """Start every task in a thread of its own at one moment; what goes wrong in one is raised here."""
    start, problems = threading.Barrier(len(tasks)), []

    def work(task: Callable[[], None]) -> None:
        try:
            start.wait()
            task()
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]


@pytest.fixture(scope="module")
def browsers(racing, signed_in) -> Iterator[list[Browser]]:
    """Sixty-four windows of sixteen people signed in."""
    windows = [Browser(racing.port, dict(signed_in[n % len(signed_in)].cookies)) for n in range(CREATES_AT_ONCE)]
    yield windows
    for browser in windows:
        browser.close()


def admit_in_parallel(racing, browsers: list[Browser], stored, people: int, first: int) -> None:
    """Sixty-four send the same person at one moment, each from a form of their own."""
    form = fields_of(browsers[0].get(reverse("admit")).body)
    somebody = list(itertools.islice(new_people(racing.practice), first, first + people))
    answers: list[Answer] = []
    for typed in somebody:
        all_at_once(
            [
                lambda browser=browser, typed=typed: answers.append(
                    browser.post(reverse("admit"), form | typed | {"person_id": str(uuid4())})
                )
                for browser in browsers
            ]
        )
    assert {answer.status for answer in answers} == {302}
    numbers = ", ".join(f"'{typed['nhs_number']}'" for typed in somebody)
    held = stored(f"select value, person_id from people_personnumber where value in ({numbers})")
    assert sorted(value for value, _ in held) == sorted(typed["nhs_number"] for typed in somebody)
    assert len({person for _, person in held}) == people
    names = ", ".join(f"'{typed['family_name']}'" for typed in somebody)
    assert stored(f"select count(*) from people_person where family_name in ({names})") == [(people,)]


def test_parallel_creates_of_one_person_give_exactly_one(racing, browsers, stored):
    admit_in_parallel(racing, browsers, stored, people=3, first=0)


@pytest.mark.long
def test_parallel_creates_of_two_hundred_people_give_two_hundred(racing, browsers, stored):
    admit_in_parallel(racing, browsers, stored, people=200, first=3)


def edit_in_parallel(racing, browsers: list[Browser], stored, person: str, turns: int) -> None:
    """Each editor opens the form, changes the preferred name and saves, again and again."""
    path = reverse("change_details", args=[person, "identity"])
    acknowledged: list[str] = []
    refused: list[tuple[str, Answer]] = []

    def edit(editor: int, browser: Browser) -> None:
        for turn in range(turns):
            form = fields_of(browser.get(path).body)
            name = f"Editor{'abcdefghijklmnop'[editor]}{'x' * turn}"
            answer = browser.post(path, form | {"preferred_name": name})
            if answer.status == 302:
                acknowledged.append(name)
            else:
                refused.append((name, answer))

    before = stored(f"select count(*) from people_personversion where person_id = '{_key(stored, person)}'")[0][0]
    all_at_once([lambda e=e, b=b: edit(e, b) for e, b in enumerate(browsers[:EDITORS])])
    rows = stored(
        f"select number, data from people_personversion where person_id = '{_key(stored, person)}' order by number"
    )
    history = [data for _, data in rows[before:]]
    assert len(acknowledged) + len(refused) == EDITORS * turns
    assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
    assert len(history) == len(acknowledged)
    for name in acknowledged:
        assert sum(f'"{name}"' in str(data).replace("'", '"') for data in history) == 1, name
    assert acknowledged
    for name, answer in refused:
        assert answer.status == 409
        assert name in answer.body
        assert any(other in answer.body for other in acknowledged)


def _key(stored, person: str) -> str:
    """The person's id as this database writes it."""
    found = stored(
        f"select id from people_person where replace(cast(id as text), '-', '') = '{person.replace('-', '')}'"
    )
    return str(found[0][0])


def test_editors_racing_on_one_record_lose_no_save(racing, browsers, stored):
    edit_in_parallel(racing, browsers, stored, racing.people[0], turns=3)


@pytest.mark.long
def test_editors_racing_a_thousand_times_lose_no_save(racing, browsers, stored):
    edit_in_parallel(racing, browsers, stored, racing.people[1], turns=63)

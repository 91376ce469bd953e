"""A page of disputes asks the database a fixed number of questions, however long the article is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from annotator.web.adjudication import AT_ONCE
from db.engine import Database
from tests import factories as f
from tests.reports.test_disagreements import fill
from tests.web.conftest import Person, SignIn, fields_of

PAGES = (
    "/adjudication",
    "/adjudication?article={article}",
    "/adjudication/{sentence}",
    "/articles/{article}/disagreements",
    "/articles/{article}/disagreements?part=details",
    "/articles/{article}/disagreements.json",
    "/disagreements",
    "/disagreements?part=details",
)


@contextmanager
def counted(database: Database) -> Iterator[Callable[[], int]]:
    """How many statements readers have sent since."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(database.reader, "before_cursor_execute", note)
    yield lambda: len(said)
    event.remove(database.reader, "before_cursor_execute", note)


@pytest.fixture
def pages(database: Database, sign_in: SignIn) -> Callable[[int], tuple[Person, dict[str, str]]]:
    """A lead, and the places of an article of so many paragraphs of two sentences, half of them disputed."""
    with database.write() as session:
        lead = f.make_lead(session, "Lena")
    person = sign_in(lead)

    def made(size: int) -> tuple[Person, dict[str, str]]:
        answers = ("claim", "quote")
        with database.write() as session:
            text = "\n\n".join(f"Ferry {n} of {size} leaves at noon. It comes back at one." for n in range(size))
            article = f.make_article(session, text)
            said = {
                name: [(answers[n % 2 * place])[0] for n in range(size)] for place, name in enumerate(("Ada", "Ben"))
            }
            fill(session, said, article)
            return person, {"article": article.uid, "sentence": f.sentences_of(session, article)[1].uid}

    return made


@pytest.mark.parametrize("page", PAGES)
def test_page_asks_as_often_for_a_long_article_as_for_a_short_one(
    database: Database, pages: Callable[[int], tuple[Person, dict[str, str]]], page: str
) -> None:
    asked = []
    for size in (2, 4, 40):  # the first one leaves a queue and a report in memory that no longer hold
        person, places = pages(size)
        person.get("/")  # what is done once after a sign-in
        with counted(database) as number:
            assert person.get(page.format(**places)).status_code == 200
            asked.append(number())
    assert asked[1] == asked[2] > 0
    assert asked[2] <= 40


def test_accepting_asks_a_fixed_number_of_questions_a_sentence(
    database: Database, pages: Callable[[int], tuple[Person, dict[str, str]]]
) -> None:
    asked = []
    for size in (2 * AT_ONCE, 4 * AT_ONCE):
        person, places = pages(size)
        form = fields_of(
            person.get(f"/adjudication?article={places['article']}").text, "/adjudication/unanimous",
            article=places["article"],
        )  # fmt: skip
        said: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any, said: list[str] = said) -> None:
            said.append(statement)

        event.listen(database.writer, "before_cursor_execute", note)
        assert person.post("/adjudication/unanimous", form).headers["location"].endswith(f"accepted={size // 2}")
        event.remove(database.writer, "before_cursor_execute", note)
        asked.append(len(said))
        commits = sum(statement.startswith("BEGIN") for statement in said)
        assert commits in (0, size // 2 // AT_ONCE)
    assert asked[1] == pytest.approx(2 * asked[0], abs=20)

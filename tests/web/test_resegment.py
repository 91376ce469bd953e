"""Finding the sentences of a stored article anew, in the browser: what differs first, then all at once; for leads."""

import re
from dataclasses import dataclass
from html import unescape

import pytest
from sqlmodel import select

from db.engine import Database
from db.models import Article, Event
from tests import factories
from tests.web.conftest import Person, SignIn, fields_of, forms_of

TEXT = "Mr. Holm closed the pier. Nobody paid.The ferry sank.\n\nIt rained <b>hard</b>."  # fiction
ANEW = ["Mr. Holm closed the pier.", "Nobody paid.", "The ferry sank.", "It rained <b>hard</b>."]


@dataclass
class Page:
    database: Database
    lead: Person
    anna: Person
    url: str
    article: str

    def html(self, query: str = "") -> str:
        answer = self.lead.get(self.url + query)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def live(self) -> list[str]:
        with self.database.read() as session:
            article = session.exec(select(Article)).one()
            return [TEXT[one.start_cp : one.end_cp] for one in factories.sentences_of(session, article)]

    def events(self) -> int:
        with self.database.read() as session:
            return len(session.exec(select(Event.id)).all())


@pytest.fixture
def page(database: Database, sign_in: SignIn) -> Page:
    with database.write() as session:
        article = factories.make_article(session, TEXT, title="The pier")
        lead, anna = factories.make_lead(session, "Lena"), factories.make_reviewer(session, "Anna")
        for sentence in factories.sentences_of(session, article):
            factories.annotate(session, sentence, anna, ["claim"])
    return Page(database, sign_in(lead), sign_in(anna), f"/articles/{article.uid}/resegment", article.uid)


def cells(html: str) -> list[list[str]]:
    """The sentences now and anew of each place."""
    found = re.findall(r"<ol class=\"prose\"[^>]*>(.*?)</ol>", html, re.DOTALL)
    return [[unescape(text) for text in re.findall(r"<li dir=\"auto\">(.*?)</li>", one, re.DOTALL)] for one in found]


def test_the_page_shows_what_differs_and_what_becomes_of_whose_labels_and_stores_nothing(page: Page) -> None:
    before, html = page.events(), page.html()
    assert "2 places would be cut anew" in html
    assert "1 sentence stays as it is" in html
    assert cells(html) == [["Mr.", "Holm closed the pier."], ANEW[:1], ["Nobody paid.The ferry sank."], ANEW[1:3]]
    assert "<dt>Anna</dt><dd>1 carried as it is, 2 need review</dd>" in html
    assert page.events() == before


def test_applying_leads_to_the_article_which_offers_to_undo_it(page: Page) -> None:
    before, fields = page.live(), fields_of(page.html(), page.url)
    for _ in range(2):  # an answer that got lost
        answer = page.lead.post(page.url, fields)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/articles/{page.article}")
    assert page.live() == ANEW
    html = page.html()
    assert "Nothing differs" in html
    assert page.url not in [form["action"] for form in forms_of(html)]
    html = page.lead.get(f"/articles/{page.article}").text
    assert "The sentences were found anew" in html
    undo = f"/articles/{page.article}/sentences/undo"
    page.lead.post(undo, fields_of(html, undo))
    assert page.live() == before


def test_what_rests_on_older_boundaries_gets_the_page_as_it_is_now(page: Page) -> None:
    fields = fields_of(page.html(), page.url)
    with page.database.read() as session:
        last = factories.sentences_of(session, session.exec(select(Article)).one())[-1].uid
    split = f"/sentences/{last}/split"
    page.lead.post(split, {"revision": "1", "at": str(TEXT.index("rained"))})
    before = page.live()
    answer = page.lead.post(page.url, fields)
    assert answer.status_code == 409
    assert "boundaries of this article were changed in the meantime" in answer.text
    assert "2 are left where a person mended the boundaries" in answer.text
    assert "rained" not in str(cells(answer.text))
    with_mended = page.html("?mended=1")
    assert ["It", "rained <b>hard</b>."] in cells(with_mended)
    assert page.live() == before
    page.lead.post(page.url, fields_of(with_mended, page.url))
    assert page.live() == ANEW


def test_another_plan_than_the_one_that_was_seen_is_refused(page: Page) -> None:
    before = page.live()
    for wrong in ({"plan": "other"}, {"plan": ""}, {"revision": ""}, {"mended": "1", "revision": "3"}):
        assert page.lead.post(page.url, {**fields_of(page.html(), page.url), **wrong}).status_code == 409
    assert page.lead.post(page.url, {**fields_of(page.html(), page.url), "revision": "x"}).status_code == 422
    assert page.live() == before


def test_only_a_lead_sees_that_there_is_such_a_page(page: Page) -> None:
    before, fields = page.live(), fields_of(page.html(), page.url)
    assert page.anna.get(page.url).status_code == 404
    assert page.anna.post(page.url, {**fields, "token": page.anna.token}).status_code == 404
    assert page.lead.post(page.url, {**fields, "token": "forged"}).status_code == 403
    assert page.lead.get("/articles/art_0000000000000000/resegment").status_code == 404
    assert page.live() == before

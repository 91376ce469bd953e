"""The annotate page: who sees it, what it shows, how large it is, how many questions it asks the database."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select
from starlette.testclient import TestClient

from annotator.domain.spans import Span
from annotator.services import clock, finishing, reviewers, sessions
from annotator.services.history import Actor
from annotator.settings import Settings
from annotator.web import pages
from annotator.web.app import create_app
from db.engine import Database
from db.models import Assignment
from db.vocabulary import NoneReason
from tests import factories
from tests.web.conftest import BASE, Person, Reading, SignIn, fields_of, in_hand

STRANGE = (
    "A <script>alert('1')</script> & \"quotes\"\n\n"
    "👨🏻‍🚒 “Cafe\u0301 burned,” said אבי כהן. Then\u2028the roof fell in. "
    "{{ 7 * 7 }} <b onclick=x()>bold</b> stays text."
)


WRITTEN = ("file.html",)  # written to disk, not served: one self-contained file with a policy of its own


def packed(body: bytes) -> float:
    return len(gzip.compress(body, 6)) / 1024


def row(html: str, n: int) -> str:
    """The element of sentence n."""
    found = re.search(
        rf'<(span|div) class="sent"[^>]* id="s-{n}".*?</a>(?:<span class="by">.*?</span></span>)?</\1>', html
    )
    assert found, f"there is no sentence {n}"
    return found[0]


def words(html: str, n: int) -> str:
    """The words of sentence n as a browser shows them, without the hidden name in front."""
    inner = re.search(r"<a [^>]*>(.*)</a>", row(html, n), re.DOTALL)
    assert inner
    plain = re.sub(r"<[^>]+>", "", re.sub(r'<span class="vh">.*?</span>', "", inner[1]))
    for name, character in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        plain = plain.replace(name, character)
    return plain


def test_the_page_shows_every_sentence_with_the_asked_one_in_hand(reading: Reading) -> None:
    html = reading.page(3)
    assert in_hand(html) == 3
    assert re.findall(r'id="(s-\d+)"', html) == ["s-1", "s-2", "s-3", "s-4", "s-5"]
    assert "<title>Sentence 3 of 5" in html
    assert words(html, 3) == "Two ferries a day used it until May."
    assert html.count("<h1") == 1


@pytest.mark.parametrize(("asked", "shown"), [("?s=99", 5), ("?s=0", 1), ("", 1)])
def test_a_number_outside_the_article_shows_the_nearest_sentence(reading: Reading, asked: str, shown: int) -> None:
    assert in_hand(reading.person.get(reading.url + asked).text) == shown


def test_without_a_number_the_first_thing_to_do_is_in_hand(reading: Reading) -> None:
    reading.label(1, "none")
    assert in_hand(reading.person.get(reading.url).text) == 2


def test_htmx_gets_parts_that_the_whole_page_contains(reading: Reading) -> None:
    answer = reading.person.htmx(f"{reading.url}?s=3&was=2")
    assert answer.headers["vary"].startswith("HX-Request")
    assert answer.headers["cache-control"] == "no-store"
    assert "<html" not in answer.text
    page = re.sub(r'name="request" value="\w+"', "", reading.page(3))
    parts = re.findall(r"<hx-partial[^>]*>(.*?)</hx-partial>", answer.text, re.DOTALL)
    assert len(parts) > 10
    for part in parts:
        inner = re.sub(r'name="request" value="\w+"', "", part).strip().removeprefix("<svg>").removesuffix("</svg>")
        assert inner in page, inner[:200]
    assert re.findall(r'hx-target="#(s-\d)"', answer.text) == ["s-2", "s-3"]


def test_the_next_thing_to_do_is_the_unlabelled_then_the_unattributed(reading: Reading) -> None:
    for n in (1, 2, 3, 5):
        reading.label(n, "quote" if n == 2 else "claim")
    here = reading.person.get(f"{reading.url}?next=todo&s=5")
    assert here.status_code == 303
    assert here.headers["location"] == f"{reading.url}?s=4#s-4"
    reading.label(4, "opinion")
    assert reading.person.get(f"{reading.url}?next=todo&s=4").headers["location"].endswith("?s=2#s-2")
    assert 'id="s-2"' in reading.person.htmx(f"{reading.url}?next=todo&s=4&was=4").text


def test_another_reviewers_article_answers_like_none(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        stranger, article = factories.make_reviewer(session, "Stranger"), factories.make_article(session)
        uid = article.uid
    person = sign_in(stranger)
    theirs, none = person.get(f"/articles/{uid}"), person.get("/articles/art_0000000000000000")
    assert theirs.status_code == none.status_code == 404
    hide = re.compile(r"Request \w+")
    assert hide.sub("", theirs.text) == hide.sub("", none.text)


def test_somebody_signed_out_is_sent_to_sign_in_and_back(reading: Reading) -> None:
    reading.person.client.cookies.clear()
    answer = reading.person.get(f"{reading.url}?s=3")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=")
    part = reading.person.client.get(
        f"{reading.url}?s=4",
        headers={"hx-request": "true", "hx-current-url": f"http://127.0.0.1:8000{reading.url}?s=3#s-3"},
    )
    assert part.status_code == 401
    assert f'href="/sign-in?next={reading.url.replace("/", "%2F")}' in part.text.replace("next=/", "next=%2F").replace(
        "articles/", "articles%2F"
    )


def test_a_lead_reads_any_article_and_may_take_part(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        lead, anna = factories.make_lead(session, "Lea"), factories.make_reviewer(session, "Anna")
        article = factories.make_article(session)
        sentence = factories.sentences_of(session, article)[1]
        factories.annotate(session, sentence, anna, ["quote"], note="secret note")
        uid = article.uid
    person = sign_in(lead)
    html = person.get(f"/articles/{uid}?s=2").text
    assert "You take no part" in html
    assert 'id="label-form"' not in html
    assert "is-quote" not in html
    assert "secret note" not in html
    answer = person.post(f"/articles/{uid}/take", fields_of(html, f"/articles/{uid}/take"))
    assert answer.status_code == 303
    assert 'id="label-form"' in person.get(f"/articles/{uid}?s=2").text


def test_a_reviewer_cannot_take_an_article(reading: Reading, database: Database) -> None:
    with database.write() as session:
        uid = factories.make_article(session, "Another text.").uid
    assert reading.person.post(f"/articles/{uid}/take").status_code == 404


def test_nothing_of_other_reviewers_is_on_the_page_or_in_its_source(reading: Reading) -> None:
    with reading.database.write() as session:
        sentence = session.get_one(type(_sentence(session, reading, 2)), _sentence(session, reading, 2).id)
        annotation = factories.annotate(session, sentence, reading.other, ["opinion"], note="hidden words")
        speaker = factories.make_speaker(session, "Somebody Else")
        factories.make_attribution(session, annotation, speaker_id=speaker.id)
        factories.keep(session, annotation)
    html = reading.page(2)
    for hidden in ("hidden words", "Somebody Else", "Ben", "is-opinion&", "Opinion: "):
        assert hidden not in html
    assert "not labelled yet" in row(html, 2)


def _sentence(session: Any, reading: Reading, n: int) -> Any:
    from db.models import Sentence  # the type is only needed here

    return session.exec(select(Sentence).where(Sentence.uid == reading.sentences[n - 1])).one()


def test_text_that_looks_like_code_is_shown_as_text(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        anna = factories.make_reviewer(session, "Anna")
        article = factories.make_article(session, STRANGE, title="<img src=x onerror=alert(1)>\u202etitle")
        factories.assign(session, article, anna)
        spans = [Span(s.start_cp, s.end_cp) for s in factories.sentences_of(session, article)]
        uid = article.uid
    person = sign_in(anna)
    html = person.get(f"/articles/{uid}?s=2").text
    for n, span in enumerate(spans, 1):
        assert words(html, n) == STRANGE[span.start : span.end]
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<b onclick" not in html


def test_speaker_and_words_are_underlined_at_their_code_points(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        anna = factories.make_reviewer(session, "Anna")
        article = factories.make_article(session, STRANGE)
        factories.assign(session, article, anna)
        uid = article.uid
    person = sign_in(anna)
    url = f"/articles/{uid}?s=2"
    person.post("/annotations", {**fields_of(person.get(url).text, "/annotations"), "label": "quote"})
    form = fields_of(person.get(url).text, "/attributions")
    said = {"speaker": "אבי כהן", "cue": "said", "content": "Cafe\u0301 burned", "type": "direct"}
    assert person.post("/attributions", {**form, **said}).status_code == 303
    html = person.get(url).text
    for name, part in (("hit", "Cafe\u0301 burned"), ("who-hit", "אבי כהן")):
        assert f'<span class="{name}" data-from="{STRANGE.index(part)}">{part}</span>' in row(html, 2)
    assert '<span class="by"><span>אבי כהן · said · direct</span></span>' in row(html, 2)
    assert words(html, 2) == STRANGE[STRANGE.index("👨") : STRANGE.index(" Then")]


def long_article(session: Any, sentences: int, *people: Any) -> str:
    line = "The council approved plan number {} in March, and the board of the harbour paid {} crowns for it."
    text = "\n\n".join(line.format(n, n * 7) for n in range(1, sentences + 1))
    article = factories.make_article(session, text, title=f"Plans, {sentences}")
    factories.assign(session, article, *people)
    return article.uid


@pytest.fixture
def long_ones(database: Database, sign_in: SignIn) -> tuple[Person, dict[int, str]]:
    with database.write() as session:
        anna = factories.make_reviewer(session, "Anna")
        articles = {n: long_article(session, n, anna) for n in (30, 300)}
    return sign_in(anna), articles


def test_pages_and_answers_stay_within_their_budgets(long_ones: tuple[Person, dict[int, str]]) -> None:
    person, articles = long_ones
    for n, limit in ((30, 10), (300, 40)):
        page = person.get(f"/articles/{articles[n]}?s=2")
        assert packed(page.content) <= limit
        fields = fields_of(page.text, "/annotations")
        answer = person.htmx("/annotations", {**fields, "label": "claim"})
        assert answer.status_code == 200
        assert packed(answer.content) <= 6
        assert 'id="s-4"' not in answer.text


def test_an_answer_stays_small_with_much_work_on_the_sentence(reading: Reading) -> None:
    reading.label(2, "quote", "claim")
    for i in range(6):
        said = {"speaker": "Ida Holm", "cue": "said", "content": "The pier is unsafe", "type": "direct"}
        assert (
            reading.person.post("/attributions", {**fields_of(reading.page(2), "/attributions"), **said}).status_code
            == 303
        )
        proof = {
            "url": f"https://example.org/{i}",
            "stance": "context",
            "excerpt": f"Passage {i}",
            "title": f"Paper {i}",
        }
        assert reading.person.post("/evidence", {**fields_of(reading.page(2), "/evidence"), **proof}).status_code == 303
    answer = reading.person.htmx(f"{reading.url}?s=2&was=1")
    assert answer.text.count("att_") >= 6
    assert packed(answer.content) <= 6


def test_the_number_of_questions_does_not_grow_with_the_article(
    long_ones: tuple[Person, dict[int, str]], database: Database
) -> None:
    person, articles = long_ones
    asked: list[str] = []
    for engine in (database.reader, database.writer):
        event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    counts: dict[int, list[int]] = {}
    for n, uid in articles.items():
        counts[n] = []
        for step in ("page", "move", "label"):
            fields = fields_of(person.get(f"/articles/{uid}?s=2").text, "/annotations")
            asked.clear()
            if step == "page":
                person.get(f"/articles/{uid}?s=2")
            elif step == "move":
                person.htmx(f"/articles/{uid}?s=3&was=2")
            else:
                person.htmx("/annotations", {**fields, "label": "claim"})
            counts[n].append(len(asked))
    assert counts[30] == counts[300]
    assert max(counts[300]) <= 40


def test_an_article_is_finished_when_all_is_labelled_and_can_be_reopened(reading: Reading) -> None:
    early = reading.person.post(f"{reading.url}/finish")
    assert early.status_code == 422
    assert "5 sentences are not labelled" in early.text
    for n in range(1, 6):
        reading.label(n, "claim")
    html = reading.page(5)
    assert reading.person.post(f"{reading.url}/finish", fields_of(html, f"{reading.url}/finish")).status_code == 303
    closed = reading.page(2)
    assert 'id="label-form"' not in closed
    assert "You can read everything" in closed
    assert "Claim" in closed
    refused = reading.person.post("/annotations", {**fields_of(html, "/annotations"), "label": "quote"})
    assert refused.status_code == 423
    part = reading.person.htmx(f"{reading.url}?s=3&was=2")
    assert 'hx-target="#closed"' in part.text
    assert reading.person.post(f"{reading.url}/reopen", fields_of(closed, f"{reading.url}/reopen")).status_code == 303
    assert 'id="label-form"' in reading.page(2)


def test_the_last_sentence_says_what_is_left(reading: Reading) -> None:
    for n in range(1, 5):
        reading.label(n, "quote" if n == 2 else "claim")
    fields = fields_of(reading.page(5), "/annotations")
    answer = reading.person.htmx("/annotations", {**fields, "label": "unsure"})
    assert in_hand(answer.text) == 5
    assert '<details class="extra" name="extra" id="part-finish" open>' in answer.text
    assert "1 without attribution" in answer.text
    assert "1 unsure" in answer.text


def test_shortcuts_can_be_turned_off(reading: Reading) -> None:
    fields = fields_of(reading.page(2), "/settings")
    assert fields["keys"] == "1"
    answer = reading.person.post("/settings", {"keys": "0"}, referer=f"http://127.0.0.1:8000{reading.url}?s=2")
    assert answer.headers["location"] == f"{reading.url}?s=2"
    html = reading.page(2)
    assert '<body data-keys="off">' in html
    assert fields_of(html, "/settings")["keys"] == "0"
    reading.person.post("/settings", {"keys": ["0", "1"]})
    assert "data-keys" not in reading.page(2).partition("<header")[0]


def test_finishing_twice_and_reopening_after_gold(reading: Reading) -> None:
    for n in range(1, 6):
        reading.label(n, "none")
    for _ in range(2):
        assert reading.person.post(f"{reading.url}/finish").status_code == 303
    with reading.database.write() as session:
        factories.make_gold(session, _sentence(session, reading, 1), ["claim"])
    refused = reading.person.post(f"{reading.url}/reopen")
    assert refused.status_code == 423
    with reading.database.read() as session:
        states = session.exec(
            select(Assignment.state).where(Assignment.reviewer_id == reading.person.reviewer.id)
        ).all()
    assert states == ["finished"]
    assert finishing.Left([], [], [], [], []).ready


def test_templates_hold_no_code() -> None:
    """The Content-Security-Policy forbids it, and htmx would need eval for it."""
    forbidden = re.compile(
        r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|hx-on|js:|javascript:|hx-trigger=\"[^\"]*\[|\|\s*safe"
    )
    served = [file for file in (Path(pages.HERE) / "templates").rglob("*.html") if file.name not in WRITTEN]
    for template in sorted(served):
        found = forbidden.search(template.read_text("utf-8"))
        assert found is None, f"{template.name}: {found and found[0]}"


def test_own_script_and_stylesheet_stay_within_their_budgets() -> None:
    script, sheet = (pages.STATIC / "keys.js").read_bytes(), (pages.STATIC / "app.css").read_bytes()
    assert len(script) < 2048
    assert len(sheet) <= 44 * 1024
    assert packed(sheet) <= 10
    more = sheet + (pages.STATIC / "pages.css").read_bytes()
    assert len(more) <= 64 * 1024
    assert packed(more) <= 15


def test_the_annotate_page_asks_for_one_stylesheet(reading: Reading) -> None:
    assert re.findall(r'rel="stylesheet" href="/static/([\w.]+)', reading.page(1)) == ["app.css"]


def test_every_none_reason_can_be_chosen(reading: Reading) -> None:
    reading.label(5, "none")
    html = reading.page(5)
    offered = re.search(r'name="none_reason">(.*?)</select>', html, re.DOTALL)
    assert offered
    assert re.findall(r'value="(\w+)"', offered[1]) == [str(reason) for reason in NoneReason]
    assert '<option value="question" selected>' in html


def test_an_actor_without_reviewer_has_no_preferences(database: Database) -> None:
    from annotator.errors import NotFound
    from annotator.services import preferences

    with pytest.raises(NotFound), database.write() as session:
        preferences.set_shortcuts(session, Actor(None), False)


@pytest.mark.postgresql
def test_the_page_works_alike_on_postgresql(postgresql: Database) -> None:
    with postgresql.write() as session:
        anna = factories.make_reviewer(session, "Anna")
        uid = long_article(session, 5, anna)
        link = reviewers.link(session, Actor(None), "Anna", days=1)
        token = sessions.redeem(session, link, now=clock.now(), days=1)
    with TestClient(create_app(Settings(), postgresql), base_url=BASE) as client:
        client.cookies.set("annotator_session", token)
        person = Person(client, anna, sessions.form_token(token))
        url = f"/articles/{uid}?s=2"
        for label, mode in (("quote", "set"), ("claim", "toggle")):
            form = fields_of(person.get(url).text, "/annotations")
            assert person.htmx("/annotations", {**form, "label": label, "mode": mode}).status_code == 200
        said = {"speaker": "the council", "cue": "approved", "content": "plan number 2", "type": "indirect"}
        proof = {"url": "https://example.org/plan", "stance": "supports", "excerpt": "plan 2"}
        for path, typed in (("/attributions", said), ("/evidence", proof)):
            form = fields_of(person.get(url).text, path)
            assert person.htmx(path, {**form, **typed}).status_code == 200
        html = person.get(url).text
        assert "the council · approved · indirect" in row(html, 2)
        assert "1 source · supports" in row(html, 2)
        assert person.htmx("/undo", fields_of(html, "/undo")).status_code == 200
        assert "1 source" not in row(person.get(url).text, 2)

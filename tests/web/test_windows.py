"""Which sentences of a long article a page holds, and what an answer adds to them."""

import gzip
import random
import re

import pytest
from sqlalchemy import event

from annotator.web.views import windows
from annotator.web.views.windows import AROUND, MARGIN, STEP, WHOLE, Window
from db.engine import Database
from tests import factories
from tests.web.conftest import Person, SignIn


def test_a_window_holds_the_sentence_and_an_article_of_up_to_400_is_whole() -> None:
    assert windows.around(7, WHOLE) == Window(1, WHOLE, WHOLE)
    for total in (WHOLE + 1, 999, 10_000):
        for n in (1, 2, STEP, STEP + 1, total // 2, total - 1, total):
            window = windows.around(n, total)
            assert n in window
            assert 1 <= window.first <= window.last <= total
            assert window.last - window.first < 2 * AROUND + STEP


def test_what_is_shown_stays_without_a_gap_and_holds_the_sentence_in_hand_after_any_steps() -> None:
    draw = random.Random(4)
    total, n = 1_000, 500
    shown = windows.around(n, total)
    for _ in range(5_000):
        n = min(total, max(1, n + draw.choice((1, 1, 1, -1, 2, draw.randint(-1_000, 1_000) * draw.randint(0, 1)))))
        turn = windows.turn(shown, n)
        assert n in turn.window
        if turn.anew:
            assert n not in shown
        else:
            first = turn.before.first if turn.before else shown.first
            last = turn.after.last if turn.after else shown.last
            assert (turn.window.first, turn.window.last) == (first, last)
            assert turn.before is None or turn.before.last + 1 == shown.first
            assert turn.after is None or turn.after.first == shown.last + 1
            assert sum(len(part.numbers) for part in (turn.before, turn.after) if part) <= MARGIN + STEP
            assert n + MARGIN <= turn.window.last or turn.window.last == total
        shown = turn.window


@pytest.mark.parametrize("words", ["", "1", "5-2", "0-9", "-3-9", "1-1001", "a-b", "1-9 OR 1", "١-٩", "1-" + "9" * 400])
def test_words_that_are_no_window_open_the_one_around_the_sentence(words: str) -> None:
    assert windows.shown(words, 500, 1_000) == windows.around(500, 1_000)
    assert windows.shown("401-650", 500, 1_000) == Window(401, 650, 1_000)


TEXT = "\n\n".join(
    " ".join(f"The board met again, sentence {n + k}, é🙂‏." for k in range(5)) for n in range(0, 1_000, 5)
)


@pytest.fixture
def reader(database: Database, sign_in: SignIn) -> tuple[Person, str, list[str]]:
    """Somebody with an article of 1,000 sentences, its address, and the sentences' ids."""
    with database.write() as session:
        anna, article = factories.make_reviewer(session, "Anna"), factories.make_article(session, TEXT)
        factories.assign(session, article, anna)
        uids = [sentence.uid for sentence in factories.sentences_of(session, article)]
        address = f"/articles/{article.uid}"
    assert len(uids) == 1_000
    return sign_in(anna), address, uids


def rows_of(html: str) -> list[int]:
    return [int(n) for n in re.findall(r'class="sent"[^>]* id="s-(\d+)"', html)]


def shown_by(html: str) -> str:
    return re.findall(r'name="shown" value="([^"]+)"', html)[-1]


def test_labels_over_an_edge_add_the_next_rows_once_and_never_much(reader: tuple[Person, str, list[str]]) -> None:
    person, address, uids = reader
    page = person.get(f"{address}?s=500").text
    there = rows_of(page)
    assert there == list(range(391, 601))
    shown = shown_by(page)
    for n in range(550, 605):
        fields = {"sentence": uids[n - 1], "revision": "0", "request": f"r{n}", "label": "claim", "shown": shown}
        answer = person.htmx("/annotations", fields).text
        new = [row for row in rows_of(answer) if row not in (n, n + 1)]
        assert not set(new) & set(there)
        assert len(new) in (0, STEP)
        assert len(gzip.compress(answer.encode())) < 6 * 1024
        there, shown = there + new, shown_by(answer)
    assert there == list(range(391, 651))
    assert shown == "391-650"
    assert person.get(f"{address}?s=604").text.count('class="is-claim"') == 55 // 3  # a segment stands for 3 sentences


def test_a_block_that_begins_before_the_window_is_marked_as_its_rest(reader: tuple[Person, str, list[str]]) -> None:
    person, address, _ = reader
    answer = person.htmx(f"{address}?s=300&was=300&shown=263-333").text
    added = re.findall(r'hx-target="#rows" hx-swap="(\w+) settle:0">(.*?)</hx-partial>', answer, re.DOTALL)
    assert [how for how, _ in added] == ["afterbegin", "beforeend"]
    assert rows_of(added[0][1]) == list(range(253, 263))
    assert rows_of(added[1][1]) == list(range(334, 344))
    assert [re.findall(r'class="(para[^"]*)"', html) for _, html in added] == [["para on", "para", "para"]] * 2


def test_every_page_and_answer_asks_the_database_as_often_whatever_the_length(
    database: Database, sign_in: SignIn, reader: tuple[Person, str, list[str]]
) -> None:
    asked: list[str] = []
    for engine in (database.reader, database.writer):
        event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with database.write() as session:
        ben, short = factories.make_reviewer(session, "Ben"), factories.make_article(session, "One. Two. Three. Four.")
        factories.assign(session, short, ben)
        uids = [sentence.uid for sentence in factories.sentences_of(session, short)]
    counts = []
    for person, address, sentences in ((sign_in(ben), f"/articles/{short.uid}", uids), reader):
        found = []
        person.get(f"{address}?s=1")
        for n, act in enumerate(("page", "move", "label", "label")):
            asked.clear()
            if act == "label":
                fields = {"sentence": sentences[n - 2], "revision": "0", "request": f"{person}{n}", "label": "claim"}
                assert person.htmx("/annotations", fields).status_code == 200
            else:
                assert (
                    person.get(f"{address}?s=1", **({"hx_request": "true"} if act == "move" else {})).status_code == 200
                )
            found.append(len([statement for statement in asked if not statement.startswith(("BEGIN", "SAVEPOINT"))]))
        counts.append(found)
    assert counts[0] == counts[1]
    assert counts[0][-1] <= 14, counts


def test_words_are_found_in_any_case_over_code_points_with_their_context(
    reader: tuple[Person, str, list[str]],
) -> None:
    person, address, _ = reader
    found = person.get(
        address,
    ).text  # the page itself has the form
    assert 'name="q"' in found
    page = person.get(f"{address}?q=SENTENCE%20%20742%2C%20E%CC%81").text
    assert "1 place." in page
    assert f'<a href="{address}?s=743#s-743"><mark>sentence 742, é</mark></a>' in page
    assert "…" in page
    many = person.get(f"{address}?q=board&s=12").text
    assert "1000 places." in many
    assert "The first 200 are listed" in many
    assert f'href="{address}?s=12#s-12">Back to sentence 12' in many
    none = person.get(f"{address}?q=%3Cb%3Enowhere").text
    assert "0 places." in none
    assert "&lt;b&gt;nowhere" in none
    assert "0 headings." in person.get(f"{address}?q=").text


def test_words_of_an_article_of_others_are_not_found(
    database: Database, sign_in: SignIn, reader: tuple[Person, str, list[str]]
) -> None:
    with database.write() as session:
        stranger = factories.make_reviewer(session, "Stranger")
    assert sign_in(stranger).get(f"{reader[1]}?q=board").status_code == 404


def test_every_own_change_in_an_article_is_listed_with_what_it_was_before(
    database: Database, sign_in: SignIn, reader: tuple[Person, str, list[str]]
) -> None:
    person, address, uids = reader
    assert "Nothing yet" in person.get(f"{address}?history=0").text
    for n in range(110):
        fields = {"sentence": uids[n // 2], "revision": str(n % 2), "request": f"h{n}"}
        person.htmx("/annotations", {**fields, "label": "claim" if n % 2 == 0 else "opinion"})
    person.htmx("/undo", {"article": address.rpartition("/")[2], "was": "1", "request": "u1"})
    page = person.get(f"{address}?history=0&s=7").text
    items = re.findall(r"<li>(.*?)</li>", page, re.DOTALL)
    assert len(items) == 100
    assert "undone · was Opinion" in items[0]
    assert f'href="{address}?s=55#s-55"' in items[0]
    assert "was Claim" in items[1]
    assert "first label" in items[2]
    older = re.findall(r'href="([^"]*history=\d+[^"]*)"', page)
    assert len(older) == 1
    rest = re.findall(r"<li>(.*?)</li>", person.get(older[0].replace("&amp;", "&")).text, re.DOTALL)
    assert len(rest) == 11
    assert "first label" in rest[-1]
    with database.write() as session:
        stranger = factories.make_reviewer(session, "Stranger")
    assert sign_in(stranger).get(f"{address}?history=0").status_code == 404

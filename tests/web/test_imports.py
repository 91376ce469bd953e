"""Bringing articles in: a look first, then stored and assigned; whatever is wrong stores nothing."""

import base64
import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
from sqlmodel import select

from db.engine import Database
from db.models import Article, Assignment, Event, ImportBatch, Reviewer
from tests import factories
from tests.web.conftest import Person, SignIn, fields_of

TEXT = "The ferry sails again\n\nThe ferry “Heron” sails again. It left at noon 🚢.\n\nDisclaimer: This is fiction."
LINES = [
    {"id": "a", "title": "Alpha", "text": "Alpha is the first. It is short.", "publisher": "The Bellman"},
    {"id": "b", "text": "Beta is the second.", "colour": "red"},
]
File = tuple[str, bytes]


@pytest.fixture
def lead(database: Database, sign_in: SignIn) -> Person:
    with database.write() as session:
        found = factories.make_lead(session, "Lena")
        for name in ("Anna", "Ben", "Cleo"):
            factories.make_reviewer(session, name)
    return sign_in(found)


def send(lead: Person, *files: File, **fields: Any) -> Any:
    data = {"token": lead.token, **fields}
    parts = [("files", (name, content)) for name, content in files] or [("files", ("", b""))]
    return lead.client.post("/articles", data=data, files=parts, follow_redirects=False)


def jsonl(*records: Any) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def stored(database: Database) -> Sequence[Article]:
    with database.read() as session:
        return session.exec(select(Article)).all()


def uid(database: Database, name: str) -> str:
    with database.read() as session:
        return session.exec(select(Reviewer.uid).where(Reviewer.name == name)).one()


def readers(database: Database) -> dict[str, set[str]]:
    """Who reads which article, by title."""
    found: dict[str, set[str]] = {}
    with database.read() as session:
        for assignment in session.exec(select(Assignment)):
            title = session.get_one(Article, assignment.article_id).title or ""
            found.setdefault(title, set()).add(session.get_one(Reviewer, assignment.reviewer_id).name)
    return found


def events(database: Database) -> int:
    with database.read() as session:
        return len(session.exec(select(Event.id)).all())


def test_a_look_shows_sentences_headings_and_disclaimer_and_stores_nothing(lead: Person, database: Database) -> None:
    before = events(database)
    answer = send(lead, text=TEXT, preview="1")
    assert answer.status_code == 200
    notes = re.findall(r"<span dir=\"auto\">([^<]+)(?:<em>([^<]+)</em>)?</span>", answer.text)
    assert notes == [
        ("The ferry sails again", "title"),
        ("The ferry “Heron” sails again.", ""),
        ("It left at noon 🚢.", ""),
        ("Disclaimer: This is fiction.", "disclaimer"),
    ]
    assert "4 sentences, 1 of them a heading" in answer.text
    assert "Import 1 article<" in answer.text
    assert events(database) == before
    assert stored(database) == []


def test_what_was_typed_is_still_there_after_a_look(lead: Person, database: Database) -> None:
    anna = uid(database, "Anna")
    answer = send(lead, text="\nA line\r\n\r\nIt stays.", preview="1", reviewers=[anna], due="2030-05-06", names="Dora")
    fields = fields_of(answer.text, "/articles")
    assert fields["text"] == "\nA line\n\nIt stays."
    assert (fields["reviewers"], fields["due"], fields["names"]) == (anna, "2030-05-06", "Dora")
    assert "assign 2 reviewers" in answer.text


def test_one_button_imports_and_assigns(lead: Person, database: Database) -> None:
    chosen = [uid(database, "Anna"), uid(database, "Ben")]
    answer = send(lead, text=TEXT, reviewers=chosen, due="2030-05-06")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert [article.text for article in stored(database)] == [TEXT]
    assert readers(database) == {"The ferry sails again": {"Anna", "Ben"}}
    assert "The ferry sails again" in lead.get("/").text


def test_files_of_a_look_go_along_so_that_they_need_not_be_chosen_again(lead: Person, database: Database) -> None:
    content = TEXT.encode().replace(b"\n", b"\r\n")
    looked = send(lead, ("ferry.txt", content), preview="1")
    fields = fields_of(looked.text, "/articles")
    assert base64.b64decode(fields["kept"]) == content
    assert send(lead, **fields).status_code == 303
    assert [article.text for article in stored(database)] == [TEXT]


def test_a_file_too_large_to_go_along_must_be_chosen_again(
    lead: Person, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.web.views.imports.MOST_KEPT", 10)
    looked = send(lead, ("large.txt", TEXT.encode()), preview="1")
    assert "large: choose it again before you import" in looked.text
    assert "kept" not in fields_of(looked.text, "/articles")
    assert stored(database) == []


def test_several_files_come_in_at_once(lead: Person, database: Database) -> None:
    answer = send(lead, ("ferry.txt", TEXT.encode()), ("lines.jsonl", jsonl(LINES[0])))
    assert answer.status_code == 303
    assert {article.title for article in stored(database)} == {"The ferry sails again", "Alpha"}


def test_a_problem_in_one_file_stores_nothing_and_is_named_with_line_and_field(
    lead: Person, database: Database
) -> None:
    bad = jsonl(LINES[0], {"text": ""}, {"text": "Gamma.", "published": "soon"}) + b"{not json\n"
    for fields in ({"preview": "1"}, {}):
        answer = send(lead, ("ferry.txt", TEXT.encode()), ("bad.jsonl", bad), **fields)
        assert answer.status_code == (200 if fields else 422)
        assert "line 2, field text: there is no text in it" in answer.text
        assert "line 3, field published:" in answer.text
        assert "line 4: not JSON" in answer.text
        assert "One file has a problem, so nothing would be imported." in answer.text
        assert 'name="partial"' in answer.text
        assert stored(database) == []


def test_the_good_ones_are_taken_when_asked_and_the_rest_is_listed(lead: Person, database: Database) -> None:
    bad = jsonl(LINES[0], {"text": ""})
    answer = send(lead, ("ferry.txt", TEXT.encode()), ("bad.jsonl", bad), ("x.pdf", b"%PDF"), partial="1")
    assert answer.status_code == 200
    assert "2 articles imported." in answer.text
    assert "line 2, field text: there is no text in it" in answer.text
    assert "files of this kind are not read here, only .txt, .md, .html, .jsonl, .csv" in answer.text
    assert len(stored(database)) == 2


def test_why_a_record_is_refused_is_stored_in_english_whatever_the_reader_speaks(
    lead: Person, database: Database
) -> None:
    lead.client.cookies.set("annotator_language", "de")
    bad = jsonl(LINES[0], {"text": "Gamma.", "url": "ftp://a.example"})
    answer = send(lead, ("bad.jsonl", bad), partial="1")
    assert "1 Artikel importiert." in answer.text
    with database.read() as session:
        report = json.loads(session.exec(select(ImportBatch.report)).one())
    assert [one["reason"] for one in report["rejected"]] == [
        "An address starts with http:// or https:// and names a host."
    ]


def test_pages_markdown_and_tables_are_read_as_well(lead: Person, database: Database) -> None:
    files = (
        ("a.htm", b"<title>Page</title><nav>Home</nav><h2>Rain</h2><p>It &lt;b&gt; rained.</p>"),
        ("b.md", b"---\ntitle: Note\nmood: grey\n---\nIt *snowed*."),
        ("c.csv", b"title,text\nRow,It hailed.\n"),
    )
    looked = send(lead, *files, preview="1")
    assert "It &lt;b&gt; rained." in looked.text
    assert "field mood is not read" in looked.text
    assert "Import 3 articles" in looked.text
    assert ".txt .md .html .jsonl .csv" in looked.text
    assert 'accept=".txt,.md,.markdown,.html,.htm,.jsonl,.csv,' in looked.text
    send(lead, *files)
    assert {(article.title, article.text) for article in stored(database)} == {
        ("Page", "Rain\n\nIt <b> rained."),
        ("Note", "It snowed."),
        ("Row", "It hailed."),
    }


def test_a_field_that_nobody_reads_is_named(lead: Person, database: Database) -> None:
    answer = send(lead, ("lines.jsonl", jsonl(*LINES)))
    assert answer.status_code == 200
    assert "field colour is not read (line 2)" in answer.text
    assert len(stored(database)) == 2


def test_the_same_text_again_changes_nothing_and_says_so(lead: Person, database: Database) -> None:
    send(lead, text=TEXT)
    before = events(database)
    looked = send(lead, text=TEXT, preview="1")
    assert "1 already here" in looked.text
    again = send(lead, text=TEXT, reviewers=[uid(database, "Anna")])
    assert again.status_code == 200
    assert "everything in it is here already" in again.text
    assert events(database) == before


def test_another_text_under_a_known_id_is_refused(lead: Person, database: Database) -> None:
    send(lead, ("lines.jsonl", jsonl(LINES[0])))
    answer = send(lead, ("lines.jsonl", jsonl({"id": "a", "text": "Other words."})))
    assert answer.status_code == 422
    assert "another article with the id “a” has another text" in answer.text
    assert len(stored(database)) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Paste a text or choose a file first."),
        ({"text": TEXT, "due": "tomorrow"}, "is not a date"),
        ({"text": TEXT, "overlap": "2"}, "Choose at least as many reviewers"),
        ({"text": TEXT, "overlap": "many"}, "This must be a whole number."),
        ({"text": TEXT, "names": "x" * 81}, "A name has at most 80 characters"),
        ({"text": TEXT, "reviewers": ["rev_0000000000000000"]}, "There is no reviewer named"),
        ({"text": TEXT, "kept_name": "a.txt", "kept": "***"}, "choose it again"),
    ],
)
def test_what_does_not_fit_comes_back_before_anything_is_stored(
    lead: Person, database: Database, fields: dict[str, Any], said: str
) -> None:
    before = events(database)
    answer = send(lead, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'role="alert"' in answer.text
    if "text" in fields:
        assert fields_of(answer.text, "/articles")["text"] == TEXT
    assert events(database) == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"caf\xe9 is bad", "byte 3 is not valid UTF-8"),
        (b"a\x00b", "byte 1 is NUL"),
        (b"\xed\xa0\x80", "byte 0 is a lone surrogate"),
        (b"  \n", "there is no text in it"),
        (b"x" * (10 * 2**20 + 1), "more than 10 MiB"),
    ],
    ids=["not UTF-8", "NUL", "surrogate", "empty", "too large"],
)
def test_what_is_no_article_is_refused_in_words(lead: Person, database: Database, content: bytes, said: str) -> None:
    answer = send(lead, ("bad.txt", content))
    assert answer.status_code == 422
    assert said in answer.text
    assert stored(database) == []


def test_new_reviewers_are_added_with_the_import(lead: Person, database: Database) -> None:
    assert send(lead, text=TEXT, names="Dora, ANNA\nEmil").status_code == 303
    assert readers(database) == {"The ferry sails again": {"Anna", "Dora", "Emil"}}


def test_so_many_reviewers_for_each_article_are_spread_among_the_chosen(lead: Person, database: Database) -> None:
    records = [{"title": f"Note {n}", "text": f"Note {n} is one of four. It has two sentences."} for n in range(4)]
    chosen = [uid(database, name) for name in ("Anna", "Ben")]
    assert send(lead, ("notes.jsonl", jsonl(*records)), reviewers=chosen, overlap="1").status_code == 303
    shares = readers(database)
    assert sorted(map(len, shares.values())) == [1, 1, 1, 1]
    assert sorted(next(iter(names)) for names in shares.values()) == ["Anna", "Anna", "Ben", "Ben"]


def test_a_file_name_is_a_name_and_not_a_path_nor_markup(lead: Person) -> None:
    answer = send(lead, ("..\\..\\etc/<b>\u202etxt.pdf", b"x"), preview="1")
    assert "<b>⟨U+202E⟩" not in answer.text
    assert "&lt;b&gt;⟨U+202E⟩txt.pdf" in answer.text
    assert "etc/" not in answer.text


def test_text_is_text_in_a_look(lead: Person) -> None:
    trick = "</textarea><script>alert(1)</script> & “quotes”."
    answer = send(lead, text=trick, preview="1")
    assert "<script>alert" not in answer.text
    assert fields_of(answer.text, "/articles")["text"] == trick


def test_a_long_article_is_shown_by_its_first_sentences(lead: Person) -> None:
    text = "\n\n".join(f"Sentence {n} of a long note is here." for n in range(1000))
    answer = send(lead, text=text, preview="1")
    assert "and 600 more" in answer.text
    assert "1,000 sentences" in answer.text


TASKS = [
    {
        "data": {"text": "The tolls rose 👨🏻\u200d🚒. The ferry is ugly."},
        "annotations": [
            {
                "completed_by": {"first_name": "Mila"},
                "result": [{"type": "labels", "value": {"start": 0, "end": 14, "labels": ["Factual", "Place"]}}],
            }
        ],
    }
]


def test_labels_of_another_tool_are_looked_at_named_and_stored_with_their_people(
    lead: Person, database: Database
) -> None:
    file = ("tasks.json", json.dumps(TASKS).encode())
    refused = send(lead, file, preview="1")
    assert "none of its labels is claim, quote, opinion, none or unsure" in refused.text
    assert 'name="map"' in refused.text
    looked = send(lead, file, preview="1", map="Factual=claim")
    assert "1 sentence labelled by Mila" in looked.text
    assert "lost: 1 labels “Place”, which are none of ours" in looked.text
    assert stored(database) == []
    done = send(lead, **fields_of(looked.text, "/articles"))
    assert done.status_code == 200
    assert "1 article imported" in done.text
    with database.read() as session:
        mila = session.exec(select(Reviewer).where(Reviewer.name == "Mila")).one()
        assert len(session.exec(select(Assignment).where(Assignment.reviewer_id == mila.id)).all()) == 1
    again = send(lead, file, map="Factual=claim")
    assert "Nothing new" in again.text


def test_a_wrong_map_is_named_at_its_field_and_stores_nothing(lead: Person, database: Database) -> None:
    answer = send(lead, ("tasks.json", json.dumps(TASKS).encode()), map="Factual")
    assert answer.status_code == 422
    assert "is not of the form “their label=ours”" in answer.text
    assert 'id="mp" name="map" value="Factual"' in answer.text
    assert stored(database) == []


def test_a_look_says_what_an_article_is_very_like_and_its_language(lead: Person, database: Database) -> None:
    words = " ".join(f"Der Rat von Ort {n} sagte am Montag, dass die Brücke nicht mehr offen ist." for n in range(20))
    send(lead, text=words)
    [first] = stored(database)
    assert first.language == "de"
    looked = send(lead, text=f"{words} Das ist alles.", preview="1")
    assert f"very like article {first.uid}" in looked.text
    assert "language found: de" in looked.text
    assert send(lead, text=f"{words} Das ist alles.").status_code == 303
    assert len(stored(database)) == 2


def test_two_files_of_one_look_that_are_very_like_are_told(lead: Person, database: Database) -> None:
    words = " ".join(f"The council of port {n} said on Monday that the ferry is late again." for n in range(20))
    files = [(f"{n}.txt", f"{words} Edition {n}.".encode()) for n in range(2)]
    looked = send(lead, *files, preview="1")
    assert looked.text.count("very like article") == 1
    assert stored(database) == []

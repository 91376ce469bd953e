"""The releases page: a lead freezes the corpus or a part of it and downloads what was frozen."""

from pathlib import Path

import pytest

from annotator.export import contract
from annotator.services import releases
from db.engine import Database
from tests import factories
from tests.web.conftest import Person, SignIn


@pytest.fixture
def lead(database: Database, sign_in: SignIn) -> Person:
    with database.write() as session:
        found = factories.make_lead(session, "Lena")
        for n in range(2):
            article = factories.make_article(session, f"Note {n}\n\nThis is note {n}. It is “short”.")
            for name in ("Anna", "Ben"):
                person = found if name == "Ben" else None
                person = person or (factories.make_reviewer(session, f"Anna {n}"))
                for label, sentence in zip(("claim", "quote"), factories.sentences_of(session, article), strict=False):
                    factories.annotate(session, sentence, person, (label,))
    return sign_in(found)


def test_a_lead_freezes_the_corpus_and_downloads_it_later(lead: Person, database: Database, tmp_path: Path) -> None:
    with database.read() as session:
        contract.write(session, tmp_path)
    assert "Nothing is released yet" in lead.get("/releases").text
    answer = lead.post("/releases", {"name": "2025-03"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/releases#2025-03")
    with database.write() as session:
        factories.make_article(session, "It rained.")
    page = lead.get("/releases").text
    assert "2 articles, 6 sentences, 8 annotations, 0 gold" in page
    assert "by Lena" in page
    for name in ("articles.jsonl", "sentences.jsonl", "manifest.json"):
        answer = lead.get(f"/releases/2025-03/{name}")
        assert answer.content == (tmp_path / name).read_bytes()
        assert answer.headers["content-disposition"] == f'attachment; filename="2025-03-{name}"'


def test_a_part_of_the_export_page_is_what_is_frozen(lead: Person, database: Database) -> None:
    page = lead.get("/export?labels=quote&complete_only=1").text
    assert '<input type="hidden" name="labels" value="quote">' in page
    assert lead.post("/releases", {"name": "q", "labels": "quote", "complete_only": "1"}).status_code == 303
    with database.read() as session:
        (made,) = releases.listed(session)
    assert made.manifest["filters"] == {"complete_only": True, "labels": ["quote"]}
    assert made.manifest["counts"]["annotations"] == 4
    assert "Limited to <code>complete only, labels: quote</code>" in lead.get("/releases").text


def test_a_name_that_is_taken_comes_back_with_a_sentence(lead: Person) -> None:
    lead.post("/releases", {"name": "v1"})
    again = lead.post("/releases", {"name": "V1", "labels": "claim"})
    assert again.status_code == 409
    assert "There is a release v1 already" in again.text
    assert 'name="name" value="V1"' in again.text
    assert '<input type="hidden" name="labels" value="claim">' in again.text
    assert lead.post("/releases", {"name": "a/b"}).status_code == 422
    assert lead.get("/releases/v9/articles.jsonl").status_code == 404
    assert lead.get("/releases/v1/passwords").status_code == 404

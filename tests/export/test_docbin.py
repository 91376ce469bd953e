"""DocBin: spaCy reads back the text, our sentence starts, and every span where it lay."""

from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from annotator.export import docbin, formats
from annotator.export.works import GOLD, judgements, spans_of
from db.engine import Database
from tests import factories
from tests.export.conftest import Written, articles, counts, ledger, lost


def docs(folder: Path) -> dict[str, Doc]:
    """By the article's id, from every file of the folder."""
    vocab, found = spacy.blank("xx").vocab, {}
    for file in sorted(folder.glob("*.spacy")):
        found |= {doc.user_data["id"]: doc for doc in DocBin().from_disk(file).get_docs(vocab)}
    return found


def test_text_and_sentences_come_back(written: Written, hard: Database) -> None:
    found = docs(written("docbin"))
    for article, sentences in articles(hard):
        doc = found[article["id"]]
        assert doc.text == article["text"]
        assert list(doc.user_data["sentences"]) == [sentence["id"] for sentence in sentences]
        starts = [sent.start_char for sent in doc.sents]
        assert starts[0] == 0
        assert starts[1:] == [sentence["start"] for sentence in sentences[1:]]
    assert lost(written("docbin"))["sentences_in_token"] == 0


def test_every_span_is_in_its_group(written: Written, hard: Database) -> None:
    found, widened = docs(written("docbin")), 0
    for article, sentences in articles(hard):
        doc, wanted = found[article["id"]], set()
        for sentence in sentences:
            for who, judged in judgements(sentence):
                end = "" if who == GOLD else f"/{who}"
                if judged.get("status", "complete") == "complete":
                    labels = judged["labels"] or ["none"]
                    wanted |= {(label + end, sentence["start"], sentence["end"], sentence["id"]) for label in labels}
                for attribution in judged["attributions"]:
                    for part, spans in spans_of(attribution):
                        wanted |= {(part + end, *span, attribution["id"]) for span in spans}
        there = {(name, s.start_char, s.end_char, s.id_) for name, group in doc.spans.items() for s in group}
        assert {(name, uid) for name, _, _, uid in there} == {(name, uid) for name, _, _, uid in wanted}
        for name, start, end, uid in wanted - there:
            widened += 1
            assert any(n == name and u == uid and s <= start < end <= e for n, s, e, u in there)
    assert lost(written("docbin"))["spans_widened"] == widened


def test_the_ledger_counts_docs_and_judgements(written: Written, hard: Database) -> None:
    found, numbers = ledger(written("docbin")), counts(hard)
    assert found["written"] == {name: numbers[name] for name in ("annotations", "gold")} | {"docs": numbers["articles"]}
    losses = lost(written("docbin"))
    assert losses["claims"] == numbers["claims"]
    assert losses["attribution_details"] == numbers["attributions"]
    assert losses["annotations_without_label"] == 1


def test_a_large_corpus_goes_into_several_files(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docbin, "CHARACTERS", 40)
    with database.write() as session:
        made = {factories.make_article(session, f"The toll rose to {n} crowns 👩‍🚒.").uid for n in range(5)}
    with database.read() as session:
        formats.write(session, tmp_path, formats.named("docbin"))
    assert len(list((tmp_path / "docbin").glob("*.spacy"))) == 3
    assert docs(tmp_path / "docbin").keys() == made


def test_a_sentence_that_begins_inside_a_token_is_counted(database: Database, tmp_path: Path) -> None:
    text = "He left.She stayed e\u0301lan."
    with database.write() as session:
        factories.make_article(session, text, sentences=[(0, 6), (6, len(text))])
    with database.read() as session:
        formats.write(session, tmp_path, formats.named("docbin"))
    assert lost(tmp_path / "docbin")["sentences_in_token"] == 1

"""The export of the contract's example is the contract's example, byte for byte."""

import json
from pathlib import Path

import jsonschema
import pytest
from sqlmodel import Session, select

from annotator.export import contract, validate
from annotator.export.contract import ARTICLES, MANIFEST, SENTENCES
from db import canonical
from db.engine import Database
from db.models import Annotation, Article, Claim, Sentence, Source, Speaker, SpeakerAlias
from tests import factories
from tests.export import bridge

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "bridge"
# the two lines of the contract's examples.jsonl, line ends included
EXAMPLE_ARTICLE = "5715fe097b531f62d0fdb0d18a5efa3c82cdd41517836f7cba5f27b5ff69d993"
EXAMPLE_SENTENCE = "44f1798c65237a27bd7c12cf18adbcc02009124fc9c073c518de1fc5847db388"


@pytest.fixture
def example(database: Database) -> Database:
    with database.write() as session:
        bridge.build(session)
    return database


def exported(database: Database) -> tuple[bytes, list[bytes]]:
    with database.read() as session:
        return b"".join(contract.article_lines(session)), list(contract.sentence_lines(session))


def test_the_example_of_the_contract_comes_out_byte_for_byte(example: Database) -> None:
    article, sentences = exported(example)
    assert canonical.sha256(article) == EXAMPLE_ARTICLE
    assert canonical.sha256(sentences[2]) == EXAMPLE_SENTENCE


def test_the_export_is_the_golden_one(example: Database, tmp_path: Path) -> None:
    with example.read() as session:
        contract.write(session, tmp_path)
    for name in (ARTICLES, SENTENCES, MANIFEST):
        assert (tmp_path / name).read_bytes() == (GOLDEN / name).read_bytes(), name


def test_streamed_lines_are_those_of_the_files(example: Database, tmp_path: Path) -> None:
    with example.read() as session:
        contract.write(session, tmp_path)
    article, sentences = exported(example)
    assert article == (tmp_path / ARTICLES).read_bytes()
    assert b"".join(sentences) == (tmp_path / SENTENCES).read_bytes()


def test_every_line_fits_the_schemas_by_a_second_implementation(example: Database) -> None:
    article, sentences = exported(example)
    for kind, lines in (("article", [article]), ("sentence", sentences)):
        schema = json.loads((validate.SCHEMAS / f"{kind}.schema.json").read_text("utf-8"))
        checker = jsonschema.Draft202012Validator(schema)
        assert [error.message for line in lines for error in checker.iter_errors(json.loads(line))] == []


def test_the_manifest_counts_and_names_neither_time_nor_place(example: Database, tmp_path: Path) -> None:
    with example.read() as session:
        manifest = contract.write(session, tmp_path)
    assert manifest["counts"] == {
        "annotations": 6, "articles": 1, "attributions": 3, "claims": 3, "evidence": 2, "gold": 1, "reviewers": 3,
        "sentences": 3, "sources": 2, "speakers": 1,
    }  # fmt: skip
    assert manifest["files"][ARTICLES]["sha256"] == canonical.sha256((tmp_path / ARTICLES).read_bytes())
    assert manifest.keys() == {"counts", "files", "guideline", "project", "schema_version", "type"}


def test_an_empty_corpus_is_exported_and_valid(database: Database, tmp_path: Path) -> None:
    with database.read() as session:
        contract.write(session, tmp_path / "new" / "folder")
    assert (tmp_path / "new" / "folder" / ARTICLES).read_bytes() == b""
    assert list(validate.validate(tmp_path / "new" / "folder")) == []


def test_an_export_that_breaks_off_leaves_the_one_before_as_it_was(example: Database, tmp_path: Path) -> None:
    with example.read() as session:
        contract.write(session, tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def stop(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), example.read() as session:
        contract.write(session, tmp_path, stop)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def lines(database: Database) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    article, sentences = exported(database)
    return [json.loads(line) for line in article.splitlines()], [json.loads(line) for line in sentences]


def simple(session: Session) -> tuple[Article, list[Sentence], list[Annotation]]:
    article = factories.make_article(session, "The toll rose. Traffic fell. It rained.")
    sentences = list(factories.sentences_of(session, article))
    ada, ben = factories.make_reviewer(session, "Ada"), factories.make_reviewer(session, "Ben")
    work = [factories.annotate(session, sentences[0], person, ["claim"]) for person in (ada, ben)]
    return article, sentences, work


def test_gold_that_waits_to_be_decided_again_is_not_exported(database: Database) -> None:
    with database.write() as session:
        _, sentences, _ = simple(session)
        lead = factories.make_lead(session, "Lea")
        gold = factories.make_gold(session, sentences[0], lead=lead)
        factories.make_attribution(session, gold, speaker_id=factories.make_speaker(session, "Mina").id)
    articles, found = lines(database)
    assert found[0]["primary_label"] == "claim"
    with database.write() as session:
        session.get_one(Annotation, gold.id).status = "needs_review"
    articles, found = lines(database)
    assert (found[0]["gold"], found[0]["primary_label"]) == (None, None)
    assert articles[0]["speakers"] == []
    assert len(articles[0]["reviewers"]) == 2  # type: ignore[arg-type]


def test_claims_are_exported_only_while_the_claim_label_is_set(database: Database) -> None:
    with database.write() as session:
        _, _, (annotation, _) = simple(session)
        claim = factories.make_claim(session, annotation)
        factories.make_evidence(session, claim, factories.make_source(session))
    articles, found = lines(database)
    assert len(articles[0]["sources"]) == 1  # type: ignore[arg-type]
    with database.write() as session:
        row = session.get_one(Annotation, annotation.id)
        row.is_claim, row.claim_voice, row.is_quote = False, None, True
    articles, found = lines(database)
    assert articles[0]["sources"] == []
    assert all(annotation["claims"] == [] for annotation in found[0]["annotations"])  # type: ignore[attr-defined]
    with database.read() as session:
        assert len(session.exec(select(Claim)).all()) == 1


def test_merged_speakers_and_sources_are_exported_as_what_they_became(database: Database) -> None:
    with database.write() as session:
        _, _, (annotation, _) = simple(session)
        first, second, third = (factories.make_speaker(session, name) for name in ("Mina Olsen", "M. Olsen", "Olsen"))
        first.merged_into_id, second.merged_into_id = second.id, third.id
        assert second.id is not None
        session.add(SpeakerAlias(speaker_id=second.id, alias="the chair", alias_key="the chair"))
        one, two = factories.make_source(session, "Minutes"), factories.make_source(session, "Minutes of May")
        one.merged_into_id = two.id
        factories.make_attribution(session, annotation, speaker_id=first.id, source_id=one.id)
    articles, found = lines(database)
    with database.read() as session:
        speaker, source = session.get_one(Speaker, third.id), session.get_one(Source, two.id)
    assert [entry["id"] for entry in articles[0]["speakers"]] == [speaker.uid]  # type: ignore[attr-defined]
    assert articles[0]["speakers"][0]["aliases"] == ["M. Olsen", "Mina Olsen", "the chair"]  # type: ignore[index]
    assert [entry["id"] for entry in articles[0]["sources"]] == [source.uid]  # type: ignore[attr-defined]
    attribution = found[0]["annotations"][0]["attributions"]  # type: ignore[index]
    assert {(a["speaker_id"], *a["chain"], a["source_id"]) for a in attribution} <= {
        (speaker.uid, speaker.uid, source.uid)
    }


def test_removed_articles_and_retired_sentences_are_not_exported(database: Database) -> None:
    with database.write() as session:
        simple(session)
        factories.make_article(session, "Removed. Gone.", deleted_at=factories.AT)
    articles, found = lines(database)
    assert (len(articles), len(found)) == (1, 3)


def test_machines_are_exported_but_do_not_count_for_the_agreement(database: Database) -> None:
    with database.write() as session:
        _, sentences, _ = simple(session)
        machine = factories.make_reviewer(session, "rules", kind="machine")
        factories.annotate(session, sentences[0], machine, ["opinion"])
    articles, found = lines(database)
    assert len(found[0]["annotations"]) == 3  # type: ignore[arg-type]
    assert found[0]["agreement"]["reviewers"] == 2  # type: ignore[index]
    assert articles[0]["agreement"]["reviewers"] == 2  # type: ignore[index]


def test_articles_come_in_the_order_of_their_ids_over_many_batches(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        for number in range(7):
            factories.make_article(session, f"Sentence one of {number}. Sentence two.")
    whole = exported(database)
    monkeypatch.setattr("db.queries.export.MOST_ARTICLES", 2)
    monkeypatch.setattr("db.queries.articles.MOST_PARAMETERS", 2)
    assert exported(database) == whole
    ids = [line["id"] for line in lines(database)[0]]
    assert ids == sorted(ids)  # type: ignore[type-var]
    assert len(ids) == 7

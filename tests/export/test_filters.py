"""Filters of an export: their counts are SQL's own, what is left is sound, and the manifest says what they were."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from annotator.errors import Invalid
from annotator.export import contract
from annotator.export.validate import validate
from annotator.services import exports
from db import canonical
from db.engine import Database
from db.queries import export
from tests import factories
from tests.conftest import Command
from tests.export.test_round_trip import copy_of

DAYS = ("2024-05-30", "2024-05", "2025", None)
JOINED = (
    "FROM annotation n JOIN sentence s ON s.id = n.sentence_id JOIN article a ON a.id = s.article_id"
    " WHERE s.retired_in IS NULL AND a.deleted_at IS NULL AND (n.role = 'reviewer' OR n.status = 'complete')"
)
ADA = "n.reviewer_id = (SELECT id FROM reviewer WHERE name = 'Ada')"
BOTH = "n.status = 'complete' AND (n.is_quote OR n.is_claim)"
# filter: as it is asked for; which articles and which judgements, written down a second time as plain SQL
SQL: dict[str, tuple[dict[str, Any], str, str]] = {
    "nothing": ({}, "deleted_at IS NULL", "1 = 1"),
    "articles": ({"articles": ["wire-0"]}, "external_id = 'wire-0'", "1 = 1"),
    "from": ({"published_from": "2024-05-31"}, "published IN ('2024-05', '2025')", "1 = 1"),
    "to": ({"published_to": "2024-05-30"}, "published IN ('2024-05-30', '2024-05')", "1 = 1"),
    "gold": ({"gold_only": True}, f"id IN (SELECT a.id {JOINED} AND n.role = 'gold')", "n.role = 'gold'"),
    "complete": (
        {"complete_only": True}, f"id IN (SELECT a.id {JOINED} AND n.status = 'complete')", "n.status = 'complete'",
    ),
    "reviewers": (
        {"reviewers": ["ada"]}, f"id IN (SELECT a.id {JOINED} AND {ADA} AND n.role = 'reviewer')",
        f"(n.role = 'gold' OR {ADA})",
    ),
    "labels": (
        {"labels": ["opinion"]}, f"id IN (SELECT a.id {JOINED} AND n.is_opinion)",
        f"n.sentence_id IN (SELECT n.sentence_id {JOINED} AND n.is_opinion)",
    ),
    "several": (
        {"labels": ["quote", "claim"], "complete_only": True, "published_to": "2024-06-01"},
        f"published LIKE '2024%' AND id IN (SELECT a.id {JOINED} AND {BOTH})",
        f"n.status = 'complete' AND n.sentence_id IN (SELECT n.sentence_id {JOINED} AND {BOTH})",
    ),
}  # fmt: skip


def fill(session: Session) -> None:
    """Four articles: dated otherwise, read by two people, one of them with gold, one with nothing but an assignment."""
    ada, ben = factories.make_reviewer(session, "Ada"), factories.make_reviewer(session, "Ben")
    for n, day in enumerate(DAYS):
        words = f"The toll rose 👩‍🚒 in year {n}. It fell again. A shame."
        article = factories.make_article(session, words, external_id=f"wire-{n}", published=day)
        factories.assign(session, article, ben)
        if n == 3:
            continue
        first, second, third = factories.sentences_of(session, article)
        factories.annotate(session, third, ben, ("unsure",))
        if n < 2:
            factories.annotate(session, first, ben, ("claim",))
            quote = factories.annotate(session, second, ben, ("quote",))
            said = factories.make_attribution(session, quote, speaker_id=factories.make_speaker(session, f"S{n}").id)
            factories.keep(session, quote)
            late = factories.annotate(session, second, ada, ("quote", "opinion"))
            factories.make_attribution(session, late, continues_id=said.id)
            factories.keep(session, late)
        if n == 0:
            factories.make_gold(session, first, lead=ada)
            factories.make_gold(session, third, ["opinion"], lead=ada).status = "needs_review"


@pytest.fixture
def corpus(any_database: Database) -> Database:
    with any_database.write() as session:
        fill(session)
    return any_database


def expected(session: Session, which: str) -> dict[str, int]:
    """The counts of one filter by the SQL above."""
    _, articles, judged = SQL[which]
    chosen = f"(SELECT id FROM article WHERE {articles})"
    live = f"FROM sentence WHERE retired_in IS NULL AND article_id IN {chosen}"
    said = f"SELECT count(*) {JOINED} AND a.id IN {chosen} AND {judged}"
    queries = {
        "articles": f"SELECT count(*) FROM article WHERE {articles}",
        "sentences": f"SELECT count(*) {live}",
        "annotations": f"{said} AND n.role = 'reviewer'",
        "gold": f"{said} AND n.role = 'gold'",
    }
    return {name: session.connection().execute(text(query)).scalar_one() for name, query in queries.items()}


@pytest.mark.parametrize("which", SQL)
def test_counts_of_a_filter_are_those_of_sql(corpus: Database, which: str) -> None:
    with corpus.read() as session:
        kept = exports.selection(session, **SQL[which][0])
        wanted = expected(session, which)
        counted = contract.summary(session, selection=kept)["counts"]
        assert {name: counted[name] for name in wanted} == wanted
        assert export.amounts(session, kept)._asdict() == wanted
        assert 0 < wanted["articles"] < 4 or which == "nothing"
        assert wanted["sentences"] == 3 * wanted["articles"]


@pytest.mark.parametrize("which", SQL)
def test_what_a_filter_leaves_is_valid_and_comes_back(
    database: Database, sqlite_template: Path, which: str, tmp_path: Path
) -> None:
    with database.write() as session:
        fill(session)
    with database.read() as session:
        kept = exports.selection(session, **SQL[which][0])
        manifest = contract.write(session, tmp_path / "x", selection=kept)
    assert [str(finding) for finding in validate(tmp_path / "x")] == []
    assert set(manifest.get("filters", {})) == set(SQL[which][0])
    with copy_of(sqlite_template, tmp_path, "other.db") as other:
        assert exports.restore(other, tmp_path / "x").rejected == []
        with other.read() as session:
            contract.write(session, tmp_path / "y")
    for name in (contract.ARTICLES, contract.SENTENCES):
        assert (tmp_path / "x" / name).read_bytes() == (tmp_path / "y" / name).read_bytes()


def test_an_attribution_that_continues_one_left_out_stands_alone(database: Database) -> None:
    with database.write() as session:
        fill(session)
    with database.read() as session:
        whole = [s for _, sentences in contract.works(session) for s in sentences]
        kept = exports.selection(session, reviewers=["Ada"])
        part = [s for _, sentences in contract.works(session, kept) for s in sentences]
    for lines, wanted in ((whole, True), (part, False)):
        continued = [a["continues_id"] for s in lines for n in s["annotations"] for a in n["attributions"]]
        assert any(continued) is wanted


def test_people_who_are_left_out_are_not_named(database: Database) -> None:
    with database.write() as session:
        fill(session)
    with database.read() as session:
        for asked, names in (({"gold_only": True}, {"Ada"}), ({"reviewers": ["Ada"]}, {"Ada"}), ({}, {"Ada", "Ben"})):
            kept = exports.selection(session, **asked)
            articles = [article for article, _ in contract.works(session, kept)]
            assert {person["name"] for article in articles for person in article["reviewers"]} == names


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"articles": ["wire-9"]}, "There is no article “wire-9”"),
        ({"reviewers": ["Zoë"]}, "There is no reviewer named “Zoë”"),
        ({"labels": ["fact"]}, "There is no label “fact”"),
        ({"published_from": "2024-02-30"}, "“2024-02-30” is no day"),
        ({"published_from": "2024-03-01", "published_to": "2024-02-01"}, "wrong way round"),
        ({"gold_only": True, "reviewers": ["Ada"]}, "Gold only leaves no reviewer's annotation"),
    ],
)
def test_filters_that_make_no_sense_are_refused(database: Database, asked: dict[str, Any], message: str) -> None:
    with database.write() as session:
        fill(session)
    with database.read() as session, pytest.raises(Invalid, match=message):
        exports.selection(session, **asked)


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"gold_only": True}, "gold_only: a reviewer's annotation"),
        ({"complete_only": True}, "complete_only: an annotation that is not"),
        ({"labels": ["opinion"]}, "labels: a judged sentence that nobody gave one of them"),
        ({"reviewers": ["rev_" + "0" * 16]}, "reviewers: an annotation by another one"),
        ({"articles": ["art_" + "0" * 16]}, "articles: it is not one of them"),
        ({"published_from": "2025-01-01"}, "published_from: it is not that young"),
        ({"published_to": "2024-01-01"}, "published_to: it is not that old"),
        ({"labels": ["fact"]}, "not filters that this program knows"),
        ({"gold_only": False}, "not filters that this program knows"),
        ({"colour": "red"}, "not filters that this program knows"),
        ({}, "not filters that this program knows"),
        ("all", "not filters that this program knows"),
    ],
)
def test_a_manifest_that_names_other_filters_is_found_out(
    database: Database, tmp_path: Path, filters: Any, message: str
) -> None:
    with database.write() as session:
        fill(session)
    with database.read() as session:
        manifest = contract.write(session, tmp_path)
    (tmp_path / "manifest.json").write_bytes(canonical.encode({**manifest, "filters": filters}) + b"\n")
    assert any(message in str(finding) for finding in validate(tmp_path))


def test_the_command_takes_filters_for_every_format(command: Command, database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        fill(session)
    options = ("--label", "quote", "--label", "opinion", "--complete-only", "--published-to", "2024-06-01")
    done = command("export", "part", *options)
    assert (done.exit_code, done.stdout.split(",")[:2]) == (0, ["2 articles", " 6 sentences"])
    filters = {"complete_only": True, "labels": ["opinion", "quote"], "published_to": "2024-06-01"}
    assert json.loads((tmp_path / "part" / "manifest.json").read_bytes())["filters"] == filters
    assert command("validate", "part").exit_code == 0
    assert command("export", "part", "--format", "csv", *options).exit_code == 0
    losses = json.loads((tmp_path / "part" / "csv" / "losses.json").read_bytes())
    assert (losses["filters"], losses["counts"]["annotations"]) == (filters, 4)
    refused = command("export", "part", "--reviewer", "Nobody")
    assert (refused.exit_code, refused.stderr) == (1, "There is no reviewer named “Nobody”.\n")

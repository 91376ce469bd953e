"""annotator sentence: boundaries mended from the command line."""

import pytest
from sqlmodel import Session

from db.engine import Database
from db.models import Article
from tests import factories
from tests.conftest import Command


def article_of(session: Session) -> Article:
    article = factories.make_article(session, "The pier closed in May. Nobody paid. The board left.")
    factories.annotate(session, factories.sentences_of(session, article)[0], factories.make_reviewer(session, "Ada"))
    return article


def test_split_says_what_becomes_of_labels_and_undo_brings_the_sentence_back(
    database: Database, command: Command
) -> None:
    with database.write() as session:
        article = article_of(session)
        first = factories.sentences_of(session, article)[0].uid
    tried = command("sentence", "split", first, "9", "--dry-run")
    assert "Labelled by 1 reviewer; to be reviewed afterwards: 2 labels." in tried.stdout
    done = command("sentence", "split", first, "9")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[:2] == ["The pier", "closed in May."]
    with database.read() as session:
        assert len(factories.sentences_of(session, article)) == 4
    assert command("sentence", "undo", article.uid).stdout.split() == [first]


def test_merge_and_move_change_the_next_boundary(database: Database, command: Command) -> None:
    with database.write() as session:
        article = article_of(session)
        second = factories.sentences_of(session, article)[1].uid
    assert command("sentence", "move", second, "31").stdout.splitlines()[:2] == ["Nobody", "paid. The board left."]
    with database.read() as session:
        second = factories.sentences_of(session, article)[1].uid
    assert command("sentence", "merge", second).stdout.splitlines()[0] == "Nobody paid. The board left."


@pytest.mark.usefixtures("database")
def test_an_unknown_sentence_is_refused_in_one_sentence(command: Command) -> None:
    result = command("sentence", "merge", "sen_0000000000000000")
    assert result.exit_code == 1
    assert result.stderr == "There is no such sentence.\n"


def test_resegment_says_what_differs_and_does_it_in_one_step_that_undo_takes_back(
    database: Database, command: Command
) -> None:
    with database.write() as session:
        article = factories.make_article(session, "Mr. Holm closed the pier. Nobody paid.")
        ada = factories.make_reviewer(session, "Ada")
        for sentence in factories.sentences_of(session, article):
            factories.annotate(session, sentence, ada)
    said = [
        f"{article.uid}\t1 stay, 1 merged", "- Mr.", "- Holm closed the pier.", "+ Mr. Holm closed the pier.",
        "Ada: 1 carried as it was, 0 to be reviewed",
    ]  # fmt: skip
    tried = command("sentence", "resegment", article.uid, "--dry-run")
    assert (tried.exit_code, tried.stdout.splitlines()) == (0, said)
    assert command("sentence", "resegment", "--all").stdout == tried.stdout
    assert command("sentence", "resegment", article.uid).stdout == f"{article.uid}\t2 stay, nothing differs\n"
    assert len(command("sentence", "undo", article.uid).stdout.split()) == 2


@pytest.mark.usefixtures("database")
def test_resegment_wants_articles_or_all_and_names_an_unknown_one(command: Command) -> None:
    assert command("sentence", "resegment").exit_code == 2
    assert command("sentence", "resegment", "art_0", "--all").exit_code == 2
    unknown = command("sentence", "resegment", "art_0")
    assert (unknown.exit_code, unknown.stderr) == (1, "There is no such article.\n")


def test_a_boundary_after_the_last_sentence_of_a_paragraph_is_not_there_to_be_moved(
    database: Database, command: Command
) -> None:
    with database.write() as session:
        last = factories.sentences_of(session, article_of(session))[-1]
        uid, at = last.uid, str(last.start_cp + 4)
    moved, merged = command("sentence", "move", uid, at), command("sentence", "merge", uid)
    assert (moved.exit_code, merged.exit_code) == (1, 1)
    assert moved.stderr == "This sentence is the last of its paragraph: no boundary after it can be moved.\n"
    assert merged.stderr == "There is no next sentence in this paragraph to merge with.\n"

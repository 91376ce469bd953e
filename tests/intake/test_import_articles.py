"""What comes in is stored whole with where it came from, once, or not at all. The texts are fiction."""

import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlmodel import col, func, select

from annotator.domain import ids
from annotator.errors import Conflict
from annotator.intake import limits
from annotator.intake.incoming import GivenBlock, Incoming, Rejected
from annotator.services import articles
from annotator.services.articles import ImportReport, import_articles
from annotator.services.history import Actor
from annotator.services.storing import File
from db import canonical, integrity
from db.engine import Database
from db.models import Article, Block, Event, ImportBatch, Segmentation, Sentence
from db.vocabulary import BlockKind, ImportFormat

TEXT = (
    "Bridge toll rises\n\n“Traffic fell by a tenth,” board chair Mina Olsen said 👨🏻‍🚒. It rained.\n\n"
    "What next\n\nNobody knows. قال العمدة ذلك."
)
FILE = File(ImportFormat.TXT, "bridge.txt", canonical.sha256(TEXT))
ACTOR = Actor(None, None, "2024-05-31T12:00:00.000Z")


def incoming(text: str = TEXT, **fields: Any) -> Incoming:
    return Incoming(text, ImportFormat.TXT, **fields)


def stored(database: Database, table: type[Any]) -> Sequence[Any]:
    with database.read() as session:
        return session.exec(select(table).order_by(col(table.id))).all()


def store(database: Database, *records: Incoming | Rejected, **more: Any) -> ImportReport:
    return import_articles(database, records, FILE, actor=ACTOR, **more)


def test_an_article_is_stored_with_blocks_sentences_and_provenance(any_database: Database) -> None:
    report = store(any_database, incoming(external_id="wire-17", byline=("Kim Berg",)))
    article, batch = stored(any_database, Article)[0], stored(any_database, ImportBatch)[0]
    assert report.counts() == {"accepted": 1, "duplicate": 0, "rejected": 0}
    assert (article.uid, article.text, article.text_length) == (ids.article_id(TEXT), TEXT, len(TEXT))
    assert (article.title, article.byline, article.external_id) == ("Bridge toll rises", '["Kim Berg"]', "wire-17")
    assert (batch.uid, batch.file_name, batch.file_sha256, batch.format) == (
        ids.import_id("default", FILE.sha256, ACTOR.at), "bridge.txt", FILE.sha256, "txt",
    )  # fmt: skip
    assert batch.imported_at == ACTOR.at
    blocks = stored(any_database, Block)
    assert [block.kind for block in blocks] == ["heading", "paragraph", "heading", "paragraph"]
    sentences = stored(any_database, Sentence)
    words = [TEXT[s.start_cp : s.end_cp] for s in sentences]
    assert words[0] == "Bridge toll rises"
    assert words[-1] == "قال العمدة ذلك."
    assert [s.uid for s in sentences] == [ids.sentence_id(article.uid, s.start_cp, s.end_cp) for s in sentences]
    assert stored(any_database, Segmentation)[0].engine
    assert list(integrity.check(any_database)) == []


def test_each_article_and_the_batch_have_an_event(database: Database) -> None:
    report = store(database, incoming(), incoming("Another text."))
    events = [event for event in stored(database, Event) if event.action == "import"]
    assert [(event.entity, event.entity_uid) for event in events] == [
        ("import_batch", report.batch),
        *(("article", article.uid) for article in stored(database, Article)),
    ]


def test_the_same_text_again_changes_nothing(database: Database) -> None:
    store(database, incoming())
    events = len(stored(database, Event))
    report = store(database, incoming(title="Other title"))
    assert [found.uid for found in report.duplicate] == [ids.article_id(TEXT)]
    assert (report.accepted, report.batch) == ([], None)
    assert (len(stored(database, ImportBatch)), len(stored(database, Event))) == (1, events)


def test_the_same_text_twice_in_a_file_is_stored_once(database: Database) -> None:
    report = store(database, incoming(), incoming())
    assert report.counts() == {"accepted": 1, "duplicate": 1, "rejected": 0}


def test_another_text_under_a_known_id_is_rejected_and_nothing_is_stored(database: Database) -> None:
    store(database, incoming(external_id="a"))
    report = store(database, incoming("New text."), incoming("Changed text.", external_id="a", line=2))
    assert report.batch is None
    assert [(found.line, found.field) for found in report.rejected] == [(2, "id")]
    assert len(stored(database, Article)) == 1


def test_two_texts_under_one_id_in_a_file_are_rejected(database: Database) -> None:
    report = store(database, incoming("One.", external_id="a"), incoming("Two.", external_id="a"))
    assert len(report.rejected) == 1
    assert stored(database, Article) == []


def test_one_bad_record_stores_nothing_unless_partial(database: Database) -> None:
    records = (incoming("One."), Rejected(2, "url", "wrong"), incoming("Three."))
    assert store(database, *records).batch is None
    assert stored(database, Article) == []
    report = store(database, *records, partial=True)
    assert report.counts() == {"accepted": 2, "duplicate": 0, "rejected": 1}
    saved = canonical.decode(stored(database, ImportBatch)[0].report)
    assert saved["rejected"] == [{"field": "url", "line": 2, "reason": "wrong"}]


def test_unknown_fields_are_in_the_report_with_their_lines(database: Database) -> None:
    report = store(database, incoming("One.", line=1, unknown=("tags",)), incoming("Two.", line=2, unknown=("tags",)))
    assert report.unknown == {"tags": [1, 2]}


def test_a_given_title_and_given_blocks_win(database: Database) -> None:
    text = "Not a heading\n\nThe toll rose. Traffic fell."
    blocks = (GivenBlock(0, 13, BlockKind.CAPTION), GivenBlock(15, len(text), BlockKind.QUOTE))
    store(database, incoming(text, title="Given", blocks=blocks), incoming("A plain one. It has no heading."))
    assert [article.title for article in stored(database, Article)] == ["Given", None]
    assert [block.kind for block in stored(database, Block)] == ["caption", "quote", "paragraph"]
    assert list(integrity.check(database)) == []


def test_too_many_sentences_are_rejected_in_words(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ARTICLE_SENTENCES", 2)
    report = store(database, incoming("One ran. Two ran. Three ran."))
    assert report.rejected[0].reason == "the text has 3 sentences, an article may have 2"
    assert stored(database, Article) == []


def test_two_people_who_import_the_same_at_once_store_it_once(any_database: Database) -> None:
    together = threading.Barrier(2)
    reports: list[ImportReport] = []

    def run(name: str) -> None:
        def wait(_done: int) -> None:
            together.wait(timeout=30)  # both have looked before either writes

        file = File(ImportFormat.TXT, name, canonical.sha256(name))
        reports.append(import_articles(any_database, [incoming("Once only.")], file, actor=ACTOR, progress=wait))

    threads = [threading.Thread(target=run, args=(name,)) for name in ("a.txt", "b.txt")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(tuple(report.counts().values()) for report in reports) == [(0, 1, 0), (1, 0, 0)]
    with any_database.read() as session:
        assert session.exec(select(func.count()).select_from(Article)).one() == 1


def test_a_preview_shows_what_would_be_stored_and_stores_nothing(database: Database) -> None:
    with database.read() as session:
        shown = articles.preview(session, incoming())
    assert shown.title == "Bridge toll rises"
    assert shown.segmented is not None
    assert len(shown.segmented.sentences) > 3
    assert stored(database, Article) == []
    store(database, incoming())
    with database.read() as session:
        again = articles.preview(session, incoming())
    assert [found.uid for found in again.report.duplicate] == [ids.article_id(TEXT)]
    assert again.segmented is None


def test_a_removed_article_is_not_brought_back_in_silence(database: Database) -> None:
    store(database, incoming())
    with database.write() as session:
        session.exec(select(Article)).one().deleted_at = ACTOR.at
    report = store(database, incoming())
    assert "removed by a lead" in report.rejected[0].reason


def alike(edition: int) -> str:
    words = " ".join(f"The council of port {n} said that the ferry is late." for n in range(30))
    return f"{words} Edition {edition} tells of other things than edition {edition + 10} which nobody has read."


def test_an_article_very_like_another_is_taken_and_reported(any_database: Database) -> None:
    first = store(any_database, incoming(alike(1), title="Ferries"))
    assert first.near == []
    records = [incoming(alike(2), line=1), incoming("Quite another text.", line=2)]
    report = import_articles(any_database, records, FILE)
    assert len(report.accepted) == 2
    [found] = report.near
    assert (found.uid, found.line, found.other) == (ids.article_id(alike(2)), 1, ids.article_id(alike(1)))
    assert 0.7 < found.share < 1
    assert str(found) == f"very like article {found.other} “Ferries”, {100 * found.share:.0f} %"
    saved = canonical.decode(stored(any_database, ImportBatch)[1].report)
    assert saved["near"] == [{"article": found.uid, "like": found.other, "line": 1, "share": round(found.share, 2)}]


def test_a_language_that_is_not_given_is_found_and_recorded_as_found(database: Database) -> None:
    german = "Der Rat sagte am Montag, dass die Brücke nicht mehr offen ist. Das ist alles, was wir wissen."
    given = incoming(german + " Punkt.", language="en", language_given=True)
    store(database, incoming(german), given, incoming("Kurz."))
    assert [article.language for article in stored(database, Article)] == ["de", "en", "en"]
    saved = canonical.decode(stored(database, ImportBatch)[0].report)
    assert saved["languages_detected"] == {"de": [ids.article_id(german)]}


class Again:
    """Records that are gone through anew each time, as those of a file; a text may change meanwhile."""

    def __init__(self, number: int, *, changes_at: int = 99) -> None:
        self.number, self.turns, self.changes_at = number, 0, changes_at

    def __iter__(self) -> Iterator[Incoming]:
        self.turns += 1
        for n in range(self.number):
            yield incoming(f"Text {n} is here{'!' if self.turns >= self.changes_at else '.'}", line=n + 1)


def test_a_file_that_changes_while_it_is_read_stores_nothing(database: Database) -> None:
    with pytest.raises(Conflict, match="changed while it was read"):
        import_articles(database, Again(3, changes_at=4), FILE, actor=ACTOR)
    assert [len(stored(database, table)) for table in (Article, Sentence, ImportBatch)] == [0, 0, 0]


def test_many_articles_come_in_groups_and_appear_at_once(
    any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "GROUP", 3)
    monkeypatch.setattr(articles, "AT_ONCE", 4)
    report = import_articles(any_database, Again(11), FILE, actor=ACTOR)
    assert [found.line for found in report.accepted] == list(range(1, 12))
    assert [article.text for article in stored(any_database, Article)] == [f"Text {n} is here." for n in range(11)]
    assert len(stored(any_database, ImportBatch)) == 1
    assert list(integrity.check(any_database)) == []


def test_an_interruption_stores_nothing_of_a_file_and_with_partial_the_same_call_goes_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(articles, "AT_ONCE", 4)

    def stop(_done: int) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise KeyboardInterrupt

    for partial, kept in ((False, 0), (True, 4)):
        left = 6
        with pytest.raises(KeyboardInterrupt):
            import_articles(database, Again(10), FILE, partial=partial, progress=stop)
        assert len(stored(database, Article)) == kept
    report = import_articles(database, Again(10), FILE, partial=True)
    assert report.counts() == {"accepted": 6, "duplicate": 4, "rejected": 0}
    assert list(integrity.check(database)) == []
